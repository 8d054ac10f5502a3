"""The words of a report: classes as the model's card calls them, targets, parameters, answers."""

from dataclasses import dataclass

from core.checks import CHECKS, figure_of
from core.checks.contract import Check, Finding
from core.errors import SaliscopeError
from core.figures.wording import SIGNS, meaning_of
from core.methods import METHODS
from core.methods.meaning import Sign
from core.models.card import Card
from core.network.parameters import Parameters, value_name
from core.number_text import counted, fixed, significant
from core.results.records import MethodRecord, TargetRecord

ANSWERS = {"yes": "yes", "partly": "in part", "no": "no", "undecided": "undecided"}
SYMBOLS = {"yes": "✓", "partly": "~", "no": "✗", "undecided": "?"}
NOT_CHECKED, NOT_CHECKED_SYMBOL = "not checked", "○"
CARD_MISSING = (
    "The model is not installed here in this version, so that its classes have their identifiers, and caveats"
    " and limits of its card are missing."
)
DIGITS = 4


@dataclass(frozen=True, slots=True)
class ModelWords:
    """The words of one model's classes. card: None where it is not installed. most: characters of a class."""

    card: Card | None
    most: int | None = None

    def class_name(self, name: str) -> str:
        """What a person calls a class."""
        words = self.card.words_of(name) if self.card is not None else name
        return words if self.most is None else shortened(words, self.most)

    def caveat(self, name: str) -> str:
        """What weakens an answer of this class; empty where nothing is known."""
        return self.card.caveats.get(name, "") if self.card is not None else ""

    def target(self, record: TargetRecord) -> str:
        """Such as 'logit of COVID-19'."""
        return record.words_by(self.class_name)

    def map_header(self, record: MethodRecord) -> tuple[str, str]:
        """Two lines: method with its choices and unit; target with the meaning of positive values."""
        choices = "".join(f", {name} {value}" for name, value in record.choices.items())
        title = f"{record.title}{choices} ({record.unit})" if record.unit else f"{record.title}{choices}"
        sign = sign_of(record)
        if sign is Sign.NONE:
            return title, "A control map: it does not use the model."
        meaning = f"; {SIGNS[sign]}" if sign is not None else ""
        return title, f"Target: {self.target(record.target)}{meaning}."


def sign_of(record: MethodRecord) -> Sign | None:
    """What the sign of a map's values says; None for a method that this version does not have."""
    try:
        return meaning_of(record).sign
    except SaliscopeError:
        return None


def check_of(finding: Finding) -> Check | None:
    """The check that made a finding; None where this version does not have it."""
    return next((check for check in CHECKS if check.name == finding.metric), None)


def parameters_of(record: MethodRecord, only_changed: bool = False) -> tuple[tuple[str, str], ...]:
    """The parameters of a map with their units and, where they differ, the defaults."""
    method = next((each for each in METHODS if each.name == record.name), None)
    params = method.Params if method is not None else None
    defaults = params().model_dump(mode="json") if params is not None else {}
    rows = []
    for name, value in record.parameters.items():
        field = params.model_fields.get(name) if params is not None else None
        extra = field.json_schema_extra if field is not None else None
        unit = f" {extra['unit']}" if isinstance(extra, dict) and extra.get("unit") else ""
        is_changed = name not in defaults or defaults[name] != value
        if only_changed and not is_changed:
            continue
        words = _parameter_value(params, name, value, unit)
        if is_changed and name in defaults and not only_changed:
            words += f" (default: {_parameter_value(params, name, defaults[name], unit)})"
        rows.append((name.replace("_", " "), words))
    return tuple(rows)


def _parameter_value(params: type[Parameters] | None, name: str, value: object, unit: str) -> str:
    # The name of a layer is written as the model has it.
    words_of = str if name == "layer" else value_words
    return value_name(params, name, value) or f"{words_of(value)}{unit}"


def value_words(value: object) -> str:
    """A value of a parameter or a figure."""
    match value:
        case bool() | None:
            words = {True: "yes", False: "no", None: "none"}[value]
        case int():
            words = fixed(value, 0)
        case float():
            words = significant(value, DIGITS)
        case list() | tuple():
            words = ", ".join(value_words(each) for each in value)
        case _:
            words = str(value).replace("_", " ")
    return words


def evaluations_words(forwards: int, gradients: int) -> str:
    """How often the network was evaluated for a map, without what was not needed."""
    parts = [counted(forwards, "prediction")] if forwards else []
    parts += [counted(gradients, "gradient")] if gradients else []
    return ", ".join(parts) or "none"


def figures_words(values: dict[str, float]) -> str:
    """Figures by name in one line."""
    return "; ".join(f"{name.replace('_', ' ')} {value_words(value)}" for name, value in values.items())


def check_figures_words(finding: Finding) -> str:
    """The figures of a finding by their titles in one line."""
    figures = ((figure_of(finding.metric, name), value) for name, value in finding.values.items())
    return "; ".join(f"{figure.title}: {value_words(value)}" for figure, value in figures)


def shortened(words: str, most: int) -> str:
    """The same text, or its beginning with an ellipsis where it is longer than `most` characters."""
    if len(words) <= most:
        return words
    cut = words[: most - 2]
    at_space = cut.rfind(" ")
    return f"{cut[:at_space] if at_space > most // 2 else cut} …"
