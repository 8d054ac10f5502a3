"""The checks of maps: requested by the user or, if they are cheap, made in the background."""

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from app.texts import checks as texts
from app.window.jobs import Job
from app.window.links import JobLink
from app.window.states.background import (
    BackgroundScheduler,
    BackgroundTask,
    TaskKind,
    is_background_work,
)
from app.window.states.check_offers import CheckOffers
from app.window.states.check_results import CheckKey, CheckPhase, CheckResult, CheckResults, CheckRun
from app.window.states.maps import MapEntry, MapsState
from app.window.states.prediction import PredictionState
from app.window.states.shown import ShownState
from core.arrays import Array
from core.checks import CHECKS, check_named
from core.checks.contract import Check, CheckFamily
from core.worker.messages import CheckRequest

SEED = 0


class ChecksState(QObject):
    """All checks of this session, by the number of the map and the name of the check.

    offers: what checks say before they are made. background_checks: names of those that are made while
    the worker is idle, if they are cheap.
    """

    changed = Signal(int, str)  # the map's number and the check's name; 0 and nothing for all of them
    progressed = Signal()

    def __init__(
        self,
        worker: JobLink,
        shown: ShownState,
        prediction: PredictionState,
        maps: MapsState,
        offers: CheckOffers,
        background: BackgroundScheduler,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._worker, self._shown, self._maps = worker, shown, maps
        self._background, self.offers = background, offers
        self.background_checks: tuple[str, ...] = ()
        self.results = CheckResults()
        self._runs: list[CheckRun] = []
        self._region_changes = 0
        background.add_source(self._background_tasks)
        maps.changed.connect(background.review)
        maps.selected_changed.connect(background.review)
        # What can be checked follows from it.
        prediction.changed.connect(partial(self.changed.emit, 0, ""))
        offers.pace.changed.connect(partial(self.changed.emit, 0, ""))
        # What runs for another slice is withdrawn; its findings stay with its maps.
        shown.changed.connect(self._withdraw)

    @property
    def region(self) -> Array | None:
        """Where the evidence should lie, (rows, columns) bool of the slice."""
        return self.offers.region

    def set_region(self, region: Array | None) -> None:
        """Another region: findings about the one before go."""
        self.offers.region = region
        self._region_changes += 1
        for run in [run for run in self._runs if is_about_region(run.key[1])]:
            run.job.cancel()
        self.results.forget_checks(is_about_region)
        self.changed.emit(0, "")
        self._background.review()

    def check(self, number: int, name: str) -> CheckResult:
        return self.results[number, name]

    @property
    def running(self) -> bool:
        """Something runs that a person asked for."""
        return any(not run.job.is_background for run in self._runs)

    @property
    def progress(self) -> tuple[float | None, str]:
        """Share done of what runs and waits, and what runs, in words; nothing if nothing does."""
        if not self._runs:
            return None, ""
        at_worker = (run for run in self._runs if run.job is self._worker.running_job)
        number, name = next(at_worker, self._runs[0]).key
        check, entry = self.check(number, name), self._maps.entry(number)
        title = entry.name if entry is not None else ""
        share = check.share_done if check.total else None
        return share, texts.checking(title, check_named(name).title, check.done, check.total)

    def start(self, number: int, name: str) -> None:
        """Check a map of the shown image; nothing if that is under way."""
        entry = self._maps.entry(number)
        run = next((run for run in self._runs if run.key == (number, name) and not run.job.is_yielding), None)
        if run is not None and run.job.is_background:
            run.job.is_background = False  # the user requests it now
            self.progressed.emit()
        elif run is None and entry is not None:
            self._submit(entry, name, is_background=False)

    def cancel(self) -> None:
        """End all checks that run or wait, and make none of them before somebody asks for it."""
        for run in self._runs:
            self._background.decline(self._task_key(run.key))
        self._withdraw()

    def cancel_check(self, number: int, name: str) -> None:
        self._background.decline(self._task_key((number, name)))
        for run in [run for run in self._runs if run.key == (number, name)]:
            run.job.cancel()

    @Slot()
    def _withdraw(self) -> None:
        for run in self._runs[::-1]:
            run.job.cancel()

    def _submit(self, entry: MapEntry, name: str, is_background: bool) -> Job | None:
        image, key = self._shown.current.image, self._maps.key
        if image is None or key is None or entry.record is None or entry.values is None:
            return None
        check = check_named(name)
        request = CheckRequest(
            model=key.model,
            check=name,
            parameters=check.Params().model_dump(mode="json"),
            map=entry.record,
            seed=SEED,
        )
        arrays = [entry.values]
        if is_about_region(name) and self.region is not None:
            arrays.append(self.region)
        job = self._worker.submit(request, arrays, image, is_background)
        run = CheckRun(job, (entry.number, name), self)
        run.changed.connect(partial(self._on_run_changed, run))
        run.ended.connect(partial(self._on_run_ended, run))
        self._runs.append(run)
        self._on_run_changed(run)
        return run.job

    def _background_tasks(self) -> Iterator[BackgroundTask]:
        """The open checks of the shown image's maps, if they are cheap."""
        for entry in self._maps.finished:
            is_shown = entry is self._maps.selected
            kind = TaskKind.SHOWN_MAP if is_shown else TaskKind.CHECK
            for name in self.background_checks:
                if self.check(entry.number, name).state is not CheckPhase.OPEN:
                    continue
                cost, seconds = self.offers.cost(entry, name), self.offers.seconds(entry, name)
                if cost is None or not is_background_work(seconds, cost.calls, is_shown):
                    continue
                if not self.offers.obstacle(entry, name):
                    submit = partial(self._submit, entry, name, is_background=True)
                    key = self._task_key((entry.number, name))
                    order = cost.calls if seconds is None else seconds
                    yield BackgroundTask(kind, key, order, submit)

    def _task_key(self, key: CheckKey) -> tuple[int, str, int]:
        """A check about another region is another task."""
        return *key, self._region_changes if is_about_region(key[1]) else 0

    def _on_run_changed(self, run: CheckRun) -> None:
        if any(other is not run and other.key == run.key for other in self._runs) and run.job.is_ending:
            return  # the same check was asked for again while this one ends
        self.results[run.key] = run.result
        self.changed.emit(*run.key)
        self.progressed.emit()

    def _on_run_ended(self, run: CheckRun) -> None:
        self._runs.remove(run)
        run.deleteLater()
        if any(other.key == run.key for other in self._runs):
            self.progressed.emit()  # it was asked for again while it yielded
        else:
            self._on_run_changed(run)


def checks_of(*families: CheckFamily) -> tuple[Check, ...]:
    """The checks of these families, in the order of CHECKS."""
    return tuple(check for check in CHECKS if check.family in families)


def is_about_region(name: str) -> bool:
    """Whether the check of this name asks where the evidence lies."""
    return check_named(name).family is CheckFamily.LOCALISATION
