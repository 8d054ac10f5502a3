"""The actions of the window, made from the table of shortcuts, and the menus made of them."""

from collections.abc import Callable
from functools import partial
from itertools import chain, repeat
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QLabel, QMenu

from app.texts import window as texts
from app.texts.image import preset_words
from app.window.dialogs import show_about, show_keys
from app.window.settings import Scheme
from app.window.shortcuts import ACTIONS, PRESETS, Group
from app.window.states.image import OPACITY_STEP
from app.window.states.session import Session
from app.window.states.viewport import ZOOM_STEP
from app.window.widgets.image_view import ImageView

if TYPE_CHECKING:
    from app.window.main_window import MainWindow


class Actions(QObject):
    """Every action by its name, bound to the session or the window."""

    def __init__(self, window: "MainWindow", session: Session, view: ImageView) -> None:
        super().__init__(window)
        self._window, self._session = window, session
        self.by_name: dict[str, QAction] = {}
        does = self._bindings()
        for entry in ACTIONS:
            made = QAction(entry.text, self)
            made.setShortcuts([QKeySequence(key) for key in entry.keys])
            made.triggered.connect(does[entry.name])
            if entry.in_image:
                made.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
                view.addAction(made)
            else:
                window.addAction(made)
            self.by_name[entry.name] = made
        for key in PRESETS:
            made = QAction(self)
            made.setShortcut(key)
            made.triggered.connect(partial(session.image.display.use_preset, int(key)))
            window.addAction(made)
        for name in ("overlay", "cells", "draw_region"):
            self.by_name[name].setCheckable(True)
        self._make_menus()
        session.image.overlay_changed.connect(self._show_states)
        session.explain.changed.connect(self._show_states)
        session.explain.progressed.connect(self._show_states)
        session.curves.changed.connect(self._show_states)
        session.judging.progressed.connect(self._show_states)
        session.cases.reading_changed.connect(self._show_states)
        session.region.changed.connect(self._show_states)
        session.region.drawing_changed.connect(self._show_states)
        self._show_states()

    def _bindings(self) -> dict[str, Callable[..., object]]:
        window, session = self._window, self._session
        image, cases = session.image, session.cases
        return {
            "open": window.open_files,
            "open_folder": window.open_folder,
            "open_mask": window.open_mask,
            "quit": window.close,
            "draw_region": lambda: session.region.set_drawing(not session.region.drawing),
            "clear_region": session.region.clear,
            "undo": session.region.undo,
            "zoom_in": lambda: image.viewport.zoom_by(ZOOM_STEP),
            "zoom_out": lambda: image.viewport.zoom_by(1 / ZOOM_STEP),
            "fit": image.viewport.fit,
            "reset": image.reset,
            "invert": image.display.invert,
            "own_window": image.display.use_own_window,
            "previous_slice": lambda: cases.go_to(cases.frame - 1),
            "next_slice": lambda: cases.go_to(cases.frame + 1),
            "first_slice": lambda: cases.go_to(0),
            "last_slice": lambda: cases.go_to(image.frames - 1),
            "overlay": lambda: image.set_overlay_on(not image.overlay_on),
            "less_opacity": lambda: image.set_opacity(image.opacity - OPACITY_STEP),
            "more_opacity": lambda: image.set_opacity(image.opacity + OPACITY_STEP),
            "cells": lambda: image.set_native_cells(not image.native_cells),
            "explain": session.start_explaining,
            "cancel": session.cancel,
            "full_screen": window.toggle_full_screen,
            "reset_layout": window.reset_layout,
            "help": window.show_help,
            "keys": lambda: show_keys(window),
            "about": lambda: show_about(window),
        }

    def _make_menus(self) -> None:
        bar = self._window.menuBar()
        file, view, model, explain, help_menu = (bar.addMenu(f"&{title}") for title in texts.MENUS)
        self._fill(file, Group.FILE)
        self._fill(view, Group.IMAGE, Group.OVERLAY)
        view.addSeparator()
        self._presets = view.addMenu(texts.WINDOWS)
        self._presets.aboutToShow.connect(self._fill_presets)
        panels = view.addMenu(texts.PANELS)
        for dock in self._window.docks:
            panels.addAction(dock.toggleViewAction())
        panels.addSeparator()
        for at in range(self._window.tabs.count()):
            made = panels.addAction(self._window.tabs.tabText(at))
            made.triggered.connect(partial(self._window.show_tab, at))
        self._add_schemes(view.addMenu(texts.THEME))
        self._fill(view, Group.VIEW)
        self._models = model
        self._add_models(model)
        self._fill(explain, Group.EXPLAIN)
        self._fill(help_menu, Group.HELP)
        disclaimer = QLabel(texts.NOT_FOR_DIAGNOSIS, bar)
        disclaimer.setObjectName("disclaimer")
        bar.setCornerWidget(disclaimer, Qt.Corner.TopRightCorner)

    def _fill(self, menu: QMenu, *groups: Group) -> None:
        for group in groups:
            if not menu.isEmpty():
                menu.addSeparator()
            for entry in ACTIONS:
                if entry.group is group:
                    menu.addAction(self.by_name[entry.name])

    def _add_schemes(self, menu: QMenu) -> None:
        group = QActionGroup(menu)
        schemes: tuple[Scheme, ...] = ("system", "light", "dark")
        for scheme in schemes:
            made = QAction(texts.SCHEMES[scheme], group, checkable=True)
            made.setChecked(scheme == self._window.scheme)
            made.triggered.connect(partial(self._window.set_scheme, scheme))
            menu.addAction(made)

    def _add_models(self, menu: QMenu) -> None:
        group = QActionGroup(menu)
        for card in self._session.prediction.cards:
            made = QAction(card.title, group, checkable=True)
            made.setChecked(card is self._session.prediction.card)
            made.triggered.connect(partial(self._session.prediction.choose, card.id))
            menu.addAction(made)
        menu.addSeparator()
        show = menu.addAction(texts.SHOW_CARD)
        show.triggered.connect(partial(self._window.show_panel, self._window.model_panel))

    @Slot()
    def _fill_presets(self) -> None:
        self._presets.clear()
        image = self._session.image
        # All are here; the first of them have a key too.
        for window, key in zip(image.display.presets, chain(PRESETS, repeat("")), strict=False):
            made = self._presets.addAction(preset_words(window.name, window.centre, window.width, key))
            made.triggered.connect(partial(image.display.set_window, window))
        self._presets.setEnabled(True)

    @Slot()
    def _show_states(self) -> None:
        image = self._session.image
        self.by_name["overlay"].setChecked(image.overlay_on)
        self.by_name["cells"].setChecked(image.native_cells)
        region = self._session.region
        self.by_name["draw_region"].setChecked(region.drawing)
        for name in ("draw_region", "open_mask"):
            self.by_name[name].setEnabled(image.image is not None)
        self.by_name["clear_region"].setEnabled(region.mask is not None)
        self.by_name["undo"].setEnabled(region.can_undo)
        self.by_name["explain"].setEnabled(self._session.explain.can_explain)
        self.by_name["cancel"].setEnabled(self._session.busy)
