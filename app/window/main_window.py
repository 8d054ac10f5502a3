"""The main window: panels in docks, menus, status bar and dropped files."""

import os
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QMainWindow,
    QWidget,
)

from app.texts import agreement as texts_agreement
from app.texts import checks as texts_checks
from app.texts import layers as texts_layers
from app.texts import reveal as texts_reveal
from app.texts import window as texts
from app.window.actions.clipboard import check_rows, clipboard_actions
from app.window.actions.edit import edit_actions
from app.window.actions.explain import explain_actions
from app.window.actions.files import file_actions
from app.window.actions.help import help_actions
from app.window.actions.image import graphics_actions, image_actions, layout_actions
from app.window.actions.image_menu import ImageMenu
from app.window.actions.menus import Menus
from app.window.actions.overlay import overlay_actions
from app.window.actions.table import Actions
from app.window.actions.tools import drawn_actions, tool_actions
from app.window.actions.view import view_actions
from app.window.actions.workspace import workspace_actions
from app.window.central import CentralPages
from app.window.clipboard import Rows, table_rows
from app.window.dialogs import ask_to_stop
from app.window.docks import Docks
from app.window.exporting import ExportActions
from app.window.file_dialogs import FileDialogs
from app.window.focus import FocusKeeper, KeyInFields
from app.window.geometry import WindowPlace
from app.window.held_key import HeldKey
from app.window.icons import application_icon
from app.window.late_pages import LatePage, LatePages, PageOf
from app.window.late_panels import (
    make_agreement,
    make_curves,
    make_layers,
    make_model,
    make_network,
    make_reveal,
    make_sanity,
)
from app.window.links import JobLink, WorkerLink
from app.window.notice_steps import NoticeSteps
from app.window.panel_page import page_of
from app.window.panels.image import ImagePanel
from app.window.panels.maps import MapsPanel
from app.window.panels.methods import MethodsPanel
from app.window.panels.prediction import PredictionPanel
from app.window.panels.studies import StudiesPanel
from app.window.reader_link import ReaderLink
from app.window.replaying import ReplayActions
from app.window.results_dock import ResultsDock
from app.window.saving import WorkspaceActions
from app.window.settings import SettingsFile, device_choice
from app.window.speed_file import SpeedFile
from app.window.states.keys import KeysState
from app.window.states.prediction import installed_cards
from app.window.states.preferences import Preferences
from app.window.states.session import Session
from app.window.states.source_search import MISSING
from app.window.status_bar import StatusBar
from app.window.theme import THEME, apply_scheme
from app.window.widgets.explain_button import ExplainButton
from app.window.widgets.occluder_controls import OccluderControls
from app.window.widgets.saved_picture import SavedPicturePage
from app.window.widgets.slice_curve import SliceCurve
from app.window.window_title import WindowTitle
from core.samples import samples
from core.worker.process import start_worker

if TYPE_CHECKING:
    from app.window.help_window import HelpWindow
    from app.window.panels.agreement import AgreementPanel
    from app.window.panels.curves import CurvesPanel
    from app.window.panels.layers import LayersPanel
    from app.window.panels.model import ModelPanel
    from app.window.panels.network import NetworkPanel
    from app.window.panels.reveal import RevealPanel
    from app.window.panels.sanity import SanityPanel

# Processes start so long after a window that is not painted, such as one that starts minimised.
PAINT_LIMIT_MS = 1000


