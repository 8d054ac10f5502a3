"""What the Model panel draws, from card and metrics."""

import pytest

from app.texts import model as words
from app.window.states.model import ModelFacts
from app.window.states.prediction import PredictionState
from app.window.states.shown import ShownState
from core.models.bundle import write_bundle
from core.models.card import Calibration, Card, ClassMetrics, Interval, Mistake, PairMetrics, ReliabilityBin
from core.models.metrics import Metrics, Roc, Scatter, ScatterRow, Scored, write_metrics
from tests.cards import make_card
from tests.gui.recorded import RecordedLink

ONE = Interval(value=0.5, low=0.4, high=0.6)


@pytest.fixture
def facts(qapp, tmp_path, monkeypatch):
    """The facts of a bundle with a report, among the installed ones."""
    bins = (ReliabilityBin(confidence=0.9, accuracy=0.5, images=4),)
    small = (ReliabilityBin(confidence=0.6, accuracy=0.5, images=1),)
    calibration = Calibration(error_before=0.4, error_after=0.1, before=bins, after=(*small, *bins))
    classes = {"glioma": ClassMetrics(precision=1, recall=1, f1=1, support=2, f1_interval=ONE, auc=ONE)}
    good = make_card().performance
    good = good.model_copy(update={"calibration": calibration, "classes": good.classes | classes})
    card = make_card(performance=good)
    folder = tmp_path / "small"
    write_bundle(folder, card, {})
    rows = tuple(
        ScatterRow(id=str(n), label=n % 3, part=part) for n, part in enumerate(("test", "train", "test"))
    )
    points = Scatter(x=(0.0, 0.5, 1.0), y=(1.0, 0.5, 0.0))
    metrics = Metrics(
        temperature=1.0,
        roc={"glioma": Roc(false_positives=(0, 0, 1), true_positives=(0, 1, 1))},
        scatter_rows=rows,
        scatters={"embedding_tsne": points},
        test=(Scored(id="0", group="a", label=0, logits=(1, 0, 0)),),
    )
    write_metrics(folder, metrics)
    monkeypatch.setattr("core.models.bundle.model_folders", lambda: [tmp_path])
    return ModelFacts(PredictionState(RecordedLink(), ShownState(card), [card, make_card(id="absent")]))


def test_that_marks_weigh_as_much_as_their_bins_hold(facts):
    before, after = facts.reliability
    assert (before.name, before.marks) == (words.BEFORE, (1.0,))
    assert (after.x, after.y, after.marks) == ((0.6, 0.9), (0.5, 0.5), (0.25, 1.0))


def test_that_curves_are_named_with_their_area(facts):
    (line,) = facts.roc
    assert (line.name, line.x, line.y) == ("glioma 0.50", (0, 0, 1), (0, 1, 1))


def test_that_images_of_training_are_faint_and_come_first(facts):
    points = [(point.name, point.faint, point.x) for point in facts.points("embedding_tsne") if point.x]
    assert points == [("meningioma", True, (0.5,)), ("glioma", False, (0.0,)), ("pituitary", False, (1.0,))]


def test_that_another_model_brings_its_own_figures_or_none(facts):
    assert facts.metrics is not None
    assert facts._prediction.choose("absent")
    assert (facts.metrics, facts.roc, facts.scatters, facts.reliability) == (None, (), {}, ())


def test_that_only_views_that_the_bundle_has_are_offered(facts):
    assert list(facts.scatters) == ["embedding_tsne"]
    assert facts.points("pixels_pca") == ()


def test_that_all_installed_models_are_shown_side_by_side_and_the_chosen_one_is_emphasised(facts):
    assert [(bar.name, bar.value, bar.low, bar.high, bar.strong) for bar in facts.models] == [
        ("Small network", 0.5, 0.4, 0.6, True),
        ("Small network", 0.5, 0.4, 0.6, False),
    ]
    assert facts._prediction.choose("absent")
    assert [bar.strong for bar in facts.models] == [False, True]


