"""A change of the scheme in the open window: everything follows, and only the window is styled anew."""

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel

from app.window.theme import DARK, LIGHT, apply_scheme
from app.window.widgets.notice_bar import NoticeBar
from app.window.widgets.tinted_button import TintedButton
from core.errors import Unreadable


def colours_of(button: TintedButton) -> set[str]:
    image = button.icon().pixmap(16, 16).toImage()
    return {
        image.pixelColor(x, y).name()
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() == 255
    }


def test_that_panels_labels_and_icons_follow(open_window, qapp) -> None:
    window = open_window()
    window.session.notices.report("file", Unreadable("The file cannot be read.", "Try another."))
    for scheme, colours in (("light", LIGHT), ("dark", DARK)):
        apply_scheme(scheme)
        qapp.processEvents()
        corner = window.studies_panel.grab().toImage().pixelColor(1, 1)
        assert corner == QColor(colours.panel)
        plain = QLabel("plain", window)
        assert plain.palette().windowText().color() == QColor(colours.text)
        buttons = window.findChild(NoticeBar).findChildren(TintedButton)
        assert buttons
        assert all(colours_of(button) == {colours.muted} for button in buttons)


def test_that_the_application_has_no_sheet_of_its_own(open_window, qapp) -> None:
    """Each change of that one styles every widget several times over, for 0.4 s."""
    window = open_window()
    before = window.styleSheet()
    apply_scheme("light")
    assert qapp.styleSheet() == ""
    assert window.styleSheet() != before
