"""The pictures that a map reveals, without the network: the same ones of which its curve was made."""

from itertools import islice

from core.arrays import Array, FloatArray
from core.curves.judgement import reason_words
from core.curves.protocol import Direction, Frame
from core.curves.rules import rules_of
from core.curves.settings import CurveSettings
from core.errors import BadParameter, CurveUndefined, IncompatibleInput


def revealed(
    x: FloatArray, values: Array, settings: CurveSettings, direction: Direction = "top"
) -> tuple[Frame, ...]:
    """The frames of a map (*grid,) on input x (*grid, channels), from share 0 to share 1.

    One frame for share 0 (nothing of the map), one for each of the settings' thresholds, one for
    share 1 (the whole image), on the curve's first grid or mask. direction: `top` reveals the highest
    values first, `bottom` the lowest.

    Raises IncompatibleInput if the map does not fit, BadParameter for a direction that the protocol does
    not have, CurveUndefined if the image alone excludes a curve.
    """
    if values.shape != x.shape[:-1]:
        raise IncompatibleInput(
            f"The map has {values.shape} pixels, the model's input {x.shape[:-1]}.",
            "Compute the map with the same model.",
        )
    rules = rules_of(x, settings)
    if direction not in rules.directions:
        raise BadParameter(
            f"The protocol {settings.protocol} does not reveal a map from the {direction}.",
            f"It knows: {', '.join(rules.directions)}.",
        )
    if rules.has_no_curve:
        reason = rules.reason_without_curve(0.0, 1.0)
        assert reason is not None  # this image has no curve whatever the network predicts
        raise CurveUndefined(*reason_words(reason, "sic", 0.0, 1.0, rules, settings))
    steps = len(settings.thresholds)
    first = rules.directions.index(direction) * steps
    return (
        Frame(rules.starts[0], 0.0, 0),
        *islice(rules.frames(values, 0), first, first + steps),
        Frame(rules.original, 1.0, values.size),
    )
