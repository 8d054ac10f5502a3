"""Curves: which maps have them, what is plotted, and the reasons where there are none."""

import numpy as np
import pytest

from app.texts import curves as texts
from app.window.states.curves import CurvesState
from app.window.states.maps import MapsState, MapState
from app.window.states.prediction import Phase
from core.curves.curve_set import Curve, CurveScore, CurveSet, Glimpse, ImageFacts, UndefinedCurve
from core.curves.protocol import CurveReason
from core.curves.settings import CurveSettings
from core.errors import CurveUndefined
from core.images.slice import Slice
from core.link import JobProgress
from core.results.records import TargetRecord
from core.worker.messages import CurvesDone
from tests.app.window.states.steps import KEY, Bench
from tests.gui.recorded import RecordedLink, explained

IMAGE = Slice(np.zeros((8, 8)))
GAPS = {"grad_cam": 0.2, "gradient": 0.6, "random": 0.01, "edge": 0.1}


def curve_set(undefined: tuple[str, ...] = (), gaps: dict[str, float] = GAPS) -> CurveSet:
    """Straight curves from 0 to 1 with these scores, of which half or more is better than random."""
    glimpse = Glimpse(share=0, x=0, predicted_class=0, probability=0.5, target_probability=0.5)
    facts = ImageFacts(
        blurred=glimpse,
        original=glimpse,
        information_blurred=0,
        information_original=64,
        unit="pixels",
        input_low=0,
        input_high=1,
    )
    kinds = [kind for kind in ("aic", "sic") if kind not in undefined]
    curves = [
        Curve(method=m, kind=k, direction="top", shares=(0, 1), x=(0, 1), y=(0, 1), area=0.5)
        for m in gaps
        for k in kinds
    ]
    scores = [
        CurveScore(
            method=m,
            kind=k,
            score=gaps[m],
            area=0.5,
            gap=gaps[m],
            spread=0.3,
            margin=0.45,
            random_mean=0.0,
            saturated=False,
            better_than_random="yes" if gaps[m] > 0.45 else "undecided",
        )
        for m in gaps
        for k in kinds
    ]
    missing = [
        UndefinedCurve(
            kind=k,
            reason=CurveReason.LOW_PREDICTION,
            message="The class is improbable.",
            hint="Take another.",
        )
        for k in undefined
    ]
    return CurveSet(
        settings=CurveSettings(),
        target_class=0,
        webp_version="",
        image=facts,
        methods=tuple(gaps),
        curves=tuple(curves),
        scores=tuple(scores),
        undefined=tuple(missing),
        maps=(),
        evaluations=10,
    )


def add_map(maps: MapsState, method: str, class_name: str, fill: float) -> int:
    number = maps.add(KEY, method, method, TargetRecord(class_name=class_name))
    values = np.full((8, 8), fill, np.float32)
    record = explained(values, method, seed=int(fill)).record
    record = record.model_copy(update={"target": TargetRecord(class_name=class_name)})
    maps.update(KEY, number, state=MapState.DONE, values=values, record=record)
    return number


@pytest.fixture
def bench(qapp) -> Bench:
    return Bench(IMAGE)


@pytest.fixture
def worker(bench) -> RecordedLink:
    return bench.worker


@pytest.fixture
def maps(bench) -> MapsState:
    return bench.maps


@pytest.fixture
def curves(bench) -> CurvesState:
    return bench.curves


def test_that_the_empty_panel_states_what_would_fill_it(bench, curves, maps) -> None:
    assert (curves.can_start, curves.empty_text) == (False, texts.CURVES_NEED_MAPS)
    bench.predict("glioma")
    add_map(maps, "grad_cam", "glioma", 1)
    assert (curves.can_start, curves.empty_text) == (True, texts.CURVES_OFFER)


def test_that_all_maps_of_the_followed_class_have_curves_each_under_its_own_name(
    bench, curves, maps, worker
) -> None:
    bench.predict("glioma")
    first = add_map(maps, "grad_cam", "glioma", 1)
    second = add_map(maps, "grad_cam", "glioma", 2)
    add_map(maps, "gradient", "pituitary", 3)
    add_map(maps, "edge", "glioma", 4)
    add_map(maps, "rise", "glioma", 5)
    curves.start()
    request, arrays = worker.sent[-1]
    assert [record.name for record in request.maps] == ["grad_cam", "grad_cam", "rise"]
    assert request.names == (f"grad_cam {first}", f"grad_cam {second}", "rise")
    assert [float(values[0, 0]) for values in arrays] == [1.0, 2.0, 5.0]
    assert request.class_name == "glioma"


def test_that_two_maps_of_one_method_are_compared(bench, curves, maps, worker) -> None:
    bench.predict("glioma")
    numbers = [add_map(maps, "grad_cam", "glioma", fill) for fill in (1, 2)]
    names = [f"grad_cam {number}" for number in numbers]
    curves.start()
    curves_of_two = curve_set(gaps={names[0]: 0.1, names[1]: 0.7, "random": 0.0, "edge": 0.2})
    worker.answer(CurvesDone(curves=curves_of_two, seconds=1.0))
    assert [(row.title, row.sic.score) for row in curves.table.rows[:2]] == [
        ("grad_cam (2)", 0.7),
        ("grad_cam (1)", 0.1),
    ]
    assert [curves.drawn.maps[name].number for name in names] == numbers
    assert [curves.store.score_of(KEY, maps.entry(number), "glioma").score for number in numbers] == [
        0.1,
        0.7,
    ]
    again = add_map(maps, "grad_cam", "glioma", 2)  # the same map once more takes the place of the old one
    assert curves.table.rows[0].title == "grad_cam (2)"
    assert (curves.drawn.name_of(maps.entry(again)), curves.outdated) == (names[1], False)


