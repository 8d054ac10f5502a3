"""Everywhere in the window a class has the words of the model's card, never its identifier."""

import re

import numpy as np
import pytest
from PySide6.QtWidgets import QWidget

from app.window import main_window
from app.window.main_window import MainWindow
from core.models.card import Mistake, PairMetrics, SourceMetrics
from core.models.metrics import Metrics, Roc, Scatter, ScatterRow
from core.results.records import TargetRecord
from core.results.scan import ScannedSlice
from core.values import Interval
from core.worker.messages import CurvesDone, ExplainRequest, ScanDone
from tests.app.window.states.steps import open_file
from tests.app.window.states.test_reveal import with_glimpses
from tests.cards import CLASSES, make_card
from tests.gui.recorded import explained, frame_read, predicted
from tests.gui.test_look_first import visible_texts
from tests.gui.test_window import BRIGHT, open_image, settle

WORDS = {"glioma": "first kind", "meningioma": "second kind", "pituitary": "third kind"}
IDENTIFIERS = re.compile("|".join(CLASSES), re.IGNORECASE)
MAP = np.linspace(0, 1, 32 * 32, dtype=np.float32).reshape(32, 32)
HALF = Interval(value=0.5, low=0.4, high=0.6)


def card_with_words():
    """A card that names classes in every part that may do so."""
    good = make_card().performance
    pair = PairMetrics(
        classes=CLASSES[:2],
        images=4,
        groups=2,
        macro_f1=HALF,
        confusion=((2, 0), (1, 1)),
        sources={"here": HALF},
    )
    update = {
        "pair": pair,
        "mistakes": (Mistake(id="17", truth=CLASSES[0], said=CLASSES[2], probability=0.9),),
        "sources": {
            "here": SourceMetrics(images=3, groups=3, classes=dict.fromkeys(CLASSES, 1), accuracy=HALF)
        },
    }
    return make_card(class_words=WORDS, performance=good.model_copy(update=update))


def metrics() -> Metrics:
    rows = tuple(ScatterRow(id=str(label), label=label, part="test") for label in range(3))
    return Metrics(
        temperature=1.0,
        roc={name: Roc(false_positives=(0, 1), true_positives=(0, 1)) for name in CLASSES},
        scatter_rows=rows,
        scatters={"embedding_tsne": Scatter(x=(0.0, 0.5, 1.0), y=(1.0, 0.5, 0.0))},
        test=(),
    )


@pytest.fixture
def window(open_window, reader, worker, monkeypatch) -> MainWindow:
    """The third class is predicted, and maps of a logit and of a difference are finished."""
    monkeypatch.setattr(main_window, "installed_cards", lambda: ([card_with_words()], []))
    monkeypatch.setattr(main_window, "samples", lambda: [])
    monkeypatch.setattr("app.window.states.model._metrics_of", lambda card: metrics())
    window = open_window()
    open_image(window, reader, worker, frames=3)
    session = window.session
    session.preferences.change(background_checks=False)
    for target in (0, len(session.explain.targets) - 1):
        session.explain.choose_target(target)
        session.explain.start(["grad_cam"])
        assert isinstance(worker.last, ExplainRequest)
        worker.answer(explained(MAP, target=worker.last.target, seed=target), [MAP])
    session.show_map(session.maps.finished[0].number)
    return window


def identifiers_in(window: MainWindow) -> list[str]:
    return [text for text in visible_texts(window, QWidget()) if IDENTIFIERS.search(text)]


def test_that_prediction_targets_band_cards_and_colour_bar_name_classes_in_words(window) -> None:
    session = window.session
    assert identifiers_in(window) == []
    assert session.evidence.sentence.startswith("Grad-CAM, second kind, logit, second kind")
    assert [choice.text for choice in session.explain.targets] == [
        "second kind (predicted), logit",
        "first kind, logit",
        "third kind, logit",
        "second kind (predicted), probability",
        "first kind, probability",
        "third kind, probability",
        "second kind rather than first kind",
        "second kind rather than third kind",
    ]
    assert session.maps.overlay(session.maps.finished[1]).target == "second kind rather than third kind"
    assert all(not IDENTIFIERS.search(label) for _, label in session.maps.choices)


def test_that_compared_maps_name_classes_in_words(window) -> None:
    window.session.second_view.compare_with(window.session.maps.finished[1].number)
    assert window.session.second_view.overlays is not None
    assert identifiers_in(window) == []


def test_that_curves_and_revealed_images_name_classes_in_words(window, worker) -> None:
    session = window.session
    window.show_panel(window.curves_panel)
    session.remove_map(session.maps.finished[1].number)
    session.curves.start()
    worker.answer(CurvesDone(curves=with_glimpses(), seconds=1.0))
    assert identifiers_in(window) == []
    window.show_panel(window.reveal_panel)
    assert identifiers_in(window) == []
    strip = session.reveal.strip
    assert strip.class_words == "first kind"
    assert {frame.answer for frame in strip.frames} == {"first kind", "second kind"}


def test_that_other_results_name_classes_in_words(window) -> None:
    for panel in (window.sanity_panel, window.agreement_panel, window.maps_panel):
        window.show_panel(panel)
        assert identifiers_in(window) == []


def test_that_the_scan_of_a_volume_names_its_class_in_words(window, reader, worker) -> None:
    scan = window.session.slice_scan
    window.session.highest_slice.find()
    assert identifiers_in(window) == []  # while it runs, in the status bar
    while reader.running_job is not None:
        reader.answer(*frame_read(BRIGHT))
    probabilities = dict(zip(CLASSES, (0.2, 0.7, 0.1), strict=True))
    worker.answer(ScanDone(slices=(ScannedSlice(probabilities=probabilities, fits=True),) * 3))
    assert not scan.running
    assert window.slice_curve.caption.startswith("Probability of second kind by slice; highest: 70")
    assert identifiers_in(window) == []


def test_that_the_model_page_names_classes_in_words(window) -> None:
    window.pages.show_model()
    facts = window.model_panel.facts
    assert window.model_panel.scatters is not None
    assert identifiers_in(window) == []
    names = [line.name for line in facts.roc] + [points.name for points in facts.points("embedding_tsne")]
    assert set(names) == set(WORDS.values())


def test_that_a_map_without_evidence_names_its_target_in_words() -> None:
    card = card_with_words()
    record = TargetRecord(kind="difference", class_name="pituitary", against="glioma")
    assert record.words_by(card.words_of) == "logit of third kind minus logit of first kind"


def test_that_look_first_names_classes_in_words(window, worker, reader) -> None:
    window.window_actions.by_name["look_first"].trigger()
    window.session.cases.close_all()
    settle(reader)
    open_file(window.session, reader, BRIGHT)
    assert identifiers_in(window) == []
    window.session.impressions.state_impression("pituitary")
    worker.answer(predicted())
    window.session.impressions.decide("accept")
    assert identifiers_in(window) == []
