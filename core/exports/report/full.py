"""The full extent: everything that a researcher needs to judge and repeat what was done with a case."""

import numpy as np

from core.exports.contract import ExportSubject
from core.exports.report.agreement import agreement_section
from core.exports.report.content import (
    Block,
    ColumnBlock,
    FactBlock,
    Items,
    Picture,
    Pictures,
    Section,
    Table,
    Text,
    Verdicts,
)
from core.exports.report.curve_plots import plots_of, table_of
from core.exports.report.evidence import verdicts_of
from core.exports.report.look_first import look_first_section
from core.exports.report.map_labels import labels_of
from core.exports.report.options import ReportParams
from core.exports.report.pictures import input_picture, marked_picture
from core.exports.report.sections import (
    answer_text,
    image_words,
    limits_of,
    map_part,
    origin_section,
    prediction_bars,
    probability_kind,
    slice_part,
    spacing_words,
    trust_texts,
    window_words,
)
from core.exports.report.words import (
    ANSWERS,
    ModelWords,
    check_figures_words,
    check_of,
    evaluations_words,
    figures_words,
    parameters_of,
    value_words,
)
from core.exports.statement import Statement
from core.figures.line_styles import HIGHEST_FIRST, LOWEST_FIRST
from core.images.geometry import spacing_mm
from core.methods import METHODS
from core.number_text import elapsed, fixed, interval, percent, significant
from core.workspace.document import SavedCase, SavedCurves, SavedFinding, SavedMap


def full_body(
    subject: ExportSubject, params: ReportParams, statement: Statement, words: ModelWords
) -> tuple[Block, ...]:
    """All sections of the full report that the case has something for."""
    case = subject.case
    labels = labels_of(case, words)
    sections = [
        _prediction(subject, words),
        _image(subject),
        _maps(subject, words, labels),
        agreement_section(subject, labels),
        *(_curves(curves, words, labels) for curves in case.curves),
        _regions(subject),
        look_first_section(case.look_first, words, case.image.model.id),
        _failed(case),
        _model(words),
        origin_section(subject, params, statement),
    ]
    return tuple(section for section in sections if section is not None)


def _prediction(subject: ExportSubject, words: ModelWords) -> Section:
    case = subject.case
    prediction = case.image.prediction
    rows = tuple(
        (words.class_name(name), percent(share), fixed(prediction.logits[name], sign=True))
        for name, share in sorted(prediction.probabilities.items(), key=lambda pair: -pair[1])
    )
    table = Table("Classes of the model", ("Class", probability_kind(case), "Logit"), rows, (4, 3, 3))
    blocks = (answer_text(case, words), prediction_bars(case, words), *trust_texts(case, words), table)
    return Section("Prediction of the model", blocks)


def _image(subject: ExportSubject) -> Section:
    case, image = subject.case, subject.case.image.image
    pictures = [slice_part(subject)]
    values = subject.data.network_input
    if values is not None:
        size = " × ".join(str(side) for side in values.shape[:2])
        low, high = significant(float(values.min())), significant(float(values.max()))
        pictures.append(
            Picture(
                input_picture(values),
                alt="The input of the network as a picture.",
                caption=f"Input of the network: {size}, values from {low} (black) to {high} (white).",
            )
        )
    facts = [
        ("Image", image_words(image)),
        ("Pixel spacing", spacing_words(image)),
        ("Display", window_words(case.window)),
    ]
    fit = case.image.fit
    if fit is not None and fit.distance is not None:
        facts.append(
            ("Distance from the training images", f"{significant(fit.distance)} (1 is the model's limit)")
        )
    notes = (*image.notes, *case.image.input_notes)
    blocks: list[Block] = [Pictures(tuple(pictures)), FactBlock(tuple(row for row in facts if row[1]))]
    if notes:
        blocks.append(Items(notes))
    return Section("Image", tuple(blocks))


def _maps(subject: ExportSubject, words: ModelWords, labels: dict[str, str]) -> Section | None:
    maps = subject.case.maps
    if not maps:
        return None
    parts = tuple(_map(subject, saved, words, labels[saved.id]) for saved in maps)
    return Section("Attribution maps", parts)


def _map(subject: ExportSubject, saved: SavedMap, words: ModelWords, label: str) -> Section:
    record = saved.record
    facts = [("Target", words.target(record.target)), ("Seed", str(record.seed))]
    facts += [(name.capitalize(), value) for name, value in parameters_of(record)]
    facts += [(f"Chosen {name}", value) for name, value in record.choices.items()]
    facts += [
        ("Computed on", f"{record.cells[0]} × {record.cells[1]} cells"),
        ("Values", f"{value_words(record.minimum)} to {value_words(record.maximum)} {record.unit}".strip()),
        ("Model evaluations", evaluations_words(record.forwards, record.gradients)),
        ("Time", elapsed(record.seconds)),
    ]
    facts += [
        (name.replace("_", " ").capitalize(), value_words(value))
        for name, value in record.diagnostics.items()
    ]
    picture = Pictures((map_part(subject, saved, words),))
    verdicts = Verdicts(verdicts_of(subject.case, saved))
    # What may not be divided between pages is as low as can be; the rest flows.
    blocks: list[Block] = [ColumnBlock((picture,), (FactBlock(tuple(facts)),))]
    if record.caution:
        blocks.append(Text(record.caution, "caution"))
    blocks.append(verdicts)
    if saved.findings:
        blocks.append(_findings(saved.findings))
    return Section(label, tuple(blocks))


