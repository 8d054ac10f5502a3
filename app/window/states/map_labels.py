"""The words that tell maps apart: the parameters that differ from the default, the seed, the target."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.texts import maps as texts
from core.methods import METHODS
from core.network.parameters import value_name

DEFAULT_SEED = 0


def subtitle_of(method: str, parameters: Mapping[str, Any], seed: int) -> str:
    """The parameters of a map that differ from its method's defaults, and a seed that does; often nothing."""
    params = next((known.Params for known in METHODS if known.name == method), None)
    defaults = params().model_dump(mode="json") if params is not None else {}
    words = [
        texts.parameter(name, value, _unit_of(params, name), value_name(params, name, value))
        for name, value in parameters.items()
        if name not in defaults or value != defaults[name]
    ]
    if seed != DEFAULT_SEED:
        words.append(texts.seed(seed))
    return ", ".join(words)


def labels_of(maps: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """A label for each map, given as its name and its target; no two are alike.

    The target is added to equal names, and a number where that is equal too.
    """
    targets: dict[str, set[str]] = {}
    for name, target in maps:
        targets.setdefault(name, set()).add(target)
    labels = [f"{name}, {target}" if len(targets[name]) > 1 else name for name, target in maps]
    return tuple(
        f"{label} ({labels[: at + 1].count(label)})" if labels.count(label) > 1 else label
        for at, label in enumerate(labels)
    )


def _unit_of(params: Any, name: str) -> str:
    field = params.model_fields.get(name) if params is not None else None
    extra = field.json_schema_extra if field is not None else None
    return str(extra.get("unit", "")) if isinstance(extra, dict) else ""
