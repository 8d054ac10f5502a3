"""A workspace whose image is missing: its saved picture stands in the view, marked, until it is located."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage

from app.texts import workspace as texts
from app.window.main_window import MainWindow
from app.window.widgets.pictures import picture
from app.window.widgets.saved_picture import PictureField, SavedPicturePage
from core.exports.messages import SourcesLocated, WorkspaceRead
from tests.core.workspace.example import example_workspace
from tests.gui.recorded import RecordedLink
from tests.gui.test_window import open_image, settle


@pytest.fixture
def window(open_window, reader) -> MainWindow:
    """With a workspace that was opened, whose image is sought."""
    opened = open_window()
    settle(reader)
    files = opened.session.files = RecordedLink()
    opened.workspace.open_paths(["/disk/a.saliscope"])
    files.answer(*WorkspaceRead.of(example_workspace()))
    return opened


def page_of(window: MainWindow) -> SavedPicturePage:
    return window.findChild(SavedPicturePage)


def test_that_the_saved_picture_of_a_missing_image_is_shown_and_marked(window) -> None:
    page = page_of(window)
    assert not page.isVisible()
    window.session.files.answer(SourcesLocated(paths=(None,)))
    (waiting,) = window.workspace.state.reopened.waiting
    assert page.isVisible()
    assert page.words.text() == f"Saved picture; the image {waiting.name} is missing."
    shown = page.field._picture
    rows, columns = waiting.data.picture.shape[:2]
    assert (shown.height(), shown.width()) == (rows, columns)
    grey = np.array([[shown.pixelColor(x, y).red() for x in range(columns)] for y in range(rows)])
    np.testing.assert_array_equal(grey, waiting.data.picture.reshape(rows, columns, -1)[..., 0])


def test_that_it_is_located_from_there(window, monkeypatch) -> None:
    window.session.files.answer(SourcesLocated(paths=(None,)))
    located = []
    monkeypatch.setattr("app.window.notice_steps.QFileDialog.getOpenFileName", lambda *_: ("/x/a.png", ""))
    monkeypatch.setattr("app.window.notice_steps.QFileDialog.getExistingDirectory", lambda *_: "/x/a.png")
    monkeypatch.setattr(window.workspace.state.reopened, "locate", located.append)
    assert page_of(window).locate.text() == texts.LOCATE
    page_of(window).locate.click()
    assert located == [Path("/x/a.png")]


def test_that_it_makes_way_for_an_image_and_for_another_workspace(window, reader, worker) -> None:
    window.session.files.answer(SourcesLocated(paths=(None,)))
    open_image(window, reader, worker)
    assert not page_of(window).isVisible()
    assert window.image_panel.view.isVisible()
    window.session.cases.close_all()
    assert page_of(window).isVisible()


def test_that_a_tall_pixel_is_drawn_tall(qtbot) -> None:
    field = PictureField()
    qtbot.addWidget(field)
    field.show_picture(picture(np.full((10, 10, 3), (255, 0, 0), np.uint8)), aspect=2.0)
    field.resize(100, 100)
    drawn = QImage(100, 100, QImage.Format.Format_RGB32)
    field.render(drawn)
    lit = [(x, y) for x in range(100) for y in range(100) if drawn.pixelColor(x, y).green() == 0]
    xs, ys = [x for x, _ in lit], [y for _, y in lit]
    assert max(ys) - min(ys) == pytest.approx(99, abs=1)
    assert max(xs) - min(xs) == pytest.approx(49, abs=2)
