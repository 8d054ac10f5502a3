"""The actions and menus of the window, from the table of shortcuts."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import chain, repeat

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QLabel, QMainWindow, QMenu

from app.shortcuts import ACTIONS, PRESETS, Group, tooltip
from app.texts import window as texts
from app.texts.image import BUTTONS, preset_words
from app.window.dialogs import show_about, show_keys
from app.window.docks import Docks
from app.window.label_menu import LabelMenu
from app.window.settings import Scheme
from app.window.states.image import OPACITY_STEP
from app.window.states.planes import next_axis
from app.window.states.session import Session
from app.window.states.tool import MEASURING, Tool
from app.window.states.viewport import ZOOM_STEP
from app.window.widgets.image_view import ImageView

CHECKABLE = (
    "overlay",
    "identity",
    "cells",
    "draw_region",
    "graphics",
    "cine",
    "measure_distance",
    "measure_angle",
    "one_plane",
    "three_planes",
)
# The buttons above the image, in groups.
TOOLS = (
    ("one_plane", "three_planes"),
    ("measure_distance", "measure_angle", "draw_region"),
    ("cine", "invert", "reset"),
)


@dataclass(frozen=True, slots=True)
class WindowCommands:
    """What the window itself does at an action."""

    open_files: Callable[[], None]
    open_folder: Callable[[], None]
    open_mask: Callable[[], None]
    export_deidentified: Callable[[], None]
    show_tags: Callable[[], None]
    toggle_full_screen: Callable[[], None]
    show_help: Callable[[], None]
    show_card: Callable[[], None]
    set_scheme: Callable[[Scheme], None]


class Actions(QObject):
    """The actions by name, bound to functions of the session or the window."""

    def __init__(
        self,
        window: QMainWindow,
        session: Session,
        view: ImageView,
        docks: Docks,
        commands: WindowCommands,
        scheme: Scheme,
    ) -> None:
        """scheme: the current one, which the menu marks."""
        super().__init__(window)
        self._window, self._session, self._docks = window, session, docks
        self._commands, self._scheme = commands, scheme
        self.by_name: dict[str, QAction] = {}
        functions = self._bindings()
        for entry in ACTIONS:
            action = QAction(entry.text, self)
            action.setShortcuts([QKeySequence(key) for key in entry.keys])
            action.setToolTip(tooltip(entry.name))
            action.setIconText(BUTTONS.get(entry.name, entry.text))
            action.triggered.connect(functions[entry.name])
            if entry.in_image:
                action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
                view.addAction(action)
            else:
                window.addAction(action)
            self.by_name[entry.name] = action
        for key in PRESETS:
            action = QAction(self)
            action.setShortcut(key)
            action.triggered.connect(partial(session.image.display.use_preset, int(key)))
            window.addAction(action)
        for name in CHECKABLE:
            self.by_name[name].setCheckable(True)
        self._make_menus()
        session.image.overlay_changed.connect(self._show_states)
        session.explain.changed.connect(self._show_states)
        session.prediction.changed.connect(self._show_states)
        session.explain.progressed.connect(self._show_states)
        session.curves.changed.connect(self._show_states)
        session.checks.progressed.connect(self._show_states)
        session.cases.reading_changed.connect(self._show_states)
        for signal in (
            session.deidentification.progressed,
            session.studies.changed,
            session.region.changed,
            session.tool.changed,
            session.undo.changed,
            session.measurements.changed,
            session.planes.changed,
            session.cine.changed,
            session.image.display.window_changed,
        ):
            signal.connect(self._show_states)
        self._show_states()

    def _bindings(self) -> dict[str, Callable[..., object]]:
        window, commands, session = self._window, self._commands, self._session
        image, slices, planes = session.image, session.cases.slices, session.planes
        studies = session.studies
        return {
            "open": commands.open_files,
            "open_folder": commands.open_folder,
            "open_mask": commands.open_mask,
            "close_all": session.cases.close_all,
            "export_deidentified": commands.export_deidentified,
            "tags": commands.show_tags,
            "quit": window.close,
            "draw_region": lambda: session.tool.toggle(Tool.REGION),
            "clear_region": session.region.clear,
            "undo": self._undo,
            "graphics": image.display.toggle_graphics,
            "cine": session.cine.toggle,
            "measure_distance": lambda: session.tool.toggle(Tool.DISTANCE),
            "measure_angle": lambda: session.tool.toggle(Tool.ANGLE),
            "clear_measurements": session.measurements.clear,
            "one_plane": lambda: planes.show_three(False),
            "three_planes": lambda: planes.show_three(True),
            "next_plane": lambda: planes.make_active(next_axis(planes.active_axis)),
            "zoom_in": lambda: image.viewport.zoom_by(ZOOM_STEP),
            "zoom_out": lambda: image.viewport.zoom_by(1 / ZOOM_STEP),
            "fit": image.viewport.fit,
            "reset": self._reset_view,
            "invert": image.display.invert,
            "own_window": image.display.use_own_window,
            "previous_slice": lambda: slices.go_by(-1),
            "next_slice": lambda: slices.go_by(1),
            "first_slice": lambda: slices.go_to_index(0),
            "highest_slice": session.highest_slice.find,
            "last_slice": lambda: slices.go_to_index(image.slices - 1),
            "overlay": lambda: image.set_overlay_on(not image.overlay_on),
            "less_opacity": lambda: image.set_opacity(image.opacity - OPACITY_STEP),
            "more_opacity": lambda: image.set_opacity(image.opacity + OPACITY_STEP),
            "cells": lambda: image.set_native_cells(not image.native_cells),
            "explain": session.start_explaining,
            "cancel": session.cancel,
            "identity": lambda: studies.set_identity_shown(not studies.is_identity_shown),
            "full_screen": commands.toggle_full_screen,
            "reset_layout": self._docks.reset,
            "help": commands.show_help,
            "keys": lambda: show_keys(window),
            "about": lambda: show_about(window),
        }

    def _make_menus(self) -> None:
        bar = self._window.menuBar()
        file, view, model, explain, help_menu = (bar.addMenu(f"&{title}") for title in texts.MENUS)
        self._fill(file, Group.FILE)
        self._fill(view, Group.IMAGE, Group.OVERLAY, Group.MEASURE)
        view.addSeparator()
        self._fill(view.addMenu(Group.LAYOUT), Group.LAYOUT)
        self._presets = view.addMenu(texts.WINDOWS)
        self._presets.aboutToShow.connect(self._fill_presets)
        view.addMenu(LabelMenu(self._session.region.reference, view))
        panels = view.addMenu(texts.PANELS)
        for dock in self._docks.all:
            panels.addAction(dock.toggleViewAction())
        panels.addSeparator()
        for at in range(self._docks.tabs.count()):
            action = panels.addAction(self._docks.tabs.tabText(at))
            action.triggered.connect(partial(self._docks.show_tab, at))
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
            action = QAction(texts.SCHEMES[scheme], group, checkable=True)
            action.setChecked(scheme == self._scheme)
            action.triggered.connect(partial(self._commands.set_scheme, scheme))
            menu.addAction(action)

    def _add_models(self, menu: QMenu) -> None:
        group = QActionGroup(menu)
        for card in self._session.prediction.cards:
            action = QAction(card.title, group, checkable=True)
            action.setChecked(card is self._session.prediction.card)
            action.triggered.connect(partial(self._session.prediction.choose, card.id))
            menu.addAction(action)
        menu.addSeparator()
        menu.addAction(texts.SHOW_CARD).triggered.connect(self._commands.show_card)

    def _reset_view(self) -> None:
        """Window, zoom and position of all planes as when the case was opened."""
        self._session.image.reset()
        self._session.planes.fit()

    def _undo(self) -> None:
        """Take back the last point of a measurement being drawn, else the last step."""
        if self._session.measurements.points:
            self._session.measurements.take_back_point()
        else:
            self._session.undo.undo()

    @Slot()
    def _fill_presets(self) -> None:
        self._presets.clear()
        image = self._session.image
        # The menu has all windows; the first of them also have a key.
        for window, key in zip(image.display.presets, chain(PRESETS, repeat("")), strict=False):
            action = self._presets.addAction(preset_words(window.name, window.centre, window.width, key))
            action.triggered.connect(partial(image.display.set_window, window))
        self._presets.setEnabled(True)

    @Slot()
    def _show_states(self) -> None:
        image = self._session.image
        self.by_name["overlay"].setChecked(image.overlay_on)
        self.by_name["cells"].setChecked(image.native_cells)
        self.by_name["identity"].setChecked(self._session.studies.is_identity_shown)
        self.by_name["close_all"].setEnabled(bool(self._session.cases.list.opened))
        region = self._session.region
        self.by_name["draw_region"].setChecked(self._session.tool.active is Tool.REGION)
        export = self._session.deidentification
        self.by_name["export_deidentified"].setEnabled(export.series is not None and not export.running)
        for name in ("draw_region", "open_mask", "tags"):
            self.by_name[name].setEnabled(image.image is not None)
        self.by_name["clear_region"].setEnabled(region.mask is not None)
        self.by_name["undo"].setEnabled(
            bool(self._session.measurements.points) or self._session.undo.can_undo
        )
        self._show_viewing()
        self.by_name["explain"].setEnabled(self._session.explain.can_explain)
        self.by_name["cancel"].setEnabled(self._session.busy)

    def _show_viewing(self) -> None:
        """The states of planes, measuring and cine."""
        session = self._session
        image, planes, measurements = session.image, session.planes, session.measurements
        for tool in MEASURING:
            action = self.by_name[f"measure_{tool}"]
            action.setChecked(session.tool.active is tool)
            action.setEnabled(image.image is not None)
        self.by_name["clear_measurements"].setEnabled(bool(measurements.all))
        self.by_name["highest_slice"].setEnabled(image.slices > 1 and bool(session.prediction.class_name))
        graphics = self.by_name["graphics"]
        graphics.setChecked(image.display.graphics_on)
        graphics.setEnabled(image.image is not None and image.image.overlay is not None)
        self.by_name["cine"].setChecked(session.cine.is_running)
        self.by_name["cine"].setEnabled(image.slices > 1)
        self.by_name["one_plane"].setChecked(not planes.is_three)
        three = self.by_name["three_planes"]
        three.setChecked(planes.is_three)
        three.setToolTip(planes.volume.no_planes or tooltip("three_planes"))
        for action in (three, self.by_name["next_plane"]):
            action.setEnabled(planes.volume.views is not None)

    @property
    def tools(self) -> list[list[QAction]]:
        """The actions of the buttons above the image, in groups."""
        return [[self.by_name[name] for name in group] for group in TOOLS]
