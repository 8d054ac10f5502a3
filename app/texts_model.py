"""The card in words, for window and command line: what for, how good, where it fails, how it was made."""

from dataclasses import dataclass

from core.models.card import Card, Performance
from core.models.quantities import Interval, duration, figure, percent
from core.models.shortcuts import Shortcuts, ViewName

WHAT_FOR = "What it is for"
NOT_FOR = "What it must not be used for"
LIMITS = "Its limits"
HOW_GOOD = "How good it is"
CONFUSION = "What it takes for what"
RELIABILITY = "How sure it may be"
ROC = "Each class against the rest"
SHORTCUTS = "Does it look at the right place?"
FAILS = "Where it fails"
NEIGHBOURS = "How the images lie to it"
MAKING = "How it was made"
ORIGIN = "Data and licence"
FIGURES = "Figures"
SAYS, IS = "the model says", "it is"
SURE, RIGHT = "how sure it is", "how often it is right"
FALSE_RATE, TRUE_RATE = "false positives", "true positives"
BEFORE, AFTER = "before", "after"
NEIGHBOURS_TIP = (
    "t-SNE of what the network's last layer is given: images that it finds alike lie together. Full marks"
    " are test images, faint ones are from training. Distances between far groups mean nothing."
)
VIEWS: dict[ViewName, str] = {
    "border": "Border only",
    "no_border": "Border hidden",
    "centre": "Middle only",
    "no_centre": "Middle hidden",
}
WHOLE_IMAGE = "Whole image"
NO_SHORTCUTS = "The shortcut test was not made for this model."


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the label: its title, then sentences, then facts by name."""

    title: str
    sentences: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure from 0 to 1 with its interval; `strong` marks the one that sums up the others."""

    name: str
    value: float
    low: float
    high: float
    strong: bool = False

    @classmethod
    def of(cls, name: str, found: Interval, strong: bool = False) -> "Bar":
        return cls(plain(name), found.value, found.low, found.high, strong)


def plain(name: str) -> str:
    """A class's name as words."""
    return name.replace("_", " ")


def sections(card: Card) -> tuple[Section, ...]:
    """The whole label as text, in the order in which a reader should meet it."""
    return (
        what_for(card),
        Section(NOT_FOR, (card.not_for,)),
        Section(LIMITS, card.limits),
        Section(HOW_GOOD, (tested_on(card.performance),), _quality(card.performance)),
        Section(SHORTCUTS, shortcut_words(card.shortcuts)),
        Section(FAILS, failures(card)),
        making(card),
        origin(card),
    )


def what_for(card: Card) -> Section:
    seen = card.preprocessing
    knows = ", ".join(plain(name) for name in card.classes)
    size = f"{', '.join(card.modality)}, {seen.height} × {seen.width} points"
    return Section(WHAT_FOR, (card.summary, card.purpose), (("Knows", knows), ("Input", size)))


def tested_on(good: Performance) -> str:
    return (
        f"Tested on {good.images} images of {good.groups} {good.group_column}s that it had never seen."
        f" Intervals (95 %) come from drawing whole {good.group_column}s again and again."
    )


def bars(good: Performance) -> tuple[Bar, ...]:
    """Macro-F1 first, then accuracy, the fair pair, and every class's F1."""
    rows = [Bar.of("Macro-F1", good.macro_f1, strong=True), Bar.of("Accuracy", good.accuracy)]
    if good.pair is not None:
        rows.append(Bar.of(pair_name(good), good.pair.macro_f1, strong=True))
    for name, one in good.classes.items():
        interval = one.f1_interval or Interval(value=one.f1, low=one.f1, high=one.f1)
        rows.append(Bar.of(f"F1 {name}", interval))
    return tuple(rows)


def pair_name(good: Performance) -> str:
    assert good.pair is not None
    return "/".join(plain(name) for name in good.pair.classes)


def pair_words(good: Performance) -> str:
    """What the figure of the fair pair is, or nothing where there is none."""
    if good.pair is None:
        return ""
    one, other = (plain(name) for name in good.pair.classes)
    return (
        f"Only {one} against {other} is a fair comparison: macro-F1 {figure(good.pair.macro_f1)} on"
        f" {good.pair.images} images of these two classes alone, the larger of their two logits taken."
    )


