"""The page that compares models: the installed bundles, and runs of which only the figures were kept."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from pydantic import Field, ValidationError

from core.errors import InputError
from core.models.bundle import WEIGHTS_NAME, bundle_folders, cause_of, model_folders, read_bundle
from core.models.card import Card
from core.models.quantities import duration, figure
from core.output import write_document, written
from core.values import FrozenRecord, Interval

RESULTS = Path(__file__).resolve().parents[1] / "results"
PAGE, PICTURE = "models.md", "models.svg"
HEADER = ("model", "task", "parameters", "size", "epochs", "time", "device", "macro-F1 on test", "ECE")


class Result(FrozenRecord):
    """One row of the comparison.

    task: the classes, or how a run differs from the shipped ones. note: what a reader must know of it.
    calibration_error: after temperature scaling. weights_bytes: None where no weights were kept.
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
    def of(cls, card: Card, note: str = "", weights_bytes: int | None = None) -> "Result":
        good, made, pair = card.performance, card.training, card.performance.pair
        return cls(
            id=card.id,
            title=card.title,
            task=", ".join(name.replace("_", " ") for name in card.classes),
            note=note,
            parameters=card.parameters,
            depth=card.depth,
            weights_bytes=weights_bytes,
            epochs=made.epochs,
            seconds=made.seconds,
            device=made.device,
            images=good.images,
            groups=good.groups,
            group_column=good.group_column,
            split=made.split,
            macro_f1=good.macro_f1,
            pair=pair.macro_f1 if pair else None,
            pair_classes=pair.classes if pair else (),
            calibration_error=good.calibration_error,
        )

    @property
    def cells(self) -> tuple[str, ...]:
        """As in HEADER."""
        depth = f", depth {self.depth}" if self.depth else ""
        return (
            self.title,
            self.task,
            f"{self.parameters / 1e6:.1f} M{depth}",
            f"{self.weights_bytes / 1e6:.1f} MB" if self.weights_bytes else "not kept",
            str(self.epochs),
            duration(self.seconds),
            self.device,
            figure(self.macro_f1),
            "" if self.calibration_error is None else f"{self.calibration_error:.3f}",
        )


def shipped() -> list[Result]:
    """The bundles that ship, in the order of their ids. Raises DamagedBundle."""
    root = model_folders()[0]
    found = [folder for folder in bundle_folders() if folder.parent == root]
    return [
        Result.of(read_bundle(folder).card, weights_bytes=(folder / WEIGHTS_NAME).stat().st_size)
        for folder in found
    ]


def kept_results(folder: Path = RESULTS) -> list[Result]:
    """Runs without weights, by file name. Raises InputError that names a file that is none."""
    found = []
    for path in sorted(folder.glob("*.json")):
        try:
            found.append(Result.model_validate_json(path.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError, ValidationError) as error:
            raise InputError(
                f"{path.name} is no result: {cause_of(error)}.", "Correct or remove it."
            ) from None
    return found


def keep_result(path: Path, card: Card, note: str) -> None:
    """Write the figures of a bundle whose weights do not ship. Raises DiskFull."""
    write_document(path, Result.of(card, note))


def write_page(folder: Path, bundles: Sequence[Result], runs: Sequence[Result]) -> None:
    """The page and its picture into `folder`. Raises DiskFull."""
    for name, text in ((PAGE, page(bundles, runs)), (PICTURE, picture([*bundles, *runs]))):
        with written(folder / name) as file:
            file.write(text.encode("utf-8"))


def page(bundles: Sequence[Result], runs: Sequence[Result]) -> str:
    """Markdown of the comparison; the same for the same figures."""
    rows = [*bundles, *runs]
    lines = [
        "# The models side by side",
        "",
        "How good each model was on its test part, with the 95 % interval from drawing whole people"
        " again and again. Unless a row says otherwise, nobody in the test part was seen in training."
        " Intervals that overlap do not tell two models apart.",
        "",
        f"![Macro-F1 of every model with its interval]({PICTURE})",
        "",
        *_table(HEADER, [row.cells for row in rows]),
        "",
        "Macro-F1 is the mean of the classes' F1; 1 is perfect. ECE, the expected calibration error, is how"
        " far on average the probability of the class said lies from the share that is right.",
    ]
    pairs = [row for row in rows if row.pair is not None]
    if pairs:
        lines += ["", "## The fair part of a task", "", *_pairs(pairs)]
    notes = [row for row in rows if row.note]
    if notes:
        lines += ["", "## What to know of single rows", ""]
        lines += [f"- **{row.title}** ({row.images} images): {row.note}" for row in notes]
    if runs:
        lines += ["", "Rows whose size is “not kept” were trained for comparison and do not ship."]
    return "\n".join(lines) + "\n"


def _pairs(rows: Sequence[Result]) -> list[str]:
    assert all(row.pair is not None for row in rows)
    cells = [(row.title, " against ".join(row.pair_classes), figure(row.pair)) for row in rows if row.pair]
    said = (
        "Where a class comes from a hospital of its own, only the others can be compared. The test images of"
        " these two classes alone; the model says the one with the larger logit."
    )
    return [said, "", *_table(("model", "classes", "macro-F1"), cells)]


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [header, ["---"] * len(header), *rows]
    return ["| " + " | ".join(cell.replace("|", "/") for cell in line) + " |" for line in lines]


def picture(rows: Sequence[Result]) -> str:
    """SVG bars of macro-F1, written out by hand so that it is the same on every machine."""
    height, left, width = 34, 290, 340
    body = []
    for at, row in enumerate(rows):
        found, y = row.macro_f1, 14 + height * at
        low, high = left + width * found.low, left + width * found.high
        body += [
            f'<text x="{left - 10}" y="{y + 13}" text-anchor="end">{escape(row.title)}</text>',
            f'<rect x="{left}" y="{y}" width="{width * found.value:.1f}" height="18" fill="#0072B2"/>',
            f'<path d="M{low:.1f} {y + 9}H{high:.1f}M{low:.1f} {y + 4}v10M{high:.1f} {y + 4}v10"'
            ' stroke="#1b2027" stroke-width="1.5" fill="none"/>',
            f'<text x="{left + width + 10}" y="{y + 13}">{figure(found)}</text>',
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
