"""The mouse tools, the tool bar and the menu of the image, driven by mouse and keys."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from app.texts import image as texts_image
from app.texts import undo as texts_undo
from app.window.actions.image_menu import ImageMenu
from app.window.actions.table import TOOLS
from app.window.actions.tools import CHOOSES
from app.window.docks import LEFT_WIDTH, RIGHT_WIDTH
from app.window.states.explain import ExplainState
from app.window.states.prediction import PredictionState
from app.window.states.region import RegionState
from app.window.states.session import Session
from app.window.states.tool import Tool
from app.window.theme import THEME, apply_scheme
from app.window.widgets.tool_bar import ICONS, WORDS, ToolBar
from core.images.slice import Slice, Window
from tests.gui.pointer import move_pointer
from tests.gui.recorded import frame_read, indexed
from tests.gui.test_window import open_image

LEFT, MIDDLE, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton
NO_KEY, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
PROPOSED = tuple(Window(100.0 + 10 * at, 50.0, f"Window {at} & more") for at in range(12))
IMAGE = Slice(np.arange(64 * 64, dtype=np.int16).reshape(64, 64), modality="CT", unit="HU", windows=PROPOSED)


def answer_all(reader) -> None:
    while reader.running_job is not None:
        if reader.last.kind == "index":
            frames = 9 if reader.last.path.name == "a.dcm" else 1
            reader.answer(indexed(reader.last.path.name, frames=frames))
        else:
            reader.answer(*frame_read(IMAGE))


@pytest.fixture
def window(open_window, reader):
    """The fifth of nine slices of a series is shown."""
    window = open_window()
    answer_all(reader)
    window.session.cases.open_paths(["folder/a.dcm"])
    answer_all(reader)
    QApplication.processEvents()
    window.grab()
    return window


def drag(qtbot, widget: QWidget, steps: list[QPoint], button=LEFT, keys=NO_KEY) -> None:
    """A drag from the middle of a widget through points beside it."""
    start = widget.rect().center()
    qtbot.mousePress(widget, button, keys, start)
    for step in steps:
        move_pointer(widget, start + step, button, keys)
    qtbot.mouseRelease(widget, button, keys, start + steps[-1])


def view_of(session) -> tuple[object, ...]:
    """All that a drag may change."""
    image = session.image
    mask = session.region.mask
    return (
        image.display.window,
        image.viewport.place.zoom,
        image.viewport.place.centre,
        session.cases.slices.position.index,
        len(session.measurements.all),
        None if mask is None else int(mask.sum()),
    )


WINDOWED, ZOOMED, MOVED, SCROLLED, MEASURED, MARKED = range(6)


DRAGS = {
    Tool.WINDOW: {WINDOWED},
    Tool.PAN: {ZOOMED, MOVED},
    Tool.ZOOM: {ZOOMED, MOVED},
    Tool.SCROLL: {SCROLLED},
    Tool.DISTANCE: {MEASURED},
    Tool.ANGLE: set(),
    Tool.REGION: {MARKED},
    Tool.OCCLUDE: set(),
}


def test_that_a_left_drag_does_what_the_active_tool_does_and_nothing_else(qtbot, window, reader) -> None:
    changes = {}
    for tool in Tool:
        window.session.image.viewport.fit()
        window.session.tool.choose(tool)
        before = view_of(window.session)
        drag(qtbot, window.image_panel.view, [QPoint(10, 15), QPoint(30, 40), QPoint(0, 45)])
        answer_all(reader)
        after = view_of(window.session)
        changes[tool] = {at for at in range(6) if before[at] != after[at]}
    assert changes == DRAGS


def test_that_the_zoom_tool_zooms_in_upwards_about_the_place_where_it_began(qtbot, window) -> None:
    window.session.tool.choose(Tool.ZOOM)
    view, viewport = window.image_panel.view, window.session.image.viewport
    start, zoom = view.rect().center(), viewport.zoom
    place = viewport.view.to_slice(start.x(), start.y())
    drag(qtbot, view, [QPoint(0, -20), QPoint(0, -40)])
    assert viewport.zoom == pytest.approx(1.25 * zoom)
    assert viewport.view.to_slice(start.x(), start.y()) == pytest.approx(place)
    drag(qtbot, view, [QPoint(0, 80)])
    assert viewport.zoom == pytest.approx(zoom / 1.25)


def test_that_the_scroll_tool_goes_forward_downwards(qtbot, window, reader) -> None:
    window.session.tool.choose(Tool.SCROLL)
    first = window.session.cases.slices.position.index
    drag(qtbot, window.image_panel.view, [QPoint(0, 12), QPoint(0, 30)])
    assert window.session.cases.slices.position.index == first + 2
    answer_all(reader)
    drag(qtbot, window.image_panel.view, [QPoint(0, -40)])
    assert window.session.cases.slices.position.index == first - 1
    answer_all(reader)


@pytest.mark.parametrize(("button", "keys"), [(MIDDLE, NO_KEY), (LEFT, SHIFT)])
def test_that_the_image_can_be_moved_with_any_tool(qtbot, window, button, keys) -> None:
    for tool in Tool:
        window.session.image.viewport.fit()
        window.session.tool.choose(tool)
        before = view_of(window.session)
        drag(qtbot, window.image_panel.view, [QPoint(10, 15), QPoint(30, 40)], button, keys)
        after = view_of(window.session)
        assert {at for at in range(6) if before[at] != after[at]} == {ZOOMED, MOVED}, tool


def test_that_a_box_is_drawn_with_any_tool(qtbot, window) -> None:
    both = Qt.KeyboardModifier.ControlModifier | SHIFT
    for tool in Tool:
        window.session.tool.choose(tool)
        drag(qtbot, window.image_panel.view, [QPoint(10, 15), QPoint(30, 40)], LEFT, both)
        assert window.session.region.mask.sum() > 0
        assert window.session.measurements.points == ()
        window.session.region.clear()


def test_that_the_occluder_follows_the_drag_and_leaves_with_the_tool(qtbot, window) -> None:
    view = window.image_panel.view
    moves, leaves = [], []
    view.occluder_moved.connect(lambda row, column: moves.append((row, column)))
    view.occluder_left.connect(lambda: leaves.append(True))
    drag(qtbot, view, [QPoint(20, 0)])
    assert moves == []
    window.session.tool.choose(Tool.OCCLUDE)
    drag(qtbot, view, [QPoint(20, 0), QPoint(20, 40)])
    move_pointer(view, view.rect().center())  # without a button
    zoom = window.session.image.viewport.zoom
    (row, column), (_, across), (down, _) = moves
    assert (across - column, down - row) == pytest.approx((20 / zoom, 40 / zoom))
    assert leaves == []
    window.session.tool.choose(Tool.WINDOW)
    assert leaves == [True]


def test_that_one_tool_is_checked_whichever_keys_and_buttons_are_pressed(qtbot, window) -> None:
    by_name = window.window_actions.by_name

    def checked() -> list[str]:
        return [name for name in CHOOSES if by_name[name].isChecked()]

    for key, name in (
        (Qt.Key.Key_M, "measure_distance"),
        (Qt.Key.Key_A, "measure_angle"),
        (Qt.Key.Key_D, "draw_region"),
        (Qt.Key.Key_D, "window_tool"),
        (Qt.Key.Key_W, "window_tool"),
        (Qt.Key.Key_S, "scroll_tool"),
        (Qt.Key.Key_Z, "zoom_tool"),
        (Qt.Key.Key_X, "occlude_tool"),
    ):
        qtbot.keyClick(window, key)
        assert checked() == [name]
    for button in window.image_panel.tools.buttons[: len(CHOOSES)]:
        qtbot.mouseClick(button, LEFT)
        assert checked() == [button.defaultAction().objectName()]
        assert window.session.tool.active is CHOOSES[checked()[0]]


def test_that_choosing_the_layout_that_is_shown_leaves_it_checked(window) -> None:
    action = window.window_actions.by_name["one_plane"]
    action.trigger()
    assert action.isChecked()


def test_that_a_point_of_a_distance_is_dropped_when_the_angle_is_chosen(qtbot, window) -> None:
    view, measurements = window.image_panel.view, window.session.measurements
    qtbot.keyClick(window, Qt.Key.Key_M)
    qtbot.mouseClick(view, LEFT)
    assert len(measurements.points) == 1
    qtbot.keyClick(window, Qt.Key.Key_A)
    for step in (QPoint(0, 0), QPoint(30, 0), QPoint(30, 30)):
        qtbot.mouseClick(view, LEFT, pos=view.rect().center() + step)
    assert [measurement.tool for measurement in measurements.all] == [Tool.ANGLE]


def test_that_every_button_has_an_icon_a_name_a_tip_and_the_focus_by_tab(window) -> None:
    bar = window.image_panel.tools
    assert len(bar.buttons) == sum(map(len, TOOLS))
    for button in bar.buttons:
        assert not button.icon().isNull()
        assert button.accessibleName() == button.defaultAction().text()
        assert button.toolTip() != ""
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus


def styles_of(bar: ToolBar) -> set[Qt.ToolButtonStyle]:
    return {button.toolButtonStyle() for button in bar.buttons}


def test_that_the_bar_fits_between_both_docks_and_has_words_where_there_is_room(window) -> None:
    bar = window.image_panel.tools
    assert (window.width(), styles_of(bar)) == (1280, {ICONS})
    last = bar.buttons[-1]
    assert last.geometry().right() < bar.width() <= window.width() - LEFT_WIDTH - RIGHT_WIDTH
    # Two layouts more are to come.
    assert bar.minimumSizeHint().width() + 2 * last.width() <= 640
    bar.resize(bar.sizeHint().width(), bar.height())
    bar.layout().activate()
    assert styles_of(bar) == {WORDS}
    for button in bar.buttons:
        assert button.width() >= button.sizeHint().width()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_that_icons_have_the_colours_of_the_scheme(window, scheme) -> None:
    apply_scheme("light" if scheme == "dark" else "dark")
    apply_scheme(scheme)
    QApplication.processEvents()
    window.session.tool.choose(Tool.PAN)
    pan, zoom = window.image_panel.tools.buttons[1:3]
    for button, colour in ((pan, THEME.colours.accent), (zoom, THEME.colours.text)):
        picture = button.grab().toImage()
        colours = {
            picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())
        }
        assert colour in colours


def actions_in(menu) -> list[QAction]:
    """Those of the menu and of the menus in it."""
    found = []
    for action in menu.actions():
        found += actions_in(action.menu()) if action.menu() is not None else [action]
    return [action for action in found if not action.isSeparator()]


def menu_at(window, position: QPoint):
    (image_menu,) = window.image_panel.view.findChildren(ImageMenu)
    return image_menu.menu(position)


def test_that_the_menu_of_the_image_has_every_window_and_marks_the_present_one(window) -> None:
    display = window.session.image.display
    display.set_window(PROPOSED[10])
    actions = actions_in(menu_at(window, QPoint(100, 100)))
    titles = [action.text().replace("&&", "&").split("\t")[0] for action in actions]
    names = [preset.name for preset in display.presets]
    assert len(names) > 12
    assert set(names) <= set(titles)
    checked = [title for title, action in zip(titles, actions, strict=True) if action.isChecked()]
    assert checked[0] == "Window 10 & more"
    for name in names:
        actions[titles.index(name)].trigger()
        assert display.window.name == name


def test_that_the_menu_of_the_image_has_the_actions_of_the_table(window) -> None:
    shown = actions_in(menu_at(window, QPoint(100, 100)))
    by_name = window.window_actions.by_name
    names = ("own_window", "fit", "reset", "invert", "undo", "redo", "clear_region", "clear_measurements")
    for name in (*names, *CHOOSES, "one_plane", "three_planes"):
        assert by_name[name] in shown


def test_that_the_value_under_the_cursor_is_copied(window) -> None:
    x, y = window.session.image.viewport.view.to_screen(20, 30)
    (copy,) = [
        action
        for action in actions_in(menu_at(window, QPoint(round(x), round(y))))
        if action.text() == texts_image.COPY_VALUE
    ]
    copy.trigger()
    words = QGuiApplication.clipboard().text()
    assert words.startswith("row 20, column 30")
    assert words.endswith(f"{20 * 64 + 30} HU")


def test_that_a_right_click_opens_the_menu_and_changes_nothing(qtbot, window, monkeypatch) -> None:
    opened, before, view = [], view_of(window.session), window.image_panel.view
    monkeypatch.setattr(QMenu, "popup", lambda menu, place: opened.append((menu.isEmpty(), place)))
    qtbot.mouseClick(view, RIGHT)
    place = QPoint(100, 100)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, view.mapToGlobal(place))
    QApplication.sendEvent(view, event)
    assert opened == [(False, view.mapToGlobal(place))]
    assert view_of(window.session) == before


def test_that_undo_takes_back_the_latest_drag_and_says_what_it_is(qtbot, window) -> None:
    session, by_name = window.session, window.window_actions.by_name
    view, before = window.image_panel.view, view_of(window.session)
    drag(qtbot, view, [QPoint(0, 10), QPoint(10, 20), QPoint(30, 40)])
    windowed = view_of(session)
    drag(qtbot, view, [QPoint(10, 10), QPoint(20, 30)], MIDDLE)
    assert by_name["undo"].text() == texts_undo.undo(texts_undo.ZOOM)
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert view_of(session) == windowed
    assert (by_name["undo"].text(), by_name["redo"].text()) == ("Undo window", "Redo zoom")
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert view_of(session) == before
    assert (by_name["undo"].text(), by_name["undo"].isEnabled()) == ("Undo", False)
    keys = Qt.KeyboardModifier.ControlModifier | SHIFT
    qtbot.keyClick(window, Qt.Key.Key_Z, keys)
    assert view_of(session) == windowed


def test_that_a_drag_of_the_window_asks_for_no_state_that_does_not_depend_on_it(
    qtbot, window, monkeypatch
) -> None:
    evaluated = []
    states = {
        PredictionState: "class_name",
        Session: "busy",
        RegionState: "mask",
        ExplainState: "can_explain",
    }
    for state, name in states.items():
        getter = getattr(state, name).fget
        counting = property(lambda self, get=getter, name=name: evaluated.append(name) or get(self))
        monkeypatch.setattr(state, name, counting)
    drag(qtbot, window.image_panel.view, [QPoint(0, at) for at in range(5, 30, 5)])
    assert evaluated == []
    assert window.session.busy in (True, False)
    assert evaluated != []


def test_that_a_region_of_a_large_film_is_drawn_before_it_is_described(
    qtbot, open_window, reader, worker
) -> None:
    window = open_window()
    film = Slice(np.arange(2100 * 1000, dtype=np.uint32).reshape(2100, 1000) % 4096)
    open_image(window, reader, worker, film)
    view = window.image_panel.view
    words, seen = view.region_words, []
    words.changed.connect(lambda: seen.append((bool(words.inside), bool(words.statistics))))
    window.session.region.draw_rectangle((10, 10), (2000, 900))
    assert len(view._outline) > 4
    qtbot.waitUntil(lambda: words.statistics != "")
    # Drawn, then one sentence in each turn of the event loop.
    assert seen == [(False, False), (True, False), (True, True)]
    window.session.region.clear()
    assert view.region_words.statistics == ""