def _quality(good: Performance) -> tuple[tuple[str, str], ...]:
    rows = [(bar.name, bar_figure(bar)) for bar in bars(good)]
    if good.calibration is not None:
        rows.append(("Calibration", calibration_words(good)))
    if good.pair is not None:
        rows.append(("Fair comparison", pair_words(good)))
    return tuple(rows)


def calibration_words(good: Performance) -> str:
    """How far probabilities can be taken at their word."""
    found = good.calibration
    if found is None:
        return ""
    return (
        f"Its probabilities are off by {100 * found.error_after:.1f} points on average"
        f" ({100 * found.error_before:.1f} before they were calibrated on the val part)."
    )


def shortcut_words(test: Shortcuts | None) -> tuple[str, ...]:
    return test.sentences() if test is not None else (NO_SHORTCUTS,)


def shortcut_bars(test: Shortcuts | None) -> tuple[Bar, ...]:
    """Macro-F1 with the whole image and with each part hidden."""
    if test is None:
        return ()
    whole = Bar.of(WHOLE_IMAGE, test.whole, strong=True)
    return (whole, *(Bar.of(VIEWS[view.name], view.macro_f1) for view in test.views))


def failures(card: Card) -> tuple[str, ...]:
    """The worst class, the sources, the surest errors."""
    good = card.performance
    worst = good.classes[good.worst_class]
    found = figure(worst.f1_interval) if worst.f1_interval is not None else f"{worst.f1:.2f}"
    said = [
        f"It is worst at {plain(good.worst_class)}: F1 {found}; it finds {percent(worst.recall)} of them"
        f" and is right in {percent(worst.precision)} of the images that it calls so."
    ]
    said += [_source(card, name) for name in good.sources]
    said += [
        f"Image {one.id} is {plain(one.truth)}; it says {plain(one.said)}, {percent(one.probability)} sure."
        for one in good.mistakes
    ]
    return tuple(said)


def _source(card: Card, name: str) -> str:
    found, pair = card.performance.sources[name], card.performance.pair
    classes = " and ".join(f"{count} {plain(word)}" for word, count in found.classes.items())
    fair = pair.sources.get(name) if pair is not None else None
    words = f"{name} ({classes}): accuracy {figure(found.accuracy)}"
    if fair is not None and pair is not None:
        words += f", {' against '.join(plain(one) for one in pair.classes)} macro-F1 {figure(fair)}"
    elif len(found.classes) == 1:
        words += "; it gives this class alone, so this figure may be about the source"
    return f"{words}."


def making(card: Card) -> Section:
    made = card.training
    size = f"{card.parameters:,} parameters"
    if card.depth is not None:
        size += f", {card.depth} layers deep"
    if card.weights_bytes is not None:
        size += f", {card.weights_bytes / 1e6:.1f} MB ({card.weights_dtype})"
    versions = ", ".join(f"{name} {version}" for name, version in made.versions.items() if name != "device")
    facts = (
        ("Network", f"{card.architecture}, {size}"),
        ("Training", f"{made.epochs} epochs in {duration(made.seconds)} on {made.device}"),
        ("Recipe", str(made.recipe.get("name", ""))),
        ("Split", made.split),
        ("Seed", str(made.seed)),
        ("Command", made.command),
        ("Made with", versions),
        ("Data", f"sha256 {made.data_sha256}"),
    )
    return Section(MAKING, (), tuple((name, value) for name, value in facts if value.strip()))


def origin(card: Card) -> Section:
    facts = (
        ("Data", card.data),
        ("Licence", card.licence),
        ("Attribution", card.attribution),
        ("Version", f"{card.id} {card.version}"),
        ("Weights", f"sha256 {card.weights_sha256}"),
        (FIGURES, ", ".join(card.figures)),
    )
    return Section(ORIGIN, (), tuple((name, value) for name, value in facts if value.strip()))


def bar_figure(bar: Bar) -> str:
    """Such as '0.88 (0.75 to 0.97)'."""
    return figure(Interval(value=bar.value, low=bar.low, high=bar.high))


def bars_description(rows: tuple[Bar, ...]) -> str:
    """For a screen reader."""
    return "; ".join(f"{bar.name} {bar_figure(bar)}" for bar in rows)


def confusion_description(card: Card) -> str:
    """For a screen reader: row by row."""
    rows = zip(card.classes, card.performance.confusion, strict=True)
    return "; ".join(
        f"{plain(name)}: "
        + ", ".join(f"{n} as {plain(said)}" for n, said in zip(row, card.classes, strict=True))
        for name, row in rows
    )
