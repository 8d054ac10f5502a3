"""Fonts of PDF reports: the program's font, embedded, and others for letters that it lacks."""

from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from core.models.bundle import RESOURCES

REGULAR, BOLD = "SaliscopeReport", "SaliscopeReport-SemiBold"
FALLBACK = "SaliscopeReport-Fallback"
FILES = {REGULAR: "InterTabular-Regular.ttf", BOLD: "InterTabular-SemiBold.ttf"}
# Fonts that a PDF names and its reader brings, for letters of East Asia: no open font of a fit size has them.
HAN, KANA, HANGUL = "STSong-Light", "HeiseiKakuGo-W5", "HYGothic-Medium"


def register_fonts() -> None:
    """Make the fonts known to reportlab; later calls do nothing."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.ttfonts import TTFont

    if REGULAR in pdfmetrics.getRegisteredFontNames():
        return
    for name, file in FILES.items():
        pdfmetrics.registerFont(TTFont(name, str(RESOURCES / "fonts" / file)))
    pdfmetrics.registerFont(TTFont(FALLBACK, str(_fallback_file())))
    for name in (HAN, KANA, HANGUL):
        pdfmetrics.registerFont(UnicodeCIDFont(name))
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
    if code in _letters(FALLBACK):
        return FALLBACK, letter
    for name, ranges in _EAST_ASIAN:
        if any(first <= code <= last for first, last in ranges):
            return name, letter
    return font, f"[U+{code:04X}]"


_EAST_ASIAN = (
    (HANGUL, ((0x1100, 0x11FF), (0xAC00, 0xD7A3))),
    (KANA, ((0x3040, 0x30FF),)),
    (HAN, ((0x3000, 0x303F), (0x4E00, 0x9FFF), (0xFF00, 0xFFEF))),
)


@cache
def _letters(font: str) -> frozenset[int]:
    from reportlab.pdfbase import pdfmetrics

    return frozenset(pdfmetrics.getFont(font).face.charToGlyph)


def _fallback_file() -> Path:
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
