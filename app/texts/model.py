"""Texts of the model card, for window and command line: intended use, performance, errors, training."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.models.card import Card, ContentCheck, Performance
from core.models.orientation import orientation_words
from core.models.shortcuts import Shortcuts, ViewName
from core.number_text import duration, fixed, interval, no_break, percent
from core.values import Interval

INTENDED_USE = "Intended use"
EXCLUDED_USES = "Excluded uses"
LIMITATIONS = "Limitations"
PERFORMANCE = "Performance"
FIGURES_BY_CLASS = "Figures by class"
CLASS_FIGURES = ("precision", "recall", "F1")
FIGURES_BY_CLASS_NOTE = (
    "Precision: share of predicted positives that are correct. Recall (sensitivity): share of the images of"
    " the class that are found. F1: harmonic mean of the two."
)
MODEL_PAGE = "Model"
BACK = "Back to the image"
BACK_TIP = "Close this page (Esc)"
CONFUSION = "Confusion matrix"
CONFUSION_NOTE = (
    "How many test images of each true class (rows) were predicted as each class (columns). What lies off the"
    " diagonal was confused."
)
ROC_NOTE = (
    "One curve for each class, over all decision thresholds: the share of its images that are recognised"
    " (sensitivity, vertical) against the share of the other images that are taken for it (false positive"
    " rate, horizontal). The dotted diagonal is guessing."
)
EMBEDDING_NOTE = "Where the open image lies among the images that the model was trained and tested on."
CALIBRATION = "Calibration"
ROC = "ROC curves"
FIT_CHECK = "Fit check on other images"
SHORTCUTS = "Shortcut test"
ERRORS = "Errors"
EMBEDDING = "Embedding"
TRAINING = "Training"
ORIGIN = "Data and licence"
FIGURES = "Figures"
PREDICTED_CLASS, TRUE_CLASS = "predicted class", "true class"
PREDICTED_PROBABILITY, OBSERVED_SHARE = "predicted probability", "share correct"
FALSE_POSITIVE_RATE, TRUE_POSITIVE_RATE = "false positive rate", "sensitivity"
BEFORE, AFTER = "before calibration", "after calibration"
SCATTER = "View of the images"
POINTS_NOTE = "Strong marks are test images, faint marks are training images."
SCATTERS = {
    "embedding_tsne": "Embedding, t-SNE",
    "embedding_pca": "Embedding, PCA",
    "pixels_tsne": "Pixels, t-SNE",
    "pixels_pca": "Pixels, PCA",
}
SCATTER_NOTES = {
    "embedding_tsne": "The input of the network's last layer: images that are similar to the network lie"
    " close together. Distances between remote groups have no meaning.",
    "embedding_pca": "The input of the network's last layer along its two directions of largest variance:"
    " distances are preserved, but only a part of them is visible.",
    "pixels_tsne": "The images themselves, without the network: classes that are separated here look"
    " different already, whether because of the disease or because of where they were taken.",
    "pixels_pca": "The images themselves, without the network, along their two directions of largest"
    " variance, which often means their brightness.",
}
OPEN_IMAGE = "the open image"
PLACING = "Locating the image among those of the report"
PLACED_NOTES = {
    "embedding_tsne": "t-SNE places every image near some others, even one that resembles none of them;"
    " PCA may show this.",
    "embedding_pca": "",
}
OUTSIDE_VIEW = "The open image lies outside the drawn area and is marked at its edge."
NOT_PLACED = "The open image is shown only in the two views of the embedding."
MODELS = "Comparison with other models"
MODELS_NOTE = (
    "Macro-F1 of every installed model on its own test part, with its confidence interval (95\u00a0%). Only"
    " models of the same classes can be compared. Where intervals overlap, no difference is established."
)
VISIBLE_PARTS: dict[ViewName, str] = {
    "border": "Border only",
    "no_border": "Border hidden",
    "centre": "Centre only",
    "no_centre": "Centre hidden",
}
WHOLE_IMAGE = "Whole image"
NO_SHORTCUTS = "The shortcut test is not available for this model."
NO_ORIENTATION = "not declared: images are never turned for the model"
POLARITIES = {
    "bright_is_dense": "bright is dense (lowest value black); negatives are inverted first",
    "as_stored": "values are used as stored",
}
NO_FIT_CHECK = "Whether the content of an image fits cannot be checked with this model."


@dataclass(frozen=True, slots=True)
class CardSection:
    """A part of the model card: its title, then sentences, then facts by name."""

    title: str
    sentences: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure from 0 to 1 with its interval; strong: it summarises the others."""

    name: str
    value: float
    low: float
    high: float
    strong: bool = False

    @classmethod
    def of(cls, name: str, estimate: Interval, strong: bool = False) -> "Bar":
        return cls(name, estimate.value, estimate.low, estimate.high, strong)


