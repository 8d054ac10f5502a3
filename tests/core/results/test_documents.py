"""Documents: each names its schema, refuses unknown fields, and describes itself."""

import re
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest
from pydantic import Field, ValidationError

import core
from core.methods import METHODS, method_named
from core.network.parameters import Parameters
from core.results.document import Document, ErrorDocument
from core.results.listing import MethodEntry, ModelEntry, ModelsDocument, SamplesDocument
from core.results.records import ErrorRecord
from core.samples import samples
from tests.cards import make_card


def document_kinds():
    """The classes of all documents of the program, from every module that defines one."""
    root = Path(core.__file__).parents[1]
    for folder in ("core", "app", "training"):
        for path in sorted((root / folder).rglob("*.py")):
            if "(Document, name=" in path.read_text(encoding="utf-8") and path.name != "document.py":
                import_module(".".join(path.relative_to(root).with_suffix("").parts))
    return sorted(
        (kind for kind in Document.__subclasses__() if kind.__module__.split(".")[0] in ("core", "app")),
        key=lambda kind: kind.__name__,
    )


# Of the documents whose fields have changed since the first one.
REVISIONS = dict.fromkeys(("predict", "explain", "explanation", "curves", "curve-set"), 2) | {"info": 3}


def name_of(kind):
    """The name in a document's schema follows from that of its class: CurveSetDocument is curve-set."""
    words = re.findall("[A-Z][a-z]+", kind.__name__)[:-1]
    return "-".join(words).lower()


KINDS = document_kinds()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_that_the_schema_of_a_document_pins_its_name(kind):
    schema = kind.model_json_schema(by_alias=True, mode="serialization")
    assert (
        schema["properties"]["schema"]["const"]
        == f"saliscope/{name_of(kind)}/{REVISIONS.get(name_of(kind), 1)}"
    )
    assert list(schema["properties"])[:2] == ["schema", "version"]
    assert schema["additionalProperties"] is False


def test_that_no_two_documents_share_a_name():
    names = [kind.model_fields["schema_id"].default for kind in KINDS]
    assert len(set(names)) == len(names)


def test_that_a_document_begins_with_schema_and_version():
    text = SamplesDocument(samples=tuple(samples())).model_dump_json()
    assert text.startswith('{"schema":"saliscope/samples/1","version":"')


def test_that_a_document_of_another_name_or_with_more_fields_is_refused():
    good = ModelsDocument(models=(ModelEntry.of(make_card(), whole=True),)).model_dump(mode="json")
    assert ModelsDocument.model_validate(good).models[0].id == "small"
    for change in ({"schema": "saliscope/methods/1"}, {"more": 1}):
        with pytest.raises(ValidationError):
            ModelsDocument.model_validate(good | change)


def test_that_an_error_document_carries_code_message_and_hint():
    document = ErrorDocument(error=ErrorRecord(code="c", message="m.", hint="h."))
    assert document.model_dump(mode="json")["error"] == {"code": "c", "message": "m.", "hint": "h."}


def test_that_parameters_are_described_with_bounds_and_choices():
    steps = next(
        parameter
        for parameter in MethodEntry.of(method_named("integrated_gradients")).parameters
        if parameter.name == "steps"
    )
    assert (steps.kind, steps.default, steps.minimum, steps.maximum) == ("integer", 128, 2, 4096)
    assert steps.choices is None
    (channels,) = MethodEntry.of(method_named("gradient")).parameters
    assert (channels.kind, channels.choices, channels.default) == ("choice", ("sum", "max_abs"), "sum")


def test_that_an_exclusive_bound_is_described_as_such():
    class Params(Parameters):
        share: float = Field(0.5, gt=0, le=1, description="of it", json_schema_extra={"unit": "mm"})

    bounded = SimpleNamespace(name="m", title="M", family="gradient", summary="", doi="", Params=Params)
    (share,) = MethodEntry.of(bounded).parameters
    assert (share.minimum, share.minimum_excluded, share.maximum, share.maximum_excluded) == (
        0,
        True,
        1,
        False,
    )
    assert share.unit == "mm"


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_that_every_parameter_of_every_method_is_described(method):
    parameters = MethodEntry.of(method).parameters
    assert [parameter.name for parameter in parameters] == list(method.Params.model_fields)
    assert all(parameter.description and parameter.kind != "any" for parameter in parameters)
