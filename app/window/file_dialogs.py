"""The dialogs that ask for files and folders."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from app.texts import header as texts_header
from app.texts import network_pictures as texts_network
from app.texts import region as texts_region
from app.texts import window as texts
from app.window.states.session import Session
from core.errors import DiskFull
from core.output import write_files
from core.readers.index import openable_suffixes
from core.workspace.file import SUFFIX


class FileDialogs(QObject):
    """Asks for paths, and gives them to the states that open or write them.

    A dialog begins in the folder of the one before; those that choose where to write have their own.
    """

    def __init__(
        self, window: QWidget, session: Session, open_paths: Callable[[Sequence[str]], object]
    ) -> None:
        """window: the parent of the dialogs. open_paths: opens images and workspaces."""
        super().__init__(window)
        self._window, self._session, self._open_paths = window, session, open_paths
        self._export_folder = ""

    @Slot()
    def open_files(self) -> None:
        recent = self._session.recent_files
        paths, _ = QFileDialog.getOpenFileNames(
            self._window, texts.OPEN_FILE, recent.folder, texts.file_filter((*openable_suffixes(), SUFFIX))
        )
        if paths:
            recent.set_folder(str(Path(paths[0]).parent))
            self._open_paths(paths)

    @Slot()
    def open_folder(self) -> None:
        recent = self._session.recent_files
        path = QFileDialog.getExistingDirectory(self._window, texts.OPEN_FOLDER, recent.folder)
        if path:
            recent.set_folder(str(Path(path).parent))
            self._session.cases.open_paths([path])

    @Slot()
    def open_mask(self) -> None:
        recent = self._session.recent_files
        path, _ = QFileDialog.getOpenFileName(
            self._window,
            texts_region.OPEN_MASK,
            recent.folder,
            texts_region.mask_filter(openable_suffixes()),
        )
        if path:
            recent.set_folder(str(Path(path).parent))
            self._session.region.open_mask(Path(path))

    @Slot()
    def export_deidentified(self) -> None:
        path = QFileDialog.getExistingDirectory(self._window, texts_header.EXPORT_PLACE, self._export_folder)
        if path:
            self._export_folder = path
            self._session.deidentification.start(Path(path))

    @Slot(bytes)
    def save_network_picture(self, content: bytes) -> None:
        """Ask where a picture of the network is written. content: of a PNG file."""
        proposed = str(Path(self._export_folder) / texts_network.FILE_NAME)
        path, _ = QFileDialog.getSaveFileName(
            self._window, texts_network.SAVE, proposed, texts_network.SAVE_FILTER
        )
        if not path:
            return
        self._export_folder = str(Path(path).parent)
        try:
            write_files({Path(path): content})
        except DiskFull as error:
            self._session.notices.report(Path(path).name, error)
