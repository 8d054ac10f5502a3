"""Rows that hold a method against its own model evaluations: what it costs beside them."""

import tracemalloc
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from core import api
from core.arrays import Array
from core.methods import method_named
from core.methods.relevance.differences import RESCALE
from core.network.run import Run
from core.network.target import DifferenceTarget, LogitTarget, Target
from tests.bench.setting import Setting
from tests.bench.table import Figure, at_least, at_most, ratio_figure
from tests.bench.timing import compare, compare_timed, seconds_of
from tests.core.methods.maps import map_of

# Enough evaluations of each that a load that comes and goes meets method and bare calls alike.
BATCHED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("smooth_grad", {"samples": 24}),
    ("var_grad", {"samples": 24}),
    ("integrated_gradients", {}),
    ("integrated_gradients", {"rule": "gauss_legendre", "steps": 64}),
    ("blur_ig", {}),
    ("expected_gradients", {}),
    ("smooth_ig", {"samples": 2}),
    ("smooth_blur_ig", {"samples": 2}),
    ("score_cam", {"channels": 256}),
    ("rise", {"masks": 256}),
    ("gradient_shap", {"samples": 64}),
    ("lime", {"masks": 256}),
    ("kernel_shap", {"masks": 256}),
    ("hipe", {}),
)
# With as many inputs as a step has.
SERIAL: tuple[tuple[str, dict[str, Any], int], ...] = (
    ("meaningful_perturbation", {"steps": 24}, 1),
    ("extremal_perturbation", {"steps": 12, "areas": 4}, 4),
)
CAMS = ("cam", "grad_cam", "grad_cam_pp", "layer_cam", "score_cam")


def against_evaluations(
    setting: Setting, row: str, name: str, params: dict[str, Any], rounds: int, bound: float
) -> Figure:
    """The method's time over that of its bare evaluations at the best batch."""
    chosen = partial(setting.map, name, **params)
    before = setting.handle.used
    chosen()
    used = setting.handle.used.since(before)
    bare = partial(setting.bare_seconds, used.gradients, used.forwards)
    timing = compare_timed({"ours": partial(seconds_of, chosen), "bare": bare}, rounds, warm_up=0)
    parameter_text = ", ".join(f"{key} {value}" for key, value in params.items())
    note = f"{used.gradients} gradients, {used.forwards} forwards in batches of {setting.batch}"
    description = f"{name}{f' ({parameter_text})' if parameter_text else ''}: time / its evaluations"
    return ratio_figure(row, description, timing, ("ours", "bare"), at_most(bound), note)


def batched(setting: Setting) -> Iterator[Figure]:
    """Every batched method."""
    for name, params in BATCHED[:4] if setting.quick else BATCHED:
        yield against_evaluations(setting, "batched", name, params, setting.rounds(5), 1.10)


def kernel_shap(setting: Setting) -> Iterator[Figure]:
    """KernelSHAP over 50 rectangles with 1,000 coalitions."""
    params = {"segmentation": "grid", "segments": 50, "masks": 100 if setting.quick else 1000}
    yield against_evaluations(setting, "kernel_shap", "kernel_shap", params, setting.rounds(3), 1.15)


def ablation_cam(setting: Setting) -> Iterator[Figure]:
    """Ablation-CAM of the last layer, against the same calls of what is behind the layer alone."""
    layer, method = setting.handle.facts.layers[-1], method_named("ablation_cam")
    factors = 1 - np.eye(layer.channels, dtype=np.float32)

    def bare() -> None:
        setting.handle.layer_head(setting.x, layer.name).values(factors, setting.target)

    def ours() -> None:
        # Without a run's memory, as the bare calls are.
        map_of(method, setting.handle, setting.x, setting.target, method.Params())

    timing = compare({"ours": ours, "bare": bare}, setting.rounds(5), warm_up=1)
    note = f"{layer.channels} channels of {layer.name}, in batches of {setting.batch}"
    description = "ablation_cam: time / its calls behind the layer"
    yield ratio_figure("ablation_cam", description, timing, ("ours", "bare"), at_most(1.10), note)


def optimisation(setting: Setting) -> Iterator[Figure]:
    """Searches for masks against their gradients, as many at a time as a step has."""
    for name, params, together in SERIAL:
        one_step = setting.bare("gradients", min(together, setting.batch))
        sides: dict[str, Callable[[], object]] = {
            "ours": partial(setting.map, name, **params),
            "bare": lambda call=one_step, steps=params["steps"]: [call() for _ in range(steps)],
        }
        timing = compare(sides, setting.rounds(5), warm_up=0)
        note = f"{params['steps']} steps; bare: their gradients, {together} at a time, without the forwards"
        description = f"{name}: time / its serial gradients"
        yield ratio_figure("optimisation", description, timing, ("ours", "bare"), at_most(1.10), note)


def occlusion(setting: Setting) -> Iterator[Figure]:
    """Occlusion with its default window; quick with larger squares side by side."""
    params = {"window": 24, "stride": 24} if setting.quick else {"stride": 8}
    yield against_evaluations(setting, "occlusion", "occlusion", params, setting.rounds(3), 1.10)


