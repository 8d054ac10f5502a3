"""Contrast of everything that the style sheet and the painted widgets put on each other (WCAG 2, AA)."""

import re
import shutil
from collections.abc import Iterator
from string import Template

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QCheckBox, QComboBox, QSlider, QVBoxLayout, QWidget

from app.window import theme
from app.window.icons import PICTURES_FOLDER
from app.window.style_sheet import SHEET
from app.window.theme import DARK, LIGHT, THEME, Colours
from core.figures import scheme_colours
from tests.contrast import contrast

TEXT, GRAPHICS = 4.5, 3.0
# What a panel, a control, and a selected row are painted with: text without a background lies on any of them.
SURFACES = ("window", "panel", "raised", "soft")
FIELD = {"image", "image_text", "image_quiet"}
IMAGE = {
    "image": scheme_colours.IMAGE_FIELD,
    "image_text": scheme_colours.IMAGE_TEXT,
    "image_quiet": scheme_colours.IMAGE_QUIET,
}
RULES = re.findall(r"([^{}]+)\{([^}]*)\}", Template(SHEET.template).template.replace("${", "$<"))

schemes = pytest.mark.parametrize("colours", [DARK, LIGHT], ids=["dark", "light"])


def mixed(colour: QColor, ground: str) -> str:
    """What a translucent colour looks like on an opaque one."""
    below, share = QColor(ground), colour.alphaF()
    parts = zip(
        (colour.red(), colour.green(), colour.blue()),
        (below.red(), below.green(), below.blue()),
        strict=True,
    )
    return "#" + "".join(f"{round(share * over + (1 - share) * under):02x}" for over, under in parts)


def sheet_pairs() -> Iterator[tuple[str, str, str]]:
    """Selector, colour of the text, and each background that the sheet puts it on, as names."""
    for selector, body in RULES:
        text = re.search(r"(?<![-\w])color: \$(\w+)", body)
        ground = re.search(r"background(?:-color)?: \$(\w+)", body)
        selected = re.search(r"selection-color: \$(\w+)", body)
        selection = re.search(r"selection-background-color: \$(\w+)", body)
        if selected and selection:
            yield selector.strip(), selected[1], selection[1]
        if text is None:
            continue
        if ground is not None and not ground.group(0).startswith("selection"):
            yield selector.strip(), text[1], ground[1]
        elif text[1] == "on_accent":
            yield selector.strip(), text[1], "accent"
        elif text[1] in FIELD:
            yield selector.strip(), text[1], "image"
        else:
            for surface in SURFACES:
                yield selector.strip(), text[1], surface


def value(colours: Colours, name: str) -> str:
    return IMAGE[name] if name in IMAGE else str(getattr(colours, name))


def test_that_the_formula_is_that_of_wcag() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21.0)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)  # the known lightest grey


@schemes
def test_that_every_text_of_the_sheet_is_readable_on_what_lies_below(colours: Colours) -> None:
    pairs = list(sheet_pairs())
    assert len(pairs) > 60, "the rules were not read"
    poor = {
        (selector, text, ground, round(contrast(value(colours, text), value(colours, ground)), 2))
        for selector, text, ground in pairs
        if contrast(value(colours, text), value(colours, ground)) < TEXT
    }
    assert poor == set()


@schemes
def test_that_text_colours_are_readable_on_every_surface_they_may_lie_on(colours: Colours) -> None:
    names = ("text", "muted", "good", "warning", "error")
    grounds = dict.fromkeys(names, SURFACES) | {"warning": (*SURFACES, "warning_back")}
    grounds["error"] = (*SURFACES, "error_back")
    grounds["text"] = grounds["muted"] = (*SURFACES, "warning_back", "error_back")
    poor = {
        (name, ground)
        for name in names
        for ground in grounds[name]
        if contrast(value(colours, name), value(colours, ground)) < TEXT
    }
    assert poor == set()


@schemes
def test_that_colours_of_curves_are_readable_as_text_too(colours: Colours) -> None:
    poor = [
        (curve, ground)
        for curve in (*colours.curves, colours.control_map)
        for ground in SURFACES
        if contrast(curve, value(colours, ground)) < TEXT
    ]
    assert poor == []


@schemes
def test_that_the_focus_is_visible_on_every_surface(colours: Colours) -> None:
    assert [name for name in SURFACES if contrast(colours.accent, value(colours, name)) < GRAPHICS] == []


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_that_figures_are_readable_on_every_shade_of_a_matrix(qapp, scheme) -> None:
    THEME.apply(qapp, scheme)
    colours = THEME.colours
    poor = [
        step / 20
        for step in range(-20, 21)
        if contrast(colours.text, mixed(theme.shade(step / 20), colours.panel)) < TEXT
    ]
    assert poor == []


def test_that_words_on_the_image_are_readable_on_its_background() -> None:
    for colour in (
        scheme_colours.IMAGE_TEXT,
        scheme_colours.IMAGE_QUIET,
        theme.REGION,
        theme.CROSSHAIR,
        theme.MEASUREMENT,
    ):
        assert contrast(colour, scheme_colours.IMAGE_FIELD) >= TEXT


def test_that_the_accent_colour_stands_for_focus_and_the_primary_action_only() -> None:
    others = [
        selector.strip()
        for selector, body in RULES
        if "$accent" in body and ":focus" not in selector and "primary" not in selector
    ]
    assert others == []


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_that_every_name_in_the_sheet_is_filled_in(qapp, scheme) -> None:
    assert "$" not in theme.style_sheet(DARK if scheme == "dark" else LIGHT)


def test_that_controls_look_the_same_where_the_folder_of_the_pictures_has_spaces_and_umlauts(
    qtbot, qapp, tmp_path, monkeypatch
) -> None:
    """A style sheet with such a path ends there, and what follows has no style."""

    def painted() -> QImage:
        monkeypatch.setattr(THEME, "_applied", None)
        THEME.apply(qapp, "dark")
        panel = QWidget()
        qtbot.addWidget(panel)
        column = QVBoxLayout(panel)
        box, chooser, slider = QCheckBox("Overlay"), QComboBox(), QSlider(Qt.Orientation.Horizontal)
        box.setChecked(True)
        chooser.addItem("Inferno")
        for control in (box, chooser, slider):
            column.addWidget(control)
        THEME.dress(panel)
        return panel.grab().toImage()

    folder = tmp_path / "\u00c4rztliche Ablage (1) \u533b\u7642's"
    shutil.copytree(PICTURES_FOLDER, folder)
    for picture in PICTURES_FOLDER.glob("*.svg"):
        (tmp_path / picture.name).write_text('<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>')
    pictures = {}
    for place in (folder, tmp_path, PICTURES_FOLDER):  # the second has blank pictures; the last stays
        monkeypatch.setattr(theme, "PICTURES_FOLDER", place)
        pictures[place] = painted()
    assert pictures[folder] == pictures[PICTURES_FOLDER]
    assert pictures[tmp_path] != pictures[PICTURES_FOLDER]
