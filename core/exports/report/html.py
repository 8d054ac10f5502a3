"""A report as one HTML file: no script, nothing that is loaded, every text escaped."""

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from html import escape

from core.arrays import Array
from core.exports.report.content import (
    Bars,
    Block,
    ColumnBlock,
    FactBlock,
    Items,
    Picture,
    Pictures,
    Plots,
    Report,
    ReportColourBar,
    Section,
    Table,
    Text,
    Verdicts,
    WordBlock,
)
from core.exports.report.drawing import Drawing, DrawnLine, Mark, Shape, drawing_of
from core.exports.report.html_style import style_sheet
from core.exports.report.palette import LIGHT
from core.exports.report.pictures import png_of

TONES = {"plain": "", "strong": "lead", "caution": "caution", "small": "small"}


def html_of(report: Report) -> bytes:
    """The file in UTF-8; the same report gives the same bytes."""
    style = style_sheet()
    digest = b64encode(sha256(style.encode()).digest()).decode()
    # Nothing is loaded: pictures and fonts are in the file, and the style is the one with this hash.
    policy = (
        "default-src 'none'; img-src data:; font-src data:; base-uri 'none'; form-action 'none';"
        f" style-src 'sha256-{digest}'"
    )
    lines = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        f'<meta name="description" content="{_safe(" ".join(report.statement))}">',
        f"<title>{_safe(report.title)}</title>",
        f"<style>{style}</style>",
        "</head>",
        f'<body class="{report.extent}">',
        "<header>",
        f'<p class="research">{_safe(report.caution)}</p>',
        f"<h1>{_safe(report.title)}</h1>",
        f'<p class="subtitle">{_safe(report.subtitle)}</p>',
        "</header>",
        "<main>",
        *(line for block in report.body for line in _block(block, 2)),
        "</main>",
        f'<footer><p class="research">{_safe(report.caution)}</p></footer>',
        "</body>",
        "</html>",
        "",
    ]
    return "\n".join(lines).encode()


def _safe(text: str) -> str:
    """Text that is neither markup nor the end of an attribute; control characters have no place in HTML."""
    return escape("".join(char if char.isprintable() or char in "\n\t" else " " for char in text))


def _columns(columns: ColumnBlock, level: int) -> Iterator[str]:
    yield '<div class="columns">'
    for column in (columns.left, columns.right):
        yield "<div>"
        for block in column:
            yield from _block(block, level)
        yield "</div>"
    yield "</div>"


def _section(section: Section, level: int) -> Iterator[str]:
    yield f"<section><h{level}>{_safe(section.title)}</h{level}>"
    for block in section.blocks:
        yield from _block(block, level + 1)
    yield "</section>"


def _block(block: Block, level: int) -> Iterator[str]:
    """level: of the headings of the sections in it."""
    match block:
        case Section():
            yield from _section(block, level)
        case ColumnBlock():
            yield from _columns(block, level)
        case Pictures():
            yield '<div class="pictures">'
            for picture in block.pictures:
                yield from _picture(picture)
            yield "</div>"
        case Plots():
            yield '<div class="pictures">'
            for plot in block.plots:
                yield f"<figure>{_svg(drawing_of(plot), plot.title)}</figure>"
            yield "</div>"
        case _:
            yield from _words(block)


def _words(block: WordBlock) -> Iterator[str]:
    match block:
        case Text():
            name = f' class="{TONES[block.tone]}"' if TONES[block.tone] else ""
            yield f"<p{name}>{_safe(block.words)}</p>"
        case Items():
            yield f"<ul>{''.join(f'<li>{_safe(entry)}</li>' for entry in block.entries)}</ul>"
        case FactBlock():
            rows = "".join(f"<dt>{_safe(name)}</dt><dd>{_safe(value)}</dd>" for name, value in block.rows)
            yield f'<dl class="facts">{rows}</dl>'
        case Table():
            yield from _table(block)
        case Bars():
            yield from _bars(block)
        case Verdicts():
            yield '<dl class="verdicts">'
            for each in block.verdicts:
                answer = f"{each.symbol} {each.question}: {each.answer}."
                yield f"<dt>{_safe(answer)}</dt><dd>{_safe(each.sentence)}</dd>"
            yield "</dl>"


