"""A form for the parameters of a method: one editor a field, with bounds, unit, description and reset."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from app.texts import explain as texts
from app.window.theme import GAP, TIGHT
from app.window.widgets.tinted_button import TintedButton
from core.network.parameters import Parameters

Editor = QSpinBox | QDoubleSpinBox | QComboBox | QCheckBox | QLineEdit
LARGEST_NUMBER = 2**31 - 1
Choice = tuple[str, Any]  # in words, and the value
Choices = Mapping[str, Sequence[Choice]]


class ParameterForm(QWidget):
    """Shows the fields of a `Params` class with changed values; None as a value means the default."""

    value_changed = Signal(str, object)  # field, value or None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = QFormLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setHorizontalSpacing(GAP)
        self._rows.setVerticalSpacing(GAP)
        self._rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._rows.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self._editors: dict[str, FieldEditor] = {}

    def show_params(
        self, params: type[Parameters], values: Mapping[str, Any], choices: Choices | None = None
    ) -> None:
        """Rebuild the form for another method.

        choices: for text fields with values known only at run time, such as the layers of a model.
        """
        while self._rows.rowCount():
            self._rows.removeRow(0)
        schema = params.model_json_schema()
        self._editors = {}
        for name, field in schema.get("properties", {}).items():
            editor = FieldEditor(name, field, values.get(name), self, (choices or {}).get(name, ()))
            editor.value_changed.connect(self.value_changed)
            label = QLabel(label_of(name))
            label.setToolTip(field.get("description", ""))
            label.setBuddy(editor.editor)
            self._rows.addRow(label, editor)
            self._editors[name] = editor
        if not self._editors:
            no_parameters = QLabel(texts.NO_PARAMETERS)
            no_parameters.setObjectName("muted")
            self._rows.addRow(no_parameters)

    def field(self, name: str) -> "FieldEditor":
        return self._editors[name]


class FieldEditor(QWidget):
    """The editor of one field and the button that restores its default."""

    value_changed = Signal(str, object)

    def __init__(
        self,
        name: str,
        field: Mapping[str, Any],
        value: Any,
        parent: QWidget | None = None,
        choices: Sequence[Choice] = (),
    ) -> None:
        super().__init__(parent)
        self.name, self._default = name, field.get("default")
        self.editor = chooser_of(choices, self._default, value) if choices else editor_of(field)
        self.editor.setToolTip(field.get("description", ""))
        self.editor.setAccessibleName(label_of(name))
        self.editor.setAccessibleDescription(field.get("description", ""))
        self.reset = TintedButton("reset", texts.RESET, self)
        self.reset.setToolTip(f"{texts.RESET}: {value_label(self._default)}")
        self.reset.setAccessibleName(f"{texts.RESET} {label_of(name)}")
        self.reset.clicked.connect(self._on_reset)
        # It keeps its space when hidden, so that the layout does not move.
        policy = self.reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.reset.setSizePolicy(policy)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(TIGHT)
        row.addWidget(self.editor, 1)
        row.addWidget(self.reset)
        if isinstance(self.editor, QSpinBox | QDoubleSpinBox):
            # The padding of the style sheet does not apply to the line edit inside.
            self.editor.lineEdit().setTextMargins(TIGHT, 0, 0, 0)
        self._put(self._default if value is None else value)
        self._connect()

    def value(self) -> Any:
        match self.editor:
            case QSpinBox() | QDoubleSpinBox():
                return self.editor.value()
            case QCheckBox():
                return self.editor.isChecked()
            case QComboBox():
                return self.editor.currentData()
            case QLineEdit():
                return self.editor.text()

    def _put(self, value: Any) -> None:
        with QSignalBlocker(self.editor):
            match self.editor:
                case QSpinBox() | QDoubleSpinBox():
                    self.editor.setValue(value)
                case QCheckBox():
                    self.editor.setChecked(value)
                case QComboBox():
                    self.editor.setCurrentIndex(self.editor.findData(value))
                case QLineEdit():
                    self.editor.setText(value)
                    self.editor.setPlaceholderText(value_label(self._default))
        self.reset.setVisible(self.value() != self._default)

    def _connect(self) -> None:
        match self.editor:
            case QSpinBox() | QDoubleSpinBox():
                self.editor.valueChanged.connect(self._on_edited)
            case QCheckBox():
                self.editor.toggled.connect(self._on_edited)
            case QComboBox():
                self.editor.currentIndexChanged.connect(self._on_edited)
            case QLineEdit():
                self.editor.textEdited.connect(self._on_edited)

    def _on_edited(self) -> None:
        changed = self.value() != self._default
        self.reset.setVisible(changed)
        self.value_changed.emit(self.name, self.value() if changed else None)

    def _on_reset(self) -> None:
        self._put(self._default)
        self.value_changed.emit(self.name, None)


def editor_of(field: Mapping[str, Any]) -> Editor:
    """An empty editor for a field of a JSON schema: enum, boolean, integer, number or text."""
    choices = field.get("enum")
    if choices is not None:
        combo = QComboBox()
        # A long choice must not widen the panel.
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for choice in choices:
            combo.addItem(label_of(str(choice)), choice)
        return combo
    match field.get("type"):
        case "boolean":
            return QCheckBox()
        case "integer":
            whole = QSpinBox()
            whole.setRange(*(int(bound) for bound in _bounds(field, 1)))
            whole.setSuffix(_suffix(field))
            return whole
        case "number":
            decimal = QDoubleSpinBox()
            decimal.setDecimals(4)
            decimal.setRange(*_bounds(field, 1e-4))
            decimal.setSingleStep(0.01)
            decimal.setSuffix(_suffix(field))
            return decimal
        case "string":
            return QLineEdit()
        case other:
            raise TypeError(f"no editor for a field of type {other!r}")


def chooser_of(choices: Sequence[Choice], default: Any, value: Any) -> QComboBox:
    """The default, then the choices, then `value` if it is none of them, as with another model."""
    combo = QComboBox()
    # A long list would otherwise be as tall as the screen.
    combo.setMaxVisibleItems(20)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.addItem(value_label(default).capitalize(), default)
    for text, choice in choices:
        combo.addItem(text, choice)
    if value is not None and combo.findData(value) < 0:
        combo.addItem(str(value), value)
    return combo


def label_of(name: str) -> str:
    """The label of a parameter or of one of its values."""
    return texts.PARAMETER_WORDS.get(name, name.replace("_", " ").capitalize())


def value_label(value: Any) -> str:
    """The label of a default value."""
    return texts.AUTOMATIC if value == "" else label_of(value) if isinstance(value, str) else str(value)


def _bounds(field: Mapping[str, Any], step: float) -> tuple[float, float]:
    low = field.get("minimum", field.get("exclusiveMinimum", -LARGEST_NUMBER - step) + step)
    high = field.get("maximum", field.get("exclusiveMaximum", LARGEST_NUMBER + step) - step)
    return low, high


def _suffix(field: Mapping[str, Any]) -> str:
    return f" {field['unit']}" if "unit" in field else ""
