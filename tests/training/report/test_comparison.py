"""The page that compares models: from figures to words, and as committed."""

from core.models.bundle import RESOURCES
from core.values import Interval
from tests.cards import make_card
from training.report.comparison import (
    PAGE,
    PICTURE,
    ComparedModel,
    installed_rows,
    page,
    picture,
    store_row,
    stored_rows,
    write_page,
)

ROW = ComparedModel.of(make_card(), weights_bytes=14_125_622)


def test_that_the_committed_page_is_what_the_committed_numbers_give():
    bundles, runs = installed_rows(), stored_rows()
    assert (RESOURCES / "help" / PAGE).read_text(encoding="utf-8") == page(bundles, runs)
    assert (RESOURCES / "help" / PICTURE).read_text(encoding="utf-8") == picture([*bundles, *runs])


def test_that_a_row_holds_the_required_columns():
    assert ROW.model_copy(update={"parameters": 7_034_307, "depth": 121, "seconds": 5968.5}).cells == (
        "Small network",
        "glioma, meningioma, pituitary",
        "7.0 M, depth 121",
        "14.1 MB",
        "0",
        "1 h 39 min",
        "CPU",
        "0.50 (0.40 to 0.60)",
        "",
    )


def test_that_kept_figures_come_back_without_weights_and_with_their_note(tmp_path):
    store_row(tmp_path / "random.json", make_card(), "Random split of slices: persons leak.")
    (stored,) = stored_rows(tmp_path)
    assert (stored.macro_f1, stored.weights_bytes) == (Interval(value=0.5, low=0.4, high=0.6), None)
    text = page([ROW], [stored])
    assert "- **Small network** (6 images): Random split of slices: persons leak." in text
    assert "| not kept |" in text
    assert "compared fairly" not in text


def test_that_a_pair_has_a_table_of_its_own():
    pair = Interval(value=0.82, low=0.75, high=0.88)
    row = ROW.model_copy(update={"pair": pair, "pair_classes": ("normal", "lung opacity")})
    assert "| Small network | normal versus lung opacity | 0.82 (0.75 to 0.88) |" in page([row], [])


def test_that_the_bars_are_as_long_as_the_figures(tmp_path):
    write_page(tmp_path, [ROW], [])
    drawn = (tmp_path / PICTURE).read_text(encoding="utf-8")
    assert '<rect x="290" y="14" width="170.0"' in drawn
    assert "M426.0 23H494.0" in drawn