@dataclass(frozen=True, slots=True)
class ClassFigure:
    """A figure of a class as words: '0.85', and '0.79 to 0.91' where its interval is known."""

    value: str
    interval: str = ""

    @classmethod
    def of(cls, value: float, estimate: Interval | None) -> "ClassFigure":
        limits = f"{fixed(estimate.low)} to {fixed(estimate.high)}" if estimate is not None else ""
        return cls(fixed(value), limits)

    @property
    def whole(self) -> str:
        return f"{self.value} ({self.interval})" if self.interval else self.value


@dataclass(frozen=True, slots=True)
class ClassFigureRow:
    """A class with its images in the test part, and its figures in the order of CLASS_FIGURES."""

    name: str
    images: int
    figures: tuple[ClassFigure, ...]


def sections(card: Card) -> tuple[CardSection, ...]:
    """The whole card as text, the most important part first."""
    return (
        intended_use(card),
        CardSection(EXCLUDED_USES, (card.not_for,)),
        CardSection(LIMITATIONS, card.limits),
        CardSection(PERFORMANCE, (tested_on(card.performance),), _performance_facts(card)),
        CardSection(SHORTCUTS, shortcut_sentences(card.shortcuts)),
        CardSection(FIT_CHECK, fit_sentences(card.content_check)),
        CardSection(ERRORS, error_sentences(card)),
        training(card),
        origin(card),
    )


def intended_use(card: Card) -> CardSection:
    expected = card.preprocessing
    classes = ", ".join(map(card.words_of, card.classes))
    size = f"{', '.join(card.modality)}, {expected.height} × {expected.width} pixels"
    facts = (
        ("Classes", classes),
        ("Input", size),
        ("Polarity", POLARITIES[expected.polarity]),
        ("Orientation", orientation_sentence(card)),
    )
    return CardSection(INTENDED_USE, (card.summary, card.purpose), facts)


def orientation_sentence(card: Card) -> str:
    """The planes of the training images, and what is up in each; slices in these planes are turned so."""
    planes = [f"{wanted.plane}: {orientation_words(wanted)}" for wanted in card.preprocessing.orientation]
    return "; ".join(planes) or NO_ORIENTATION


def tested_on(score: Performance) -> str:
    return (
        f"Tested on {score.images} images of {score.groups} {score.group_column}s that are not part of the"
        f" training data. 95\u00a0% confidence intervals: bootstrap over {score.group_column}s."
    )


def bars(card: Card) -> tuple[Bar, ...]:
    """Macro-F1, accuracy, the pair of classes that can be compared fairly, and F1 of each class."""
    score = card.performance
    rows = [Bar.of("Macro-F1", score.macro_f1, strong=True), Bar.of("Accuracy", score.accuracy)]
    if score.pair is not None:
        rows.append(Bar.of(pair_name(card), score.pair.macro_f1, strong=True))
    for name, figures in score.classes.items():
        f1 = figures.f1_interval or Interval(value=figures.f1, low=figures.f1, high=figures.f1)
        rows.append(Bar.of(f"F1 {card.words_of(name)}", f1))
    return tuple(rows)


