"""Rows that hold a method against the same method of a peer, with our compiled calls at the same batch."""

import hashlib
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from scipy.stats import spearmanr

from core.arrays import Array
from core.methods import method_named
from core.methods.path.integrated_gradients import SMALLEST_DELTA
from core.methods.region.regions import full_regions
from core.methods.region.segments import dilated_masks, label_images, segment_masks
from core.methods.surrogate.segmentation import SegmentParams, segment_labels
from tests.bench import peers
from tests.bench.setting import Setting
from tests.bench.table import Bound, Figure, at_least, at_most, ratio_figure
from tests.bench.timing import Compared, compare, seconds_of
from tests.core.methods.maps import map_of

# PAIR's rule with n steps takes the points k / (n - 1): a grid that many n - 1 divide serves them all.
GRID = 480
REFERENCE_NODES = 1000
# Beside the default of XRAI, to see what fewer would do.
FEWER_STEPS = 30
Side = Callable[[], object]


def _against_peer(
    row: str, description: str, timing: Compared, bound: Bound, eager: float, note: str
) -> Iterator[Figure]:
    """Peer over ours at the same batch, and the peer with all its defaults, of which one is a batch of 1."""
    if eager:
        note = f"{note}; the peer as it comes, not compiled: {eager:.3g} s"
    yield ratio_figure(row, f"{description}, same batch", timing, ("peer", "ours"), bound, note)
    if "peer, batch 1" in timing.seconds:
        named = f"{description}, the peer's own batch of 1"
        yield ratio_figure(row, named, timing, ("peer, batch 1", "ours"), bound, "the same run")


def _pair_sides(setting: Setting, ours: Side, theirs: Callable[..., object]) -> tuple[Compared, float]:
    """Ours, PAIR at our batch, PAIR at its own, over the rounds; and PAIR's eager seconds, once."""
    call = peers.compiled_gradients(setting.handle, setting.target)
    sides: dict[str, Side] = {
        "ours": ours,
        "peer": lambda: theirs(setting.x, call, setting.batch),
        "peer, batch 1": lambda: theirs(setting.x, call, 1),
    }
    timing = compare(sides, setting.rounds(3), warm_up=0)
    if setting.quick:
        return timing, 0.0
    eager = peers.eager_gradients(setting.handle, setting.target)
    return timing, seconds_of(lambda: theirs(setting.x, eager, 1))


def blur_ig(setting: Setting) -> Iterator[Figure]:
    """Blur IG with as many steps on both sides."""
    steps = 16 if setting.quick else 100
    timing, eager = _pair_sides(
        setting, partial(setting.map, "blur_ig", steps=steps), partial(peers.blur_ig, steps=steps)
    )
    description, note = f"blur_ig, {steps} steps: PAIR / ours", f"{steps} gradients on both sides"
    yield from _against_peer("blur_ig", description, timing, at_least(1.5), eager, note)
    few, exact = _blur_ig_steps(setting, steps)
    yield Figure(
        "blur_ig",
        f"blur_ig: our steps for the completeness error of PAIR's {steps}",
        few / steps,
        note=f"{few} steps; error {exact:.4f}",
    )


def _blur_ig_steps(setting: Setting, steps: int) -> tuple[int, float]:
    """The fewest of our steps that err no more than PAIR's rule with `steps`, and what PAIR's errs."""
    chosen = method_named("blur_ig")
    pairs = chosen.Params(rule="pair", border="zero", spacing="linear", steps=steps)
    errs = map_of(chosen, setting.handle, setting.x, setting.target, pairs).diagnostics
    for count in (4, 6, 8, 12, 16, 24, 32, 48, 64, 100):
        ours = setting.map("blur_ig", steps=count).diagnostics
        if ours["completeness_error"] <= errs["completeness_error"]:
            break
    return count, errs["completeness_error"]