class MainWindow(QMainWindow):
    """The window of one session. The processes start after its first paint.

    shown_first: the window has been painted for the first time.
    may_stop: asked before the window closes while work is still running.
    """

    shown_first = Signal()

    sanity_panel: "PageOf[SanityPanel]" = PageOf("_sanity")
    curves_panel: "PageOf[CurvesPanel]" = PageOf("_curves")
    reveal_panel: "PageOf[RevealPanel]" = PageOf("_reveal")
    agreement_panel: "PageOf[AgreementPanel]" = PageOf("_agreement")
    layers_panel: "PageOf[LayersPanel]" = PageOf("_layers")
    network_panel: "PageOf[NetworkPanel]" = PageOf("_network")
    model_panel: "PageOf[ModelPanel]" = PageOf("_model")

    def __init__(
        self,
        settings: SettingsFile | None = None,
        worker: JobLink | None = None,
        reader: JobLink | None = None,
        lister: JobLink | None = None,
        may_stop: Callable[[QWidget], bool] = ask_to_stop,
    ) -> None:
        super().__init__()
        self._may_stop = may_stop
        settings = settings or SettingsFile()
        # As it is set now: within one start all is computed on one device.
        choice = device_choice(settings.values, os.environ)
        self._worker = worker or WorkerLink(self, partial(start_worker, choice=choice))
        self._reader = reader or ReaderLink(self)
        self._lister = lister or ReaderLink(self)
        cards, errors = installed_cards()
        preferences, speeds = Preferences(settings, self), SpeedFile(settings.folder)
        self.session = Session(
            self._worker, self._reader, self._lister, cards, samples(), preferences, speeds, self
        )
        for error in errors:
            self.session.notices.report(error.message, error)
        THEME.dress(self)
        self.setWindowTitle(texts.APP)
        self.setWindowIcon(application_icon())
        self._place = WindowPlace(self)
        self.setAcceptDrops(True)
        self._help: HelpWindow | None = None
        self.keys = KeysState(preferences, self)
        self.workspace = WorkspaceActions(self, self.session)
        WindowTitle(self, self.workspace.state)
        self.exporting = ExportActions(self, self.session, self.workspace.state)
        self.replaying = ReplayActions(self, self.workspace, choice)
        self._notice_steps = NoticeSteps(self, self.session, self.workspace, self.exporting)
        self._dialogs = FileDialogs(self, self.session, self.workspace.open_paths)
        self._make_panels()
        self._make_actions()
        self.image_panel.tools.add_actions(self.window_actions.tools)
        self.setStatusBar(StatusBar(self.session, self._worker, self))
        self._restore()
        self._has_started = False
        self._start_timer = QTimer(self)
        self._start_timer.setSingleShot(True)
        self._start_timer.timeout.connect(self._on_first_shown)

    # Panels

    def _make_panels(self) -> None:
        session = self.session
        self.image_panel = ImagePanel(session)
        slices = session.cases.slices
        self.image_panel.index_asked.connect(slices.go_to_index)
        self.image_panel.steps_asked.connect(slices.go_by)
        self.image_panel.volume_asked.connect(slices.go_to_volume)
        self.slice_curve = SliceCurve(session.slice_scan, session.image)
        self.slice_curve.index_asked.connect(session.highest_slice.go_to_scanned)
        self.image_panel.add_below(self.slice_curve)
        self.image_panel.view.follow_occluder(session.occluder)
        self.image_panel.add_below(OccluderControls(session.occluder))
        self.image_panel.sample_asked.connect(session.open_sample)
        self.image_panel.open_asked.connect(self._dialogs.open_files)
        self.image_panel.notices.action_asked.connect(self._notice_steps.take_step)
        self.image_panel.notices.alternative_asked.connect(self._notice_steps.take_alternative)
        saved_picture = SavedPicturePage(self.workspace.state.reopened)
        saved_picture.locate_asked.connect(partial(self._notice_steps.take_step, MISSING))
        self.image_panel.add_saved_picture(saved_picture)
        FocusKeeper(self.image_panel.view)
        self.studies_panel = StudiesPanel(session.studies, session.cases)
        self.studies_panel.open_asked.connect(self._dialogs.open_files)
        self.prediction_panel = PredictionPanel(
            session.prediction, session.second_prediction, session.impressions
        )
        self.methods_panel = MethodsPanel(session)
        self.methods_panel.help_asked.connect(self.show_help_page)
        self.maps_panel = MapsPanel(session.maps, session.image, session.evidence, session.second_view)
        self.maps_panel.chosen.connect(session.show_map)
        self.maps_panel.compare_asked.connect(session.second_view.compare_with)
        self.maps_panel.remove_asked.connect(session.remove_map)
        self.maps_panel.pages.offer(ExplainButton(session))
        self._make_late_pages()
        results = ResultsDock(
            (
                (texts.MAPS, self.maps_panel),
                (texts.CURVES, self._curves),
                (texts_reveal.REVEAL, self._reveal),
                (texts_checks.SANITY, self._sanity),
                (texts_agreement.AGREEMENT, self._agreement),
                (texts_layers.LAYERS, self._layers),
            ),
            self.maps_panel.controls,
        )
        self.docks = Docks(self, self.studies_panel, self.prediction_panel, self.methods_panel, results)

    def _make_late_pages(self) -> None:
        """The places of what is not seen at the start, in the order in which it is built."""
        session = self.session
        late = self.late_pages = LatePages(self)
        self._sanity = late.page(partial(make_sanity, session))
        self._curves = late.page(partial(make_curves, session))
        self._reveal = late.page(partial(make_reveal, session, self.draw_curves))
        self._agreement = late.page(partial(make_agreement, session))
        self._layers = late.page(partial(make_layers, session))
        self.image_panel.evidence.details_asked.connect(lambda: self.show_panel(self.sanity_panel))
        self.pages = CentralPages(self.image_panel)
        self._model = late.page(partial(make_model, session, self.pages.show_image))
        save = self._dialogs.save_network_picture
        self._network = late.page(
            partial(make_network, session, self.pages.show_image, self.show_help_page, save)
        )
        self.pages.add_pages(self._model, self._network)
        self.setCentralWidget(self.pages)

    def _make_actions(self) -> None:
        session = self.session
        # What is copied of the panels that have a table.
        tables: dict[LatePage[Any], Callable[[], Rows]] = {
            self._curves: lambda: table_rows(self.curves_panel.table),
            self._agreement: lambda: table_rows(self.agreement_panel.table),
            self._sanity: partial(check_rows, session.sanity),
        }
        groups = (
            file_actions(session, self._dialogs, self.show_tags, self.close),
            workspace_actions(session, self.workspace, self.exporting, self.replaying),
            view_actions(session, self.toggle_full_screen, self.docks.reset, self.show_settings),
            image_actions(session),
            graphics_actions(session),
            layout_actions(session),
            tool_actions(session),
            drawn_actions(session),
            edit_actions(session),
            clipboard_actions(session, self.image_panel.views, self.docks.results, tables),
            overlay_actions(session),
            explain_actions(session, self.image_panel.view.setFocus, self.methods_panel.show_search),
            help_actions(self, self.show_help, self.keys),
        )
        self.window_actions: Actions = Actions(self, self.image_panel.view, groups)
        self.keys.changed.connect(self.window_actions.show_keys)
        self.methods_panel.action_asked.connect(self.window_actions.trigger)
        KeyInFields(self.window_actions.by_name["explain"])
        hidden = HeldKey(self.window_actions.by_name["hide_overlay"])
        hidden.released.connect(partial(session.image.hide_overlay, False))
        menus = Menus(
            self, self.window_actions, session, self.docks, self.pages.show_model, self.pages.show_network
        )
        ImageMenu(self.image_panel.view, self.window_actions, session)
        menus.add_schemes(session.preferences)
        session.preferences.changed.connect(self._show_scheme)

    def show_panel(self, panel: QWidget) -> None:
        """Bring a tab of the results to the front."""
        self.docks.results.show_panel(panel)

    @Slot()
    def draw_curves(self) -> None:
        """Show the panel Curves and start its computation."""
        self.show_panel(self.curves_panel)
        self.session.curves.start()

    # Actions

    @Slot()
    def show_tags(self) -> None:
        """Open the header of the shown slice's file, beside the image."""
        from app.window.panels.tags import TagsDialog

        if not self.session.tags.is_open:
            TagsDialog(self.session.tags, self).show()

    @Slot()
    def toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    @Slot()
    def show_help(self) -> None:
        """Open the page of the panel with the focus, or the last page if none has it."""
        self.show_help_page(page_of(QApplication.focusWidget()))

    @Slot(str)
    def show_help_page(self, key: str) -> None:
        """Open a page of the help; the last page if key is empty."""
        from app.window.help_window import HelpWindow

        if self._help is None:
            self._help = HelpWindow(self)
        if key:
            self._help.show_page(key)
        self._help.show()
        self._help.activateWindow()

    @Slot()
    def show_settings(self) -> None:
        """Open the settings dialog."""
        from app.window.panels.settings import SettingsDialog

        SettingsDialog(self.session.preferences, self.session.preference_effects, self).open()

    @Slot()
    def _show_scheme(self) -> None:
        scheme = self.session.preferences.values.scheme
        if scheme != THEME.requested:
            apply_scheme(scheme)

    # Events

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._has_started:
            self._start_timer.start(PAINT_LIMIT_MS)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._has_started:
            self._start_timer.start(0)

    @Slot()
    def _on_first_shown(self) -> None:
        self._has_started = True
        self._place.check_frame()
        self.shown_first.emit()
        for link in (self._worker, self._reader):
            link.start()
        self.session.cases.thumbnails.ask_for_all()
        self.late_pages.start()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.workspace.open_paths([url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()])

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.session.busy and not self._may_stop(self):
            event.ignore()
            return
        if not self.workspace.may_close():
            event.ignore()
            return
        self.session.preference_effects.adopt_image()
        self.session.preferences.change(
            geometry=self._place.saved,
            docks=bytes(self.saveState().toBase64().data()).decode("ascii"),
            results_collapsed=self.docks.results.is_collapsed,
        )
        for link in (self._worker, self._reader, self._lister, self.session.files):
            link.shut_down()
        self.replaying.state.end()
        self.workspace.end()  # nothing is written any more
        super().closeEvent(event)

    def _restore(self) -> None:
        settings = self.session.preferences.values
        if settings.geometry:
            self._place.restore(settings.geometry)
        if settings.docks:
            self.restoreState(QByteArray.fromBase64(settings.docks.encode()))
        self.docks.results.set_collapsed(settings.results_collapsed)
        self.docks.results.appear_with(self.session.maps)
