"""The curve along the slices: one point a slice, a gap where nothing is known, a click goes to the slice."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.window.states.background import BackgroundScheduler
from app.window.states.image import ImageState
from app.window.states.position import SlicePosition
from app.window.states.shown import ShownState
from app.window.states.slice_scan import ScannedStack, SliceScan, SliceScanState
from app.window.widgets.slice_curve import SliceCurve
from core.results.scan import ScannedSlice
from tests.gui.recorded import RecordedLink, indexed


@pytest.fixture
def curve(qtbot):
    shown, worker = ShownState(), RecordedLink()
    state = SliceScanState(RecordedLink(), worker, shown, BackgroundScheduler(worker))
    widget = SliceCurve(state, ImageState(shown))
    qtbot.addWidget(widget)
    widget.resize(208, 44)
    return widget, state


def scan_of(values, misfits=()):
    entry = indexed("a.nii", frames=len(values)).entries[0]
    stack = ScannedStack(1, entry, SlicePosition(), "small", "glioma", "glioma")
    scanned = {
        index: ScannedSlice(probabilities={"glioma": value}, fits=index not in misfits)
        for index, value in enumerate(values)
        if value is not None
    }
    return SliceScan(stack, scanned)


def accent_columns(widget):
    """The columns in which something is drawn in the (blue) accent colour."""
    image = widget.grab().toImage()
    places = ((x, y) for x in range(image.width()) for y in range(image.height()))
    return {x for x, y in places if image.pixelColor(x, y).blue() > image.pixelColor(x, y).red() + 60}


def test_that_it_is_hidden_before_a_scan_and_shown_with_its_caption(curve):
    widget, state = curve
    assert widget.isHidden()
    state.scan = scan_of([0.1, 0.9, 0.2])
    state.changed.emit()
    assert not widget.isHidden()
    assert widget.accessibleName() == "Probability of glioma by slice; highest: 90.0 % in slice 2"


def test_that_the_caption_tells_a_highest_slice_that_does_not_fit(curve):
    widget, state = curve
    for misfits, end in (
        ((1,), "of those that do: 20.0 % in slice 3"),
        ((0, 1, 2), "no slice does"),
    ):
        state.scan = scan_of([0.1, 0.9, 0.2], misfits)
        state.changed.emit()
        wanted = "Probability of glioma by slice; highest: 90.0 % in slice 2, which does not fit the model; "
        assert widget.caption == wanted + end


def test_that_unknown_slices_leave_a_gap(curve):
    widget, state = curve
    values = np.full(21, 0.2).tolist()
    values[8:13] = [None] * 5
    state.scan = scan_of(values)
    state.changed.emit()
    widget.show()
    columns = accent_columns(widget)
    # Slices are 10 pixels apart, from 4 on.
    assert {40, 60, 150, 180} <= columns
    assert not columns & set(range(80, 128))


def test_that_a_click_goes_to_the_slice_below_it(curve, qtbot):
    widget, state = curve
    state.scan = scan_of([0.5] * 21)
    state.changed.emit()
    widget.show()
    for x, index in ((0, 0), (4, 0), (52, 5), (203, 20), (207, 20)):
        with qtbot.waitSignal(widget.index_asked) as signal:
            QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=QPoint(x, 20))
        assert signal.args == [index]
