"""The panel of the methods, with recorded links."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton

from app.texts import explain as texts
from app.window.main_window import MainWindow
from app.window.states.costs import MethodCosts
from app.window.states.presets import PRESETS
from app.window.widgets.parameter_form import ParameterForm
from core.methods import METHODS
from core.network.speed import CallSpeed, Speed
from tests.gui.test_window import open_image
from tests.gui.walk import cut_texts, is_whole


@pytest.fixture
def window(open_window) -> MainWindow:
    return open_window(size=(1280, 720))


def methods_on_screen(window: MainWindow) -> list[str]:
    """The methods whose row is wholly visible in the list."""
    tree = window.methods_panel.list.tree
    rows = {name: tree.visualItemRect(item) for name, item in tree._items.items() if not item.isHidden()}
    return [name for name, row in rows.items() if not row.isEmpty() and tree.viewport().rect().contains(row)]


def test_that_the_layers_of_the_model_are_offered_once_it_has_predicted(window, reader, worker) -> None:
    window.methods_panel.show_methods()
    window.methods_panel.list.show_form()
    form = window.methods_panel.list.method_form.form
    window.session.explain.focus("layer_cam")
    assert isinstance(form.field("layer").editor, QLineEdit)
    open_image(window, reader, worker)
    combo = form.field("layer").editor
    assert [combo.itemData(at) for at in range(combo.count())] == ["", "last", "first"]
    assert combo.itemText(0) == "Automatic: last (4 × 4, 8 channels)"
    assert combo.itemText(2) == "● first (16 × 16, 4 channels), last of its grid"
    combo.setCurrentIndex(2)
    assert window.session.explain.values("layer_cam") == {"layer": "first"}
    window.session.prediction.predict()
    assert form.field("layer").editor is combo


def test_that_the_form_is_built_when_it_is_shown_and_not_with_each_prediction(
    window, reader, worker, monkeypatch
) -> None:
    panel, built = window.methods_panel, []
    form, show_params = panel.list.method_form.form, ParameterForm.show_params
    monkeypatch.setattr(
        ParameterForm, "show_params", lambda *args: (built.append(args[1]), show_params(*args))
    )
    window.session.explain.focus("layer_cam")
    window.session.explain.set_values("layer_cam", {"layer": "first"})
    open_image(window, reader, worker)
    assert built == []
    panel.show_methods()
    panel.list.show_form()
    assert len(built) == 1
    assert form.field("layer").editor.currentData() == "first"
    panel.show_presets()
    panel.show_methods()
    assert len(built) == 1


def test_that_values_that_exclude_each_other_are_reported_in_the_field(window) -> None:
    window.methods_panel.show_methods()
    window.methods_panel.list.show_form()
    form, explain = window.methods_panel.list.method_form.form, window.session.explain
    explain.focus("occlusion")
    assert form.field("stride").error.isHidden()
    form.field("stride").editor.setValue(32)
    assert not form.field("stride").error.isHidden()
    assert form.field("window").error.isHidden()
    assert form.field("stride").error.text() == (
        "Cannot be 32 with a window of 15: pixels between the squares would never be tested. "
        "Choose a stride of at most 15, or a larger window."
    )
    assert form.field("stride").error.text() in form.field("stride").editor.accessibleDescription()
    form.field("window").editor.setValue(32)
    assert form.field("stride").error.isHidden()


def test_that_one_click_on_a_preset_explains_by_its_methods(qtbot, window, reader, worker) -> None:
    quick = window.methods_panel.presets.buttons["quick_look"]
    assert not quick.isEnabled()
    open_image(window, reader, worker)
    qtbot.mouseClick(quick, Qt.MouseButton.LeftButton)
    assert [entry.method for entry in window.session.maps.entries] == [
        "input_x_gradient",
        "grad_cam",
        "random",
        "edge",
    ]
    assert QApplication.focusWidget() is window.image_panel.view
    assert quick.text().startswith("✓ Quick look")
    buttons = window.methods_panel.presets.buttons
    assert [name for name, button in buttons.items() if button.isChecked()] == ["quick_look"]


def test_that_a_preset_names_its_methods_and_its_cost_when_it_is_known(window, reader, worker) -> None:
    open_image(window, reader, worker)
    buttons = window.methods_panel.presets.buttons
    assert buttons["quick_look"].text() == "Quick look\nGrad-CAM and Input × gradient"
    assert buttons["papers"].toolTip() == (
        "Gradient, SmoothGrad, Integrated Gradients, Guided IG, Blur IG, XRAI, Grad-CAM"
    )
    call = CallSpeed(alone=1.0, full=1.0, warm_up=0.0)
    window.session.pace.choose("machine")
    window.session.pace.store("machine", Speed(forward=call, gradient=call, batch=1))
    cost = next(row.cost for row in window.session.presets.rows if row.name == "quick_look")
    assert cost.endswith(" s")
    assert buttons["quick_look"].text().startswith(f"Quick look, {cost}\n")
    assert cost in buttons["quick_look"].accessibleName()


def test_that_a_selection_by_hand_can_be_taken_again_after_a_preset(qtbot, window, reader, worker) -> None:
    open_image(window, reader, worker)
    panel, explain = window.methods_panel, window.session.explain
    for method in METHODS:
        explain.set_checked(method.name, method.name in ("rise", "occlusion"))
    assert panel.presets.restore.isHidden()
    window.session.start_preset("quick_look")
    window.session.cancel()
    assert panel.presets.restore.text() == "Own selection (2 methods)"
    qtbot.mouseClick(panel.presets.restore, Qt.MouseButton.LeftButton)
    selected = {row.name for _, rows in explain.families for row in rows if row.checked}
    assert selected == {"rise", "occlusion"}
    assert panel.presets.restore.isHidden()


def test_that_a_list_that_nobody_sees_asks_no_method_and_is_right_when_it_is_shown(
    window, reader, worker, monkeypatch
) -> None:
    open_image(window, reader, worker)
    explain, tree = window.session.explain, window.methods_panel.list.tree
    asked = []
    short = MethodCosts.short
    monkeypatch.setattr(MethodCosts, "short", lambda costs, method: asked.append(1) or short(costs, method))
    explain.set_checked("rise", True)
    assert asked == []
    window.methods_panel.show_methods()
    assert tree._items["rise"].checkState(0) is Qt.CheckState.Checked
    explain.set_checked("rise", False)
    assert tree._items["rise"].checkState(0) is Qt.CheckState.Unchecked


def test_that_ten_methods_are_visible_in_a_small_window_with_its_frame(qtbot, window, reader, worker) -> None:
    window.resize(1278, 682)
    open_image(window, reader, worker)
    qtbot.mouseClick(window.methods_panel.presets.all_methods, Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert len(methods_on_screen(window)) >= 10
    for button in window.methods_panel.findChildren(QPushButton):
        if button.isVisible():
            assert button.width() >= button.minimumSizeHint().width(), button.text()


def test_that_words_filter_the_methods_by_name_family_and_description(qtbot, window) -> None:
    window.window_actions.by_name["find_method"].trigger()
    search, tree = window.methods_panel.list.search, window.methods_panel.list.tree
    assert QApplication.focusWidget() is search
    shown = {}
    for words in ("gradcam", "perturbations", "random masks", "blur IG"):
        search.clear()
        qtbot.keyClicks(search, words)
        shown[words] = [name for name, item in tree._items.items() if not item.isHidden()]
    assert shown == {
        "gradcam": ["guided_grad_cam", "grad_cam", "grad_cam_pp", "x_grad_cam"],
        "perturbations": ["occlusion", "rise", "hipe"],
        "random masks": ["rise"],
        "blur IG": ["blur_ig", "smooth_blur_ig"],
    }
    qtbot.keyClick(search, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is tree
    assert window.session.explain.focused.name == "blur_ig"
    search.setText("no such thing")
    assert not tree.isVisible()
    search.clear()
    assert tree.isVisible()


def test_that_the_parameters_of_a_method_open_from_its_row_and_lead_back(
    qtbot, window, reader, worker
) -> None:
    open_image(window, reader, worker)
    QApplication.processEvents()
    panel = window.methods_panel
    panel.show_methods()
    tree, form = panel.list.tree, panel.list.method_form
    item = tree._items["occlusion"]
    assert not form.isVisible()
    tree.scrollToItem(item)
    cell = tree.visualRect(tree.indexFromItem(item, 2))
    qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=cell.center())
    assert form.isVisible()
    assert not tree.isVisible()
    assert QApplication.focusWidget() is form.form.field("window").editor
    form.form.field("window").editor.setValue(20)
    QApplication.processEvents()
    qtbot.mouseClick(form.back, Qt.MouseButton.LeftButton)
    assert tree.isVisible()
    assert QApplication.focusWidget() is tree
    assert item.text(0) == texts.changed_method("Occlusion")
    qtbot.keyClick(tree, Qt.Key.Key_Return)
    assert form.isVisible()


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_that_no_text_of_the_panel_is_cut_with_a_large_font(qapp, window, reader, worker, scale) -> None:
    open_image(window, reader, worker)
    panel, usual = window.methods_panel, qapp.font()
    large = qapp.font()
    large.setPixelSize(round(scale * usual.pixelSize()))
    qapp.setFont(large)
    try:
        window.session.explain.set_values("occlusion", {"stride": 32})
        window.session.explain.set_values("smooth_grad", {"noise": 0.5})
        for name in ("occlusion", "smooth_grad", "integrated_gradients"):
            window.session.explain.focus(name)
            for show_page in (panel.show_presets, panel.show_methods, panel.list.show_form):
                show_page()
                QApplication.processEvents()
                assert list(cut_texts(panel)) == []
                assert all(is_whole(part) for part in (panel._explain, panel._hint, panel._seed))
    finally:
        qapp.setFont(usual)


def test_that_list_and_form_stand_together_where_there_is_room(open_window) -> None:
    window = open_window(size=(1600, 1400))
    panel = window.methods_panel
    panel.show_methods()
    QApplication.processEvents()
    assert panel.list.tree.isVisible()
    assert panel.list.method_form.isVisible()
    assert not panel.list.method_form.back.isVisible()


def test_that_every_preset_has_methods_that_exist_and_an_action() -> None:
    names = {method.name for method in METHODS}
    assert all(set(preset.methods) <= names for preset in PRESETS)
    assert [len(preset.methods) for preset in PRESETS] == [2, 7, 7, 11, 13]
