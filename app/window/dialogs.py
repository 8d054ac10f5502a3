"""The dialogs of the Help menu, which are not modal, and the question before closing."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QMessageBox, QVBoxLayout, QWidget

from app.texts import window as texts
from app.window.theme import MARGIN
from core.version import program_version


def ask_to_stop(parent: QWidget) -> bool:
    """Ask whether to close while work is running; Return and Escape keep the window open."""
    box = stop_question(parent)
    box.exec()
    box.deleteLater()
    return box.buttonRole(box.clickedButton()) is QMessageBox.ButtonRole.DestructiveRole


def stop_question(parent: QWidget) -> QMessageBox:
    """The dialog with the question, not displayed yet."""
    box = QMessageBox(QMessageBox.Icon.Question, texts.APP, texts.STOP_QUESTION, parent=parent)
    box.setOption(QMessageBox.Option.DontUseNativeDialog)
    box.addButton(texts.STOP_AND_CLOSE, QMessageBox.ButtonRole.DestructiveRole)
    keep = box.addButton(texts.KEEP_WORKING, QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(keep)
    box.setEscapeButton(keep)
    return box


def show_about(parent: QWidget) -> QDialog:
    """Show the purpose of the program, its version, and that it is not for diagnosis."""
    text = f"<h3>{texts.APP} {program_version()}</h3><p>{texts.ABOUT}</p><p>{texts.NOT_FOR_DIAGNOSIS}.</p>"
    return _show(parent, texts.APP, text, width=420)


def _show(parent: QWidget, title: str, text: str, width: int) -> QDialog:
    dialog = QDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(title)
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.RichText)
    label.setWordWrap(True)
    label.setMinimumWidth(width)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(2 * MARGIN, MARGIN, 2 * MARGIN, 2 * MARGIN)
    column.addWidget(label)
    dialog.show()
    return dialog
