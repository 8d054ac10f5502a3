"""The form made from a method's parameters: every method has one, with bounds, unit, default and reset."""

from typing import Literal

import pytest
from pydantic import Field
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QSpinBox

from app.window.widgets.parameter_form import DecimalBox, ParameterForm
from core.methods import METHODS
from core.network.parameters import Parameters


class Params(Parameters):
    count: int = Field(8, ge=2, le=64, description="how many", json_schema_extra={"unit": "px"})
    share: float = Field(0.5, gt=0, lt=1, description="how much")
    kind: Literal["one", "the_other"] = Field("one", description="which")
    fast: bool = Field(False, description="whether")
    layer: str = Field("", description="where")


@pytest.fixture
def form(qtbot) -> ParameterForm:
    parameter_form = ParameterForm()
    qtbot.addWidget(parameter_form)
    parameter_form.show_params(Params, {"count": 16})
    parameter_form.show()
    return parameter_form


def test_that_each_kind_of_field_gets_its_editor(form: ParameterForm) -> None:
    kinds = [type(form.field(name).editor) for name in Params.model_fields]
    assert kinds == [QSpinBox, DecimalBox, QComboBox, QCheckBox, QLineEdit]


def test_that_bounds_unit_description_and_value_are_those_of_the_parameters(form: ParameterForm) -> None:
    count, share = form.field("count").editor, form.field("share").editor
    assert (count.minimum(), count.maximum(), count.value(), count.suffix()) == (2, 64, 16, " px")
    assert 0 < share.minimum() < 0.001
    assert 0.999 < share.maximum() < 1
    assert count.toolTip() == "how many"


def test_that_an_edit_is_signalled_and_the_default_is_signalled_as_none(qtbot, form: ParameterForm) -> None:
    with qtbot.waitSignal(form.value_changed) as change:
        form.field("count").editor.setValue(20)
    assert change.args == ["count", 20]
    with qtbot.waitSignal(form.value_changed) as change:
        form.field("count").editor.setValue(8)
    assert change.args == ["count", None]


def test_that_reset_shows_only_what_was_changed_and_takes_the_default_again(
    qtbot, form: ParameterForm
) -> None:
    assert form.field("count").reset.isVisible()
    assert not form.field("share").reset.isVisible()
    with qtbot.waitSignal(form.value_changed) as change:
        form.field("count").reset.click()
    assert change.args == ["count", None]
    assert form.field("count").editor.value() == 8
    assert not form.field("count").reset.isVisible()


@pytest.mark.parametrize("method", METHODS, ids=lambda m: m.name)
def test_that_every_method_has_a_form_that_shows_its_defaults(qtbot, method) -> None:
    form = ParameterForm()
    qtbot.addWidget(form)
    form.show_params(method.Params, {})
    defaults = method.Params().model_dump(mode="json")
    assert {name: form.field(name).value() for name in defaults} == defaults


LAYERS = [("last (4 × 4, 8 channels)", "last"), ("first (16 × 16, 4 channels)", "first")]


def chosen(form: ParameterForm) -> tuple[list[str], str]:
    """The choices of the layer and the one that is taken."""
    combo = form.field("layer").editor
    assert isinstance(combo, QComboBox)
    return [combo.itemText(at) for at in range(combo.count())], combo.currentData()


def test_that_a_field_whose_values_are_known_is_a_choice_with_its_default_first(
    qtbot, form: ParameterForm
) -> None:
    form.show_params(Params, {}, {"layer": LAYERS})
    assert chosen(form) == (["Automatic", *(text for text, _ in LAYERS)], "")
    with qtbot.waitSignal(form.value_changed) as change:
        form.field("layer").editor.setCurrentIndex(2)
    assert change.args == ["layer", "first"]
    with qtbot.waitSignal(form.value_changed) as change:
        form.field("layer").reset.click()
    assert change.args == ["layer", None]


def test_that_a_value_of_another_model_remains_visible(form: ParameterForm) -> None:
    form.show_params(Params, {"layer": "block5"}, {"layer": LAYERS})
    offered, taken = chosen(form)
    assert (offered[-1], taken) == ("block5", "block5")
    form.show_params(Params, {"layer": "first"}, {"layer": LAYERS})
    offered, taken = chosen(form)
    assert (len(offered), taken) == (3, "first")
