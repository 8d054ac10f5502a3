"""The menu bar, filled from the table of actions."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QLabel, QMainWindow, QMenu

from app.shortcuts import ACTIONS, Group
from app.texts import network_pictures as texts_network
from app.texts import window as texts
from app.window.actions.image_menu import add_presets
from app.window.actions.table import Actions
from app.window.compare_menu import CompareMenu
from app.window.docks import Docks
from app.window.label_menu import LabelMenu
from app.window.recent_menu import RecentMenu
from app.window.states.preferences import Preferences
from app.window.states.session import Session


class Menus(QObject):
    """Fills the menu bar of the window."""

    def __init__(
        self,
        window: QMainWindow,
        actions: Actions,
        session: Session,
        docks: Docks,
        show_model: Callable[[], object],
        show_network: Callable[[], object],
    ) -> None:
        """show_model, show_network: open the page of the model, and that of pictures of the network."""
        super().__init__(window)
        self._actions, self._session = actions, session
        bar = window.menuBar()
        file, edit, self._view, image, model, explain, tools, help_menu = map(bar.addMenu, texts.MENUS)
        self._fill(file, Group.FILE)
        file.insertMenu(actions.by_name["open_mask"], RecentMenu(session.recent_files, file))
        self._fill(edit, Group.EDIT, Group.DRAWN)
        self._fill_view(docks)
        self._fill(image, Group.IMAGE)
        self._presets = image.addMenu(texts.WINDOWS)
        self._presets.aboutToShow.connect(self._fill_presets)
        image.addMenu(LabelMenu(session.region.reference, image))
        self._add_models(model)
        model.addAction(texts.SHOW_CARD).triggered.connect(show_model)
        model.addAction(texts_network.MENU).triggered.connect(show_network)
        self._fill(explain, Group.EXPLAIN)
        self._fill(tools, Group.TOOLS)
        self._fill(help_menu, Group.HELP)
        self.statement = QLabel(texts.NOT_FOR_DIAGNOSIS, bar)
        self.statement.setObjectName("disclaimer")
        bar.setCornerWidget(self.statement, Qt.Corner.TopRightCorner)

    def add_schemes(self, preferences: Preferences) -> None:
        """The choice of colours, with the present one marked."""
        self._preferences, group = preferences, QActionGroup(self._schemes)
        self._scheme_actions: dict[str, QAction] = {}
        for scheme, label in texts.SCHEMES.items():
            action = QAction(label, group, checkable=True)
            action.triggered.connect(partial(self._choose_scheme, scheme))
            self._schemes.addAction(action)
            self._scheme_actions[scheme] = action
        preferences.changed.connect(self._show_scheme)
        self._show_scheme()

    def _choose_scheme(self, scheme: str, *_: object) -> None:
        self._preferences.change(scheme=scheme)

    @Slot()
    def _show_scheme(self) -> None:
        self._scheme_actions[self._preferences.values.scheme].setChecked(True)

    def _fill_view(self, docks: Docks) -> None:
        view = self._view
        self._fill(view, Group.OVERLAY)
        view.addSeparator()
        self._fill(view.addMenu(Group.LAYOUT), Group.LAYOUT)
        panels = view.addMenu(texts.PANELS)
        for dock in docks.all:
            panels.addAction(dock.toggleViewAction())
        panels.addSeparator()
        for at in range(docks.results.tabs.count()):
            action = panels.addAction(docks.results.tabs.tabText(at))
            action.triggered.connect(partial(docks.results.show_tab, at))
        self._schemes = view.addMenu(texts.THEME)
        self._fill(view, Group.VIEW)

    def _fill(self, menu: QMenu, *groups: Group) -> None:
        for group in groups:
            if not menu.isEmpty():
                menu.addSeparator()
            for entry in ACTIONS:
                if entry.group is group and entry.in_menu:
                    menu.addAction(self._actions.by_name[entry.name])

    def _add_models(self, menu: QMenu) -> None:
        group = QActionGroup(menu)
        for card in self._session.prediction.cards:
            action = QAction(card.title, group, checkable=True)
            action.setChecked(card is self._session.prediction.card)
            action.triggered.connect(partial(self._session.prediction.choose, card.id))
            menu.addAction(action)
        menu.addSeparator()
        menu.addMenu(CompareMenu(self._session.second_prediction, menu))

    @Slot()
    def _fill_presets(self) -> None:
        self._presets.clear()
        add_presets(self._presets, self._session.image.display)
        self._presets.setEnabled(True)
