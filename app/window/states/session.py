"""All states of one window, and what follows from what: a sample that is opened is also explained."""

from PySide6.QtCore import QObject, Slot

from app.texts import header as texts_header
from app.texts import image as texts_image
from app.texts import model as texts_model
from app.texts import region as texts_region
from app.texts import reveal as texts_reveal
from app.texts import window as texts
from app.window.links import JobLink, LinkState
from app.window.speed_file import SpeedFile
from app.window.states.agreement import AgreementState
from app.window.states.announcements import Announcements
from app.window.states.background import BackgroundScheduler
from app.window.states.calibration import CalibrationState
from app.window.states.case_list import Case, numbers_of
from app.window.states.cases import CasesState
from app.window.states.check_offers import CheckOffers
from app.window.states.checks import ChecksState
from app.window.states.cine import CineState
from app.window.states.curves import CurvesState
from app.window.states.deidentification import DeidentificationState
from app.window.states.evidence import EvidenceState
from app.window.states.explain import ExplainState
from app.window.states.highest_slice import TOPIC as SCAN_TOPIC
from app.window.states.highest_slice import HighestSliceState
from app.window.states.image import ImageState
from app.window.states.impressions import ImpressionsState
from app.window.states.largest_region import TOPIC as REGION_TOPIC
from app.window.states.largest_region import LargestRegionState
from app.window.states.maps import MapsState
from app.window.states.measurements import MeasurementsState
from app.window.states.notices import NoticesState
from app.window.states.occluder import OccluderState
from app.window.states.pace import Pace
from app.window.states.parameter_history import ParameterHistory
from app.window.states.placing import PlacingState
from app.window.states.planes import PlanesState
from app.window.states.position import SlicePosition
from app.window.states.prediction import PredictionState
from app.window.states.preferences import Preferences
from app.window.states.presets import PresetsState
from app.window.states.recent_files import RecentFiles
from app.window.states.region import RegionState
from app.window.states.reveal import RevealState
from app.window.states.sanity import SanityState
from app.window.states.second_prediction import SecondPredictionState
from app.window.states.second_view import SecondViewState
from app.window.states.shown import Shown, ShownState
from app.window.states.slice_scan import SliceScanState
from app.window.states.studies import StudiesState
from app.window.states.tags import TagsState
from app.window.states.tool import ToolState
from app.window.states.undo import UndoStack
from app.window.states.view_history import ViewHistory
from core.errors import WorkerLost
from core.images.slice import Slice
from core.models.card import Card
from core.samples import Sample

SAMPLE_METHOD = "grad_cam"