def class_rows(card: Card) -> tuple[ClassFigureRow, ...]:
    """Precision, recall and F1 of each class; cards of older reports have intervals of F1 only, or none."""
    return tuple(
        ClassFigureRow(
            card.words_of(name),
            figures.support,
            (
                ClassFigure.of(figures.precision, figures.precision_interval),
                ClassFigure.of(figures.recall, figures.recall_interval),
                ClassFigure.of(figures.f1, figures.f1_interval),
            ),
        )
        for name, figures in card.performance.classes.items()
    )


def class_title(row: ClassFigureRow) -> str:
    return f"{row.name}, {row.images} images"


def class_rows_description(rows: Sequence[ClassFigureRow]) -> str:
    """For a screen reader."""
    parts = []
    for row in rows:
        pairs = zip(CLASS_FIGURES, row.figures, strict=True)
        parts.append(f"{class_title(row)}: " + ", ".join(f"{name} {figure.whole}" for name, figure in pairs))
    return "; ".join(parts)


def pair_name(card: Card) -> str:
    assert card.performance.pair is not None
    return "/".join(map(card.words_of, card.performance.pair.classes))


def pair_sentence(card: Card) -> str:
    """The figure of the pair of classes that can be compared fairly; empty where there is none."""
    score = card.performance
    if score.pair is None:
        return ""
    first, second = map(card.words_of, score.pair.classes)
    return (
        f"Only {first} versus {second} is a fair comparison: macro-F1 {interval(score.pair.macro_f1)} on"
        f" {score.pair.images} images of these two classes, by the larger of their two logits."
    )


def _performance_facts(card: Card) -> tuple[tuple[str, str], ...]:
    score, rows = card.performance, [(bar.name, bar_figure(bar)) for bar in bars(card)]
    if score.calibration is not None:
        rows.append(("Calibration", calibration_sentence(score)))
    if score.pair is not None:
        rows.append(("Fair comparison", pair_sentence(card)))
    return tuple(rows)


def calibration_sentence(score: Performance) -> str:
    """The expected calibration error, before and after calibration."""
    measured = score.calibration
    if measured is None:
        return ""
    return (
        f"Its probabilities are off by {fixed(100 * measured.error_after, 1)} percentage points on average"
        f" ({fixed(100 * measured.error_before, 1)} before calibration on the validation part)."
    )


def shortcut_sentences(test: Shortcuts | None) -> tuple[str, ...]:
    return test.sentences() if test is not None else (NO_SHORTCUTS,)


def fit_sentences(check: ContentCheck | None) -> tuple[str, ...]:
    """How well images of another kind are distinguished from those of the model's own kind."""
    if check is None:
        return (NO_FIT_CHECK,)
    own_kind = (
        f"Of its own {check.test_images} test images {check.test_unlike}"
        f" ({_whole_percent(check.test_unlike / check.test_images)}) are reported as not fitting."
    )
    other_kinds = tuple(
        f"Of {other.images} {other.name}, {other.unlike} ({_whole_percent(other.unlike / other.images)}) are."
        for other in check.others
    )
    limit = (
        f"The limit includes {_whole_percent(check.limit_share)} of {check.validation_images} validation"
        " images."
    )
    return (own_kind, *other_kinds, limit)


def shortcut_bars(test: Shortcuts | None) -> tuple[Bar, ...]:
    """Macro-F1 with the whole image and with each part hidden."""
    if test is None:
        return ()
    whole = Bar.of(WHOLE_IMAGE, test.whole, strong=True)
    return (whole, *(Bar.of(VISIBLE_PARTS[view.name], view.macro_f1) for view in test.views))


