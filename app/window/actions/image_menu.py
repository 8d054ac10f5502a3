"""The menu of the image: all its windows, and the actions on the image, from the table of actions."""

from collections.abc import Sequence
from functools import partial
from itertools import chain, repeat

from PySide6.QtCore import QObject, QPoint, QPointF, Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from app.shortcuts import ACTIONS, KEYS, PRESETS, Group
from app.texts import image as texts_image
from app.window.actions.table import Actions
from app.window.states.display import DisplayState
from app.window.states.session import Session
from app.window.widgets.image_view import ImageView

VIEW = ("fit", "reset", "invert", "graphics", "cine")
DRAWN = ("undo", "redo", "clear_region", "clear_measurements")


class ImageMenu(QObject):
    """Opens at a right click on the image, or at the menu key."""

    def __init__(self, view: ImageView, actions: Actions, session: Session) -> None:
        super().__init__(view)
        self._view, self._actions, self._session = view, actions, session
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._open)

    def menu(self, position: QPoint) -> QMenu:
        """Filled for what is shown at this point of the view."""
        image = self._session.image
        menu = QMenu(self._view)
        if image.image is None:
            return menu
        add_presets(menu, image.display)
        menu.addSeparator()
        self._add(menu, ("own_window",))
        self._add(menu, VIEW)
        menu.addSeparator()
        for group in (Group.TOOLS, Group.LAYOUT):
            names = [entry.name for entry in ACTIONS if entry.group is group]
            self._add(menu.addMenu(group), names)
        menu.addSeparator()
        self._add(menu, DRAWN)
        menu.addSeparator()
        self._add(menu, ("copy_picture",))
        image.set_cursor(image.viewport.view.to_slice(*QPointF(position).toTuple()))
        if image.readout:
            menu.addAction(texts_image.COPY_VALUE).triggered.connect(partial(_copy, image.readout))
        return menu

    def _add(self, menu: QMenu, names: Sequence[str]) -> None:
        menu.addActions([self._actions.by_name[name] for name in names])

    @Slot(QPoint)
    def _open(self, position: QPoint) -> None:
        menu = self.menu(position)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if not menu.isEmpty():
            menu.popup(self._view.mapToGlobal(position))


def _copy(words: str) -> None:
    QGuiApplication.clipboard().setText(words)


def add_presets(menu: QMenu, display: DisplayState) -> None:
    """All windows for the shown image, the present one marked; the first of them also have a key."""
    for window, name in zip(display.presets, chain(PRESETS, repeat("")), strict=False):
        key = next(iter(KEYS.of(name)), "") if name else ""
        words = texts_image.preset_words(window.name, window.centre, window.width, key)
        action = menu.addAction(words)
        action.setCheckable(True)
        action.setChecked(window == display.window)
        action.triggered.connect(partial(display.set_window, window))