def score_cam(setting: Setting) -> Iterator[Figure]:
    """Score-CAM at the last layer before pooling."""
    layer = setting.handle.layers()[-1]
    most = min(64, layer.channels) if setting.quick else 0
    theirs = partial(peers.score_cam, setting.handle, setting.x, setting.target, layer.name, most=most)
    sides: dict[str, Side] = {
        "ours": partial(setting.map, "score_cam", channels=most),
        "peer": partial(theirs, compiled=True),
    }
    timing = compare(sides, setting.rounds(3), warm_up=0)
    eager = 0.0 if setting.quick else seconds_of(partial(theirs, compiled=False))
    description = f"score_cam, {most or layer.channels} channels: tf-keras-vis / ours"
    yield from _against_peer("score_cam", description, timing, at_least(2.0), eager, "same layer")


def surrogates(setting: Setting) -> Iterator[Figure]:
    """LIME and KernelSHAP over the same rectangles with as many coalitions, where the peers are installed."""
    masks = 104 if setting.quick else 1000
    settings = {"segmentation": "grid", "segments": 50, "masks": masks}
    labels = segment_labels(setting.x, SegmentParams(segmentation="grid", segments=50))
    given = (setting.handle, setting.x, setting.target, labels, masks)
    sides = {
        "lime": {"lime": partial(peers.lime, *given), "xplique": partial(peers.xplique, "Lime", *given)},
        "kernel_shap": {"xplique": partial(peers.xplique, "KernelShap", *given)},
    }
    for name, theirs in sides.items():
        for package, peer in theirs.items():
            description = f"{name}, {masks} coalitions of 50 segments: {package} / ours"
            if not peers.is_installed(package):
                yield Figure("surrogates", description, float("nan"), note=f"{package} is not installed")
                continue
            ours = partial(setting.map, name, **settings)
            timing = compare({"ours": ours, "peer": peer}, setting.rounds(3), warm_up=0)
            note = f"batches of {setting.batch} on both sides"
            yield ratio_figure("surrogates", description, timing, ("peer", "ours"), None, note)


def xrai(setting: Setting) -> Iterator[Figure]:
    """XRAI full with all that belongs to it, each with its own defaults."""
    timing, eager = _pair_sides(setting, partial(setting.map, "xrai"), peers.xrai)
    before = setting.handle.used
    setting.map("xrai")
    gradients = setting.handle.used.since(before).gradients
    note = f"{gradients} gradients against 200"
    yield from _against_peer("xrai", "xrai full, defaults: PAIR / ours", timing, at_least(3.0), eager, note)


def xrai_ranks(setting: Setting) -> Iterator[Figure]:
    """How near both come to XRAI from an Integrated Gradients that is as good as exact."""
    ours, fewer, theirs = [], [], []
    for x in setting.images(2 if setting.quick else 3):
        target = setting.target_of(x)
        reference = full_regions(_reference(setting, x), segment_masks(x, 5), 50).values
        chosen = method_named("xrai")
        call = peers.compiled_gradients(setting.handle, target)
        ours.append(_alike(map_of(chosen, setting.handle, x, target, chosen.Params()).values, reference))
        few = chosen.Params(steps=FEWER_STEPS)
        fewer.append(_alike(map_of(chosen, setting.handle, x, target, few).values, reference))
        theirs.append(_alike(peers.xrai(x, call, setting.batch), reference))
    gained = float(np.mean(ours)) - float(np.mean(theirs))
    listed = "; ".join(f"{a:.4f} {b:.4f}" for a, b in zip(ours, theirs, strict=True))
    nodes = _nodes(setting)
    yield Figure(
        "xrai_ranks",
        f"xrai: mean rank correlation with XRAI from {nodes} nodes, ours - PAIR's",
        gained,
        at_least(0.0),
        note=f"means {np.mean(ours):.4f} and {np.mean(theirs):.4f}; each image, ours and PAIR's: {listed}",
    )

    yield Figure(
        "xrai_ranks",
        f"xrai with {FEWER_STEPS} steps for each baseline: the same",
        float(np.mean(fewer)) - float(np.mean(theirs)),
        note=f"mean {np.mean(fewer):.4f}; what fewer gradients would cost",
    )


