"""The program's own font: there in both weights, with figures of one width and its licence beside it."""

import pytest
from PySide6.QtGui import QFont, QFontInfo, QFontMetricsF, QRawFont

from app.window.fonts import BODY, FAMILY, FILES, LARGE, SECONDARY, SMALLEST, load_fonts, sized
from core.models.bundle import RESOURCES


@pytest.fixture
def font(qapp) -> QFont:
    load_fonts(qapp)
    return qapp.font()


def test_that_the_program_writes_in_its_own_font(font: QFont) -> None:
    assert QFontInfo(font).family() == FAMILY
    assert font.pixelSize() == BODY


def test_that_both_weights_are_drawn_and_not_imitated(font: QFont) -> None:
    regular, strong = (QRawFont(str(RESOURCES / "fonts" / file), 13.0).weight() for file in FILES)
    assert regular == 400 < strong
    widths = [
        QFontMetricsF(sized(font, LARGE, bold)).horizontalAdvance("Saliscope") for bold in (False, True)
    ]
    assert widths[0] < widths[1]


@pytest.mark.parametrize("size", [LARGE, BODY, SECONDARY, SMALLEST])
@pytest.mark.parametrize("is_strong", [False, True])
def test_that_figures_have_one_width(font: QFont, size: int, is_strong: bool) -> None:
    metrics = QFontMetricsF(sized(font, size, is_strong))
    widths = {metrics.horizontalAdvance(20 * sign) for sign in "0123456789"}
    assert len(widths) == 1
    assert metrics.horizontalAdvance("i") < metrics.horizontalAdvance("m")


def test_that_signs_of_the_program_s_figures_are_in_the_font(font: QFont) -> None:
    raw = QRawFont.fromFont(font)
    assert [sign for sign in "−±×°²≤≥→↑…–“”é" if not raw.supportsCharacter(ord(sign))] == []


def test_that_the_licence_lies_beside_the_font() -> None:
    text = (RESOURCES / "fonts" / "LICENSE-OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in text
    assert sum(path.stat().st_size for path in (RESOURCES / "fonts").iterdir()) < 1_000_000
