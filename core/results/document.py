"""The base of all JSON documents: each subclass is the definition of one, `saliscope/<name>/<revision>`."""

from typing import Any, Literal

from pydantic import ConfigDict, Field

from core.results.records import ErrorRecord
from core.values import FrozenRecord
from core.version import program_version


class Document(FrozenRecord):
    """Base of all documents: its schema, and the version of the program that wrote it.

    A subclass gives the name in its schema: `class PredictDocument(Document, name="predict")`, and a
    `revision` that grows with every change of its fields.
    """

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    schema_id: str = Field("", alias="schema")
    version: str = Field(default_factory=program_version)

    def __init_subclass__(cls, *, name: str, revision: int = 1, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        schema = f"saliscope/{name}/{revision}"
        # Set before pydantic collects the fields, so that the schema can be no other text.
        cls.__annotations__["schema_id"] = Literal[schema]
        cls.schema_id = Field(schema, alias="schema")


class ErrorDocument(Document, name="error"):
    """The document of a command that failed as a whole."""

    error: ErrorRecord
