"""The sections that both extents of a report have: image, prediction, origin."""

from core.exports.contract import ExportSubject
from core.exports.report.content import Bars, Block, Picture, ReportBar, Section, Text
from core.exports.report.options import ReportParams
from core.exports.report.pictures import letters_of, map_picture, slice_picture
from core.exports.report.words import CARD_MISSING, ModelWords, parameters_of, shortened
from core.exports.statement import Statement
from core.models.card import Card
from core.models.prediction_words import calibration_line, fit_line, only_classes_line
from core.number_text import fixed, percent, significant
from core.results.image import ImageRecord
from core.results.versions import Versions
from core.samples import samples
from core.workspace.document import DisplayWindow, SavedCase, SavedMap


def image_words(image: ImageRecord) -> str:
    """The image in one line, such as 'MR, slice 3 of 5, position 12.5 mm, 40 × 60 pixels'."""
    parts = [image.modality]
    if image.slices > 1:
        parts.append(f"{image.plane} slice {image.slice} of {image.slices}".strip())
    if image.position_mm is not None:
        parts.append(f"position {fixed(image.position_mm, 1)} mm")
    parts.append(f"{image.rows} × {image.columns} pixels")
    return ", ".join(filter(None, parts))


def window_words(window: DisplayWindow | None) -> str:
    """How the slice is displayed; empty where it is not known."""
    if window is None:
        return ""
    unit = f" {window.unit}" if window.unit else ""
    inverted = ", inverted" if window.inverted else ""
    return f"window {significant(window.centre)} / {significant(window.width)}{unit}{inverted}"


def spacing_words(image: ImageRecord) -> str:
    """The distance of the pixels and where it comes from."""
    if image.spacing_mm is None:
        return "unknown"
    rows, columns = (significant(each) for each in image.spacing_mm)
    source = f" ({image.spacing_source})" if image.spacing_source else ""
    return f"{rows} mm between rows, {columns} mm between columns{source}"


def slice_part(subject: ExportSubject) -> Picture:
    """The slice as displayed, without a map."""
    case = subject.case
    caption = ", ".join(filter(None, (image_words(case.image.image), window_words(case.window))))
    orientation = "" if letters_of(case.geometry) else " Orientation unknown."
    return Picture(
        slice_picture(subject.data),
        alt=f"The image without a map: {image_words(case.image.image)}.",
        caption=f"{caption}.{orientation}",
        letters=letters_of(case.geometry),
    )


def map_part(subject: ExportSubject, saved: SavedMap, words: ModelWords, most: int | None = None) -> Picture:
    """A map over the slice with its colour bar. most: characters of each part of the caption."""
    record = saved.record
    pixels, bar = map_picture(subject.data, saved)
    title, target = words.map_header(record)
    changed = ", ".join(f"{name} {value}" for name, value in parameters_of(record, only_changed=True))
    parts = [f"{title}.", target, f"Not the defaults: {changed}." if changed else ""]
    if any(subject.data.region(each.region) is not None for each in saved.findings):
        parts.append("Outlined: the region of the checks.")
    if record.partial is not None:
        parts.append(f"{record.partial.words[0].upper()}{record.partial.words[1:]}.")
    if most is not None:
        parts = [shortened(part, most) for part in parts]
    return Picture(
        pixels,
        alt=f"{record.title} of the {words.target(record.target)} as an overlay on the image.",
        caption=" ".join(filter(None, parts)),
        letters=letters_of(subject.case.geometry),
        bar=bar,
        note=record.no_share,
    )


def prediction_bars(case: SavedCase, words: ModelWords, most: int | None = None) -> Bars:
    """The probabilities of the classes, the highest first. most: bars; the classes beyond share the last."""
    ranked = sorted(case.image.prediction.probabilities.items(), key=lambda pair: -pair[1])
    rest = ranked[most - 1 :] if most is not None and len(ranked) > most else []
    shown = ranked[: len(ranked) - len(rest)]
    bars = [ReportBar(words.class_name(name), share, percent(share)) for name, share in shown]
    if rest:
        total = sum(share for _, share in rest)
        bars.append(ReportBar(f"{len(rest)} other classes together", total, percent(total)))
    return Bars(f"{probability_kind(case)} of each class", tuple(bars))


