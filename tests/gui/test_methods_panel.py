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
    window.session.prediction.again()
    assert window.methods_panel.form.field("layer").editor is combo
