"""The focused method: title, summary, the form of its parameters, and the way to its page in the help."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.texts import explain as texts
from app.texts import help as texts_help
from app.window.states.explain import ExplainState
from app.window.states.layer_choices import layer_choices
from app.window.theme import GAP, MARGIN, TIGHT
from app.window.widgets.layer_thumbnails import LayerThumbnails
from app.window.widgets.panel import Panel
from app.window.widgets.parameter_form import ParameterForm
from core.network.layer import Layer

LAYER = "layer"  # the parameter of methods that are made from one


class MethodForm(Panel):
    """Draws the focused method of an `ExplainState`."""

    help_asked = Signal(str)  # the key of a page
    list_asked = Signal()  # back to the list of methods

    def __init__(
        self, state: ExplainState, strip: LayerThumbnails | None = None, parent: QWidget | None = None
    ) -> None:
        """strip: of the layers, shown below the parameters of methods that have one to choose."""
        super().__init__(parent)
        self._state, self.strip = state, strip
        self._layers: tuple[Layer, ...] = ()
        self._is_stale = False
        self.form = ParameterForm()
        self.form.value_changed.connect(self._on_value_changed)
        if strip is not None:
            strip.hide()  # until it is known that the method has a layer: it computes what it shows
            strip.chosen.connect(self._on_layer)
        self._title, self._summary = QLabel(), QLabel()
        self._title.setObjectName("title")
        self._cost = QLabel()
        for label in (self._summary, self._cost):
            label.setObjectName("muted")
            label.setWordWrap(True)
        self.back = QPushButton(texts.BACK_TO_LIST)
        self.back.clicked.connect(self.list_asked)
        self._about = QPushButton(texts_help.ABOUT_METHOD)
        self._about.clicked.connect(self._on_about)
        self.reset_all = QPushButton(texts.RESET_ALL)
        self.reset_all.clicked.connect(self.form.reset_all)
        for button in (self.back, self._about, self.reset_all):
            button.setObjectName("link")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, TIGHT, 0, 0)
        column.setSpacing(TIGHT)
        column.addLayout(self._head())
        column.addWidget(self._scrolled(), 1)
        state.changed.connect(self._show_values)
        state.focus_changed.connect(self.show_method)
        self.show_method()

    def _head(self) -> QVBoxLayout:
        links = QHBoxLayout()
        links.addWidget(self.back)
        links.addStretch(1)
        links.addWidget(self.reset_all)
        title = QHBoxLayout()
        title.setSpacing(GAP)
        title.addWidget(self._title, 1)
        title.addWidget(self._about)
        head = QVBoxLayout()
        head.setContentsMargins(MARGIN, 0, MARGIN, 0)
        head.setSpacing(0)
        head.addLayout(links)
        head.addLayout(title)
        return head

    def _scrolled(self) -> QScrollArea:
        inside = Panel()
        column = QVBoxLayout(inside)
        column.setContentsMargins(MARGIN, 0, MARGIN, GAP)
        column.setSpacing(GAP)
        for part in (self._summary, self._cost, self.form, self.strip):
            if part is not None:
                column.addWidget(part)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        return area

    def focus_first(self) -> None:
        """Give the focus to the first field, or to the link to the help where there is none."""
        self._about.setFocus()
        self.form.focus_first()

    def showEvent(self, event: QShowEvent) -> None:
        if self._is_stale:
            self._build()
        super().showEvent(event)

    @Slot()
    def show_method(self) -> None:
        """Build the form of the focused method, at once or when it is shown: it takes some time."""
        self._is_stale = not self.isVisible()
        if not self._is_stale:
            self._build()

    def _build(self) -> None:
        self._is_stale = False
        method = self._state.focused
        self._title.setText(method.title)
        self._summary.setText(method.summary)
        self.reset_all.setAccessibleName(texts.reset_all_of(method.title))
        # The state has no layers while the model predicts; those of the last prediction are kept.
        self._layers = self._state.layers or self._layers
        choices = {LAYER: layer_choices(self._layers, has_default=True)}
        self.form.show_params(method.Params, self._state.values(method.name), choices)
        if self.strip is not None:
            self.strip.setVisible(LAYER in method.Params.model_fields and bool(self._layers))
        self._show_values()

    @Slot()
    def _show_values(self) -> None:
        if self._is_stale:
            return
        if self._state.layers and self._state.layers != self._layers:
            self.show_method()
            return
        values = self._state.values(self._state.focused.name)
        self.form.show_values(values)
        if self.strip is not None and self._layers:
            self.strip.mark_layer(values.get(LAYER, self._layers[-1].name))
        conflict = self._state.conflict
        if conflict is None:
            self.form.show_error("", "")
        else:
            self.form.show_error(conflict.parameter, texts.conflict(conflict))
        costs = self._state.costs
        self._cost.setText(costs.total([self._state.focused]))
        self._cost.setToolTip(costs.details(self._state.focused))
        self._cost.setVisible(bool(self._cost.text()))
        # It keeps its place, so that the title does not move.
        self.reset_all.setEnabled(self.form.has_changes)

    @Slot()
    def _on_about(self) -> None:
        self.help_asked.emit(f"methods/{self._state.focused.name}")

    @Slot(str)
    def _on_layer(self, name: str) -> None:
        """The last layer is the default, and the same map either way."""
        is_default = bool(self._layers) and name == self._layers[-1].name
        self._state.set_values(self._state.focused.name, {LAYER: None if is_default else name})

    @Slot(str, object)
    def _on_value_changed(self, field: str, value: object) -> None:
        self._state.set_values(self._state.focused.name, {field: value})