def error_sentences(card: Card) -> tuple[str, ...]:
    """The worst class, the sources, the errors with the highest probability."""
    score = card.performance
    worst = score.classes[score.worst_class]
    f1 = interval(worst.f1_interval) if worst.f1_interval is not None else fixed(worst.f1)
    sentences = [
        f"Lowest F1: {card.words_of(score.worst_class)}, {f1}; recall {_whole_percent(worst.recall)},"
        f" precision {_whole_percent(worst.precision)}."
    ]
    sentences += [_source(card, name) for name in score.sources]
    sentences += [
        f"Image {mistake.id}: true class {card.words_of(mistake.truth)}, predicted"
        f" {card.words_of(mistake.said)} with probability {_whole_percent(mistake.probability)}."
        for mistake in score.mistakes
    ]
    return tuple(sentences)


def _source(card: Card, name: str) -> str:
    source, pair = card.performance.sources[name], card.performance.pair
    classes = " and ".join(f"{count} {card.words_of(word)}" for word, count in source.classes.items())
    fair = pair.sources.get(name) if pair is not None else None
    words = f"{name} ({classes}): accuracy {interval(source.accuracy)}"
    if fair is not None and pair is not None:
        words += f", {' versus '.join(map(card.words_of, pair.classes))} macro-F1 {interval(fair)}"
    elif len(source.classes) == 1:
        words += "; it has only this class, so the figure may reflect the source"
    return f"{words}."


def training(card: Card) -> CardSection:
    record = card.training
    size = f"{card.parameters:,} parameters"
    if card.depth is not None:
        size += f", {card.depth} layers deep"
    if card.weights_bytes is not None:
        size += f", {card.weights_bytes / 1e6:.1f} MB ({card.weights_dtype})"
    versions = ", ".join(f"{name} {version}" for name, version in record.versions.items() if name != "device")
    facts = (
        ("Network", f"{card.architecture}, {size}"),
        ("Training", f"{record.epochs} epochs in {duration(record.seconds)} on {record.device}"),
        ("Recipe", str(record.recipe.get("name", ""))),
        ("Split", record.split),
        ("Seed", str(record.seed)),
        ("Command", record.command),
        ("Software", versions),
        ("Data", f"sha256 {record.data_sha256}"),
    )
    return CardSection(TRAINING, (), tuple((name, value) for name, value in facts if value.strip()))


def origin(card: Card) -> CardSection:
    facts = (
        ("Data", card.data),
        ("Licence", card.licence),
        ("Commercial use", "" if card.commercial_use else "not allowed by the licences of its data"),
        ("Attribution", card.attribution),
        ("Version", f"{card.id} {card.version}"),
        ("Weights", f"sha256 {card.weights_sha256}"),
        (FIGURES, ", ".join(card.figures)),
    )
    return CardSection(ORIGIN, (), tuple((name, value) for name, value in facts if value.strip()))


def bar_figure(bar: Bar) -> str:
    """Such as '0.88 (0.75 to 0.97)'."""
    return interval(Interval(value=bar.value, low=bar.low, high=bar.high))


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
    """What a view of the images shows, and where the open image lies in it.

    reach: the largest coordinates of the images on both axes.
    """
    sentences = [SCATTER_NOTES[name], POINTS_NOTE]
    if name not in PLACED_NOTES:
        sentences.append(NOT_PLACED)
    elif place is not None:
        sentences.append(PLACED_NOTES[name])
        inside = all(0 <= value <= most for value, most in zip(place, reach, strict=True))
        sentences.append("" if inside else OUTSIDE_VIEW)
    else:
        sentences.append(f"{PLACING} …" if placing else error)
    return " ".join(sentence for sentence in sentences if sentence)


def confusion_description(card: Card) -> str:
    """For a screen reader: row by row."""
    rows = zip(card.classes, card.performance.confusion, strict=True)
    names = [card.words_of(name) for name in card.classes]
    return "; ".join(
        f"{card.words_of(name)}: "
        + ", ".join(f"{count} predicted as {predicted}" for count, predicted in zip(row, names, strict=True))
        for name, row in rows
    )


def _whole_percent(share: float) -> str:
    return no_break(percent(share, 0))