def _table(table: Table) -> Iterator[str]:
    columns = "".join(f'<col width="{100 * share / sum(table.shares):.1f}%">' for share in table.shares)
    yield f"<table><caption>{_safe(table.title)}</caption><colgroup>{columns}</colgroup><thead><tr>"
    yield "".join(f'<th scope="col">{_safe(cell)}</th>' for cell in table.header)
    yield "</tr></thead><tbody>"
    for first, *rest in table.rows:
        cells = "".join(f"<td>{_safe(cell)}</td>" for cell in rest)
        yield f'<tr><th scope="row">{_safe(first)}</th>{cells}</tr>'
    yield "</tbody></table>"


def _bars(bars: Bars) -> Iterator[str]:
    yield f'<p class="small">{_safe(bars.title)}</p><ul class="bars">'
    for bar in bars.bars:
        width = f"{100 * min(max(bar.share, 0), 1):.2f}"
        yield (
            f"<li><span>{_safe(bar.name)}</span><span>{_safe(bar.words)}</span>"
            '<svg viewBox="0 0 100 7" preserveAspectRatio="none" aria-hidden="true">'
            f'<rect class="bar-back" width="100" height="7"/><rect class="bar" width="{width}" height="7"/>'
            "</svg></li>"
        )
    yield "</ul>"


def _picture(picture: Picture) -> Iterator[str]:
    yield '<figure><div class="picture"><div class="field">'
    yield f'<img src="{_data(picture.pixels)}" alt="{_safe(picture.alt)}">'
    if picture.letters is not None:
        for side in ("top", "left", "bottom", "right"):
            yield f'<span class="{side}">{_safe(getattr(picture.letters, side))}</span>'
    yield "</div>"
    if picture.bar is not None:
        yield from _colour_bar(picture.bar)
    if picture.note:
        yield f'<p class="no-evidence">{_safe(picture.note)}</p>'
    yield f"</div><figcaption>{_safe(picture.caption)}</figcaption></figure>"


def _colour_bar(bar: ReportColourBar) -> Iterator[str]:
    ticks = "".join(f"<li>{_safe(words)}</li>" for _, words in reversed(bar.ticks))
    words = "Colours of the map, the highest value above"
    yield f'<div class="scale"><img src="{_data(bar.pixels)}" alt="{words}"><ol>{ticks}</ol></div>'


def _data(pixels: Array) -> str:
    return f"data:image/png;base64,{b64encode(png_of(pixels)).decode()}"


def _svg(drawing: Drawing, title: str) -> str:
    shapes = "".join(_shape(shape) for shape in drawing.shapes)
    return (
        f'<svg class="plot" viewBox="0 0 {drawing.width:g} {drawing.height:g}" role="img"'
        f' aria-label="{_safe(title)}">{shapes}</svg>'
    )


def _shape(shape: Shape) -> str:
    match shape:
        case DrawnLine():
            name = f"curve{shape.style % len(LIGHT.curves)}" if shape.role == "curve" else shape.role
            dash = f' stroke-dasharray="{" ".join(f"{each:g}" for each in shape.dash)}"' if shape.dash else ""
            points = f'points="{_points(shape.points)}"'
            return f'<polyline class="{name}" {points} stroke-width="{shape.width:g}"{dash}/>'
        case Mark():
            return (
                f'<polygon class="mark{shape.style % len(LIGHT.curves)}" points="{_points(shape.points)}"/>'
            )
    turn = f' transform="rotate(-90 {shape.x:g} {shape.y:g})"' if shape.is_upright else ""
    name = ' class="title"' if shape.is_bold else ""
    return (
        f'<text{name} x="{shape.x:.2f}" y="{shape.y:.2f}" text-anchor="{shape.anchor}"{turn}>'
        f"{_safe(shape.text)}</text>"
    )


def _points(points: tuple[tuple[float, float], ...]) -> str:
    return " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
