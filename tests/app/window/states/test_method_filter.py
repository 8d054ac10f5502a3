"""The search among the methods."""

import pytest

from app.window.states.method_filter import MethodFilterState
from core.methods import METHODS
from core.methods.contract import Family


@pytest.fixture
def method_filter(session) -> MethodFilterState:
    return MethodFilterState(session.explain)


def names(method_filter: MethodFilterState) -> list[str]:
    return [row.name for _, rows in method_filter.families for row in rows]


def test_that_all_methods_are_shown_without_words(method_filter) -> None:
    assert names(method_filter) == [method.name for method in METHODS]
    method_filter.set_text("   ")
    assert names(method_filter) == [method.name for method in METHODS]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rise", ["rise"]),
        ("GRADCAM", ["guided_grad_cam", "grad_cam", "grad_cam_pp", "x_grad_cam"]),
        ("grad-cam++", ["grad_cam_pp"]),
        ("blur ig", ["blur_ig", "smooth_blur_ig"]),
        ("ig blur", ["blur_ig", "smooth_blur_ig"]),
        ("Regions rank", ["fast_xrai_30"]),
        ("control", ["random", "edge"]),
        ("nothing like this", []),
    ],
)
def test_that_every_word_is_looked_for_in_name_family_and_summary(method_filter, text, expected) -> None:
    method_filter.set_text(text)
    assert names(method_filter) == expected


def test_that_families_without_a_match_are_left_out(method_filter) -> None:
    method_filter.set_text("perturbations")
    assert [family for family, _ in method_filter.families] == [Family.PERTURBATION]


def test_that_a_change_is_signalled_once(qtbot, method_filter) -> None:
    with qtbot.waitSignal(method_filter.changed):
        method_filter.set_text("rise")
    with qtbot.assertNotEmitted(method_filter.changed):
        method_filter.set_text("rise")
