"""The plan of a data-set run, from the text of the command line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.command_line.maps import parsed_setting
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
CONTROLS = (RandomMap.name, EdgeMap.name)


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """The methods with all their parameters, the checks that were named, and the curves; all validated.

    metrics: the checks; None if none was named. values: the parameters of --set, by name.
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
    ) -> "PlanOptions":
        """Validated before anything slow begins. Raises UsageError, UnknownMethod or BadParameter."""
        values: dict[str, dict[str, str]] = {}
        for text in settings:
            name, parameter, value = parsed_setting(text)
            values.setdefault(name, {})[parameter] = value
        curves = _curves(protocols, entropies, values)
        chosen = tuple(_method(name, values) for name in dict.fromkeys((*methods, *CONTROLS)))
        named = dict.fromkeys(metrics)
        checks = tuple(_check(name, values) for name in named if name != CURVES) if named else None
        used = {choice.name for choice in chosen} | {CURVES, *_curve_names(curves)}
        used |= {check.name for check in CHECKS} if checks is None else {choice.name for choice in checks}
        for name in values:
            if name not in used:
                raise BadParameter(f"--set {name}.…: {name} is not used here.", nearest_hint(name, used))
        return cls(chosen, checks, curves if not named or CURVES in named else (), values)

    def plan(self, card: Card, has_regions: bool, target: TargetRule, only_correct: bool) -> Plan:
        """For a model; if no check was named and the index has regions, with the localisation checks."""
        metrics = self.metrics
        if metrics is None:
            names = (check.name for check in CHECKS if check.family is CheckFamily.LOCALISATION)
            metrics = tuple(_check(name, self.values) for name in names) if has_regions else ()
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
    columns = {}
    for text in texts:
        name, equals, column = text.partition("=")
        if not equals or name not in ImageColumns.model_fields:
            names = ", ".join(ImageColumns.model_fields)
            raise UsageError(f"--column {text} is not NAME=COLUMN.", f"Names: {names}.")
        columns[name] = column
    return ImageColumns(**columns)


def kept_values(texts: Sequence[str]) -> dict[str, set[str]]:
    """From COLUMN=VALUE. Raises UsageError."""
    values: dict[str, set[str]] = {}
    for text in texts:
        column, equals, value = text.partition("=")
        if not equals:
            raise UsageError(f"--keep {text} is not COLUMN=VALUE.", "Write it as in --keep source=rsna.")
        values.setdefault(column, set()).add(value)
    return values


def _method(name: str, values: Mapping[str, Mapping[str, str]]) -> Choice:
    chosen = method_named(name)
    params = checked_parameters(chosen, dict(values.get(name, {})))
    return Choice(name=name, parameters=params.model_dump(mode="json"))


def _check(name: str, values: Mapping[str, Mapping[str, str]]) -> Choice:
    chosen = check_named(name)
    params = checked_check_parameters(chosen, dict(values.get(name, {})))
    return Choice(name=name, parameters=params.model_dump(mode="json"))


def _curves(
    protocols: Sequence[str], entropies: Sequence[str], values: Mapping[str, Mapping[str, str]]
) -> tuple[CurveSettings, ...]:
    """Each protocol with its default axis, or with each of the entropies that it has."""
    curves: dict[str, CurveSettings] = {}
    for text in protocols:
        protocol, slash, entropy = text.partition("/")
        axes = [axis for axis in entropies if (protocol, axis) != ("pair", "area")]
        for axis in [entropy] if slash else axes or [""]:
            options: dict[str, Any] = {"protocol": protocol} | ({"entropy": axis} if axis else {})
            name = setting_name(curve_settings(**options))
            for level in (CURVES, protocol, name):
                options |= {key: _value(key, text) for key, text in values.get(level, {}).items()}
            curves[name] = curve_settings(**options)
    return tuple(curves.values())


def _value(name: str, text: str) -> Any:
    """The value of a setting of curves; several numbers are separated by commas. Raises UsageError."""
    if name in ("protocol", "entropy", "seed"):
        raise UsageError(f"The {name} of curves is not set by --set.", "Use --protocol, --entropy or --seed.")
    return text.split(",") if name == "thresholds" else text


def _curve_names(curves: Sequence[CurveSettings]) -> set[str]:
    return {name for settings in curves for name in (settings.protocol, setting_name(settings))}