def test_that_each_class_has_its_figures_with_the_intervals_that_its_card_has():
    good = make_card().performance
    new = ClassMetrics(
        precision=0.25, recall=0.75, f1=0.375, support=4, precision_interval=ONE, f1_interval=ONE
    )
    classes = {"lung_opacity": new} | good.classes
    card = make_card(performance=good.model_copy(update={"classes": classes}))
    rows = words.class_rows(card)
    assert (rows[0].name, rows[0].images) == ("lung opacity", 4)
    assert [figure.whole for figure in rows[0].figures] == [
        "0.25 (0.40 to 0.60)",
        "0.75",
        "0.38 (0.40 to 0.60)",
    ]
    assert [figure.whole for figure in rows[1].figures] == ["0.50", "0.50", "0.50"]
    assert words.class_rows_description(rows[:1]) == (
        "lung opacity, 4 images: precision 0.25 (0.40 to 0.60), recall 0.75, F1 0.38 (0.40 to 0.60)"
    )


def test_that_a_card_without_intervals_of_precision_is_read_as_before():
    written = make_card().model_dump(mode="json")
    for class_performance in written["performance"]["classes"].values():
        del class_performance["precision_interval"], class_performance["recall_interval"]
    assert Card.model_validate(written) == make_card()


def test_that_a_view_states_where_the_open_image_is_and_when_it_is_outside():
    reach = (1.0, 0.75)
    sentences = words.scatter_words("embedding_pca", (0.2, 0.75), reach)
    assert sentences == f"{words.SCATTER_NOTES['embedding_pca']} {words.POINTS_NOTE}"
    assert words.scatter_words("embedding_pca", (0.2, 0.8), reach) == f"{sentences} {words.OUTSIDE_VIEW}"
    assert words.scatter_words("embedding_tsne", (-0.1, 0.5), reach).endswith(
        f"{words.PLACED_NOTES['embedding_tsne']} {words.OUTSIDE_VIEW}"
    )
    assert words.scatter_words("embedding_pca", None, reach, placing=True).endswith(f"{words.PLACING} …")
    assert words.scatter_words("embedding_pca", None, reach, error="It has none.").endswith(" It has none.")
    assert words.scatter_words("pixels_pca", (0.5, 0.5), reach).endswith(words.NOT_PLACED)


def test_that_the_label_names_the_worst_class_the_sources_and_the_surest_mistakes():
    good = make_card().performance
    weak = ClassMetrics(precision=0.25, recall=0.75, f1=0.375, support=4)
    pair = PairMetrics(
        classes=("glioma", "lung_opacity"), images=4, groups=2, macro_f1=ONE, confusion=((2, 0), (1, 1))
    )
    mistakes = (Mistake(id="17", truth="glioma", said="pituitary", probability=0.987),)
    update = {"classes": good.classes | {"pituitary": weak}, "mistakes": mistakes, "pair": pair}
    card = make_card(performance=good.model_copy(update=update))
    worst, mistake = words.error_sentences(card)
    assert worst == ("Lowest F1: pituitary, 0.38; recall 75\u00a0%, precision 25\u00a0%.")
    assert mistake == "Image 17: true class glioma, predicted pituitary with probability 99\u00a0%."
    assert "glioma versus lung opacity is a fair comparison: macro-F1 0.50" in words.pair_sentence(card)
    assert [bar.name for bar in words.bars(card)][:3] == [
        "Macro-F1",
        "Accuracy",
        "glioma/lung opacity",
    ]


def test_that_a_card_without_a_report_still_makes_a_label():
    label = words.sections(make_card())
    assert [part.title for part in label][:2] == [words.INTENDED_USE, words.EXCLUDED_USES]
    assert next(part for part in label if part.title == words.SHORTCUTS).sentences == (words.NO_SHORTCUTS,)
