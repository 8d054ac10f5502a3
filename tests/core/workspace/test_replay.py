"""Replay: what was saved is computed anew, to the bit; what differs, and what cannot be repeated, is told."""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core import api
from core.api import check_fit, curves, explain, run_check
from core.checks import CHECKS
from core.curves.curves import curve_settings
from core.errors import IncompatibleInput, NotApplicable, UsageError
from core.images.slice import Identity, Slice
from core.methods import METHODS
from core.models.device import ComputingDevice
from core.models.handle import ModelHandle
from core.models.preprocessing import Subject
from core.network.target import ProbabilityTarget
from core.readers.protocol import SeriesEntry
from core.readers.slice_choice import ChosenSlice
from core.results.image import ImageRecord
from core.results.records import PartialRecord, TargetRecord
from core.results.result import Explanation, Result
from core.workspace.background import background_of
from core.workspace.document import SavedFinding
from core.workspace.file import read_workspace, write_workspace
from core.workspace.making import CaseExtras, RegionMask, case_of_source, workspace_of
from core.workspace.replay import NOT_DETERMINISTIC, changes_since, repeatability_note, replayed_results
from core.workspace.replay_document import ReplayedResult
from core.workspace.sources import CaseSource
from core.workspace.workspace import CaseData
from tests.cards import make_card, small_model
from tests.direct_reader import DirectReader
from tests.policies import machine_policy

SIZE = 32
# The smallest values that make a map, by the names of parameters.
SMALL = {"samples": 80, "steps": 4, "masks": 80, "channels": 3, "draws": 2}
SMALL_CHECKS = {"samples": 2, "steps": 3, "patches": 8, "repeats": 1, "seeds": 1}
SEED = 7
TARGET = ProbabilityTarget(1)


@pytest.fixture(scope="module")
def model() -> ModelHandle:
    handle = ModelHandle(make_card(SIZE), small_model(SIZE))
    handle.use_background(np.random.default_rng(5).random((4, SIZE, SIZE, 1)).astype(np.float32))
    return handle


@pytest.fixture(scope="module")
def image() -> Slice:
    return Slice(np.random.default_rng(3).integers(0, 900, (40, 48)).astype(np.int16), modality="MR")


@pytest.fixture(scope="module")
def subject(model: ModelHandle, image: Slice) -> Subject:
    return model.card.preprocessing.apply(image)


def half() -> np.ndarray:
    """A region of the slice."""
    mask = np.zeros((40, 48), np.bool_)
    mask[5:25, 10:40] = True
    return mask


def small(params: type, values: Mapping[str, int]) -> dict[str, int]:
    fields = params.model_fields
    return {
        name: value for name, value in values.items() if name in fields and fields[name].annotation is int
    }


def explained(model: ModelHandle, subject: Subject, name: str, **params: object) -> Explanation:
    return explain(model, subject, name, params, TARGET, SEED)


def saved_case(
    model: ModelHandle,
    image: Slice,
    subject: Subject,
    explanations: list[Explanation],
    extras: CaseExtras | None = None,
    with_curves: bool = False,
) -> CaseData:
    """The case of these maps, before it is written."""
    record = ImageRecord(
        file="slice.png",
        sha256="ab" * 32,
        modality="MR",
        rows=40,
        columns=48,
        slice=1,
        slices=1,
        spacing_mm=None,
        spacing_source="",
    )
    entry = SeriesEntry(path=Path("/data/slice.png"), reader="PNG", title="", frames=1, rows=40, columns=48)
    source = CaseSource(entry.path, entry, ChosenSlice(index=0), image, Identity(), record)
    fit = check_fit(model, image, subject)
    predicted = source.predicted(model.card, subject, fit, model.predict(subject.x), model.calls.device)
    result = Result(predicted, TargetRecord.of(TARGET, model.card.classes), tuple(explanations))
    if with_curves:
        settings = curve_settings(grids=1, random_draws=2, thresholds=(0.2, 0.5), min_prediction=0)
        result = replace(result, curves=curves(model, subject, result.maps, 1, settings))
    background = background_of(model, [explanation.record for explanation in explanations])
    extras = replace(extras or CaseExtras(findings={}), background=background)
    return case_of_source("case-1", source, subject, result, extras)


