"""The steps of the walk, in their order. Each leaves the window so that the next can begin."""

import tempfile
from pathlib import Path

import nibabel
import numpy as np
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from app.texts import window as texts
from app.window.states.maps import MapState
from app.window.states.prediction import Phase
from app.window.widgets.probability_bars import ProbabilityBars
from core.samples import samples
from tests.gui.walk import Walk, is_whole

# States of a chip that holds no answer.
OPEN_STATES = ("unknown", "running", "failed")
VERDICTS = 3


def open_the_sample(walk: Walk) -> None:
    """What the first start does by itself: the sample with prediction and map."""
    session = walk.session
    session.open_sample()
    walk.wait("the prediction", lambda: session.prediction.phase in (Phase.DONE, Phase.FAILED))
    walk.wait("the first map", lambda: any(e.state is MapState.DONE for e in session.maps.entries))
    walk.picture("first_start")
    bars = walk.window.prediction_panel.findChild(ProbabilityBars)
    walk.expect(bars is not None and is_whole(bars), "not all bars of the prediction are visible")
    walk.expect(is_whole(walk.window.statusBar()), "the status bar is not on the screen")


def wait_for_verdicts(walk: Walk) -> None:
    """Without any action, as far as they come by themselves."""
    evidence = walk.session.evidence

    def answers() -> list[str]:
        return [f"{chip.question} {chip.state}" for chip in evidence.shown if chip.state not in OPEN_STATES]

    walk.wait("the verdicts of the first map", lambda: len(answers()) >= VERDICTS)
    print("verdicts:", ", ".join(answers()))
    walk.expect(
        is_whole(walk.window.image_panel.evidence), "the sentence of the verdicts is not on the screen"
    )
    walk.picture("verdicts")


def take_a_quick_look(walk: Walk) -> None:
    walk.click(walk.window.methods_panel.presets.buttons["quick_look"])
    walk.expect(QApplication.focusWidget() is walk.window.image_panel.view, "the image has no focus")
    cancels = [b for b in walk.window.statusBar().findChildren(QPushButton) if b.text() == texts.CANCEL]
    walk.expect(
        not walk.session.explain.running or any(is_whole(cancel) for cancel in cancels),
        "Cancel is not on the screen",
    )
    walk.picture("running")
    walk.wait("the maps of the preset", lambda: not walk.session.explain.running)
    walk.picture("quick_look")


def choose_maps(walk: Walk) -> None:
    cards = walk.window.maps_panel.gallery.cards
    walk.expect(len(cards) >= 2, f"{len(cards)} maps in the gallery")
    for number, card in list(cards.items()):
        walk.window.maps_panel.gallery.ensureWidgetVisible(card)
        walk.settle()
        walk.click(card)
        selected = walk.session.maps.selected
        walk.expect(selected is not None and selected.number == number, "a click selects no map")
    walk.picture("another_map")


def compare(walk: Walk) -> None:
    """Two maps side by side and under a curtain."""
    first = next(iter(walk.window.maps_panel.gallery.cards.values()))
    walk.window.maps_panel.gallery.ensureWidgetVisible(first)
    walk.settle()
    walk.click(first, modifier=Qt.KeyboardModifier.ControlModifier)
    walk.picture("two_maps")
    walk.act("curtain")
    walk.picture("curtain")
    walk.act("one_plane")


def change_a_parameter(walk: Walk) -> None:
    """From the image by keys alone: find a method, open its form, type a value, explain."""
    explain = walk.session.explain
    for _, rows in explain.families:
        for row in rows:
            explain.set_checked(row.name, row.name == "integrated_gradients")
    method_list = walk.window.methods_panel.list
    walk.act("find_method")
    walk.picture("all_methods")
    tree = method_list.tree
    rows_on_screen = [
        item
        for item in (tree.topLevelItem(at) for at in range(tree.topLevelItemCount()))
        for child in (item.child(at) for at in range(item.childCount()))
        if tree.viewport().rect().contains(tree.visualItemRect(child))
    ]
    walk.expect(len(rows_on_screen) >= 10, f"{len(rows_on_screen)} methods are visible")
    walk.type_text("integrated gradients")
    walk.press("Return")
    walk.press("Return")
    walk.settle()
    walk.expect(explain.focused.name == "integrated_gradients", "the search focuses another method")
    steps = method_list.method_form.form.field("steps").editor
    steps.setFocus()
    steps.selectAll()
    walk.type_text("24")
    walk.picture("parameters")
    walk.act("explain")
    walk.expect(QApplication.focusWidget() is walk.window.image_panel.view, "the image has no focus")
    walk.wait("Integrated Gradients", lambda: not explain.running)
    records = [e.record for e in walk.session.maps.entries if e.method == "integrated_gradients"]
    walk.expect(
        any(record is not None and record.parameters["steps"] == 24 for record in records),
        "no map has the typed number of steps",
    )
    walk.picture("another_parameter")
    search = method_list.search
    search.clear()
    walk.window.methods_panel.show_presets()
    walk.window.image_panel.view.setFocus()


