"""The dialog that lists every key and mouse gesture, and in which a person changes keys."""

from functools import partial

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.shortcuts import ACTIONS, GESTURES, KEYS, Group, action
from app.texts import keys as texts
from app.window.states.keys import KeysState
from app.window.theme import GAP, MARGIN

SIZE = QSize(660, 600)
ACTION_COLUMN, KEYS_COLUMN = 0, 1
NAME = Qt.ItemDataRole.UserRole


class KeysDialog(QDialog):
    """Draws a `KeysState`; it is not modal, so that a changed key can be tried at once."""

    def __init__(self, keys: KeysState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = keys
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(texts.TITLE)
        self.resize(SIZE)
        self.items: dict[str, QTreeWidgetItem] = {}
        self.list = self._list()
        self._subject = QLabel(texts.SELECT)
        self._subject.setWordWrap(True)
        self.problem = QLabel()
        self.problem.setObjectName("error")
        self.problem.setWordWrap(True)
        self.editor = QKeySequenceEdit()
        self.editor.setMaximumSequenceLength(1)
        self.editor.setAccessibleName(texts.NEW_KEY)
        self.buttons = {
            words: QPushButton(words)
            for words in (texts.SET, texts.ADD, texts.CLEAR, texts.RESET, texts.RESET_ALL)
        }
        for words, button in self.buttons.items():
            button.setAutoDefault(False)
            button.clicked.connect(partial(self._change, words))
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(GAP)
        column.addWidget(self.list, 1)
        column.addWidget(self._subject)
        column.addLayout(self._row())
        column.addWidget(self.problem)
        self.list.currentItemChanged.connect(self._show_chosen)
        keys.changed.connect(self._show_keys)
        self._show_keys()
        self._show_chosen()

    @property
    def chosen(self) -> str:
        """The name of the selected action; empty without one."""
        item = self.list.currentItem()
        return item.data(ACTION_COLUMN, NAME) or "" if item is not None else ""

    def choose(self, name: str) -> None:
        """Select an action."""
        self.list.setCurrentItem(self.items[name])

    def _list(self) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setAccessibleName(texts.TITLE)
        tree.setHeaderLabels([texts.ACTION, texts.KEYS])
        tree.setRootIsDecorated(False)
        tree.header().setStretchLastSection(False)
        tree.header().setSectionResizeMode(ACTION_COLUMN, QHeaderView.ResizeMode.Stretch)
        tree.header().setSectionResizeMode(KEYS_COLUMN, QHeaderView.ResizeMode.ResizeToContents)
        for group in Group:
            parent = _heading(tree, group)
            for entry in ACTIONS:
                if entry.group is group:
                    self.items[entry.name] = item = QTreeWidgetItem(parent, [entry.text])
                    item.setData(ACTION_COLUMN, NAME, entry.name)
        mouse = _heading(tree, texts.MOUSE)
        for gesture, effect in GESTURES:
            QTreeWidgetItem(mouse, [effect, gesture])
        tree.expandAll()
        return tree

    def _row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(GAP)
        label = QLabel(texts.NEW_KEY)
        label.setBuddy(self.editor)
        row.addWidget(label)
        row.addWidget(self.editor, 1)
        for button in self.buttons.values():
            row.addWidget(button)
        return row

    @Slot()
    def _show_keys(self) -> None:
        for name, item in self.items.items():
            keys = [
                QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in KEYS.of(name)
            ]
            item.setText(KEYS_COLUMN, ", ".join(keys))
            font = item.font(KEYS_COLUMN)
            font.setBold(name in KEYS.changes)
            item.setFont(KEYS_COLUMN, font)

    @Slot()
    def _show_chosen(self) -> None:
        name = self.chosen
        self._subject.setText(texts.changing(action(name).text) if name else texts.SELECT)
        self.editor.clear()
        self.editor.setEnabled(bool(name))
        for words, button in self.buttons.items():
            button.setEnabled(bool(name) or words == texts.RESET_ALL)
        self.problem.clear()

    def _change(self, words: str) -> None:
        """Do what the button with these words says."""
        name, key, problem = self.chosen, _typed(self.editor.keySequence()), ""
        if words == texts.SET:
            problem = self._keys.set_key(name, key)
        elif words == texts.ADD:
            problem = self._keys.add_key(name, key)
        elif words == texts.CLEAR:
            self._keys.clear(name)
        elif words == texts.RESET:
            problem = self._keys.reset(name)
        else:
            self._keys.reset_all()
        if not problem:
            self.editor.clear()
        self.problem.setText(problem)


def _typed(keys: QKeySequence) -> str:
    """The key as shortcuts of this program are written: a sign needs no Shift, a letter does."""
    text = keys.toString(QKeySequence.SequenceFormat.PortableText).replace("Num+", "")
    if text and not text[-1].isalnum():
        return text[:-1].replace("Shift+", "") + text[-1]
    return text


def _heading(tree: QTreeWidget, title: str) -> QTreeWidgetItem:
    heading = QTreeWidgetItem(tree, [title])
    heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
    font = heading.font(ACTION_COLUMN)
    font.setBold(True)
    heading.setFont(ACTION_COLUMN, font)
    return heading