def probability_kind(case: SavedCase) -> str:
    """Whether the probabilities of a case are calibrated, as far as that is known of such images."""
    if case.image.fit is not None and case.image.fit.answer == "does_not_fit":
        return "Probability"  # nothing is known of its calibration on such images
    return "Calibrated probability" if case.image.prediction.calibrated else "Uncalibrated probability"


def answer_text(case: SavedCase, words: ModelWords) -> Text:
    """The predicted class with its probability."""
    prediction = case.image.prediction
    return Text(f"{words.class_name(prediction.class_name)}: {percent(prediction.probability)}", "strong")


def trust_texts(case: SavedCase, words: ModelWords, most: int | None = None) -> tuple[Block, ...]:
    """What weakens or supports the prediction: fit, calibration, caveat. most: characters of each."""
    image, card = case.image, words.card
    texts: list[Text] = []
    if image.fit is not None:
        is_misfit = image.fit.answer == "does_not_fit"
        sentence = " ".join((fit_line(image.fit), *image.fit.warnings))
        texts.append(Text(sentence, "caution" if is_misfit else "plain"))
    else:
        texts += [Text(warning, "caution") for warning in image.warnings]
    caveat = words.caveat(image.prediction.class_name)
    if caveat:
        texts.append(Text(caveat, "caution"))
    if card is None:
        texts.append(Text(CARD_MISSING, "caution"))
    else:
        reliability = calibration_line(card, image.prediction.calibrated, image.fit)
        texts.append(Text(reliability))
    texts = [text for text in texts if text.words]
    texts.append(Text(known_classes(case, words, most)))
    if most is None:
        return tuple(texts)
    return tuple(Text(shortened(text.words, most), text.tone) for text in texts)


def known_classes(case: SavedCase, words: ModelWords, most: int | None = None) -> str:
    """The classes that the model tells apart, and that none of them stands for anything else.

    Their number where the sentence would be longer than `most` characters.
    """
    names = [words.class_name(name) for name in case.image.prediction.probabilities]
    sentence = only_classes_line(names)
    if most is None or len(sentence) <= most:
        return sentence
    return f"The model knows only {len(names)} classes. None of them means “something else”."


def limits_of(card: Card | None) -> tuple[str, ...]:
    """What the model must not be used for, then its limits."""
    return () if card is None else (f"Not for: {card.not_for}", *card.limits)


def origin_section(subject: ExportSubject, params: ReportParams, statement: Statement) -> Section:
    """How image, model and program are found again: the statement, below the file's name if it is wanted."""
    lines = list(statement.lines[1:])  # the first one stands at the top and at the end of the report
    if params.file_name:
        # Of a path, whatever the workspace holds, its last part alone.
        name = subject.case.image.image.file.replace("\\", "/").rpartition("/")[2]
        lines.insert(0, f"Image file {name}.")
    if params.extent == "full" and subject.case.versions is not None:
        lines.append(versions_words(subject.case.versions))
    device = subject.case.image.device
    if params.extent == "full" and device is not None:
        lines.append(f"Device: {device.words}.")
    credit = sample_credit(subject.case)
    texts = (*lines, credit) if credit else lines
    return Section("Origin", tuple(Text(line, "small") for line in texts))


def versions_words(versions: Versions) -> str:
    """What the results were computed with."""
    libraries = "".join(f", {name} {version}" for name, version in versions.libraries.items() if version)
    program = f"Saliscope {versions.program}, Python {versions.python}"
    return f"Computed with {program}{libraries} on {versions.machine}."


def sample_credit(case: SavedCase) -> str:
    """Title, source and licence of a bundled sample, which its licence asks for; empty for other images."""
    for each in samples():
        if case.source.sample and each.id == case.source.sample:
            return f"Sample: {each.title}. {each.attribution} Licence: {each.licence}."
    return ""
