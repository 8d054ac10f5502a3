"""The text beside a map: method, unit, target and the meaning of its values."""

from collections.abc import Callable

from core.errors import SaliscopeError
from core.methods import METHODS, method_named
from core.methods.meaning import Meaning, Sign
from core.network.parameters import checked_parameters, value_name
from core.results.records import MethodRecord

SIGNS = {
    Sign.BOTH: "positive values support it",
    Sign.SUPPORT: "positive values support it",
    Sign.MAGNITUDE: "magnitudes, neither for nor against it",
    Sign.PATTERN: "a pattern, whose sign is neither for nor against it",
    Sign.EVERY_TARGET: "the same map for every target",
}


def meaning_of(record: MethodRecord) -> Meaning:
    """What the values of a recorded map mean. Raises UnknownMethod or BadParameter."""
    method = method_named(record.name)
    return method.meaning(checked_parameters(method, dict(record.parameters)))


def parameter_words(record: MethodRecord) -> dict[str, str]:
    """The parameters of a map as text; a value that stands for words, such as 'automatic', by these."""
    params = next((method.Params for method in METHODS if method.name == record.name), None)
    return {name: value_name(params, name, value) or str(value) for name, value in record.parameters.items()}


def speaks_of_target(record: MethodRecord) -> bool:
    """Whether the sign of the values refers to the target; True for a method that this version lacks."""
    try:
        return meaning_of(record).sign not in (Sign.PATTERN, Sign.EVERY_TARGET)
    except SaliscopeError:
        return True


def map_header(record: MethodRecord, words_of: Callable[[str], str] = str) -> tuple[str, str]:
    """Two lines: the method with its choices and unit, and the target with the meaning of positive values.

    words_of: what a person calls a class, as `Card.words_of`; else its identifier.
    """
    meaning = meaning_of(record)
    choices = "".join(f", {name} {value}" for name, value in record.choices.items())
    title = f"{record.title}{choices} ({meaning.unit})"
    if meaning.sign is Sign.NONE:
        return title, "a control map: it does not use the model"
    return title, f"target: {record.target.words_by(words_of)}; {SIGNS[meaning.sign]}"
