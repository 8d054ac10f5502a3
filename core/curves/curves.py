"""Accuracy and softmax information curves (AIC, SIC) of the maps of one image.

AIC measures how soon the network predicts the class while the picture is revealed in the order of a map,
SIC how soon its probability rises (Kapishnikov et al. 2019, arXiv 1906.02825). Both come from the
same predictions.
"""

from collections.abc import Iterator, Mapping
from itertools import islice

import numpy as np

from core.arrays import Array, FloatArray
from core.curves.curve_set import Curve, CurveScore, CurveSet, Glimpse, ImageFacts, MapFacts, UndefinedCurve
from core.curves.entropy import WebpEntropy, webp_version
from core.curves.judgement import KINDS, EndProbabilities, Judgement, glimpse, undefined
from core.curves.measurement import MapRounds, measured, predictions
from core.curves.protocol import CurveProtocol, Frame
from core.curves.rules import rules_of
from core.curves.settings import CurveSettings, Stream, curve_settings
from core.errors import BadParameter, IncompatibleInput
from core.methods.control.edge_map import EdgeMap, edge_map
from core.methods.control.random_map import RandomMap, random_map
from core.network.attribution_map import AttributionMap
from core.network.network import ProbabilityNetwork
from core.network.run import Run

__all__ = [
    "Curve",
    "CurveScore",
    "CurveSet",
    "CurveSettings",
    "Glimpse",
    "ImageFacts",
    "MapFacts",
    "UndefinedCurve",
    "curve_settings",
    "curves_of",
]

UNITS = {"area": "pixels", "shannon": "bits", "webp": "bytes"}


def curves_of(
    network: ProbabilityNetwork,
    x: FloatArray,
    maps: Mapping[str, AttributionMap],
    target_class: int,
    settings: CurveSettings,
    run: Run,
) -> CurveSet:
    """AIC and SIC of the maps of input x (height, width, channels) for one class, and of the control maps.

    A map called `random` or `edge` is replaced by the control map made here, so that control maps never
    depend on what was requested. Maps are taken as they are, signs included: the highest value is
    revealed first. The network is asked for calibrated probabilities, at most
    ceil(evaluations / best_batch) times. Where the image has no curve the reason stands in the result.

    Raises NotApplicable for a network of volumes, IncompatibleInput if x or a map does not fit, BadParameter
    for a class that the model does not have, CurveUndefined if a prediction is not a number, Cancelled.
    """
    _require_fit(network, x, maps, target_class)
    rules = rules_of(x, settings)
    all_maps = _map_rounds(x, maps, rules, settings)
    per_round = len(rules.directions) * len(settings.thresholds)
    ends_shown = len(rules.starts) + 1
    total = ends_shown + (0 if rules.has_no_curve else per_round * sum(len(item.rounds) for item in all_maps))
    stream = predictions(network, _frames(rules, all_maps), total, run)
    *blurred, original = (answer for _, answer in islice(stream, ends_shown))
    ends = EndProbabilities(np.stack(blurred), original, target_class)
    undefined_kinds = tuple(undefined(rules, kind, ends, settings) for kind in KINDS)
    defined = tuple(kind for kind, reason in zip(KINDS, undefined_kinds, strict=True) if reason is None)
    measurements = [measured(rules, item, stream, len(settings.thresholds)) for item in all_maps if defined]
    judgement = Judgement(rules, settings, ends, measurements)
    return CurveSet(
        settings=settings,
        target_class=target_class,
        webp_version=webp_version() if settings.entropy == WebpEntropy.name else "",
        image=_image_facts(rules, ends, settings),
        methods=tuple(item.method for item in all_maps),
        curves=tuple(curve for kind in defined for curve in judgement.curves(kind)),
        scores=tuple(score for kind in defined for score in judgement.scores(kind)),
        undefined=tuple(reason for reason in undefined_kinds if reason is not None),
        maps=judgement.map_facts(),
        evaluations=total if defined else min(total, _whole_batches(ends_shown, network)),
    )


def _require_fit(
    network: ProbabilityNetwork, x: Array, maps: Mapping[str, AttributionMap], target_class: int
) -> None:
    if x.shape != network.input_shape:
        raise IncompatibleInput(f"An input of {x.shape} does not fit the model's {network.input_shape}.")
    for name, item in maps.items():
        if item.values.shape != x.shape[:-1]:
            raise IncompatibleInput(
                f"The map of {name} has {item.values.shape} pixels, the model's input {x.shape[:-1]}.",
                "Compute the map with the same model.",
            )
    if not 0 <= target_class < network.class_count:
        raise BadParameter(f"The model has no class {target_class}; it knows {network.class_count}.")


def _map_rounds(
    x: FloatArray, maps: Mapping[str, AttributionMap], rules: CurveProtocol, settings: CurveSettings
) -> list[MapRounds]:
    """The given maps, then random (each draw on one grid or mask, every mask at least once) and edge."""
    chosen = {name: item for name, item in maps.items() if name not in (RandomMap.name, EdgeMap.name)}
    count = max(settings.random_draws, len(rules.starts))
    draws = tuple(
        (random_map(x, settings.generator(Stream.RANDOM_MAP, number)).values, number % rules.passes)
        for number in range(count)
    )
    return [
        *(_on_every_grid(name, item, rules) for name, item in chosen.items()),
        MapRounds(RandomMap.name, draws),
        _on_every_grid(EdgeMap.name, edge_map(x), rules),
    ]


def _on_every_grid(name: str, attribution_map: AttributionMap, rules: CurveProtocol) -> MapRounds:
    return MapRounds(name, tuple((attribution_map.values, number) for number in range(rules.passes)))


def _frames(rules: CurveProtocol, all_maps: list[MapRounds]) -> Iterator[Frame]:
    """Blurred and original first; the rest is made only when it is needed."""
    pixels = rules.original[..., 0].size
    yield from (Frame(start, 0.0, 0) for start in rules.starts)
    yield Frame(rules.original, 1.0, pixels)
    if not rules.has_no_curve:
        for item in all_maps:
            for values, number in item.rounds:
                yield from rules.frames(values, number)


def _whole_batches(pictures: int, network: ProbabilityNetwork) -> int:
    """How many pictures have been predicted once so many were requested: whole batches."""
    batch = max(1, network.best_batch)
    return -(-pictures // batch) * batch


def _image_facts(rules: CurveProtocol, ends: EndProbabilities, settings: CurveSettings) -> ImageFacts:
    lowest, highest = rules.information
    return ImageFacts(
        blurred=glimpse(0.0, 0.0, ends.blurred[0], ends.target_class),
        original=glimpse(1.0, 1.0, ends.original, ends.target_class),
        information_blurred=lowest,
        information_original=highest,
        unit="bits per value"
        if settings.protocol == "pair" and settings.entropy == "shannon"
        else UNITS[settings.entropy],
        input_low=rules.mapping.low,
        input_high=rules.mapping.high,
    )