def read_again(data: CaseData, tmp_path: Path) -> CaseData:
    write_workspace(tmp_path / "a.saliscope", workspace_of([data]))
    (read,) = read_workspace(tmp_path / "a.saliscope").cases
    return read


def outcomes(data: CaseData, model: ModelHandle, image: Slice) -> dict[str, ReplayedResult]:
    return {f"{r.kind} {r.title}": r for r in replayed_results(data, model, image)}


def test_that_every_map_is_the_same_to_the_bit(model, image, subject, tmp_path):
    explanations = [explained(model, subject, m.name, **small(m.Params, SMALL)) for m in METHODS]
    data = read_again(saved_case(model, image, subject, explanations), tmp_path)
    # Another handle of the same weights, which has computed nothing yet and has no background.
    other = ModelHandle(make_card(SIZE), small_model(SIZE))
    replayed = [result for result in replayed_results(data, other, image) if result.kind == "map"]
    assert [(result.title, result.words) for result in replayed] == [
        (f"{m.title} of the probability of meningioma", "identical") for m in METHODS
    ]
    assert changes_since(data.case, other) == ()


def test_that_every_finding_and_curve_is_the_same_to_the_bit(model, image, subject, tmp_path):
    explanation = explained(model, subject, "integrated_gradients", steps=4)
    region = half()
    findings = []
    for check in CHECKS:
        params = small(check.Params, SMALL_CHECKS)
        try:
            finding = run_check(model, subject, explanation, check.name, params, region, SEED)
        except NotApplicable:
            continue
        findings.append(SavedFinding(finding=finding, seed=SEED, region="region-1"))
    assert len(findings) > len(CHECKS) - 3
    extras = CaseExtras(findings={0: findings}, regions=[RegionMask(region, "drawn")])
    case = saved_case(model, image, subject, [explanation], extras, with_curves=True)
    replayed = outcomes(read_again(case, tmp_path), model, image)
    assert {name: result.words for name, result in replayed.items()} == dict.fromkeys(replayed, "identical")
    assert sum(result.kind == "finding" for result in replayed.values()) == len(findings)
    assert "curves Curves of meningioma" in replayed


def test_that_another_parameter_seed_value_or_answer_differs_and_by_how_much(model, image, subject):
    explanations = [
        explained(model, subject, "random"),
        explained(model, subject, "gradient"),
        explained(model, subject, "edge"),
        explained(model, subject, "integrated_gradients", steps=4),
    ]
    finding = run_check(model, subject, explanations[2], "pointing_game", {}, half())
    changed_finding = finding.model_copy(update={"sentence": "Another one."})
    extras = CaseExtras(
        findings={2: [SavedFinding(finding=changed_finding, region="region-1")]},
        regions=[RegionMask(half(), "drawn")],
    )
    data = saved_case(model, image, subject, explanations, extras, with_curves=True)
    maps = list(data.case.maps)
    maps[0] = maps[0].model_copy(update={"record": maps[0].record.model_copy(update={"seed": SEED + 1})})
    steps = {**maps[3].record.parameters, "steps": 5}
    maps[3] = maps[3].model_copy(update={"record": maps[3].record.model_copy(update={"parameters": steps})})
    values = data.arrays["case-1-map-2"].copy()
    values[3, 4] += 0.25
    arrays = {**data.arrays, "case-1-map-2": values}
    case = data.case.model_copy(update={"maps": tuple(maps)})
    replayed = outcomes(CaseData(case, arrays), model, image)
    words = {name.partition(" of the")[0]: result.words for name, result in replayed.items()}
    assert words["map Random (control)"].startswith("differs by 0.")
    assert words["map Gradient"] == "differs by 0.25"
    assert words["map Edges (control)"] == "identical"
    assert words["map Integrated Gradients"].startswith("differs by ")
    assert words["finding Pointing game"] == "differs"
    assert words["curves Curves of meningioma"].startswith("differs by ")
    assert words["prediction Prediction"] == words["input Network input"] == "identical"