def _alike(values: Array, reference: Array) -> float:
    """Spearman's rank correlation of two maps."""
    return float(spearmanr(values.ravel(), reference.ravel()).statistic)


def _nodes(setting: Setting) -> int:
    return 64 if setting.quick else REFERENCE_NODES


def _reference(setting: Setting, x: Array) -> Array:
    """The base of XRAI from many Gauss-Legendre nodes for each baseline; kept, for it takes minutes."""
    name = hashlib.sha256(x.tobytes() + setting.handle.card.weights_sha256.encode()).hexdigest()[:16]
    path = setting.folder / "reference" / f"{name}_{_nodes(setting)}.npy"
    if not path.is_file():
        chosen = method_named("integrated_gradients")
        params = chosen.Params(rule="gauss_legendre", steps=_nodes(setting), baseline="black_and_white")
        values = map_of(chosen, setting.handle, x, setting.target_of(x), params).values
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(path, values)
    return np.load(path)


def xrai_regions(setting: Setting) -> Iterator[Figure]:
    """XRAI's dilation and ranking, from the same label images and the same attribution."""
    labels, x = label_images(setting.x), setting.x
    base = np.random.default_rng(5).normal(size=x.shape[:2]) * np.abs(x[..., 0])
    sides: dict[str, Side] = {
        "ours": lambda: full_regions(base, list(dilated_masks(labels, 5)), 50),
        "peer": lambda: peers.xrai_of(labels, base),
    }
    timing = compare(sides, setting.rounds(9))
    description = "xrai, segments and attribution given: PAIR / ours"
    note = f"{sum(len(np.unique(image)) for image in labels)} segments"
    yield ratio_figure("xrai_regions", description, timing, ("peer", "ours"), at_least(5.0), note)


def ig_points(setting: Setting) -> Iterator[Figure]:
    """Gradients until the completeness error is, and stays, within one per cent."""
    chosen = method_named("integrated_gradients")
    shares, listed = [], []
    for x in setting.images(2 if setting.quick else 6):
        target = setting.target_of(x)
        ours = map_of(chosen, setting.handle, x, target, chosen.Params(tolerance=0.01))
        points, theirs = int(ours.choices["points"]), _pairs_steps(setting, x)
        reached = ours.diagnostics["completeness_error"] <= 0.01
        shares.append(points / theirs if reached else np.inf)
        most = _grid(setting) + 1
        their_points = f"{theirs}" if theirs <= most else f"more than {most}"
        listed.append(f"{points if reached else 'never'} of {their_points}")
    yield Figure(
        "ig_points",
        "integrated_gradients to 1 %: our gradients / those of PAIR's rule",
        float(np.median(shares)),
        at_most(1 / 3),
        note=f"{len(shares)} images, black baseline: {', '.join(listed)}",
    )


def _grid(setting: Setting) -> int:
    return 48 if setting.quick else GRID


def _pairs_steps(setting: Setting, x: Array) -> int:
    """The least number of steps from which on PAIR's rule stays within 1 % of the rise."""
    grid = _grid(setting)
    distance = x.astype(np.float64) - x.min()
    shares = np.linspace(0.0, 1.0, grid + 1)
    points = (x.min() + shares[:, None, None, None] * distance).astype(np.float32)
    scores, gradients = setting.handle.gradients(points, setting.target_of(x))
    slopes = (gradients * distance).sum(axis=(1, 2, 3))
    rise = float(scores[-1]) - float(scores[0])
    # From the finest on: the first that errs more ends what "stays" means.
    least = grid + 2
    for panels in (n for n in range(grid, 0, -1) if grid % n == 0):
        error = abs(slopes[:: grid // panels].mean() - rise) / max(abs(rise), SMALLEST_DELTA)
        if error > 0.01:
            break
        least = panels + 1
    return least