def relevance(setting: Setting) -> Iterator[Figure]:
    """One modified backward pass of a whole batch against the gradient of the same batch."""
    inputs = np.repeat(setting.x[None], setting.batch, axis=0)
    facts, baselines = setting.handle.facts, np.zeros_like(inputs)
    lrp = method_named("lrp")
    passes = {
        f"lrp ({name})": (lrp.composite(lrp.Params(composite=name), facts), None)
        for name in ("epsilon_plus", "epsilon", "epsilon_gamma_box", "epsilon_alpha2_beta1")
    }
    passes |= {"deep_lift": (RESCALE, baselines)}
    for name, (composite, starts) in passes.items():
        sides: dict[str, Callable[[], object]] = {
            "ours": partial(setting.handle.relevance, inputs, setting.target, composite, None, starts),
            "gradient": partial(setting.handle.gradients, inputs, setting.target),
        }
        timing = compare(sides, setting.rounds(7), warm_up=1)
        note = f"{setting.batch} inputs"
        bound = None if "alpha2" in name else at_most(2.5)
        yield ratio_figure(
            "relevance", f"{name}: time / one gradient", timing, ("ours", "gradient"), bound, note
        )


def guided_ig(setting: Setting) -> Iterator[Figure]:
    """One path against its gradients, and eight paths that walk in step."""
    steps = 20 if setting.quick else 100
    one_gradient = setting.bare("gradients", 1)
    sides: dict[str, Callable[[], object]] = {
        "ours": partial(setting.map, "guided_ig", steps=steps),
        "bare": lambda: [one_gradient() for _ in range(steps)],
    }
    timing = compare(sides, setting.rounds(5), warm_up=0)
    note = f"{steps} steps; bare: {steps} gradients, one at a time"
    description = "guided_ig: time / its serial gradients"
    yield ratio_figure("guided_ig", description, timing, ("ours", "bare"), at_most(1.05), note)
    yield _eight_together(setting)


def _eight_together(setting: Setting) -> Figure:
    steps = 3 if setting.quick else 25
    pairs = [(0, 1), (1, 2), (2, 0), (1, 0), (2, 1)]
    targets = [LogitTarget(n) for n in range(3)] + [DifferenceTarget(a, b) for a, b in pairs]
    eight_requests = [api.Request("guided_ig", {"steps": steps}, target) for target in targets]

    def each_alone() -> object:
        return [
            list(api.explain_all(setting.handle, setting.prepared, [request])) for request in eight_requests
        ]

    def together() -> object:
        return list(api.explain_all(setting.handle, setting.prepared, eight_requests))

    timing = compare({"alone": each_alone, "together": together}, setting.rounds(3), warm_up=0)
    description = "guided_ig: eight maps one by one / together"
    return ratio_figure(
        "guided_ig",
        description,
        timing,
        ("alone", "together"),
        at_least(1.25),
        f"{steps} steps, eight targets",
    )


def cams(setting: Setting) -> Iterator[Figure]:
    """Class activation maps requested together, against the costliest of them alone."""
    yield _cams_together(setting, CAMS[:4], setting.rounds(15), None)
    yield _cams_together(setting, CAMS, setting.rounds(2), at_most(1.3))


def _cams_together(setting: Setting, names: tuple[str, ...], rounds: int, bound: Any) -> Figure:
    params = {"score_cam": {"channels": 16}} if setting.quick else {}

    def explained(chosen: tuple[str, ...]) -> object:
        cam_requests = [api.Request(name, params.get(name, {}), setting.target) for name in chosen]
        return list(api.explain_all(setting.handle, setting.prepared, cam_requests))

    sides: dict[str, Callable[[], object]] = {name: partial(explained, (name,)) for name in names}
    timing = compare(
        sides | {"together": partial(explained, names)}, rounds, warm_up=0 if "score_cam" in names else 1
    )
    dearest = max(names, key=timing.median)
    description = f"{len(names)} CAMs together / the dearest alone ({dearest})"
    note = "" if "score_cam" in names else "without Score-CAM, whose forwards hide all else"
    return ratio_figure("cams", description, timing, ("together", dearest), bound, note)


class Silent:
    """The model, but it answers every score with 0 at once: what is left is the method's own memory."""

    def __init__(self, setting: Setting) -> None:
        self._handle = setting.handle

    def __getattr__(self, name: str) -> Any:
        return getattr(self._handle, name)

    def values(self, inputs: Array, target: Target, run: Run | None = None) -> Array:
        return np.zeros(len(inputs), np.float32)


def score_cam_memory(setting: Setting) -> Iterator[Figure]:
    """Score-CAM's own arrays for 64 channels and for all."""
    chosen, peaks = method_named("score_cam"), []
    for channels in (64, 64, 0):  # once to load what is loaded late
        tracemalloc.start()
        map_of(chosen, Silent(setting), setting.x, setting.target, chosen.Params(channels=channels))
        peaks.append(tracemalloc.get_traced_memory()[1] / 2**20)
        tracemalloc.stop()
    description = "score_cam: peak of its arrays with 1,024 channels / with 64"
    note = f"{peaks[2]:.1f} MiB and {peaks[1]:.1f} MiB"
    yield Figure("score_cam", description, peaks[2] / peaks[1], at_most(1.1), note=note)
