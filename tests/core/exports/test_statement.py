"""What every export says of itself."""

from core.exports.contract import ExportSubject
from core.exports.statement import RESEARCH_USE, statement_of
from core.version import program_version
from tests.core.workspace.example import SHA256, example_workspace


def test_that_model_method_parameters_seed_version_and_date_are_said() -> None:
    (data,) = example_workspace().cases
    statement = statement_of(ExportSubject(data, data.case.maps[1]))
    text = "\n".join(statement.lines)
    for part in (
        RESEARCH_USE,
        "brain_tumor_mri_densenet121",
        "cd" * 32,
        SHA256,
        "Integrated Gradients of the logit of glioma, steps 8, seed 3",
        program_version(),
        f"{statement.date:%Y-%m-%d}",
    ):
        assert part in text


def test_that_an_export_without_a_map_says_nothing_of_a_method() -> None:
    (data,) = example_workspace().cases
    assert statement_of(ExportSubject(data)).method is None


def test_that_a_value_that_stands_for_words_is_written_so() -> None:
    (data,) = example_workspace().cases
    saved = data.case.maps[1]
    for name, parameters, words in (
        ("hipe", {"depths": 0, "fill": "mean"}, "depths automatic, fill mean"),
        ("hipe", {"depths": 3, "fill": "mean"}, "depths 3, fill mean"),
        ("score_cam", {"channels": 0}, "channels all"),
        ("grad_cam", {"layer": ""}, "layer automatic"),
    ):
        record = saved.record.model_copy(update={"name": name, "parameters": parameters})
        statement = statement_of(ExportSubject(data, saved.model_copy(update={"record": record})))
        assert words in statement.lines[-1]