def _findings(findings: tuple[SavedFinding, ...]) -> Table:
    rows = []
    for saved in findings:
        finding, check = saved.finding, check_of(saved.finding)
        title = check.title if check is not None else finding.metric
        question = check.question if check is not None else ""
        made = figures_words({**finding.parameters, "seed": saved.seed})
        if saved.region:
            made += f"; {saved.region.replace('-', ' ')}"
        rows.append(
            (title, question, ANSWERS.get(finding.answer or "", ""), check_figures_words(finding), made)
        )
    header = ("Check", "Question", "Answer", "Figures", "Parameters")
    return Table("Findings of the checks", header, tuple(rows), (3, 3.5, 1.5, 6.5, 2.5))


def _curves(saved: SavedCurves, words: ModelWords, labels: dict[str, str]) -> Section:
    curve_set = saved.curves
    titles = {method.name: method.title for method in METHODS}
    titles |= {name: labels[map_id] for name, map_id in saved.maps.items() if map_id in labels}
    settings = curve_set.settings
    facts: list[tuple[str, str]] = [("Class", words.class_name(saved.class_name))]
    facts += [
        (name.replace("_", " ").capitalize(), value_words(value))
        for name, value in settings.model_dump(mode="json").items()
    ]
    facts.append(("Pictures shown to the model", f"{curve_set.evaluations:,}"))
    if curve_set.webp_version:
        facts.append(("libwebp", curve_set.webp_version))
    undefined = tuple(
        f"{each.kind.upper()}: {each.message} {each.hint}".strip() for each in curve_set.undefined
    )
    blocks: list[Block] = [plots_of(curve_set, words.class_name(saved.class_name), titles)]
    blocks.append(
        Text(
            f"{HIGHEST_FIRST.capitalize()}: highest values of the map revealed first; {LOWEST_FIRST}: lowest"
            " first; grey: control maps. The"
            " gap is the area between the two; ± is half the width of the interval from which the verdict"
            " follows."
        )
    )
    if curve_set.scores:
        blocks.append(table_of(curve_set, titles))
    if undefined:
        blocks.append(Items(undefined))
    return Section("Information curves", (*blocks, FactBlock(tuple(facts))))


def _regions(subject: ExportSubject) -> Section | None:
    case = subject.case
    if not (case.regions or case.measurements):
        return None
    rows = []
    for number, region in enumerate(case.regions, 1):
        mask = subject.data.mask_of(region)
        pixels = int(np.count_nonzero(mask))
        spacing = case.geometry.spacing_mm
        if spacing is None and case.geometry.affine_lps_mm is not None:
            spacing = spacing_mm(np.array(case.geometry.affine_lps_mm))
        area = "" if spacing is None else f"{significant(pixels * spacing[0] * spacing[1])} mm²"
        origin = {"drawn": "drawn by hand", "reference": "reference mask"}[region.origin]
        title = region.title if region.origin == "drawn" else ""
        rows.append((f"Region {number}", title, origin, f"{pixels:,} pixels", area))
    for number, measurement in enumerate(case.measurements, 1):
        rows.append((f"m{number}", "", measurement.kind, measurement.words, ""))
    picture = Picture(
        marked_picture(subject.data),
        alt="The image with the outlines of its regions and its measurements.",
        caption="Outlines: regions. Lines: measurements (m).",
    )
    header = ("In the picture", "Name", "Kind", "Size", "Area")
    table = Table("Regions and measurements", header, tuple(rows), (2, 3, 2, 2, 2))
    notes = tuple(note for region in case.regions for note in region.notes)
    blocks: list[Block] = [Pictures((picture,)), table]
    if notes:
        blocks.append(Items(notes))
    return Section("Regions and measurements", tuple(blocks))


def _failed(case: SavedCase) -> Section | None:
    if not case.failed:
        return None
    rows = tuple((each.title, each.error.message, each.error.hint) for each in case.failed)
    table = Table("Methods without a map", ("Method", "Reason", "Hint"), rows, (2, 4, 4))
    return Section("Methods that gave no map", (table,))


def _model(words: ModelWords) -> Section | None:
    card = words.card
    if card is None:
        return None
    score = card.performance
    facts = (
        ("Model", card.title),
        ("Purpose", card.purpose),
        ("Architecture", card.architecture),
        ("Training data", card.data),
        ("Tested on", f"{score.images} images of {score.groups} {score.group_column}s"),
        ("Macro-F1", interval(score.macro_f1)),
        ("Accuracy", interval(score.accuracy)),
        ("Licence", card.licence),
        ("Attribution", card.attribution),
    )
    rows = tuple(
        (
            words.class_name(name),
            *(
                fixed(value) if limits is None else interval(limits)
                for value, limits in (
                    (each.precision, each.precision_interval),
                    (each.recall, each.recall_interval),
                    (each.f1, each.f1_interval),
                )
            ),
            str(each.support),
        )
        for name, each in score.classes.items()
    )
    header = ("Class", "Precision", "Recall", "F1", "Images")
    table = Table("Test results by class, with intervals of 95 %", header, rows, (3, 3, 3, 3, 1))
    return Section("Model", (FactBlock(facts), table, Items(limits_of(card))))
