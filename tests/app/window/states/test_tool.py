"""One active mouse tool, whatever was chosen before."""

import pytest

from app.window.states.tool import Tool, ToolState


def test_that_the_window_is_the_first_tool(qapp) -> None:
    assert ToolState().active is Tool.WINDOW


@pytest.mark.parametrize("first", Tool)
@pytest.mark.parametrize("second", Tool)
def test_that_a_chosen_tool_takes_the_place_of_any_other(qapp, first, second) -> None:
    tool = ToolState()
    tool.choose(first)
    tool.choose(second)
    assert tool.active is second


def test_that_a_change_is_told_once_and_the_same_tool_again_is_none(qapp) -> None:
    tool, changes = ToolState(), []
    tool.changed.connect(lambda: changes.append(tool.active))
    for chosen in (Tool.ZOOM, Tool.ZOOM, Tool.PAN):
        tool.choose(chosen)
    assert changes == [Tool.ZOOM, Tool.PAN]


def test_that_toggling_the_active_tool_goes_back_to_the_window(qapp) -> None:
    tool = ToolState()
    active = []
    for toggled in (Tool.ANGLE, Tool.DISTANCE, Tool.DISTANCE):
        tool.toggle(toggled)
        active.append(tool.active)
    assert active == [Tool.ANGLE, Tool.DISTANCE, Tool.WINDOW]
