"""The panel of the methods, with recorded links."""

from PySide6.QtWidgets import QLineEdit

from tests.gui.test_window import open_image


def test_that_the_layers_of_the_model_are_offered_once_it_has_predicted(open_window, reader, worker) -> None:
    window = open_window()
    window.session.explain.focus("layer_cam")
    assert isinstance(window.methods_panel.form.field("layer").editor, QLineEdit)
    open_image(window, reader, worker)
    combo = window.methods_panel.form.field("layer").editor
    assert [combo.itemData(at) for at in range(combo.count())] == ["", "last", "first"]
    assert combo.itemText(2) == "first (16 × 16, 4 channels)"
    combo.setCurrentIndex(2)
    assert window.session.explain.values("layer_cam") == {"layer": "first"}
    window.session.prediction.predict()
    assert window.methods_panel.form.field("layer").editor is combo


def test_that_values_that_exclude_each_other_are_reported_below_the_form(open_window) -> None:
    window = open_window()
    panel, explain = window.methods_panel, window.session.explain
    explain.focus("occlusion")
    assert panel.conflict.isHidden()
    panel.form.field("stride").editor.setValue(32)
    assert panel.conflict.isVisibleTo(panel)
    assert panel.conflict.text() == (
        "occlusion.stride cannot be 32 with a window of 15: pixels between the squares would never be "
        "tested. Choose a stride of at most 15, or a larger window."
    )
    panel.form.field("window").editor.setValue(32)
    assert panel.conflict.isHidden()
    panel.form.field("stride").editor.setValue(33)
    explain.focus("gradient")
    assert panel.conflict.isHidden()
