"""The facts label in the window: its cards, its columns, its keys."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.texts import model as words
from app.window.states.model import ScatterPoints
from app.window.widgets.class_table import ClassTable
from app.window.widgets.fact_card import FactCard
from app.window.widgets.interval_bars import IntervalBars
from app.window.widgets.scatter_chooser import ScatterChooser
from app.window.widgets.unit_plot import UnitPlot
from core.worker.messages import PlaceDone, PlaceRequest
from tests.cards import make_card
from tests.gui.recorded import frame_read, indexed, predicted
from tests.gui.test_window import BRIGHT, settle


def test_that_the_panel_stands_in_three_columns_and_tab_walks_through_its_cards(
    qtbot, open_window, reader
) -> None:
    window = open_window(size=(1600, 1000))
    settle(reader)
    window.pages.show_model()
    QApplication.processEvents()
    cards = window.model_panel.findChildren(FactCard)
    lefts = {card.mapTo(window, card.rect().topLeft()).x() for card in cards}
    assert len(lefts) == 3
    assert len({card.width() for card in cards}) <= 2  # equal but for a point
    area = window.model_panel.area
    assert area.widget().width() <= area.viewport().width()
    first, last = cards[0], cards[-1]
    first.setFocus()
    assert area.verticalScrollBar().value() == 0
    last.setFocus(Qt.FocusReason.TabFocusReason)
    assert last.visibleRegion().boundingRect().height() > 0


def test_that_what_is_drawn_fits_its_card_in_a_small_window(qtbot, open_window, reader) -> None:
    window = open_window(size=(1280, 720))
    settle(reader)
    window.pages.show_model()
    QApplication.processEvents()
    for kind in (ClassTable, ScatterChooser, IntervalBars, UnitPlot):
        for part in window.model_panel.findChildren(kind):
            assert part.width() >= part.minimumSizeHint().width()
            assert part.height() >= part.minimumSizeHint().height()


def test_that_another_view_is_drawn_and_stays_chosen_for_the_next_model(qtbot, open_window, reader) -> None:
    window = open_window()
    settle(reader)
    panel = window.model_panel
    window.pages.show_model()
    QApplication.processEvents()
    names = list(panel.scatters._views)
    assert names == list(words.SCATTERS)  # the shipped models have all of them
    before = panel.scatters.plot.grab().toImage()
    panel.scatters.chooser.activated.emit(names.index("pixels_pca"))
    assert panel.scatters.plot.grab().toImage() != before
    assert panel.scatters.description.text().endswith(words.NOT_PLACED)
    window.session.prediction.choose(window.session.prediction.cards[-1].id)
    assert panel.scatters.current == "pixels_pca"


def test_that_the_open_image_is_marked_once_its_place_is_known(qtbot, open_window, reader, worker) -> None:
    window = open_window()
    panel = window.model_panel
    window.pages.show_model()
    settle(reader)
    window.session.cases.open_paths(["folder/a.png"])
    reader.answer(indexed("a.png"))
    reader.answer(*frame_read(BRIGHT))
    settle(reader)
    worker.answer(predicted(), [np.zeros((4, 4, 1), np.float32)])
    assert isinstance(worker.last, PlaceRequest)
    assert panel.scatters.description.text().endswith(f"{words.PLACING} …")
    assert words.OPEN_IMAGE not in panel.scatters.plot.accessibleDescription()
    worker.answer(PlaceDone(places={"embedding_tsne": (0.5, 0.5)}))
    assert panel.scatters.description.text().endswith(words.PLACED_NOTES["embedding_tsne"])
    assert panel.scatters.plot.accessibleDescription().endswith(words.OPEN_IMAGE)


def test_that_the_ring_is_drawn_at_its_place_and_at_the_edge_where_that_is_beyond(qapp) -> None:
    plot = UnitPlot("points", (ScatterPoints("glioma", (0.0, 1.0), (0.0, 1.0), 0, faint=False),), None)
    plot.resize(plot.sizeHint())
    plot.mark("here", (1.0, 1.0))
    inside = plot.grab().toImage()
    plot.mark("here", (7.0, 1.4))
    assert plot.grab().toImage() == inside
    plot.mark("here", (1.0, 0.2))
    assert plot.grab().toImage() != inside


def test_that_points_have_one_scale_on_both_axes_and_fill_the_field(qapp) -> None:
    plot = UnitPlot("points", (ScatterPoints("glioma", (0.0, 1.0), (0.0, 0.5), 0, faint=False),), None)
    assert plot.reach == (1.0, 0.5)
    field = plot._field(10.0, 200.0, 180.0)
    # Twice as wide as high: the width decides, and the highest point lies right below the legend.
    assert (field.left(), field.width(), field.height()) == (10, 200, 200)
    assert field.bottom() - 0.5 * field.height() == plot._legend_height


def test_that_what_is_drawn_can_be_read_out(qapp) -> None:
    bars = IntervalBars(words.PERFORMANCE, words.bars(make_card()))
    assert bars.accessibleDescription().startswith("Macro-F1 0.50 (0.40 to 0.60); Accuracy 0.50")
    assert words.confusion_description(make_card()).startswith(
        "glioma: 1 predicted as glioma, 1 predicted as meningioma, 0 predicted as pituitary"
    )
