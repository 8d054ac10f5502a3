"""The card in words, for window and command line: what for, how good, where it fails, how it was made."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.models.card import Card, ContentCheck, Performance
from core.models.quantities import duration, figure, percent
from core.models.shortcuts import Shortcuts, ViewName
from core.values import Interval

WHAT_FOR = "What it is for"
NOT_FOR = "What it must not be used for"
LIMITS = "Its limits"
HOW_GOOD = "How good it is"
EACH_CLASS = "Each class by itself"
CLASS_FIGURES = ("precision", "recall", "F1")
EACH_CLASS_TIP = (
    "Precision: of the images that it calls so, the share that is. Recall: of the images of the class, the"
    " share that it finds. F1 lies between the two."
)
CONFUSION = "What it takes for what"
RELIABILITY = "How sure it may be"
ROC = "Each class against the rest"
FIT_CHECK = "Does it notice images of another kind?"
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
SCATTER = "Which view of the images"
POINTS_TIP = "Full marks are test images, faint ones are from training."
SCATTERS = {
    "embedding_tsne": "Embedding, t-SNE",
    "embedding_pca": "Embedding, PCA",
    "pixels_tsne": "Pixels, t-SNE",
    "pixels_pca": "Pixels, PCA",
}
SCATTER_TIPS = {
    "embedding_tsne": "What the network's last layer is given: images that it finds alike lie together."
    " Distances between far groups mean nothing.",
    "embedding_pca": "What the network's last layer is given, along the two directions in which it"
    " differs most: distances count, but only a part of them is seen.",
    "pixels_tsne": "The pictures themselves, without the network: classes that lie apart here look different"
    " already, be it for their disease or for where they were taken.",
    "pixels_pca": "The pictures themselves, without the network, along the two directions in which they"
    " differ most, which is often how bright they are.",
}
HERE = "the open image"
PLACING = "Placing the image among those of the report"
PLACED = {
    "embedding_tsne": "t-SNE puts every image near some others, even one that is like none; PCA may tell.",
    "embedding_pca": "",
}
BEYOND = "The open image lies beyond what is drawn, and is marked at the edge."
NOT_PLACED = "The open image has a place in the two views of the embedding alone."
MODELS = "Beside the other models"
MODELS_TIP = (
    "Macro-F1 of every installed model on its own test part, with its interval. Only models of the same"
    " classes can be compared, and intervals that overlap do not tell two apart."
)
VIEWS: dict[ViewName, str] = {
    "border": "Border only",
    "no_border": "Border hidden",
    "centre": "Middle only",
    "no_centre": "Middle hidden",
}
WHOLE_IMAGE = "Whole image"
NO_SHORTCUTS = "The shortcut test was not made for this model."
POLARITIES = {
    "bright_is_dense": "bright is dense (lowest value black); negatives are reversed first",
    "as_stored": "values are taken as they are stored",
}
NO_FIT_CHECK = "Whether the content of an image fits cannot be checked with this model."


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


@dataclass(frozen=True, slots=True)
class ClassFigure:
    """A figure of a class as words: '0.85', and '0.79 to 0.91' where its interval is known."""

    value: str
    interval: str = ""

    @classmethod
    def of(cls, value: float, found: Interval | None) -> "ClassFigure":
        return cls(f"{value:.2f}", f"{found.low:.2f} to {found.high:.2f}" if found is not None else "")

    @property
    def whole(self) -> str:
        return f"{self.value} ({self.interval})" if self.interval else self.value


@dataclass(frozen=True, slots=True)
class ClassRow:
    """A class with its images in the test part, and its figures in the order of CLASS_FIGURES."""

    name: str
    images: int
    figures: tuple[ClassFigure, ...]


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
        Section(FIT_CHECK, fit_words(card.content_check)),
        Section(FAILS, failures(card)),
        making(card),
        origin(card),
    )


def what_for(card: Card) -> Section:
    seen = card.preprocessing
    knows = ", ".join(plain(name) for name in card.classes)
    size = f"{', '.join(card.modality)}, {seen.height} × {seen.width} points"
    facts = (("Knows", knows), ("Input", size), ("Polarity", POLARITIES[seen.polarity]))
    return Section(WHAT_FOR, (card.summary, card.purpose), facts)


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


def class_rows(good: Performance) -> tuple[ClassRow, ...]:
    """Precision, recall and F1 of each class; cards of older reports have intervals of F1 alone, or none."""
    return tuple(
        ClassRow(
            plain(name),
            one.support,
            (
                ClassFigure.of(one.precision, one.precision_interval),
                ClassFigure.of(one.recall, one.recall_interval),
                ClassFigure.of(one.f1, one.f1_interval),
            ),
        )
        for name, one in good.classes.items()
    )


def class_title(row: ClassRow) -> str:
    return f"{row.name}, {row.images} images"


def class_rows_description(rows: Sequence[ClassRow]) -> str:
    """For a screen reader."""
    said = []
    for row in rows:
        pairs = zip(CLASS_FIGURES, row.figures, strict=True)
        said.append(f"{class_title(row)}: " + ", ".join(f"{name} {found.whole}" for name, found in pairs))
    return "; ".join(said)


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


def fit_words(check: ContentCheck | None) -> tuple[str, ...]:
    """How well images of another kind are told from the model's own."""
    if check is None:
        return (NO_FIT_CHECK,)
    own = (
        f"Of its own {check.test_images} test images {check.test_unlike}"
        f" ({percent(check.test_unlike / check.test_images)}) are called unlike its training images."
    )
    others = tuple(
        f"Of {one.images} {one.name}, {one.unlike} ({percent(one.unlike / one.images)}) are."
        for one in check.others
    )
    limit = (
        f"The limit was set where {percent(check.limit_share)} of {check.validation_images} validation"
        " images lie within it."
    )
    return (own, *others, limit)


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


def scatter_words(
    name: str,
    place: tuple[float, float] | None,
    reach: tuple[float, float],
    placing: bool = False,
    error: str = "",
) -> str:
    """What a view of the images shows, and what is known of the open image's place in it.

    reach: how far the images go from 0 on both axes.
    """
    said = [SCATTER_TIPS[name], POINTS_TIP]
    if name not in PLACED:
        said.append(NOT_PLACED)
    elif place is not None:
        said.append(PLACED[name])
        inside = all(0 <= value <= most for value, most in zip(place, reach, strict=True))
        said.append("" if inside else BEYOND)
    else:
        said.append(f"{PLACING} …" if placing else error)
    return " ".join(one for one in said if one)


def confusion_description(card: Card) -> str:
    """For a screen reader: row by row."""
    rows = zip(card.classes, card.performance.confusion, strict=True)
    return "; ".join(
        f"{plain(name)}: "
        + ", ".join(f"{n} as {plain(said)}" for n, said in zip(row, card.classes, strict=True))
        for name, row in rows
    )
