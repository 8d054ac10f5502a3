"""Fonts of PDF reports: the program's font, embedded, and others for letters that it lacks."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from xml.sax.saxutils import escape

from core.models.bundle import RESOURCES

REGULAR, BOLD = "SaliscopeReport", "SaliscopeReport-SemiBold"
FALLBACK = "SaliscopeReport-Fallback"
FILES = {REGULAR: "InterTabular-Regular.ttf", BOLD: "InterTabular-SemiBold.ttf"}
# Fonts with the letters of East Asia: no open one is small enough to be bundled, so that the first one of the
# system is embedded, as far as its letters are used. All have outlines that reportlab can embed.
SYSTEM_FONTS = (
    "C:/Windows/Fonts/msyh.ttc",
    "C:/Windows/Fonts/meiryo.ttc",
    "C:/Windows/Fonts/malgun.ttf",
    "/System/Library/Fonts/Supplemental/Arial Unicode.ttf",
    "/Library/Fonts/Arial Unicode.ttf",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
)


def register_fonts() -> None:
    """Make the program's fonts known to reportlab; later calls do nothing."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    if REGULAR in pdfmetrics.getRegisteredFontNames():
        return
    for name, file in FILES.items():
        pdfmetrics.registerFont(TTFont(name, str(RESOURCES / "fonts" / file)))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)


def marked_up(text: str, is_bold: bool = False) -> str:
    """Text as reportlab's paragraphs take it, each run of letters in a font that has them.

    A letter that no font has becomes its number in brackets, such as [U+1F9E0], never an empty box.
    """
    return "".join(
        escape(run) if font in FILES else f'<font name="{font}">{escape(run)}</font>'
        for font, run in font_runs(text, BOLD if is_bold else REGULAR)
    )


def font_runs(text: str, font: str = REGULAR) -> list[tuple[str, str]]:
    """A text in runs of one font each. font: the one of the program that is taken wherever it can be."""
    runs: list[tuple[str, str]] = []
    for letter in text:
        name, shown = _font_of(letter, font)
        if runs and runs[-1][0] == name:
            runs[-1] = (name, runs[-1][1] + shown)
        else:
            runs.append((name, shown))
    return runs


def _font_of(letter: str, font: str) -> tuple[str, str]:
    """The font of a letter, and the letter or what stands for it."""
    code = ord(letter)
    if not letter.isprintable() and letter != "\u00a0":
        return font, " "
    if code in _letters(font):
        return font, letter
    for name in _other_fonts():
        if code in _letters(name):
            return name, letter
    return font, f"[U+{code:04X}]"


@cache
def _other_fonts() -> tuple[str, ...]:
    """The names of fonts for letters that the program's lacks, after they were registered."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFError, TTFont

    names = []
    system = {f"{FALLBACK}-{Path(file).stem}": file for file in SYSTEM_FONTS}
    for name, file in {FALLBACK: _fallback_file(), **system}.items():
        try:
            pdfmetrics.registerFont(TTFont(name, file))
        except (TTFError, OSError):
            continue
        names.append(name)
    return tuple(names)


@cache
def _letters(font: str) -> frozenset[int]:
    from reportlab.pdfbase import pdfmetrics

    return frozenset(pdfmetrics.getFont(font).face.charToGlyph)


def _fallback_file() -> str:
    """DejaVu Sans, which comes with matplotlib; that need not be imported for it."""
    spec = find_spec("matplotlib")
    folders = spec.submodule_search_locations if spec is not None else None
    return str(Path(folders[0]) / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf") if folders else ""
