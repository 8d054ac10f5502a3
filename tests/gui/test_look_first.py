"""Look first in the window: what is visible before the impression tells nothing of the prediction."""

import re

import numpy as np
import pytest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QSlider,
    QTabBar,
    QWidget,
)

from app.texts import image as texts_image
from app.window.settings import SettingsFile
from core.images.slice import Slice
from tests.app.window.states.steps import MAP
from tests.gui.recorded import explained, frame_read, indexed, predicted
from tests.gui.test_window import open_image, settle

CLASSES = re.compile("glioma|meningioma|pituitary", re.IGNORECASE)
# A share in percent; opacity, threshold and zoom of the image and the share of the outline tell nothing.
PERCENT = re.compile(r"(?<!zoom )\b\d+(\.\d+)?[ \u00a0]%")
OUTLINE = re.compile(f"{texts_image.OUTLINE_TIP}|{texts_image.OUTLINE}|Outline of the top 10 %")


def visible_texts(window: QWidget, without: QWidget) -> list[str]:
    """All that can be read in the window and in its tips, but for one widget and what is in it."""
    texts = [window.windowTitle()]
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or widget is without or without.isAncestorOf(widget):
            continue
        texts += [widget.toolTip(), widget.accessibleName()]
        if not isinstance(widget, QSlider):  # it tells how the overlay is drawn
            texts.append(widget.accessibleDescription())
        if isinstance(widget, QLabel | QAbstractButton | QLineEdit):
            texts.append(widget.text())
        elif isinstance(widget, QComboBox):
            texts += [widget.itemText(at) for at in range(widget.count())]
        elif isinstance(widget, QTabBar):
            texts += [widget.tabText(at) for at in range(widget.count())]
        elif isinstance(widget, QAbstractItemView) and widget.model() is not None:
            model, root = widget.model(), widget.rootIndex()
            texts += [str(model.index(row, 0, root).data()) for row in range(model.rowCount(root))]
    return [text for text in texts if text]


def leaks(window: QWidget, without: QWidget) -> list[str]:
    """Texts with a percentage, or with some of the classes; what names all of them tells none."""
    return [
        text
        for text in visible_texts(window, without)
        if PERCENT.search(OUTLINE.sub("", text)) or 0 < len(set(CLASSES.findall(text))) < 3
    ]


@pytest.fixture
def window(open_window, reader, worker):
    """A case was predicted and explained before the mode was switched on; then another one is opened."""
    window = open_window()
    open_image(window, reader, worker)
    window.session.explain.start(["grad_cam"])
    worker.answer(explained(MAP), [MAP])
    window.session.show_map(window.session.maps.finished[0].number)
    assert leaks(window, window.prediction_panel.impression)  # the walk finds what is there
    window.window_actions.by_name["look_first"].trigger()
    window.session.cases.open_paths(["folder/b.png"])
    reader.answer(indexed("b.png"))
    reader.answer(*frame_read(Slice(np.eye(256))))
    settle(reader)
    return window


def test_that_nothing_visible_tells_of_a_prediction_before_the_impression(window, worker) -> None:
    form = window.prediction_panel.impression
    sent = len(worker.sent)
    assert form.isVisible()
    assert leaks(window, form) == []
    window.session.background.run_next()
    assert len(worker.sent) == sent


def test_that_the_answer_releases_the_prediction_and_the_decision_is_kept(window, worker) -> None:
    panel = window.prediction_panel
    form, decision = panel.impression, panel.decision
    assert [button.text() for button in form.group.buttons()] == [
        "glioma",
        "meningioma",
        "pituitary tumour",
        "something else",
        "not sure",
    ]
    assert not form.show_prediction.isEnabled()
    form.group.button(2).click()
    form.confidence.activated.emit(2)
    form.show_prediction.click()
    assert (form.isVisible(), worker.last.kind) == (False, "predict")
    worker.answer(predicted())
    assert panel.answer.class_label.text() == "meningioma"
    assert decision.words.text() == "Your impression: pituitary tumour (fairly sure)."
    decision.note.setText("typical place")
    decision.buttons["reject"].click()
    assert decision.words.text().endswith("You kept your impression: pituitary tumour.")
    assert window.session.impressions.record.decision.note == "typical place"
    decision.amended.aboutToShow.emit()
    decision.amended.actions()[0].trigger()
    assert window.session.impressions.record.decision.answer == "glioma"
    assert decision.words.text().endswith("You gave another answer: glioma.")


def test_that_decision_and_bars_are_visible_together_in_a_low_window(window, worker) -> None:
    panel = window.prediction_panel
    panel.impression.group.button(2).click()
    panel.impression.show_prediction.click()
    worker.answer(predicted())
    QApplication.processEvents()
    for part in (panel.answer.bars, *panel.decision.buttons.values(), panel.decision.note):
        bottom = part.mapTo(panel, part.rect().bottomLeft()).y()
        assert bottom < panel.height(), part


def test_that_the_next_case_begins_without_the_answer_before(window, reader, worker) -> None:
    form = window.prediction_panel.impression
    form.group.button(0).click()
    form.show_prediction.click()
    worker.answer(predicted())
    window.session.cases.open_paths(["folder/c.png"])
    reader.answer(indexed("c.png"))
    reader.answer(*frame_read(Slice(np.eye(256) * 2)))
    assert form.isVisible()
    assert form.group.checkedId() == -1
    assert not form.show_prediction.isEnabled()
    assert not window.prediction_panel.decision.isVisible()
    assert window.prediction_panel.decision.note.text() == ""


def test_that_the_mode_is_kept_between_starts(window, settings, tmp_path) -> None:
    assert SettingsFile(tmp_path / "settings").values.look_first
    window.window_actions.by_name["look_first"].trigger()
    assert not SettingsFile(tmp_path / "settings").values.look_first


def test_that_the_mode_of_the_last_start_holds_and_the_whole_question_is_in_view(
    open_window, settings, reader, worker
) -> None:
    settings.change(look_first=True)
    window = open_window()
    settle(reader)
    window.session.cases.open_paths(["folder/a.png"])
    reader.answer(indexed("a.png"))
    reader.answer(*frame_read(Slice(np.eye(256))))
    panel, form = window.prediction_panel, window.prediction_panel.impression
    QApplication.processEvents()
    assert (window.width(), window.height()) == (1280, 720)
    for part in (*form.group.buttons(), form.confidence, form.show_prediction):
        bottom = part.mapTo(panel, part.rect().bottomLeft()).y()
        assert bottom < panel.height(), part
    assert [message.kind for message, _ in worker.sent] == []
    assert window.window_actions.by_name["look_first"].isChecked()
