"""The place of the window: wholly inside the screen, frame included, wherever it stood before."""

import pytest
from PySide6.QtCore import QMargins, QPoint, QRect
from PySide6.QtWidgets import QWidget

from app.window.geometry import SMALLEST_SIZE, USUAL_FRAME, USUAL_SIZE, WindowPlace, first_geometry, fitted

SCREENS = {
    "1280 x 720": QRect(0, 0, 1280, 720),
    "1280 x 720 with a bar": QRect(0, 40, 1280, 680),
    "1600 x 900": QRect(0, 0, 1600, 900),
    "second screen": QRect(1920, 200, 1600, 852),
    "wide": QRect(0, 0, 3840, 2160),
}
FRAMES = (QMargins(0, 0, 0, 0), QMargins(1, 37, 1, 1), QMargins(8, 31, 8, 8))

screens = pytest.mark.parametrize("available", SCREENS.values(), ids=SCREENS.keys())
frames = pytest.mark.parametrize("frame", FRAMES)


@screens
@frames
def test_that_the_first_window_lies_inside_the_screen_with_its_frame(available: QRect, frame) -> None:
    inner = first_geometry(available, frame)
    assert available.contains(inner.marginsAdded(frame))
    assert inner.width() >= SMALLEST_SIZE.width()
    assert inner.height() >= SMALLEST_SIZE.height()


def test_that_the_first_window_uses_a_small_screen_whole_and_a_large_one_in_its_middle() -> None:
    frame = QMargins(1, 30, 1, 1)
    small, large = QRect(0, 0, 1280, 720), QRect(0, 0, 3840, 2160)
    assert first_geometry(small, frame).marginsAdded(frame) == small
    assert first_geometry(large, frame).size() == USUAL_SIZE
    assert (
        first_geometry(large, frame).center() - large.marginsRemoved(frame).center()
    ).manhattanLength() <= 2


@screens
@pytest.mark.parametrize(
    "before",
    [
        QRect(2500, 1300, 1400, 900),  # of a screen that is no longer there
        QRect(-3000, -200, 1200, 700),
        QRect(0, 0, 1280, 720),  # the title bar above the screen
        QRect(100, 100, 5000, 4000),
    ],
)
def test_that_a_place_of_another_screen_is_brought_back(available: QRect, before: QRect) -> None:
    frame = QMargins(2, 30, 2, 2)
    inner = fitted(before, available, frame)
    assert available.contains(inner.marginsAdded(frame))
    assert inner.size() == before.size().boundedTo(available.marginsRemoved(frame).size())


def test_that_a_place_that_fits_is_kept() -> None:
    place = QRect(50, 60, 1100, 640)
    assert fitted(place, QRect(0, 0, 1280, 720), QMargins(1, 30, 1, 1)) == place


def test_that_a_window_saved_outside_every_screen_comes_back_into_one(qtbot) -> None:
    first, second = QWidget(), QWidget()
    for window in (first, second):
        qtbot.addWidget(window)
    place = WindowPlace(first)
    first.setMinimumSize(1, 1)
    first.setGeometry(QRect(QPoint(9000, 7000), SMALLEST_SIZE))
    saved = place.saved
    WindowPlace(second).restore(saved)
    available = second.screen().availableGeometry()
    assert available.contains(second.geometry().marginsAdded(USUAL_FRAME))
