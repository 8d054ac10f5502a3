"""Presets of methods: what they select, what they cost, and the selection that they replace."""

from app.window.states.presets import PRESETS
from core.methods import METHODS
from core.methods.contract import Family
from core.network.speed import CallSpeed, Speed
from tests.app.window.states.steps import open_and_predict

QUICK_LOOK = ("input_x_gradient", "grad_cam")


def store_speed(session, seconds: float) -> None:
    """A machine on which every call takes so long, whatever its batch."""
    call = CallSpeed(alone=seconds, full=seconds, warm_up=0.0)
    session.pace.choose("machine")
    session.pace.store("machine", Speed(forward=call, gradient=call, batch=1))


def selected(session) -> set[str]:
    return {row.name for _, rows in session.explain.families for row in rows if row.checked}


def select_by_hand(session, *names: str) -> None:
    for method in METHODS:
        session.explain.set_checked(method.name, method.name in names)


def test_that_a_preset_runs_its_methods_and_selects_them(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    session.start_preset("quick_look")
    assert [entry.method for entry in session.maps.entries] == [*QUICK_LOOK, "random", "edge"]
    assert selected(session) == {"input_x_gradient", "grad_cam"}
    assert session.image.overlay_on
    assert [row.name for row in session.presets.rows if row.is_selected] == ["quick_look"]


def test_that_a_preset_does_nothing_before_the_prediction_or_while_methods_run(
    session, reader, worker
) -> None:
    before = selected(session)
    session.start_preset("papers")
    assert not session.presets.can_start
    assert selected(session) == before
    open_and_predict(session, reader, worker)
    session.start_preset("quick_look")
    session.start_preset("papers")
    assert selected(session) == {"input_x_gradient", "grad_cam"}
    assert [entry.method for entry in session.maps.entries] == [*QUICK_LOOK, "random", "edge"]


def test_that_the_cost_is_the_sum_over_the_methods_once_the_speed_is_known(session, reader, worker) -> None:
    assert [row.cost for row in session.presets.rows] == [""] * len(PRESETS)
    open_and_predict(session, reader, worker)
    assert [row.cost for row in session.presets.rows] == [""] * len(PRESETS)
    store_speed(session, seconds=1.0)
    # Grad-CAM and input x gradient: a gradient each, and the score for the first.
    quick = session.presets.rows[0]
    assert quick.cost in ("2 s", "3 s", "4 s")
    session.explain.set_values("integrated_gradients", {"steps": 3000})
    session.explain.set_values("integrated_gradients", {"rule": "trapezoid"})
    changed = {row.name: row.cost for row in session.presets.rows}
    assert changed["quick_look"] == quick.cost
    assert "min" in changed["papers"]


def test_that_a_method_that_cannot_run_with_its_parameters_takes_no_part_in_the_cost(
    session, reader, worker
) -> None:
    open_and_predict(session, reader, worker)
    store_speed(session, seconds=0.01)
    before = session.presets.rows[-1].cost
    session.explain.set_values("rise", {"masks": 1})
    assert session.presets.rows[-1].cost not in ("", before)


def test_that_a_selection_by_hand_is_kept_until_it_is_restored(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    select_by_hand(session, "rise", "random", "edge")
    session.presets.select("papers")
    session.presets.select("thorough")  # a preset that replaces a preset leaves the selection by hand
    assert session.presets.replaced_count == 3
    session.presets.restore()
    assert selected(session) == {"rise", "random", "edge"}
    assert session.presets.replaced_count == 0
    session.presets.restore()
    assert selected(session) == {"rise", "random", "edge"}


def test_that_a_selection_that_nobody_made_is_not_kept(session) -> None:
    session.presets.select("papers")
    assert session.presets.replaced_count == 0
    select_by_hand(session)
    session.presets.select("papers")
    assert session.presets.replaced_count == 0


def test_that_the_thorough_preset_has_a_method_of_every_family() -> None:
    thorough = next(preset for preset in PRESETS if preset.name == "thorough")
    assert {method.family for method in METHODS if method.name in thorough.methods} == set(Family)


def test_that_the_methods_of_neuroxai_are_those_of_its_paper() -> None:
    preset = next(preset for preset in PRESETS if preset.name == "neuroxai")
    titles = {method.title for method in METHODS if method.name in preset.methods}
    assert titles == {
        "Gradient",
        "SmoothGrad",
        "Integrated Gradients",
        "Guided IG",
        "Guided backpropagation",
        "Grad-CAM",
        "Guided Grad-CAM",
    }


def test_that_the_methods_of_the_review_are_those_of_its_table_that_are_offered() -> None:
    preset = next(preset for preset in PRESETS if preset.name == "review")
    titles = {method.title for method in METHODS if method.name in preset.methods}
    assert titles == {
        "Gradient",
        "Deconvnet",
        "Guided backpropagation",
        "LRP",
        "Input × gradient",
        "Grad-CAM",
        "Integrated Gradients",
        "Deep Taylor decomposition",
        "DeepLIFT",
        "SmoothGrad",
        "DeepSHAP",
    }


def test_that_a_preset_is_one_change_of_the_selection(session) -> None:
    changes = []
    session.explain.changed.connect(lambda: changes.append(selected(session)))
    session.presets.select("papers")
    assert len(changes) == 1
    assert len(changes[0]) == 7


def test_that_explain_repeats_the_preset(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    session.presets.select("quick_look")
    session.start_explaining()
    assert [entry.method for entry in session.maps.entries] == [*QUICK_LOOK, "random", "edge"]
