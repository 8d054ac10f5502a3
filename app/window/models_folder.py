"""The folder in which a person puts models of their own."""

from contextlib import suppress

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from core.models.bundle import model_folders


def open_models_folder() -> None:
    """Open the folder of a person's own models in the program for folders; it is made if there is none."""
    folder = model_folders()[-1]
    with suppress(OSError):  # the program for folders says what it cannot open
        folder.mkdir(parents=True, exist_ok=True)
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
