"""Summaries of results: means, paired differences, rankings, and counted reasons."""

import pytest

from core.datasets.aggregate import aggregated
from core.datasets.evaluation import summarised
from core.datasets.tables import measure_tables, rows_csv, table_md
from tests.core.datasets.results import result


def by_method(summary):
    return {score.method: score for score in summary.scores}


def md_of(summary):
    return table_md(measure_tables(summary.scores, summary.stability, summary.left_out), {})


def test_that_the_difference_to_random_is_paired_by_image():
    # The images differ by far more than the methods; the difference is 0.1 on each.
    gaps = [0.0, 0.5, -0.4, 0.9]
    results = [result(f"i{n}", n, {"good": gap + 0.1, "random": gap}) for n, gap in enumerate(gaps)]
    good = by_method(summarised(results, 0))["good"]
    assert good.mean.value == pytest.approx(0.35)
    assert good.mean.low < 0 < good.mean.high
    assert (good.over_random.low, good.over_random.value, good.over_random.high) == (
        pytest.approx(0.1),
        pytest.approx(0.1),
        pytest.approx(0.1),
    )
    assert good.better_than_random == 1.0
    assert by_method(summarised(results, 0))["random"].over_random is None


def test_that_a_reason_is_counted_and_is_no_zero():
    results = [
        result("a", 1, {"good": 0.4, "random": 0.1}),
        result("b", 2, {"random": 0.3}, reasons={"good": "bad_map"}),
        result("c", 3, {}, reasons={"good": "constant_image", "random": "constant_image"}),
    ]
    summary = summarised(results, 0)
    good = by_method(summary)["good"]
    assert (good.images, good.mean.value) == (1, 0.4)
    assert good.left_out == {"bad_map": 1, "constant_image": 1}
    counted = [(each.method, each.reason, each.images) for each in summary.left_out]
    assert counted == [("", "constant_image", 1), ("good", "bad_map", 1)]
    assert "Left out for every method: 1 (constant_image), such as: It is constant_image." in md_of(summary)


def test_that_the_table_states_where_a_method_lacks_images_that_others_have():
    flat = {"none": "constant_map"}
    results = [
        result("a", 1, {"good": 0.4, "random": 0.1}, reasons=flat),
        result("b", 2, {"random": 0.3}, reasons={"good": "bad_map"} | flat),
        result("c", 3, {"random": 0.2}, reasons={"good": "constant_map"} | flat),
        result("d", 3, {"good": 0.2, "random": 0.2}, reasons=flat),
        # No method has this one, so that it counts for none.
        result("e", 4, {}, reasons={"good": "constant_image", "random": "constant_image"} | flat),
    ]
    summary = summarised(results, 0)
    (actual,) = measure_tables(summary.scores, summary.stability, summary.left_out)
    assert [(line.method, line.images, line.score is None) for line in actual.lines] == [
        ("good", "2 of 4", False),
        ("random", "4", False),
        ("none", "0 of 4", True),
    ]
    cells = [line.split(" | ")[:3] for line in md_of(summary).splitlines() if line.startswith("| ")]
    assert [[cell.strip("| ") for cell in row] for row in cells] == [
        ["method", "images", "patients"],
        ["---", "---", "---"],
        ["good", "2 of 4", "2"],
        ["random", "4", "3"],
        ["none", "0 of 4", "0"],
    ]
    # One value or none a row: a table of seven cells wherever it is read.
    assert {line.count("|") for line in md_of(summary).splitlines() if line.startswith("| ")} == {8}


def test_that_a_table_is_shown_where_no_image_has_all_methods():
    results = [
        result("a", 1, {"good": 0.4}, reasons={"random": "bad_map"}),
        result("b", 2, {"random": 0.3}, reasons={"good": "bad_map"}),
    ]
    summary = summarised(results, 0)
    (actual,) = measure_tables(summary.scores, summary.stability, summary.left_out)
    assert actual.stability is None
    assert [(line.method, line.images) for line in actual.lines] == [("good", "1 of 2"), ("random", "1 of 2")]