def test_that_maps_of_one_method_are_named_by_their_parameters_in_curves_and_legends(
    bench, curves, maps, worker
) -> None:
    bench.predict("glioma")
    target, numbers = TargetRecord(class_name="glioma"), []
    for fill, steps in ((1, 8), (2, 24)):
        values = np.full((8, 8), fill, np.float32)
        parameters = {"steps": steps}
        number = maps.add(KEY, "integrated_gradients", "Integrated Gradients", target, parameters, seed=fill)
        record = explained(values, "integrated_gradients", parameters=parameters, seed=fill).record
        record = record.model_copy(update={"target": target})
        maps.update(KEY, number, state=MapState.DONE, values=values, record=record)
        numbers.append(number)
    names = [f"integrated_gradients {number}" for number in numbers]
    curves.start()
    both = curve_set(gaps={names[0]: 0.1, names[1]: 0.7, "random": 0.0, "edge": 0.2})
    worker.answer(CurvesDone(curves=both, seconds=1.0))
    expected = {"Integrated Gradients, steps 8, seed 1", "Integrated Gradients, steps 24, seed 2"}
    table = curves.table
    assert {row.title for row in table.rows if not row.is_control_map} == expected
    assert {line.title for line in table.lines("sic") if not line.is_control_map} == expected
    assert {label for _, label in maps.choices} == expected


def test_that_rows_fall_by_score_with_the_control_maps_below(bench, curves, maps, worker) -> None:
    bench.predict("glioma")
    add_map(maps, "grad_cam", "glioma", 1)
    curves.start()
    worker.answer(JobProgress(done=1, total=4))
    assert curves.progress[0] == 0.25
    worker.answer(CurvesDone(curves=curve_set(), seconds=1.0))
    assert [row.method for row in curves.table.rows] == ["gradient", "grad_cam", "edge", "random"]
    assert [row.is_control_map for row in curves.table.rows] == [False, False, True, True]
    assert texts.score_figure(curves.table.rows[0].sic) == "+0.60 ±0.45"
    assert [line.method for line in curves.table.lines("aic")][-2:] == ["grad_cam", "gradient"]
    assert curves.phase is Phase.DONE


def test_that_an_undefined_kind_keeps_its_reason_and_the_other_its_lines(bench, curves, maps, worker) -> None:
    bench.predict("glioma")
    add_map(maps, "grad_cam", "glioma", 1)
    curves.start()
    worker.answer(CurvesDone(curves=curve_set(undefined=("sic",)), seconds=1.0))
    assert curves.table.lines("sic") == ()
    assert len(curves.table.lines("aic")) == 4
    assert curves.table.undefined == ("SIC is undefined: The class is improbable. Take another.",)
    assert texts.score_figure(curves.table.rows[0].sic) == "undefined"


def test_that_curves_stay_until_new_ones_come_and_report_missing_maps(bench, curves, maps, worker) -> None:
    bench.predict("glioma")
    add_map(maps, "grad_cam", "glioma", 1)
    curves.start()
    worker.answer(CurvesDone(curves=curve_set(), seconds=1.0))
    assert not curves.outdated
    add_map(maps, "integrated_gradients", "glioma", 1)
    assert curves.outdated
    curves.start()
    worker.fail(CurveUndefined("No curve.", "None."))
    assert (curves.phase, str(curves.error)) == (Phase.FAILED, "No curve. None.")
    assert curves.curves is not None


def test_that_each_protocol_has_its_own_curves(bench, curves, maps, worker) -> None:
    bench.predict("glioma")
    add_map(maps, "grad_cam", "glioma", 1)
    curves.start()
    worker.answer(CurvesDone(curves=curve_set(), seconds=1.0))
    curves.set_protocol("pair")
    assert (curves.curves, curves.phase) == (None, Phase.EMPTY)
    curves.start()
    assert worker.last.settings.entropy == "webp"
    curves.cancel()
    assert worker.last.kind == "cancel"


def test_that_a_method_explained_again_with_another_seed_is_new_to_the_curves(
    bench, curves, maps, worker
) -> None:
    bench.predict("glioma")
    add_map(maps, "grad_cam", "glioma", 1)
    curves.start()
    worker.answer(CurvesDone(curves=curve_set(), seconds=1.0))
    add_map(maps, "grad_cam", "glioma", 1)
    assert not curves.outdated  # the same map once more
    add_map(maps, "grad_cam", "glioma", 2)
    assert curves.outdated


def test_that_a_map_finished_while_curves_are_drawn_is_not_taken_for_one_of_theirs(
    bench, curves, maps, worker
) -> None:
    bench.predict("glioma")
    add_map(maps, "grad_cam", "glioma", 1)
    curves.start()
    add_map(maps, "grad_cam", "glioma", 2)
    worker.answer(CurvesDone(curves=curve_set(), seconds=1.0))
    assert curves.outdated


@pytest.mark.parametrize(("undefined", "kind"), [((), "sic"), (("sic",), "aic"), (("aic",), "sic")])
def test_that_the_verdict_is_of_sic_where_there_is_one(bench, curves, maps, worker, undefined, kind) -> None:
    bench.predict("glioma")
    add_map(maps, "grad_cam", "glioma", 1)
    curves.start()
    worker.answer(CurvesDone(curves=curve_set(undefined), seconds=1.0))
    assert curves.table.verdict_kind == kind
