"""The page that compares models: the installed bundles, and runs of which only the figures were kept."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from pydantic import Field, ValidationError

from core.errors import InputError
from core.models.bundle import WEIGHTS_NAME, bundle_folders, cause_of, model_folders, read_bundle
from core.models.card import Card
from core.number_text import duration, interval
from core.output import write_document, written
from core.values import FrozenRecord, Interval

RESULTS = Path(__file__).resolve().parents[1] / "results"
PAGE, PICTURE = "models.md", "models.svg"
HEADER = ("model", "task", "parameters", "size", "epochs", "time", "device", "macro-F1 on test", "ECE")


class ComparedModel(FrozenRecord):
    """One row of the comparison.

    task: the classes, or how a run differs from the shipped ones. note: a note for the reader.
    calibration_error: after temperature scaling. weights_bytes: None if the weights were not kept.
    """

    id: str
    title: str
    task: str
    note: str = ""
    parameters: int
    depth: int | None = None
    weights_bytes: int | None = None
    epochs: int
    seconds: float
    device: str
    images: int
    groups: int
    group_column: str
    split: str
    macro_f1: Interval
    pair: Interval | None = Field(None, description="macro-F1 of the two classes that can be compared fairly")
    pair_classes: tuple[str, ...] = ()
    calibration_error: float | None = None

    @classmethod
    def of(cls, card: Card, note: str = "", weights_bytes: int | None = None) -> "ComparedModel":
        """The row of the model with this card."""
        performance, training, pair = card.performance, card.training, card.performance.pair
        return cls(
            id=card.id,
            title=card.title,
            task=", ".join(name.replace("_", " ") for name in card.classes),
            note=note,
            parameters=card.parameters,
            depth=card.depth,
            weights_bytes=weights_bytes,
            epochs=training.epochs,
            seconds=training.seconds,
            device=training.device,
            images=performance.images,
            groups=performance.groups,
            group_column=performance.group_column,
            split=training.split,
            macro_f1=performance.macro_f1,
            pair=pair.macro_f1 if pair else None,
            pair_classes=pair.classes if pair else (),
            calibration_error=performance.calibration_error,
        )

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells of the row, in the order of HEADER."""
        depth = f", depth {self.depth}" if self.depth else ""
        return (
            self.title,
            self.task,
            f"{self.parameters / 1e6:.1f} M{depth}",
            f"{self.weights_bytes / 1e6:.1f} MB" if self.weights_bytes else "not kept",
            str(self.epochs),
            duration(self.seconds),
            self.device,
            interval(self.macro_f1),
            "" if self.calibration_error is None else f"{self.calibration_error:.3f}",
        )


def installed_rows() -> list[ComparedModel]:
    """The bundles that ship, in the order of their ids. Raises DamagedBundle."""
    root = model_folders()[0]
    folders = [folder for folder in bundle_folders() if folder.parent == root]
    return [
        ComparedModel.of(read_bundle(folder).card, weights_bytes=(folder / WEIGHTS_NAME).stat().st_size)
        for folder in folders
    ]