def change_the_overlay(walk: Walk) -> None:
    for name in ("more_opacity", "raise_threshold", "raise_threshold", "outline"):
        walk.act(name)
    walk.picture("threshold")
    walk.act("network_input")
    walk.picture("network_input")
    walk.act("network_input")
    walk.act("cells")
    walk.picture("cells")
    walk.act("cells")


def show_results(walk: Walk) -> None:
    """Every tab of the results."""
    tabs = walk.window.docks.results.tabs
    for at in range(tabs.count()):
        walk.click(tabs, tabs.tabRect(at).center())
        walk.picture(f"tab_{tabs.tabText(at).lower()}")
    walk.click(tabs, tabs.tabRect(0).center())
    walk.window.image_panel.view.setFocus()


def export_and_save(walk: Walk) -> None:
    """Look at the forms of export; save the workspace, close everything, and open it again."""
    session, workspace = walk.session, walk.window.workspace
    walk.open_dialog("export", "export")
    maps = [entry.values for entry in session.maps.finished]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "Sitzung Größe.saliscope"
        workspace.ask_place = lambda *_: (path, workspace.state.privacy)
        walk.act("save")
        walk.wait("the saved workspace", lambda: not workspace.state.is_changed and path.exists(), 60)
        walk.act("close_all")
        opened: list[Path] = []
        workspace.state.opened.connect(opened.append)
        walk.drop(path)
        reopened = workspace.state.reopened
        walk.wait("the maps of the workspace", lambda: bool(opened) and not reopened.waiting, 60)
    walk.wait("its prediction", lambda: session.prediction.phase in (Phase.DONE, Phase.FAILED))
    walk.expect(len(session.maps.finished) == len(maps), "not all maps of the workspace are there")
    for before, entry in zip(maps, session.maps.finished, strict=False):
        walk.expect(np.array_equal(before, entry.values), f"{entry.name} is another map than was saved")
    walk.picture("workspace")


def show_three_planes(walk: Walk) -> None:
    session = walk.session
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "Volume Größe.nii.gz"
        nibabel.save(_volume(), path)
        walk.drop(path)
        walk.wait("the volume", lambda: session.image.image is not None and session.image.slices > 1)
        walk.wait("its prediction", lambda: session.prediction.phase in (Phase.DONE, Phase.FAILED))
        walk.picture("volume")
        walk.window.image_panel.view.setFocus()
        walk.wait("its planes", lambda: session.planes.volume.views is not None)
        walk.act("three_planes")
        walk.wait("three planes", lambda: session.planes.is_three)
        walk.settle()
        walk.picture("three_planes")
        walk.act("one_plane")


def show_dialogs(walk: Walk) -> None:
    for name in ("tags", "settings", "keys", "about", "help"):
        walk.open_dialog(name, name)


def close_the_cases(walk: Walk) -> None:
    walk.act("close_all")
    walk.expect(walk.session.image.image is None, "a closed case is still shown")
    walk.expect(not walk.session.explain.can_explain, "a closed case can be explained")
    walk.picture("closed")


def _volume() -> nibabel.Nifti1Image:
    """A small volume of one brain, whose slices grow darker."""
    sample = next(sample for sample in samples() if sample.class_name == "glioma")
    brain = Image.open(sample.path).convert("L").resize((128, 128))
    values = np.asarray(brain, np.float32)
    slices = [values * share for share in np.linspace(0.5, 1, 20)]
    stack = np.stack(slices, axis=-1).astype(np.int16)
    # (columns, rows, slices) of NIfTI: columns go left, rows go back.
    return nibabel.Nifti1Image(stack.transpose(1, 0, 2), np.diag([-1.8, -1.8, 6.0, 1.0]))


STEPS = (
    open_the_sample,
    wait_for_verdicts,
    take_a_quick_look,
    choose_maps,
    compare,
    change_a_parameter,
    change_the_overlay,
    show_results,
    export_and_save,
    show_three_planes,
    show_dialogs,
    close_the_cases,
)
