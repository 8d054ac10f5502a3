"""What is maximised, as documents and messages carry it."""

import pytest
from pydantic import ValidationError

from core.network.objective import LayerObjective
from core.network.target import DifferenceTarget, LogitTarget
from core.results.visualisation import ObjectiveRecord

CLASSES = ("glioma", "meningioma", "pituitary")
OBJECTIVES = [
    (LogitTarget(1), "class", "logit of meningioma"),
    (DifferenceTarget(0, 2), "class", "logit of glioma minus logit of pituitary"),
    (LayerObjective("relu"), "layer", "layer relu (half the sum of squares)"),
    (LayerObjective("relu", 0), "channel", "channel 0 of layer relu (mean)"),
    (LayerObjective("relu", 5, (0, 2)), "unit", "unit of channel 5 of layer relu (row 0, column 2)"),
]


@pytest.mark.parametrize(("objective", "kind", "words"), OBJECTIVES)
def test_that_an_objective_comes_back_from_its_record_and_has_words(objective, kind, words):
    record = ObjectiveRecord.model_validate_json(ObjectiveRecord.of(objective, CLASSES).model_dump_json())
    assert record.objective(CLASSES) == objective
    assert (record.kind, record.words_by(str)) == (kind, words)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"target": {"class_name": "glioma"}, "layer": "relu"},
        {"layer": "relu", "row": 1, "column": 1},
        {"layer": "relu", "channel": 1, "row": 1},
        {"layer": "relu", "channel": -1},
    ],
)
def test_that_a_record_holds_one_whole_objective(fields):
    with pytest.raises(ValidationError):
        ObjectiveRecord.model_validate(fields)
