"""The dialog in which a person chooses a form of export, its options and its file."""

import os
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.texts import exports as texts
from app.window.fonts import SECONDARY, sized
from app.window.states.export import OPTION_MAP, ExportState
from app.window.theme import GAP, MARGIN, TIGHT
from app.window.typed_path import typed_path
from app.window.widgets.parameter_form import ParameterForm

USUAL_SIZE = (760, 520)
LIST_WIDTH = 250
NAME = Qt.ItemDataRole.UserRole


class ExportDialog(QDialog):
    """Shows an `ExportState` that is prepared; exporting goes on after it is closed."""

    def __init__(self, state: ExportState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(texts.EXPORT)
        self.resize(*USUAL_SIZE)
        self.list = QListWidget()
        self.list.setAccessibleName(texts.EXPORT_LIST)
        self.list.setFixedWidth(LIST_WIDTH)
        self.list.setWordWrap(True)
        self.list.setSpacing(TIGHT)
        self.title, self.summary, self.map_words, self.identity, self.obstacle = (QLabel() for _ in range(5))
        self.title.setObjectName("section")
        self.identity.setObjectName("muted")
        self.obstacle.setObjectName("error")
        self.form = ParameterForm()
        self.form.value_changed.connect(self._on_value)
        self.line, self.file_note = QLineEdit(), QLabel()
        self.line.setAccessibleName(texts.FILE)
        self.line.textChanged.connect(self._show_file)
        self.file_note.setObjectName("muted")
        for label in (self.summary, self.map_words, self.identity, self.obstacle, self.file_note):
            label.setWordWrap(True)
        self._buttons = QDialogButtonBox()
        self.start = self._buttons.addButton(texts.EXPORT, QDialogButtonBox.ButtonRole.AcceptRole)
        self.start.setObjectName("primary")
        self._buttons.addButton(texts.CANCEL, QDialogButtonBox.ButtonRole.RejectRole)
        self._buttons.accepted.connect(self._on_start)
        self._buttons.rejected.connect(self.reject)
        self._lay_out()
        self._fill_list()
        self.list.currentItemChanged.connect(self._on_chosen)
        state.changed.connect(self._show)
        state.checked.connect(self._show_problem)
        self._show()

    @property
    def file(self) -> Path | None:
        """The main file, with the ending of the chosen form; None where no file can have the name."""
        return typed_path(self.line.text(), self._suffix)

    @property
    def _suffix(self) -> str:
        return self._state.chosen.exporter.suffix

    def _lay_out(self) -> None:
        browse = QPushButton(texts.BROWSE)
        browse.setAutoDefault(False)
        browse.clicked.connect(self._browse)
        file_label = QLabel(texts.FILE)
        file_label.setBuddy(self.line)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        for widget in (file_label, self.line, browse):
            row.addWidget(widget)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(self.form)
        right = QVBoxLayout()
        right.setSpacing(GAP)
        for widget in (self.title, self.summary, self.map_words, self.obstacle, self.identity):
            right.addWidget(widget)
        right.addWidget(scroll, 1)
        right.addLayout(row)
        right.addWidget(self.file_note)
        columns = QHBoxLayout()
        columns.setSpacing(MARGIN)
        columns.addWidget(self.list)
        columns.addLayout(right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(MARGIN)
        column.addLayout(columns, 1)
        column.addWidget(self._buttons)

    def _fill_list(self) -> None:
        for offer in self._state.offers:
            words = texts.entry_words(offer.exporter.title, not offer.obstacle)
            item = QListWidgetItem(words, self.list)
            item.setData(NAME, offer.exporter.name)
            item.setToolTip(offer.obstacle or offer.exporter.summary)
            if offer is self._state.chosen:
                self.list.setCurrentItem(item)

    @Slot()
    def _show(self) -> None:
        offer = self._state.chosen
        exporter = offer.exporter
        self.title.setText(exporter.title)
        self.summary.setText(exporter.summary)
        self.identity.setText(texts.IDENTITY[exporter.identity])
        self.identity.setFont(sized(self.font(), SECONDARY, exporter.identity != "none"))
        choices = {OPTION_MAP: self._state.map_choices}
        self.form.show_params(exporter.Params, self._state.values, choices)
        self.form.setEnabled(not offer.obstacle)
        self.form.setVisible(bool(exporter.Params.model_fields))
        self.line.setText(str(self._state.suggestion))
        self._show_problem()

    @Slot()
    def _show_problem(self) -> None:
        problem = self._state.problem
        offer, refusal = self._state.chosen, self._state.refusal
        words = f"{texts.NOT_POSSIBLE}{offer.obstacle}" if offer.obstacle else ""
        self.obstacle.setText(f"{texts.NOT_WITH_OPTIONS}{refusal}" if refusal is not None else words)
        self.obstacle.setVisible(bool(self.obstacle.text()))
        self.map_words.setText(self._state.map_words)
        self.map_words.setVisible(bool(self.map_words.text()))
        self.form.show_error(problem.parameter if problem else "", problem.message if problem else "")
        self._show_file()

    @Slot()
    def _show_file(self) -> None:
        file = self.file
        self.file_note.setText(self._file_note(file))
        self.start.setEnabled(self._state.can_start and file is not None)

    def _file_note(self, file: Path | None) -> str:
        """What is to be known of the chosen file before the export; empty where there is nothing."""
        if file is None:
            return texts.BAD_NAME if self.line.text().strip() else ""
        # `Path.exists` raises an error for a folder that may not be entered, and for a name that is too long.
        if not os.path.isdir(file.parent):
            return texts.NO_FOLDER
        replaced = [path.name for path in self._state.files_of(file) if os.path.exists(path)]
        if file.name in replaced:
            return texts.REPLACES
        return texts.replaced(replaced) if replaced else ""

    @Slot()
    def _on_chosen(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self._state.choose(item.data(NAME))

    @Slot(str, object)
    def _on_value(self, option: str, value: object) -> None:
        self._state.set_value(option, value)

    @Slot()
    def _browse(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self,
            texts.CHOOSE_FILE,
            str(self.file or self._state.suggestion),
            f"{self._state.chosen.exporter.title} (*{self._suffix})",
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        if chosen:
            self.line.setText(chosen)

    @Slot()
    def _on_start(self) -> None:
        file = self.file
        if file is not None:
            self._state.start(file)
            self.accept()
