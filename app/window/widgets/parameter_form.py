"""A form for the parameters of a method: one editor a field, with bounds, unit, description and reset."""

from collections.abc import Mapping, Sequence
from math import floor, log10
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.texts import explain as texts
from app.window.theme import GAP, TIGHT
from app.window.wheel_guard import guarded
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
        self._rows.setVerticalSpacing(TIGHT)
        self._rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._rows.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
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
            self._rows.addRow(editor.label, editor)
            self._editors[name] = editor
        if not self._editors:
            no_parameters = QLabel(texts.NO_PARAMETERS)
            no_parameters.setObjectName("muted")
            self._rows.addRow(no_parameters)
        if self.isVisible():  # as when the form is built at its first appearance: shown with the next paint
            for row in self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
                row.show()
            self._rows.activate()

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Show values that were changed elsewhere, such as by an undo."""
        for name, editor in self._editors.items():
            editor.show_value(values.get(name))

    def show_error(self, field: str, message: str) -> None:
        """Show why a value cannot be used, at its field; no error at any field if `field` is empty."""
        for name, editor in self._editors.items():
            editor.show_error(message if name == field else "")

    @property
    def has_changes(self) -> bool:
        """Whether any value is not the default."""
        return any(editor.is_changed for editor in self._editors.values())

    @Slot()
    def reset_all(self) -> None:
        """Take all defaults again."""
        for editor in self._editors.values():
            if editor.is_changed:
                editor.take_default()

    def focus_first(self) -> None:
        """Give the focus to the first field, if there is one."""
        for editor in self._editors.values():
            editor.editor.setFocus()
            return

    def field(self, name: str) -> "FieldEditor":
        return self._editors[name]


class FieldEditor(QWidget):
    """The editor of one field, the button that restores its default, and below them default and bounds."""

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
        self.name, self._default, self._bounds = name, field.get("default"), texts.bounds(field)
        description = field.get("description", "")
        self._default_words = value_label(self._default, field)
        self.editor = (
            chooser_of(choices, self._default, self._default_words, value) if choices else editor_of(field)
        )
        self.editor.setToolTip(description)
        self.editor.setAccessibleName(label_of(name))
        self.label = QLabel(label_of(name))
        self.label.setToolTip(description)
        self.label.setBuddy(self.editor)
        self.reset = TintedButton("reset", texts.RESET, self)
        self.reset.setToolTip(f"{texts.RESET}: {self._default_words}")
        self.reset.setAccessibleName(f"{texts.RESET} {label_of(name)}")
        self.reset.clicked.connect(self.take_default)
        # It keeps its space when hidden, so that the layout does not move.
        policy = self.reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.reset.setSizePolicy(policy)
        self.note, self.error = QLabel(), QLabel()
        self.note.setObjectName("muted")
        self.error.setObjectName("error")
        for text in (self.note, self.error):
            text.setWordWrap(True)
        self.error.hide()
        if isinstance(self.editor, QSpinBox | QDoubleSpinBox):
            # The padding of the style sheet does not apply to the line edit inside.
            self.editor.lineEdit().setTextMargins(TIGHT, 0, 0, 0)
        self._lay_out()
        self._description = description
        self._put(self._default if value is None else value)
        self._connect()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(TIGHT)
        row.addWidget(self.editor, 1)
        row.addWidget(self.reset)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.note)
        column.addWidget(self.error)

    @property
    def is_changed(self) -> bool:
        return bool(self.value() != self._default)

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

    def show_value(self, value: Any) -> None:
        """Show a value, or the default for None, without a signal."""
        shown = self._default if value is None else value
        if shown != self.value():
            self._put(shown)

    def show_error(self, message: str) -> None:
        """Why the value cannot be used; nothing where it can."""
        self.error.setText(message)
        self.error.setVisible(bool(message))
        self._describe()

    @Slot()
    def take_default(self) -> None:
        # The button is hidden now, and the focus stays in this field.
        if self.reset.hasFocus():
            self.editor.setFocus()
        self._put(self._default)
        self.value_changed.emit(self.name, None)

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
                    self.editor.setPlaceholderText(self._default_words)
        self._show_whether_changed()

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
        self._show_whether_changed()
        self.value_changed.emit(self.name, self.value() if self.is_changed else None)

    def _show_whether_changed(self) -> None:
        """A changed value is told in words, by a bold label and by the button that takes it back."""
        font = self.label.font()
        font.setBold(self.is_changed)
        self.label.setFont(font)
        self.reset.setVisible(self.is_changed)
        self.note.setText(texts.default_and_bounds(self._default_words, self.is_changed, self._bounds))
        self._describe()

    def _describe(self) -> None:
        """What assistive technology reads out beside the name."""
        parts = (self._description, self.note.text(), self.error.text())
        self.editor.setAccessibleDescription(". ".join(part for part in parts if part))


# As many decimals as a value has that is typed; a smaller default has its own.
DECIMALS = 4


class DecimalBox(QDoubleSpinBox):
    """A number without the zeros that its bounds would need; a small one may be typed as 1e-9."""

    def textFromValue(self, value: float) -> str:
        return self.locale().toString(value, "g", 6)

    def valueFromText(self, text: str) -> float:
        value, is_number = self.locale().toDouble(self._number_of(text))
        return value if is_number else self.value()

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        number = self._number_of(text)
        if "e" not in number.lower():
            return super().validate(text, position)
        mantissa, _, exponent = number.lower().partition("e")
        value, is_number = self.locale().toDouble(number)
        if is_number:
            is_within = self.minimum() <= value <= self.maximum()
            return (
                (QValidator.State.Acceptable if is_within else QValidator.State.Intermediate),
                text,
                position,
            )
        _, has_mantissa = self.locale().toDouble(mantissa)
        is_begun = has_mantissa and exponent in ("", "-", "+")
        return (QValidator.State.Intermediate if is_begun else QValidator.State.Invalid), text, position

    def _number_of(self, text: str) -> str:
        return text.removesuffix(self.suffix()).strip()


def _decimals_of(field: Mapping[str, Any]) -> int:
    """Those of values a million times smaller than a default that has more than the usual ones."""
    default = field.get("default")
    if isinstance(default, float) and 0 < abs(default) < 10**-DECIMALS:
        return 6 - floor(log10(abs(default)))
    return DECIMALS


def editor_of(field: Mapping[str, Any]) -> Editor:
    """An empty editor for a field of a JSON schema: enum, boolean, integer, number or text."""
    choices = field.get("enum")
    if choices is not None:
        combo = guarded(QComboBox())
        # A long choice must not widen the panel.
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for choice in choices:
            combo.addItem(label_of(str(choice)), choice)
        return combo
    match field.get("type"):
        case "boolean":
            return QCheckBox()
        case "integer":
            whole = guarded(QSpinBox())
            whole.setRange(*(int(bound) for bound in _bounds(field, 1)))
            whole.setSuffix(_suffix(field))
            if field.get("named_value") == whole.minimum():
                whole.setSpecialValueText(field["value_name"].capitalize())
            return whole
        case "number":
            decimal = guarded(DecimalBox())
            decimal.setDecimals(_decimals_of(field))
            decimal.setRange(*_bounds(field, 1e-4))
            decimal.setSingleStep(0.01)
            decimal.setSuffix(_suffix(field))
            return decimal
        case "string":
            return QLineEdit()
        case other:
            raise TypeError(f"no editor for a field of type {other!r}")


def chooser_of(choices: Sequence[Choice], default: Any, default_words: str, value: Any) -> QComboBox:
    """The default, then the choices, then `value` if it is none of them, as with another model.

    A choice with the value of the default gives it other words.
    """
    words = {choice: text for text, choice in choices}
    combo = guarded(QComboBox())
    # A long list would otherwise be as tall as the screen.
    combo.setMaxVisibleItems(20)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.addItem(words.get(default, default_words.capitalize()), default)
    for text, choice in choices:
        if choice != default:
            combo.addItem(text, choice)
    if value is not None and combo.findData(value) < 0:
        combo.addItem(str(value), value)
    return combo


def label_of(name: str) -> str:
    """The label of a parameter or of one of its values."""
    return texts.PARAMETER_WORDS.get(name, name.replace("_", " ").capitalize())


def value_label(value: Any, field: Mapping[str, Any]) -> str:
    """The label of a value of this field; what it stands for, where the field says so."""
    if "named_value" in field and field["named_value"] == value:
        return str(field["value_name"])
    match value:
        case bool():
            return texts.ON if value else texts.OFF
        case str():
            return label_of(value) if value else texts.AUTOMATIC
        case _:
            return texts.number(value)


def _bounds(field: Mapping[str, Any], step: float) -> tuple[float, float]:
    low = field.get("minimum", field.get("exclusiveMinimum", -LARGEST_NUMBER - step) + step)
    high = field.get("maximum", field.get("exclusiveMaximum", LARGEST_NUMBER + step) - step)
    return low, high


def _suffix(field: Mapping[str, Any]) -> str:
    return f" {field['unit']}" if "unit" in field else ""