def test_that_another_image_differs_from_the_input_on(model, image, subject):
    data = saved_case(model, image, subject, [explained(model, subject, "gradient")])
    values = image.values.copy()
    values[:20] //= 2
    replayed = [r.outcome for r in replayed_results(data, model, replace(image, values=values))]
    assert replayed == ["differs"] * 3


def test_that_a_partial_map_is_told_and_its_findings_are_those_of_the_saved_map(model, image, subject):
    whole = explained(model, subject, "rise", masks=12)
    partial = PartialRecord(done=4, total=12, draws="masks")
    explanation = Explanation(whole.map, whole.record.model_copy(update={"partial": partial}))
    region = half()
    finding = run_check(model, subject, explanation, "pointing_game", {}, region)
    extras = CaseExtras(
        findings={0: [SavedFinding(finding=finding, region="region-1")]},
        regions=[RegionMask(region, "drawn")],
    )
    replayed = outcomes(saved_case(model, image, subject, [explanation], extras), model, image)
    assert replayed["map RISE of the probability of meningioma"].words == (
        "not replayed: it is partial: 4 of 12 masks, and what a cancelled run draws is not repeated."
    )
    assert replayed["finding Pointing game"].words == "identical"


def test_that_a_model_without_the_class_or_the_method_costs_that_result_alone(model, image, subject):
    explanations = [explained(model, subject, "gradient"), explained(model, subject, "edge")]
    data = saved_case(model, image, subject, explanations, with_curves=True)
    target = TargetRecord(kind="logit", class_name="metastasis")
    first = data.case.maps[0]
    lost = first.model_copy(update={"record": first.record.model_copy(update={"target": target})})
    curve_set = data.case.curves[0].model_copy(update={"class_name": "metastasis"})
    case = data.case.model_copy(update={"maps": (lost, data.case.maps[1]), "curves": (curve_set,)})
    words = [r.words for r in replayed_results(CaseData(case, data.arrays), model, image)]
    assert words[2] == "not replayed: target: the model has no class 'metastasis'."
    assert words[3] == "identical"
    assert words[4] == "not replayed: the model has no class 'metastasis'."


def test_that_changed_versions_weights_and_background_are_named(model, image, subject):
    data = saved_case(model, image, subject, [explained(model, subject, "gradient")])
    versions = data.case.versions
    older = versions.model_copy(
        update={"program": "0.0.1", "libraries": {**versions.libraries, "numpy": "1.0"}}
    )
    other = data.case.image.model.model_copy(update={"weights_sha256": "ab" * 32})
    case = data.case.model_copy(
        update={
            "versions": older,
            "image": data.case.image.model_copy(update={"model": other}),
            "background_sha256": "cd" * 32,
        }
    )
    changed = {change.name: (change.saved, change.now) for change in changes_since(case, model)}
    assert changed.keys() == {"Saliscope", "numpy", "weights of small", "background images"}
    assert changed["numpy"] == ("1.0", np.__version__)
    assert changed["weights of small"] == ("abababababab", "000000000000")


def test_that_a_background_that_is_not_the_bundles_travels_with_the_workspace(
    model, image, subject, tmp_path
):

    explanations = [explained(model, subject, "expected_gradients", samples=3)]
    read = read_again(saved_case(model, image, subject, explanations), tmp_path)
    assert np.array_equal(read.arrays[read.case.background], model.background())


