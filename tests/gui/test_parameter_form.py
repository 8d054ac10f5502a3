"""The form made from a method's parameters: every method has one, with bounds, unit, default and reset."""

import re
from typing import Literal

import pytest
from pydantic import Field
from PySide6.QtCore import Qt
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


def test_that_bounds_and_default_stand_below_each_editor(form: ParameterForm) -> None:
    notes = {name: form.field(name).note.text() for name in Params.model_fields}
    assert notes == {
        "count": "changed from 8; 2 to 64 px",
        "share": "default 0.5; above 0, below 1",
        "kind": "default One",
        "fast": "default off",
        "layer": "default automatic",
    }
    assert form.field("share").editor.text() == "0.5"


@pytest.mark.parametrize("method", METHODS, ids=lambda m: m.name)
def test_that_every_number_of_every_method_shows_its_bounds(qtbot, method) -> None:
    form = ParameterForm()
    qtbot.addWidget(form)
    form.show_params(method.Params, {})
    for name, field in method.Params.model_json_schema().get("properties", {}).items():
        if field.get("type") in ("integer", "number"):
            assert re.search(r"; .*\d", form.field(name).note.text()), name
            assert field.get("unit", "") in form.field(name).note.text()


def test_that_a_changed_value_is_told_in_words_and_by_a_bold_label(form: ParameterForm) -> None:
    count = form.field("count")
    assert count.label.font().bold()
    assert "changed from 8" in count.editor.accessibleDescription()
    count.editor.setValue(8)
    assert not count.label.font().bold()
    assert count.note.text() == "default 8; 2 to 64 px"


def test_that_all_values_are_reset_at_once(qtbot, form: ParameterForm) -> None:
    form.field("fast").editor.setChecked(True)
    changes = []
    form.value_changed.connect(lambda name, value: changes.append((name, value)))
    assert form.has_changes
    form.reset_all()
    assert sorted(changes) == [("count", None), ("fast", None)]
    assert not form.has_changes
    assert (form.field("count").value(), form.field("fast").value()) == (8, False)


def test_that_values_changed_elsewhere_are_shown_without_a_signal(qtbot, form: ParameterForm) -> None:
    with qtbot.assertNotEmitted(form.value_changed):
        form.show_values({"share": 0.25, "kind": "the_other"})
    assert [form.field(name).value() for name in ("count", "share", "kind")] == [8, 0.25, "the_other"]


def test_that_an_error_stands_at_its_field_alone(form: ParameterForm) -> None:
    form.show_error("share", "Cannot be this.")
    assert form.field("share").error.isVisible()
    assert "Cannot be this." in form.field("share").editor.accessibleDescription()
    assert not form.field("count").error.isVisible()
    form.show_error("", "")
    assert not form.field("share").error.isVisible()


def test_that_a_reset_by_keyboard_leaves_the_focus_in_the_field(qtbot, form: ParameterForm) -> None:
    count = form.field("count")
    form.activateWindow()
    count.reset.setFocus()
    qtbot.keyClick(count.reset, Qt.Key.Key_Space)
    assert count.value() == 8
    assert form.focusWidget() is count.editor


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


class SmallParams(Parameters):
    epsilon: float = Field(1e-9, ge=0, le=10, description="how little")


@pytest.mark.parametrize(
    ("typed", "value"), [("1e-6", 1e-6), ("2.5E-7", 2.5e-7), ("1e-12", 1e-12), ("0.25", 0.25)]
)
def test_that_a_small_number_is_shown_and_typed_in_scientific_notation(qtbot, typed, value) -> None:
    form = ParameterForm()
    qtbot.addWidget(form)
    form.show_params(SmallParams, {})
    form.show()
    box = form.field("epsilon").editor
    assert (box.value(), box.text()) == (1e-9, "1e-09")
    box.selectAll()
    qtbot.keyClicks(box, typed)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert form.field("epsilon").value() == pytest.approx(value, rel=1e-6)


def test_that_what_is_no_number_cannot_be_typed(qtbot) -> None:
    form = ParameterForm()
    qtbot.addWidget(form)
    form.show_params(SmallParams, {})
    form.show()
    box = form.field("epsilon").editor
    box.selectAll()
    qtbot.keyClicks(box, "1e-e")
    assert box.text() == "1e-"