def test_that_a_measure_without_any_value_still_states_the_reason():
    summary = summarised([result("a", 1, {}, reasons={"good": "blurred_not_simpler"})], 0)
    assert summary.scores == summary.stability == ()
    text = md_of(summary)
    assert text.startswith("## SIC by cells/area: gap\n")
    assert "1 (blurred_not_simpler)" in text


def test_that_the_ranking_stands_on_the_images_that_every_method_has():
    results = [
        result("a", 1, {"good": 0.4, "fair": 0.3, "random": 0.0}),
        result("b", 2, {"good": 0.5, "fair": 0.2, "random": 0.1}),
        # Alone it would put `fair` first.
        result("c", 3, {"fair": 9.0, "random": 0.0}, reasons={"good": "bad_map"}),
    ]
    (stable,) = summarised(results, 0).stability
    assert stable.methods == ("good", "fair", "random")
    assert (stable.images, stable.patients) == (2, 2)
    assert (stable.tau_halves, stable.tau_halves_low, stable.tau_seeds) == (1.0, 1.0, None)
    assert stable.range == pytest.approx(0.4)


def test_that_halves_of_the_images_are_reported_beside_halves_by_patient():
    # The two patients rank the other way round; each of them agrees with itself.
    results = [result(f"a{number}", 1, {"good": 0.9, "random": 0.0}) for number in range(40)]
    results += [result(f"b{number}", 2, {"good": -0.3, "random": 0.0}) for number in range(40)]
    summary = summarised(results, 0)
    (stable,) = summary.stability
    assert (stable.tau_halves, stable.tau_image_halves) == (-1.0, 1.0)
    text = md_of(summary)
    assert "by patient −1.00 (nine of ten above −1.00); 1.00 between halves of the images" in text
    # One image a patient: the two are the same, and reported once.
    alone = summarised([result("a", 1, {"good": 1.0, "random": 0.0}), *results[-1:]], 0)
    assert "halves of the images" not in md_of(alone)


def test_that_repeats_are_averaged_and_compared():
    results = [
        result(image, group, {"good": good, "random": 0.1}, repeat=repeat)
        for repeat, good in enumerate((0.4, 0.2, 0.0))
        for group, image in enumerate("ab")
    ]
    summary = summarised(results, 0)
    assert by_method(summary)["good"].mean.value == pytest.approx(0.2)
    assert by_method(summary)["good"].images == 2
    # Repeats 0 and 1 rank alike, repeat 2 the other way round: taus 1, -1, -1.
    assert summary.stability[0].tau_seeds == -1.0


def test_that_images_left_out_by_the_plan_are_not_counted():
    results = [
        result("a", 1, {"good": 0.4, "random": 0.1}),
        result("b", 2, {}, reasons={"good": "wrong_prediction"}, left_out=True),
    ]
    summary = summarised(results, 0)
    assert by_method(summary)["good"].left_out == {}
    assert summary.left_out == ()


def test_that_curves_are_put_together_by_place_and_patient():
    results = [
        result(image, group, {}, curves={"good": height})
        for image, group, height in (("a", 1, 0.2), ("b", 1, 0.3), ("c", 2, 1.0))
    ]
    mean, median = aggregated(results, 0)
    assert (mean.images, mean.patients) == (3, 2)
    assert (mean.area, median.area) == (pytest.approx(0.5), pytest.approx(0.3))
    # The draws of two patients: both the first, one each, both the second.
    assert (mean.low[0], mean.high[0]) == (0.25, 1.0)
    assert (median.low[50], median.high[50]) == (0.25, 1.0)


def test_that_rows_are_tidy():
    each = result("a", 1, {"good": 0.1}, reasons={"bad": "bad_map"}).model_copy(update={"slice": 2})
    lines = rows_csv([each]).decode().splitlines()
    assert lines[0].split(",") == [
        *("image", "file", "slice", "label", "group", "repeat", "predicted", "fit", "target"),
        *("method", "metric", "setting", "figure", "value", "reason", "sentence", "note"),
    ]
    assert lines[1] == "a,a.png,2,glioma,1,0,,,,good,sic,cells/area,gap,0.1,,,"
    assert lines[2] == "a,a.png,2,glioma,1,0,,,,bad,sic,cells/area,gap,,bad_map,It is bad_map.,"