def test_that_a_script_makes_saves_opens_and_replays_a_workspace(
    model, subject, image, tmp_path, monkeypatch
):
    monkeypatch.setattr(api, "ReaderProcess", DirectReader)
    picture = tmp_path / "study" / "slice.png"
    picture.parent.mkdir()
    Image.fromarray(image.values.astype(np.uint8)).save(picture)
    source = api.open_image(picture)
    prepared = api.prepare(model, source)
    explanation = explained(model, prepared, "integrated_gradients", steps=4)
    settings = curve_settings(grids=1, random_draws=2, thresholds=(0.5,), min_prediction=0)
    measured = api.curves(model, prepared, {"integrated_gradients": explanation.map}, 1, settings)
    workspace = api.workspace_of(model, picture, [explanation], curves=measured)
    api.save_workspace(tmp_path / "out.saliscope", workspace)
    (data,) = api.open_workspace(tmp_path / "out.saliscope").cases
    assert data.case.source.relative_path == "study/slice.png"
    assert data.case.source.file_sha256 == sha256(picture.read_bytes()).hexdigest()
    words = [result.words for result in replayed_results(data, model, source)]
    assert words == ["identical"] * 4
    with machine_policy(tmp_path, "workspace_paths = { forced = false }\n"):
        api.save_workspace(tmp_path / "no_paths.saliscope", workspace)
    (data,) = api.open_workspace(tmp_path / "no_paths.saliscope").cases
    assert (data.case.source.path, data.case.source.relative_path) == ("", "")
    assert data.case.source.name == "slice.png"
    with pytest.raises(UsageError, match="at least one map"):
        api.workspace_of(model, picture, [])
    small_map = replace(explanation, map=replace(explanation.map, values=np.zeros((8, 8), np.float32)))
    with pytest.raises(IncompatibleInput, match="grid"):
        api.workspace_of(model, picture, [small_map])


CPU = ComputingDevice(kind="cpu", name="CPU, 2 cores")
GPU = ComputingDevice(kind="gpu", name="NVIDIA H100 (GPU)")
STEADY_GPU = GPU.model_copy(update={"deterministic_mode": True})


def on_device(data: CaseData, device: ComputingDevice | None) -> CaseData:
    """The same case as if that device had computed it."""
    image = data.case.image.model_copy(update={"device": device})
    return replace(data, case=data.case.model_copy(update={"image": image}))


def test_that_a_workspace_says_which_device_computed_it(model, image, subject, tmp_path) -> None:
    data = read_again(saved_case(model, image, subject, [explained(model, subject, "gradient")]), tmp_path)
    assert data.case.image.device == model.calls.device
    assert data.case.image.device.name.startswith("CPU, ")


@pytest.mark.parametrize(
    ("saved", "now", "note"),
    [
        (CPU, CPU, ""),
        (None, CPU, ""),
        (GPU, CPU, NOT_DETERMINISTIC),
        (CPU, GPU, NOT_DETERMINISTIC),
        (STEADY_GPU, STEADY_GPU, ""),
        (STEADY_GPU, GPU, NOT_DETERMINISTIC),
    ],
)
def test_that_differences_are_explained_by_a_gpu_without_deterministic_mode_and_by_no_other(
    model, image, subject, monkeypatch, saved, now, note
) -> None:
    data = on_device(saved_case(model, image, subject, [explained(model, subject, "gradient")]), saved)
    monkeypatch.setattr(model.calls, "device", now)
    same = ReplayedResult(kind="map", title="Gradient", outcome="identical")
    other = same.model_copy(update={"outcome": "differs", "difference": 1e-6})
    assert repeatability_note(data.case, model, [same, other]) == note
    assert repeatability_note(data.case, model, [same, same]) == ""


@pytest.mark.parametrize(
    ("saved", "now", "words"),
    [
        (CPU, ComputingDevice(kind="cpu", name="CPU, 64 cores"), []),
        (None, CPU, []),
        (GPU, CPU, ["device NVIDIA H100 (GPU) -> CPU, 2 cores"]),
        (None, STEADY_GPU, ["device CPU -> NVIDIA H100 (GPU), deterministic"]),
        (GPU, STEADY_GPU, []),
    ],
)
def test_that_another_gpu_counts_as_a_change_and_another_cpu_does_not(
    model, image, subject, monkeypatch, saved, now, words
) -> None:
    data = on_device(saved_case(model, image, subject, [explained(model, subject, "gradient")]), saved)
    monkeypatch.setattr(model.calls, "device", now)
    changes = [change.words for change in changes_since(data.case, model)]
    assert [change for change in changes if change.startswith("device")] == words
