"""Going to the slice of a volume with the highest probability of the predicted class."""

from dataclasses import replace

from PySide6.QtCore import QObject, Slot

from app.texts import image as texts
from app.window.states.notices import NoticesState
from app.window.states.prediction import PredictionState
from app.window.states.slice_reading import SliceReading
from app.window.states.slice_scan import SliceScan, SliceScanState
from core.errors import NotApplicable, SaliscopeError

TOPIC = "slice scan"


class HighestSliceState(QObject):
    """Starts the scan, and shows the slice or says why there is none."""

    def __init__(
        self,
        scan: SliceScanState,
        prediction: PredictionState,
        slices: SliceReading,
        notices: NoticesState,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._scan, self._prediction, self._slices, self._notices = scan, prediction, slices, notices
        scan.finished.connect(self._on_finished)
        scan.failed.connect(self._on_failed)

    def find(self) -> None:
        """Scan the shown stack for the predicted class, and go to the slice of its highest probability."""
        if self._prediction.class_name:
            self._notices.clear(TOPIC)
            self._scan.start(self._prediction.class_name)

    @Slot(object)
    def _on_finished(self, scan: SliceScan) -> None:
        if scan.best is None:
            self._notices.report(TOPIC, NotApplicable(texts.NO_SLICE, texts.NO_SLICE_HINT))
        else:
            self._go_to(scan, scan.best)

    @Slot(int)
    def go_to_scanned(self, index: int) -> None:
        """Show a slice of the scanned stack."""
        if self._scan.scan is not None:
            self._go_to(self._scan.scan, index)

    def _go_to(self, scan: SliceScan, index: int) -> None:
        # Another case or plane may have been chosen that is not read yet.
        if self._slices.chosen == scan.stack.case:
            self._slices.go_to(replace(scan.stack.position, index=index))

    @Slot(object)
    def _on_failed(self, error: SaliscopeError) -> None:
        self._notices.report(TOPIC, error)
