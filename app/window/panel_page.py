"""Which page of the help belongs to a panel."""

from PySide6.QtWidgets import QWidget

PANELS_PACKAGE = "app.window.panels"
# Pages of panels whose module has another name.
PAGE_NAMES = {"methods": "explain"}


def page_of(widget: QWidget | None) -> str:
    """The page of the panel that contains this widget, '' if none does.

    The page has the name of the panel's module.
    """
    while widget is not None:
        package, _, name = type(widget).__module__.rpartition(".")
        if package == PANELS_PACKAGE:
            return f"panels/{PAGE_NAMES.get(name, name)}"
        widget = widget.parentWidget()
    return ""