def stored_rows(folder: Path = RESULTS) -> list[ComparedModel]:
    """Runs without weights, by file name. Raises InputError for an invalid file."""
    rows = []
    for path in sorted(folder.glob("*.json")):
        try:
            rows.append(ComparedModel.model_validate_json(path.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError, ValidationError) as error:
            raise InputError(
                f"{path.name} is not a result: {cause_of(error)}.", "Correct or remove it."
            ) from None
    return rows


def store_row(path: Path, card: Card, note: str) -> None:
    """Write the figures of a bundle whose weights do not ship. Raises DiskFull."""
    write_document(path, ComparedModel.of(card, note))


def write_page(folder: Path, bundles: Sequence[ComparedModel], runs: Sequence[ComparedModel]) -> None:
    """The page and its picture into `folder`. Raises DiskFull."""
    for name, text in ((PAGE, page(bundles, runs)), (PICTURE, picture([*bundles, *runs]))):
        with written(folder / name) as file:
            file.write(text.encode("utf-8"))


def page(bundles: Sequence[ComparedModel], runs: Sequence[ComparedModel]) -> str:
    """Markdown of the comparison; the same for the same figures."""
    rows = [*bundles, *runs]
    lines = [
        "# Model comparison",
        "",
        "The performance of each model on its test part, with the 95 % confidence interval from a bootstrap"
        " over persons. Unless a row says otherwise, no person of the test part was used in training."
        " Models whose intervals overlap cannot be distinguished.",
        "",
        f"![Macro-F1 of every model with its interval]({PICTURE})",
        "",
        *_table(HEADER, [row.cells for row in rows]),
        "",
        "Macro-F1 is the mean of the classes' F1 scores; 1 is perfect. ECE, the expected calibration error,"
        " is the mean difference between the probability of the predicted class and the share of correct"
        " predictions.",
    ]
    pairs = [row for row in rows if row.pair is not None]
    if pairs:
        lines += ["", "## Classes that can be compared fairly", "", *_pairs(pairs)]
    notes = [row for row in rows if row.note]
    if notes:
        lines += ["", "## Notes on single rows", ""]
        lines += [f"- **{row.title}** ({row.images} images): {row.note}" for row in notes]
    if runs:
        lines += ["", "Rows whose size is “not kept” were trained for comparison and do not ship."]
    return "\n".join(lines) + "\n"


def _pairs(rows: Sequence[ComparedModel]) -> list[str]:
    assert all(row.pair is not None for row in rows)
    cells = [(row.title, " versus ".join(row.pair_classes), interval(row.pair)) for row in rows if row.pair]
    introduction = (
        "If all images of a class come from one hospital, only the other classes can be compared fairly. The"
        " figures are for the test images of these two classes alone; the class with the larger logit counts"
        " as predicted."
    )
    return [introduction, "", *_table(("model", "classes", "macro-F1"), cells)]


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [header, ["---"] * len(header), *rows]
    return ["| " + " | ".join(cell.replace("|", "/") for cell in line) + " |" for line in lines]


def picture(rows: Sequence[ComparedModel]) -> str:
    """SVG bars of macro-F1, written out by hand so that it is the same on every machine."""
    height, left, width = 34, 290, 340
    body = []
    for at, row in enumerate(rows):
        macro_f1, y = row.macro_f1, 14 + height * at
        low, high = left + width * macro_f1.low, left + width * macro_f1.high
        body += [
            f'<text x="{left - 10}" y="{y + 13}" text-anchor="end">{escape(row.title)}</text>',
            f'<rect x="{left}" y="{y}" width="{width * macro_f1.value:.1f}" height="18" fill="#0072B2"/>',
            f'<path d="M{low:.1f} {y + 9}H{high:.1f}M{low:.1f} {y + 4}v10M{high:.1f} {y + 4}v10"'
            ' stroke="#1b2027" stroke-width="1.5" fill="none"/>',
            f'<text x="{left + width + 10}" y="{y + 13}">{interval(macro_f1)}</text>',
        ]
    bottom = 14 + height * len(rows)
    for share in (0, 0.5, 1):
        x = left + width * share
        body.append(f'<path d="M{x} 6V{bottom}" stroke="#d3d8df"/>')
        body.append(f'<text x="{x}" y="{bottom + 16}" text-anchor="middle" fill="#5a6472">{share:g}</text>')
    total = left + width + 140
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{total}" height="{bottom + 26}"'
        f' viewBox="0 0 {total} {bottom + 26}" font-family="sans-serif" font-size="12" fill="#1b2027">'
        f'<rect width="{total}" height="{bottom + 26}" fill="#fbfbfc"/>'
    )
    return "\n".join([head, *body, "</svg>"]) + "\n"
