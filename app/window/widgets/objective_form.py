"""The form that says what a picture of the network is to maximise."""

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QFormLayout, QLabel, QSpinBox, QWidget

from app.texts import layers as texts_layers
from app.texts import network_pictures as texts
from app.window.states.network_objective import ObjectiveChoice
from app.window.theme import GAP, TIGHT
from app.window.wheel_guard import guarded
from app.window.widgets.chooser import Chooser
from core.models.card import Card
from core.network.objective import ObjectiveKind

# Which rows each kind has beside its own choice.
ROWS: dict[ObjectiveKind, tuple[str, ...]] = {
    "class": ("class_name",),
    "layer": ("layer",),
    "channel": ("layer", "channel"),
    "unit": ("layer", "channel", "row", "column"),
}
NUMBERS = {"channel": texts.CHANNEL, "row": texts.ROW, "column": texts.COLUMN}


class ObjectiveForm(QWidget):
    """Shows an `ObjectiveChoice`."""

    value_changed = Signal(str, object)  # field, value

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind, self.class_name = Chooser(texts.KIND), Chooser(texts.CLASS)
        self.layer = Chooser(texts.LAYER)
        self.numbers = {field: guarded(QSpinBox()) for field in NUMBERS}
        self._rows = QFormLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setHorizontalSpacing(GAP)
        self._rows.setVerticalSpacing(TIGHT)
        self._rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        choosers = (
            ("kind", texts.KIND, self.kind),
            ("class_name", texts.CLASS, self.class_name),
            ("layer", texts.LAYER, self.layer),
        )
        for field, title, chooser in choosers:
            chooser.setSizeAdjustPolicy(Chooser.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            chooser.setMaxVisibleItems(20)
            chooser.chosen.connect(lambda value, field=field: self.value_changed.emit(field, value))
            self._rows.addRow(QLabel(title), chooser)
        self.kind.setToolTip(texts.KIND_TIP)
        for field, spin in self.numbers.items():
            spin.setAccessibleName(NUMBERS[field])
            # The padding of the style sheet does not apply to the line edit inside.
            spin.lineEdit().setTextMargins(TIGHT, 0, 0, 0)
            spin.valueChanged.connect(lambda value, field=field: self.value_changed.emit(field, value))
            self._rows.addRow(QLabel(NUMBERS[field]), spin)

    def show_choice(
        self, choice: ObjectiveChoice, kinds: tuple[ObjectiveKind, ...], card: Card | None
    ) -> None:
        """Show a choice; kinds: those that are offered. card: of the model, for the words of its classes."""
        self.kind.show_choices([(kind, texts.KINDS[kind]) for kind in kinds], choice.kind)
        words = [(name, card.words_of(name) if card is not None else name) for name in choice.classes]
        self.class_name.show_choices(words, choice.class_name)
        layers = [(layer.name, texts_layers.layer(layer)) for layer in choice.layers]
        self.layer.show_choices(layers, choice.layer)
        layer = choice.chosen_layer
        sizes = (layer.channels, *layer.grid[:2]) if layer is not None else (1, 1, 1)
        for (field, spin), size in zip(self.numbers.items(), sizes, strict=True):
            with QSignalBlocker(spin):
                spin.setRange(0, size - 1)
                spin.setValue(getattr(choice, field))
        shown = ROWS[choice.kind]
        widgets = {"class_name": self.class_name, "layer": self.layer, **self.numbers}
        for field, widget in widgets.items():
            self._rows.setRowVisible(widget, field in shown)
