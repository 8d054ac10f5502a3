"""Tool tips that name keys, after a person has changed the keys."""

import re
from collections.abc import Mapping

from PySide6.QtWidgets import QWidget


def exchange_key_tips(window: QWidget, phrases: Mapping[str, str]) -> None:
    """Replace phrases such as "Explain (Ctrl+E)", of which panels compose their tips, by new ones.

    So no panel needs to know that keys can change.
    """
    patterns = [(_as_part(old), new) for old, new in phrases.items() if old != new]
    if not patterns:
        return
    for widget in window.findChildren(QWidget):
        tip = replaced = widget.toolTip()
        for pattern, new in patterns:
            replaced = pattern.sub(new.replace("\\", r"\\"), replaced)
        if replaced != tip:
            widget.setToolTip(replaced)


def _as_part(phrase: str) -> re.Pattern[str]:
    """The phrase as a whole: at an end of the tip, or beside a colon, comma or bracket."""
    return re.compile(rf"(?:(?<=^)|(?<=[:,] )|(?<=\())\b{re.escape(phrase)}(?=$|[,)])")
