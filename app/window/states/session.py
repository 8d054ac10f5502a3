"""All states of one window, and what follows from what: a sample that is opened is also explained."""

from PySide6.QtCore import QObject, Slot

from app.window.files_link import FilesLink
from app.window.links import JobLink, LinkState
from app.window.speed_file import SpeedFile
from app.window.states.agreement import AgreementState
from app.window.states.announcements import Announcements
from app.window.states.background import BackgroundScheduler
from app.window.states.calibration import CalibrationState
from app.window.states.case_list import Case, closed_groups, numbers_of, place_now
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
from app.window.states.layer_views import LayerViews
from app.window.states.look_first_effects import LookFirstEffects
from app.window.states.maps import MapsState
from app.window.states.measurements import MeasurementsState
from app.window.states.network_pictures import NetworkPicturesState
from app.window.states.notices import NoticesState
from app.window.states.occluder import OccluderState
from app.window.states.pace import Pace
from app.window.states.parameter_history import ParameterHistory
from app.window.states.placing import PlacingState
from app.window.states.planes import PlanesState
from app.window.states.position import SlicePosition
from app.window.states.prediction import PredictionState
from app.window.states.preferences import PreferenceEffects, Preferences
from app.window.states.presets import PresetsState
from app.window.states.recent_files import RecentFiles
from app.window.states.region import RegionState
from app.window.states.reveal import RevealState
from app.window.states.sanity import SanityState
from app.window.states.second_prediction import SecondPredictionState
from app.window.states.second_view import SecondViewState
from app.window.states.shown import Shown, ShownState
from app.window.states.shown_maps import ShownMaps
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
    """All states of one window. files: writes and reads workspaces and exports, started by its first job."""

    files: JobLink

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
        self.presets, self.agreement = PresetsState(self.explain, self), AgreementState(maps, self)
        self.curves = CurvesState(worker, shown, prediction, maps, background, pace, self)
        self.reveal = RevealState(worker, shown, maps, self.curves, self)
        self.region = RegionState(reader, shown, undo, self)
        self.checks = ChecksState(
            worker, shown, prediction, maps, CheckOffers(shown, prediction, self.explain), background, self
        )
        self.sanity = SanityState(maps, self.checks, self)
        self.evidence = EvidenceState(prediction, maps, self.agreement, self.curves, self.checks, self)
        self.second_prediction = SecondPredictionState(worker, prediction, background, self)
        self.occluder = OccluderState(worker, shown, prediction, self.explain, self.tool, self)
        self.slice_scan = scan = SliceScanState(reader, worker, shown, background, self)
        self.highest_slice = HighestSliceState(scan, prediction, self.cases.slices, self.notices, self)
        self.largest_region = LargestRegionState(
            reader, shown, self.region, self.cases.slices, self.notices, self
        )
        self.announcements = Announcements(
            self.notices, shown, self.cases, prediction, self.region, worker, self
        )
        self._make_dependent_states()
        self.tags = TagsState(reader, shown, self)
        self.deidentification = DeidentificationState(reader, shown, self.notices, self)
        self._sample_to_explain: Case | None = None
        self._connect()

    def _make_dependent_states(self) -> None:
        """Those that no other state takes: more of the network, and what carries out what others say."""
        worker, shown = self.worker, self.shown
        self.placing = PlacingState(worker, self.prediction, self.background, self)
        self.layers = LayerViews(worker, shown, self.explain, self.maps, self.image, self.background, self)
        self.network_pictures = NetworkPicturesState(worker, shown, self.prediction, self.pace, self)
        prediction, image, undo = self.prediction, self.image, self.undo
        self.files = FilesLink(self)
        self.calibration = CalibrationState(self.worker, prediction, self.background, self.pace, self)
        self.shown_maps = ShownMaps(image, self.maps, self.second_view, self)
        self.look_first = LookFirstEffects(self.impressions, self.shown, self.cases, prediction, image, self)
        self.view_history = ViewHistory(image, self.planes, self.tool, undo, self)
        self.parameter_history = ParameterHistory(self.explain, prediction, undo, self)
        self.preference_effects = PreferenceEffects(
            self.preferences, image.style, self.cine, self.background, self.impressions, self
        )

    def _connect(self) -> None:
        """What follows from what."""
        background = self.background
        self.cases.listing.changed.connect(lambda: background.set_held(self.cases.listing.is_running))
        for signal, slot in (
            (self.cases.closed, self._on_cases_closed),
            (self.cases.completed, self._on_slices_sorted),
            (self.cases.parts_joined, self._on_slices_sorted),
            (self.cases.slices.image_read, self._on_image_read),
            (self.prediction.predicted, self._on_predicted),
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
            self.network_pictures,
            self.slice_scan,
            self.largest_region,
            self.deidentification,
        )
        is_writing = any(not job.is_background for job in self.files.open_jobs)
        return any(state.running for state in states) or self.cases.reading or is_writing

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
        self.network_pictures.cancel()
        self.deidentification.cancel()
        self.cases.cancel()
        self.slice_scan.cancel()
        self.largest_region.cancel()
        for job in [job for job in self.files.open_jobs if not job.is_background]:
            job.cancel()

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
        if not is_new and self.cases.slices.is_at_start:
            self.image.display.open_anew(image)
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
        groups = closed_groups(self.cases.list, cases)
        self.checks.results.forget(self.maps.forget(groups))
        for of_slices in (self.curves.store, self.reveal.pictures, self.region.histories, self.measurements):
            of_slices.forget(groups)
        self.region.reference.forget(numbers)
        self.impressions.forget(numbers)
        self.undo.forget(numbers, groups)

    @Slot()
    def _on_slices_sorted(self) -> None:
        """The shown slice has its place among all that was found, and stays if it is worked on.

        It may have another number by now, or be one of another part of its series.
        """
        shown, case = self.shown.current, self.cases.slices.case
        if shown.case is None:
            return
        is_worked_on = self.maps.entries or self.region.mask is not None or self.measurements.drawn
        if is_worked_on and case is not None and case.group == shown.case.group:
            self.cases.slices.stay()
        place = place_now(self.cases.list, shown.case, shown.position)
        if place is not None and place[0].entry is not shown.case.entry:
            self.shown.place(*place)

    @Slot()
    def _on_predicted(self) -> None:
        case, self._sample_to_explain = self._sample_to_explain, None
        if case is not None:
            self.image.set_overlay_on(True)
            if not self.maps.finished:
                self.explain.start([SAMPLE_METHOD], has_controls=True)
        # After what a person waits for: the scheduler starts nothing while that runs.
        self.background.run_next()

    @Slot()
    def _on_worker_changed(self) -> None:
        if self.worker.state is LinkState.STARTING and isinstance(self.prediction.error, WorkerLost):
            self.prediction.predict()
