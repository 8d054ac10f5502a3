"""Replay: every result of a workspace computed anew and compared with the saved one."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.checks import check_named
from core.engine import curves, explain, map_of, predict, prepare, run_check
from core.errors import Cancelled, NotApplicable, SaliscopeError
from core.images.slice import Slice
from core.models.device import is_comparable
from core.models.preprocessing import Subject
from core.network.attribution_map import AttributionMap
from core.network.run import Run
from core.results.image import ModelRecord
from core.results.records import PredictionRecord
from core.results.result import Explanation
from core.results.versions import ChangedVersion, changed_versions, versions_now
from core.workspace.background import background_sha256, draws_from_background
from core.workspace.comparing import Difference, array_difference, record_difference
from core.workspace.consistency import measured_maps
from core.workspace.document import SavedCase, SavedCurves, SavedFinding, SavedMap
from core.workspace.replay_document import ReplayedResult, ResultKind
from core.workspace.workspace import CaseData

if TYPE_CHECKING:
    from core.models.handle import ModelHandle

# Counts whole batches, whose size is the device's.
UNCOMPARED_OF_CURVES = frozenset({"evaluations"})
NOT_DETERMINISTIC = "Computed on a GPU without deterministic mode, so small differences are to be expected."


@dataclass(frozen=True, slots=True)
class _Again:
    """What is needed to compute a case anew. maps: as they were computed anew so far, by their ids."""

    data: CaseData
    model: "ModelHandle"
    subject: Subject
    maps: dict[str, Explanation]

    @property
    def case(self) -> SavedCase:
        return self.data.case


def replayed_results(
    data: CaseData, model: "ModelHandle", image: Slice, run: Run | None = None
) -> Iterator[ReplayedResult]:
    """Every result of a case, each as soon as it is computed anew and compared.

    image: the slice of the case, read again. Raises Cancelled, and NotFinite or ModelError if nothing can be
    computed; what one result raises is its reason.
    """
    run = run or Run()
    again = _Again(data, model, prepare(model, image), {})
    case = data.case
    use_background_of(data, model)
    if data.network_input is not None:
        yield _compared("input", "Network input", array_difference(data.network_input, again.subject.x))
    prediction = PredictionRecord.of(predict(model, again.subject))
    yield _compared("prediction", "Prediction", record_difference(case.image.prediction, prediction))
    for saved in case.maps:
        yield _replayed_map(again, saved, run)
        for saved_finding in saved.findings:
            yield _replayed_finding(again, saved, saved_finding, run)
    for saved_curves in case.curves:
        yield _replayed_curves(again, saved_curves, run)


def changes_since(case: SavedCase, model: "ModelHandle") -> tuple[ChangedVersion, ...]:
    """What is not as it was when the results of a case were saved: versions, machine, model, background."""
    changed = list(changed_versions(case.versions, versions_now()))
    before, now = case.image.model, ModelRecord.of(model.card)
    pairs = {
        f"version of {before.id}": (before.version, now.version),
        f"weights of {before.id}": (before.weights_sha256[:12], now.weights_sha256[:12]),
    }
    device = case.image.device
    if not is_comparable(device, model.calls.device):
        pairs["device"] = ("CPU" if device is None else device.words, model.calls.device.words)
    if case.background_sha256 and not case.background:
        pairs["background images"] = (case.background_sha256[:12], _background_digest(model)[:12])
    changed += [
        ChangedVersion(name=name, saved=saved, now=present)
        for name, (saved, present) in pairs.items()
        if saved != present
    ]
    return tuple(changed)


def repeatability_note(case: SavedCase, model: "ModelHandle", results: Sequence[ReplayedResult]) -> str:
    """Why results differ that were computed on a GPU, then or now; empty where none differs or none was.

    Without its deterministic mode a GPU adds in an order that changes from run to run.
    """
    devices = (case.image.device, model.calls.device)
    is_repeatable = all(device is None or device.is_repeatable for device in devices)
    if is_repeatable or all(result.outcome != "differs" for result in results):
        return ""
    return NOT_DETERMINISTIC


def use_background_of(data: CaseData, model: "ModelHandle") -> None:
    """Give a model the background images of a case, where its maps draw from them."""
    if not any(draws_from_background(saved.record) for saved in data.case.maps):
        return
    images = data.arrays[data.case.background] if data.case.background else None
    if images is None and model.bundle is not None:
        images = model.bundle.background()
    if images is not None:
        model.use_background(images)


def _background_digest(model: "ModelHandle") -> str:
    with suppress(NotApplicable):
        return background_sha256(model.background())
    return ""


def _replayed_map(again: _Again, saved: SavedMap, run: Run) -> ReplayedResult:
    record = saved.record
    title = f"{record.title} of the {record.target.words_by(again.model.card.words_of)}"
    before = map_of(again.data.values_of(saved), record)
    again.maps[saved.id] = Explanation(before, record)
    if record.partial is not None:
        reason = f"it is {record.partial.words}, and what a cancelled run draws is not repeated."
        return ReplayedResult(kind="map", id=saved.id, title=title, outcome="not_replayed", reason=reason)
    try:
        target = record.target.target(again.model.card.classes)
        explanation = explain(
            again.model, again.subject, record.name, record.parameters, target, record.seed, run
        )
    except Cancelled:
        raise
    except SaliscopeError as error:
        return _failed("map", title, error, saved.id)
    again.maps[saved.id] = explanation
    return _compared("map", title, _map_difference(before, explanation.map), saved.id)


def _map_difference(saved: AttributionMap, again: AttributionMap) -> Difference:
    values = array_difference(saved.values, again.values)
    is_alike = (saved.signed, saved.cells, saved.choices) == (again.signed, again.cells, again.choices)
    return values if is_alike else values.with_(Difference(others=True))


def _replayed_finding(
    again: _Again, saved: SavedMap, saved_finding: SavedFinding, run: Run
) -> ReplayedResult:
    """Of the map as it is computed anew; of a partial one, of the saved map."""
    finding = saved_finding.finding
    region = again.data.region(saved_finding.region)
    title = finding.metric
    try:
        title = check_named(finding.metric).title
        finding_again = run_check(
            again.model,
            again.subject,
            again.maps[saved.id],
            finding.metric,
            finding.parameters,
            None if region is None else again.data.mask_of(region),
            saved_finding.seed,
            run,
        )
    except Cancelled:
        raise
    except SaliscopeError as error:
        return _failed("finding", title, error, saved.id)
    return _compared("finding", title, record_difference(finding, finding_again), saved.id)


def _replayed_curves(again: _Again, saved: SavedCurves, run: Run) -> ReplayedResult:
    title = f"Curves of {again.model.card.words_of(saved.class_name)}"
    classes = again.model.card.classes
    maps: Mapping[str, AttributionMap] = {
        name: again.maps[saved.maps[name]].map for name in measured_maps(saved.curves.methods)
    }
    if saved.class_name not in classes:
        reason = f"the model has no class {saved.class_name!r}."
        return ReplayedResult(kind="curves", title=title, outcome="not_replayed", reason=reason)
    try:
        curves_again = curves(
            again.model, again.subject, maps, classes.index(saved.class_name), saved.curves.settings, run
        )
    except Cancelled:
        raise
    except SaliscopeError as error:
        return _failed("curves", title, error)
    difference = record_difference(saved.curves, curves_again, UNCOMPARED_OF_CURVES)
    return _compared("curves", title, difference)


def _compared(kind: ResultKind, title: str, difference: Difference, map_id: str = "") -> ReplayedResult:
    return ReplayedResult(
        kind=kind,
        id=map_id,
        title=title,
        outcome="identical" if difference.is_none else "differs",
        difference=difference.largest or None,
    )


def _failed(kind: ResultKind, title: str, error: SaliscopeError, map_id: str = "") -> ReplayedResult:
    return ReplayedResult(kind=kind, id=map_id, title=title, outcome="not_replayed", reason=error.message)