class Session(QObject):
    """All states of one window."""

    def __init__(
        self,
        worker: JobLink,
        reader: JobLink,
        lister: JobLink,
        cards: list[Card],
        samples: list[Sample],
        preferences: Preferences,
        speeds: SpeedFile | None = None,
        parent: QObject | None = None,
    ) -> None:
        """reader: of what is shown. lister: a second reader, for the contents of files and thumbnails.

        speeds: what is known of this machine; None keeps it until the program ends.
        """
        super().__init__(parent)
        self.worker, self.reader, self.preferences = worker, reader, preferences
        self.shown = shown = ShownState(cards[0] if cards else None, self)
        self.background = background = BackgroundScheduler(worker, self)
        self.notices = NoticesState(self)
        self.cases = CasesState(reader, lister, samples, self)
        self.studies = StudiesState(self.cases, self)
        self.image = ImageState(shown, self)
        self.planes = PlanesState(reader, shown, self.cases.slices, self)
        self.recent_files = RecentFiles(self.cases, preferences, self)
        self.cine = CineState(self.image, self.cases.slices, self)
        self.tool = ToolState(self)
        self.undo = undo = UndoStack(shown, self)
        self.measurements = MeasurementsState(shown, self.tool, undo, self)
        self.impressions = impressions = ImpressionsState(shown, parent=self)
        self.prediction = prediction = PredictionState(worker, shown, cards, self, impressions.holds_back)
        self.maps = maps = MapsState(shown, self)
        self.second_view = SecondViewState(shown, self.image, maps, self.planes, prediction, self)
        self.pace = pace = Pace(speeds, self)
        self.explain = ExplainState(worker, shown, prediction, maps, pace, self)
        self.presets = PresetsState(self.explain, self)
        self.calibration = CalibrationState(worker, prediction, background, pace, self)
        self.curves = CurvesState(worker, shown, prediction, maps, background, pace, self)
        self.agreement = AgreementState(maps, self)
        self.reveal = RevealState(worker, shown, maps, self.curves, self)
        self.region = RegionState(reader, shown, undo, self)
        self.checks = ChecksState(
            worker, shown, prediction, maps, CheckOffers(shown, prediction, self.explain), background, self
        )
        self.sanity = SanityState(maps, self.checks, self)
        self.evidence = EvidenceState(prediction, maps, self.agreement, self.curves, self.checks, self)
        self.second_prediction = SecondPredictionState(worker, prediction, background, self)
        self.occluder = OccluderState(worker, shown, prediction, self.explain, self.tool, self)
        self.placing = PlacingState(worker, prediction, background, self)
        self.slice_scan = scan = SliceScanState(reader, worker, shown, background, self)
        self.highest_slice = HighestSliceState(scan, prediction, self.cases.slices, self.notices, self)
        self.largest_region = LargestRegionState(
            reader, shown, self.region, self.cases.slices, self.notices, self
        )
        self.announcements = Announcements(
            self.notices, shown, self.cases, prediction, self.region, worker, self
        )
        self.tags = TagsState(reader, shown, self)
        self.deidentification = DeidentificationState(reader, shown, self.notices, self)
        self.view_history = ViewHistory(self.image, self.planes, self.tool, undo, self)
        self.parameter_history = ParameterHistory(self.explain, prediction, undo, self)
        self._sample_to_explain: Case | None = None
        self._connect()

    def _connect(self) -> None:
        """What follows from what."""
        background, prediction, maps = self.background, self.prediction, self.maps
        self.cases.listing.changed.connect(lambda: background.set_held(self.cases.listing.is_running))
        for signal, slot in (
            (self.cases.closed, self._on_cases_closed),
            (self.cases.completed, self._on_listing_completed),
            (self.cases.slices.image_read, self._on_image_read),
            (prediction.predicted, self._on_predicted),
            (self.impressions.released, prediction.predict),
            (self.impressions.mode_changed, self._on_look_first_changed),
            (self.image.overlay_changed, self._note_map),
            (self.image.image_changed, self._show_overlay),
            (maps.selected_changed, self._show_overlay),
            (self.second_view.changed, self._show_comparison),
        ):
            signal.connect(slot)
        self.region.changed.connect(lambda: self.checks.set_region(self.region.mask))
        self.worker.state_changed.connect(self._on_worker_changed)

    @property
    def busy(self) -> bool:
        """Something runs that a person asked for and may cancel."""
        states = (
            self.explain,
            self.curves,
            self.checks,
            self.slice_scan,
            self.largest_region,
            self.deidentification,
        )
        return any(state.running for state in states) or self.cases.reading

    @property
    def activity(self) -> tuple[str, float | None]:
        """What is going on, in words, and the share done where it is known."""
        if self.explain.running or self.curves.at_work:
            share, text = (self.explain if self.explain.running else self.curves).progress
            return text, share
        if self.slice_scan.running or self.largest_region.running:
            return _activity_on_slices(self.slice_scan, self.largest_region)
        if self.cases.listing.is_running:
            return self.cases.listing.progress
        if self.deidentification.running:
            return texts_header.EXPORTING, self.deidentification.share
        if self.cases.reading:
            return texts.READING, None
        part, check = self.checks.progress
        if check or self.occluder.running:  # a dragged patch shows its own answers
            return check, part
        return _other_activity(self.worker, self.placing, self.reveal), None

    def open_sample(self, identity: str = "") -> None:
        """Choose a bundled sample, the first one if none is named."""
        for case in self.cases.list.samples:
            if case.sample is not None and identity in ("", case.sample.id):
                self.cases.choose(case.number)
                return

    def start_explaining(self) -> None:
        """Run the checked methods; who asks for maps wants to see them."""
        self.explain.explain()
        self.image.set_overlay_on(True)

    def start_preset(self, name: str) -> None:
        """Run the methods of a preset."""
        if self.presets.can_start:
            self.presets.select(name)
            self.start_explaining()

    def show_map(self, number: int) -> None:
        """Lay a map of the gallery over the image."""
        self.maps.select(number)
        self.image.set_overlay_on(True)

    def remove_map(self, number: int) -> None:
        """Take a map out of the gallery; one that is still computed is cancelled."""
        self.explain.jobs.cancel_map(number)
        self.maps.remove(number)
        self.checks.results.forget({number})

    def cancel(self) -> None:
        """End what a person started."""
        self.explain.cancel()
        self.curves.cancel()
        self.checks.cancel()
        self.deidentification.cancel()
        self.cases.cancel()
        self.slice_scan.cancel()
        self.largest_region.cancel()

    @Slot(object, object, object)
    def _on_image_read(self, case: Case, position: SlicePosition, image: Slice) -> None:
        """A sample chooses its network, and is explained when it is opened."""
        shown_case, card = self.shown.current.case, self.shown.current.card
        is_new = shown_case is None or shown_case.number != case.number
        self._sample_to_explain = case if case.sample is not None and is_new else None
        of_sample = None
        if case.sample is not None:
            model = case.sample.model
            of_sample = next((card for card in self.prediction.cards if card.id == model), None)
        self.shown.show_slice(case, position, image, of_sample or card)

    @Slot(object)
    def _on_cases_closed(self, cases: tuple[Case, ...]) -> None:
        """A closed case takes with it all that was computed of it."""
        numbers = numbers_of(cases)
        shown = self.shown.current
        if self._sample_to_explain is not None and self._sample_to_explain.number in numbers:
            self._sample_to_explain = None
        if shown.case is not None and shown.case.number in numbers:
            self.explain.cancel()
            self.curves.cancel()
            self.checks.cancel()
            self.shown.show(Shown(card=shown.card))
            for topic in (SCAN_TOPIC, REGION_TOPIC):
                self.notices.clear(topic)
        self.cases.memory.release(self.region.reference.entries_of(numbers))
        self.checks.results.forget(self.maps.forget(numbers))
        for results in (
            self.curves.store,
            self.reveal.pictures,
            self.region,
            self.region.reference,
            self.measurements,
            self.undo,
            self.impressions,
        ):
            results.forget(numbers)

    @Slot()
    def _on_listing_completed(self) -> None:
        """The shown slice has found its place among all of its series, and stays if it is worked on."""
        shown, case = self.shown.current, self.cases.slices.case
        if shown.case is None or case is None or shown.case.number != case.number:
            return
        if self.maps.entries or self.region.mask is not None or self.measurements.drawn:
            self.cases.slices.stay()
        if shown.case.entry is not None and case.entry is not None and shown.case.entry != case.entry:
            position = shown.position.followed(shown.case.entry, case.entry)
            self.shown.place(case, position)

    @Slot()
    def _on_look_first_changed(self) -> None:
        """What waits for an impression is withdrawn, and samples are named without their class."""
        self.cases.set_blind(self.impressions.is_on)
        if self.impressions.holds_back(self.shown.current):
            self.prediction.predict()

    @Slot()
    def _note_map(self) -> None:
        if self.image.overlay_visible and self.image.overlay is not None:
            self.impressions.note_map(self.image.overlay.title)

    @Slot()
    def _on_predicted(self) -> None:
        if self.prediction.record is not None:
            self.impressions.note_prediction(self.prediction.record)
        case, self._sample_to_explain = self._sample_to_explain, None
        if case is not None:
            self.image.set_overlay_on(True)
            if not self.maps.finished:
                self.explain.start([SAMPLE_METHOD], has_controls=True)
        # After what a person waits for: the scheduler starts nothing while that runs.
        self.background.run_next()

    @Slot()
    def _show_overlay(self) -> None:
        compared, entry = self.second_view.overlays, self.maps.selected
        if compared is not None:
            self.image.set_overlay(*compared)
        else:
            self.image.set_overlay(self.maps.overlay(entry) if entry is not None else None)

    @Slot()
    def _show_comparison(self) -> None:
        if self.second_view.overlays is not None or self.image.compared is not None:
            self._show_overlay()

    @Slot()
    def _on_worker_changed(self) -> None:
        if self.worker.state is LinkState.STARTING and isinstance(self.prediction.error, WorkerLost):
            self.prediction.predict()


def _activity_on_slices(scan: SliceScanState, region: LargestRegionState) -> tuple[str, float | None]:
    """What is done with every slice, in words, and the share done where it is known."""
    if scan.running and scan.scan is not None:
        return texts_image.scanning(scan.scan.stack.class_name), scan.scan.progress
    return texts_region.MEASURING_REGIONS, region.share


def _other_activity(worker: JobLink, placing: PlacingState, reveal: RevealState) -> str:
    """What the worker does beside maps, curves and checks, in words."""
    if not worker.open_jobs:
        return ""
    if placing.running:
        return texts_model.PLACING
    return texts_reveal.MAKING_PICTURES if reveal.making else texts.PREDICTING
