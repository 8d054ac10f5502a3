"""What a person changes of view and parameters is undone step by step; what the program changes is not."""

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication

from app.texts import explain as texts_explain
from app.texts import undo as texts
from app.window.states.position import SlicePosition
from core.images.slice import Slice, Window
from tests.app.window.states.steps import PICTURE, open_and_predict, open_file
from tests.gui.recorded import frame_read, indexed

NARROW, WIDE = Window(10.0, 20.0), Window(30.0, 60.0)


def end_turn() -> None:
    """Let the event loop turn once, as after each input of a person."""
    QCoreApplication.processEvents()


@pytest.fixture
def opened(session, reader):
    open_file(session, reader, frames=4)
    session.image.viewport.set_view_size(80, 80)
    end_turn()
    assert not session.undo.can_undo
    return session


def test_that_a_drag_is_one_step_and_two_drags_are_two(opened) -> None:
    display = opened.image.display
    own = display.window
    for _ in range(2):
        opened.tool.begin_drag()
        for _ in range(5):
            display.drag_window(3, 2)
            end_turn()
        opened.tool.end_drag()
    after_both = display.window
    assert opened.undo.labels == (texts.WINDOW, "")
    opened.undo.undo()
    after_first = display.window
    opened.undo.undo()
    assert (display.window, opened.undo.can_undo) == (own, False)
    assert own != after_first != after_both
    opened.undo.redo()
    opened.undo.redo()
    assert display.window == after_both


def test_that_the_latest_step_is_undone_first_whatever_its_kind(opened) -> None:
    image, region = opened.image, opened.region
    image.display.set_window(NARROW)
    end_turn()
    region.draw_rectangle((1, 1), (3, 3))
    image.viewport.zoom_by(2)
    end_turn()
    opened.explain.set_seed(7)
    end_turn()
    image.display.invert()
    end_turn()
    opened.planes.show_three(True)
    end_turn()
    labels = []
    while opened.undo.can_undo:
        labels.append(opened.undo.labels[0])
        opened.undo.undo()
    assert labels == ["layout", "inversion", "seed", "zoom", "region", "window"]
    assert (image.viewport.fits, image.display.inverted, region.mask) == (True, False, None)
    assert (opened.explain.seed, opened.planes.is_three_wanted) == (0, False)


def test_that_resetting_the_view_is_one_step(opened) -> None:
    image = opened.image
    image.display.set_window(NARROW)
    image.viewport.zoom_by(2)
    end_turn()
    place = image.viewport.place
    image.reset()
    opened.planes.fit()
    end_turn()
    assert opened.undo.labels[0] == texts.VIEW
    opened.undo.undo()
    assert (image.display.window, image.viewport.place) == (NARROW, place)


def test_that_notches_of_the_wheel_are_one_step_and_fitting_is_another(opened) -> None:
    viewport = opened.image.viewport
    for _ in range(3):
        viewport.zoom_by(1.25)
        end_turn()
    zoomed = viewport.place
    viewport.fit()
    end_turn()
    opened.undo.undo()
    assert viewport.place == zoomed
    opened.undo.undo()
    assert (viewport.fits, opened.undo.can_undo) == (True, False)


def test_that_a_change_is_undone_before_the_event_loop_has_turned(opened) -> None:
    opened.image.display.set_window(WIDE)
    opened.undo.undo()
    assert opened.image.display.window != WIDE


def test_that_another_slice_is_no_step_and_keeps_the_steps_of_the_view(opened, reader) -> None:
    opened.image.display.set_window(NARROW)
    end_turn()
    opened.cases.slices.go_to(SlicePosition(0, 3))
    reader.answer(*frame_read(PICTURE))
    end_turn()
    assert (opened.image.position.index, opened.undo.labels[0]) == (3, texts.WINDOW)
    opened.undo.undo()
    assert (opened.image.position.index, opened.undo.can_undo) == (3, False)


def test_that_another_case_comes_without_steps_of_the_view_and_with_those_of_parameters(
    opened, reader
) -> None:
    opened.explain.set_seed(3)
    end_turn()
    opened.image.display.set_window(NARROW)
    opened.image.viewport.zoom_by(2)
    end_turn()
    opened.cases.open_paths(["folder/b.png"])
    reader.answer(indexed("b.png"))
    reader.answer(*frame_read(Slice(np.ones((5, 5), np.uint8))))
    end_turn()
    window = opened.image.display.window
    assert opened.undo.labels[0] == texts.SEED
    opened.undo.undo()
    assert (opened.explain.seed, opened.image.display.window) == (0, window)
    assert not opened.undo.can_undo


def test_that_a_closed_case_takes_its_steps_with_it(opened) -> None:
    opened.region.draw_rectangle((1, 1), (3, 3))
    opened.image.display.set_window(NARROW)
    end_turn()
    opened.cases.close_all()
    end_turn()
    assert not opened.undo.can_undo


def test_that_a_step_names_parameters_with_the_words_of_titles_and_forms(monkeypatch) -> None:
    monkeypatch.setitem(texts_explain.PARAMETER_WORDS, "max_sigma", "largest width")
    assert texts.parameters(["max_sigma", "min_pixels"]) == "largest width, min pixels"


def test_that_values_of_one_parameter_are_one_step_and_come_back_in_the_form(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    end_turn()
    explain, focused = session.explain, []
    explain.focus_changed.connect(lambda: focused.append(explain.focused.name))
    for steps in (1, 12, 120):  # as they are typed
        explain.set_values("integrated_gradients", {"steps": steps})
        end_turn()
    explain.set_values("smooth_grad", {"samples": 9})
    end_turn()
    assert session.undo.labels[0] == "samples"
    session.undo.undo()
    assert session.undo.labels == ("steps", "samples")
    session.undo.undo()
    assert (dict(explain.values("integrated_gradients")), session.undo.can_undo) == ({}, False)
    session.undo.redo()
    assert dict(explain.values("integrated_gradients")) == {"steps": 120}
    assert focused[-1] == "integrated_gradients"


def test_that_undoing_several_parameters_of_the_shown_method_is_one_change_and_builds_no_form(
    session, reader, worker
) -> None:
    open_and_predict(session, reader, worker)
    end_turn()
    explain, changes, focused = session.explain, [], []
    explain.set_values("integrated_gradients", {"steps": 12, "rule": "trapezoid"})
    end_turn()
    explain.changed.connect(lambda: changes.append(dict(explain.values("integrated_gradients"))))
    explain.focus_changed.connect(lambda: focused.append(explain.focused.name))
    session.undo.undo()
    assert (changes, focused) == ([{}], [])


def test_that_methods_chosen_together_are_one_step(session) -> None:
    before = set(session.explain.checked)
    for name in ("integrated_gradients", "gradient", "rise"):
        session.explain.set_checked(name, True)
    end_turn()
    assert session.undo.labels[0] == texts.CHOICE
    session.undo.undo()
    assert session.explain.checked == before


def test_that_a_target_is_undone_and_a_new_prediction_brings_none(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    end_turn()
    assert not session.undo.can_undo
    session.explain.choose_target(2)
    end_turn()
    session.undo.undo()
    assert session.explain.target_at == 0
    session.undo.redo()
    assert session.explain.target_at == 2
    session.prediction.choose("other")
    end_turn()
    assert not session.undo.can_undo
