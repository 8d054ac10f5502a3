"""The documents that list what is installed: models, methods and samples."""

from typing import Any

from pydantic import Field

from core.methods.contract import Method
from core.models.card import Card
from core.network.parameters import Parameters
from core.results.document import Document
from core.results.records import ErrorRecord
from core.samples import Sample
from core.values import FrozenRecord


class ModelEntry(FrozenRecord):
    """A model in the list; `card` is all of model.json if one model was asked for."""

    id: str
    version: str
    title: str
    summary: str
    modality: tuple[str, ...]
    classes: tuple[str, ...]
    macro_f1: tuple[float, float, float] = Field(description="on the test part: value, low, high")
    card: Card | None = None

    @classmethod
    def of(cls, card: Card, whole: bool) -> "ModelEntry":
        """The entry of the model with this card; whole: with all of the card."""
        macro_f1 = card.performance.macro_f1
        return cls(
            id=card.id,
            version=card.version,
            title=card.title,
            summary=card.summary,
            modality=card.modality,
            classes=card.classes,
            macro_f1=(macro_f1.value, macro_f1.low, macro_f1.high),
            card=card if whole else None,
        )


class DamagedModel(FrozenRecord):
    """Stands in the place of a bundle that cannot be read."""

    id: str
    error: ErrorRecord


class ModelsDocument(Document, name="models"):
    """`saliscope models --json`."""

    models: tuple[ModelEntry | DamagedModel, ...]


class ParameterRecord(FrozenRecord):
    """One parameter of a method or an export, from its Params."""

    name: str
    kind: str
    default: Any
    minimum: float | None = None
    minimum_excluded: bool = False
    maximum: float | None = None
    maximum_excluded: bool = False
    choices: tuple[Any, ...] | None = None
    unit: str = ""
    description: str = ""


class MethodEntry(FrozenRecord):
    """A method in the list, with its parameters.

    help: its page in Markdown, and picture: the file name of the one in it, if one method was asked for.
    """

    name: str
    title: str
    family: str
    summary: str
    doi: str
    parameters: tuple[ParameterRecord, ...]
    help: str | None = None
    picture: str | None = None

    @classmethod
    def of(cls, method: Method) -> "MethodEntry":
        """The entry of a method, without its help."""
        return cls(
            name=method.name,
            title=method.title,
            family=method.family,
            summary=method.summary,
            doi=method.doi,
            parameters=parameter_records(method.Params),
        )


class MethodsDocument(Document, name="methods"):
    """`saliscope methods --json`."""

    methods: tuple[MethodEntry, ...]


class SamplesDocument(Document, name="samples"):
    """`saliscope samples --json`."""

    samples: tuple[Sample, ...]


def parameter_records(params: type[Parameters]) -> tuple[ParameterRecord, ...]:
    """The fields of a parameter set, in their order."""
    fields = params.model_json_schema().get("properties", {})
    return tuple(_parameter(name, schema) for name, schema in fields.items())


def _parameter(name: str, schema: dict[str, Any]) -> ParameterRecord:
    """From the JSON schema of one field of a parameter set."""
    choices = schema.get("enum")
    return ParameterRecord(
        name=name,
        kind="choice" if choices else schema.get("type", "any"),
        default=schema.get("default"),
        minimum=schema.get("minimum", schema.get("exclusiveMinimum")),
        minimum_excluded="exclusiveMinimum" in schema,
        maximum=schema.get("maximum", schema.get("exclusiveMaximum")),
        maximum_excluded="exclusiveMaximum" in schema,
        choices=tuple(choices) if choices else None,
        unit=schema.get("unit", ""),
        description=schema.get("description", ""),
    )
