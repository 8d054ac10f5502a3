"""What is asked of a data-set run, from words to a plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.command_line.maps import setting
from core.checks import CHECKS, check_named
from core.checks.contract import CheckFamily, checked_check_parameters
from core.curves.settings import CurveSettings, curve_settings
from core.datasets.index import ImageColumns
from core.datasets.task import Choice, Plan, TargetRule, setting_name
from core.errors import BadParameter, UsageError, nearest_hint
from core.methods import method_named
from core.methods.control.edge_map import EdgeMap
from core.methods.control.random_map import RandomMap
from core.models.card import Card
from core.network.parameters import checked_parameters

CURVES = "curves"
BASELINES = (RandomMap.name, EdgeMap.name)


@dataclass(frozen=True, slots=True)
class Asked:
    """The methods with all their parameters, the metrics that were named, and the curves; all checked.

    metrics: None where none was named. values: what was set, by name.
    """

    methods: tuple[Choice, ...]
    metrics: tuple[Choice, ...] | None
    curves: tuple[CurveSettings, ...]
    values: Mapping[str, Mapping[str, str]]

    @classmethod
    def of(
        cls,
        methods: Sequence[str],
        metrics: Sequence[str],
        protocols: Sequence[str],
        entropies: Sequence[str],
        settings: Sequence[str],
    ) -> "Asked":
        """Raises UsageError, UnknownMethod or BadParameter before anything slow begins."""
        values: dict[str, dict[str, str]] = {}
        for text in settings:
            name, parameter, value = setting(text)
            values.setdefault(name, {})[parameter] = value
        curves = _curves(protocols, entropies, values)
        chosen = tuple(_method(name, values) for name in dict.fromkeys((*methods, *BASELINES)))
        named = dict.fromkeys(metrics)
        own = tuple(_metric(name, values) for name in named if name != CURVES) if named else None
        used = {choice.name for choice in chosen} | {CURVES, *_curve_names(curves)}
        used |= {known.name for known in CHECKS} if own is None else {choice.name for choice in own}
        for name in values:
            if name not in used:
                raise BadParameter(f"--set {name}.…: {name} is not used here.", nearest_hint(name, used))
        return cls(chosen, own, curves if not named or CURVES in named else (), values)

    def plan(self, card: Card, has_regions: bool, target: TargetRule, only_correct: bool) -> Plan:
        """For a model; where no metric was named and the index has regions, those that ask for them."""
        metrics = self.metrics
        if metrics is None:
            local = (known.name for known in CHECKS if known.family is CheckFamily.LOCALISATION)
            metrics = tuple(_metric(name, self.values) for name in local) if has_regions else ()
        return Plan(
            model=card.id,
            weights_sha256=card.weights_sha256,
            methods=self.methods,
            metrics=metrics,
            curves=self.curves,
            target=target,
            only_correct=only_correct,
        )


def columns_of(texts: Sequence[str]) -> ImageColumns:
    """From NAME=COLUMN. Raises UsageError."""
    given = {}
    for text in texts:
        name, equals, column = text.partition("=")
        if not equals or name not in ImageColumns.model_fields:
            known = ", ".join(ImageColumns.model_fields)
            raise UsageError(f"--column {text} is not NAME=COLUMN.", f"Names: {known}.")
        given[name] = column
    return ImageColumns(**given)


def kept_values(texts: Sequence[str]) -> dict[str, set[str]]:
    """From COLUMN=VALUE. Raises UsageError."""
    kept: dict[str, set[str]] = {}
    for text in texts:
        column, equals, value = text.partition("=")
        if not equals:
            raise UsageError(f"--keep {text} is not COLUMN=VALUE.", "Write it as in --keep source=rsna.")
        kept.setdefault(column, set()).add(value)
    return kept


def _method(name: str, values: Mapping[str, Mapping[str, str]]) -> Choice:
    chosen = method_named(name)
    params = checked_parameters(chosen, dict(values.get(name, {})))
    return Choice(name=name, parameters=params.model_dump(mode="json"))


def _metric(name: str, values: Mapping[str, Mapping[str, str]]) -> Choice:
    chosen = check_named(name)
    params = checked_check_parameters(chosen, dict(values.get(name, {})))
    return Choice(name=name, parameters=params.model_dump(mode="json"))


def _curves(
    protocols: Sequence[str], entropies: Sequence[str], values: Mapping[str, Mapping[str, str]]
) -> tuple[CurveSettings, ...]:
    """Each protocol by itself, or over each of the entropies that it knows."""
    found: dict[str, CurveSettings] = {}
    for text in protocols:
        protocol, slash, entropy = text.partition("/")
        known = [one for one in entropies if (protocol, one) != ("pair", "area")]
        for axis in [entropy] if slash else known or [""]:
            given: dict[str, Any] = {"protocol": protocol} | ({"entropy": axis} if axis else {})
            name = setting_name(curve_settings(**given))
            for level in (CURVES, protocol, name):
                given |= {key: _value(key, text) for key, text in values.get(level, {}).items()}
            found[name] = curve_settings(**given)
    return tuple(found.values())


def _value(name: str, text: str) -> Any:
    """Several numbers are split by commas; who is asked for what stands in --protocol and --seed."""
    if name in ("protocol", "entropy", "seed"):
        raise UsageError(f"The {name} of curves is not set by --set.", "Use --protocol, --entropy or --seed.")
    return text.split(",") if name == "thresholds" else text


def _curve_names(curves: Sequence[CurveSettings]) -> set[str]:
    return {name for settings in curves for name in (settings.protocol, setting_name(settings))}
