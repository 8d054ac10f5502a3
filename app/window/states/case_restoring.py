"""The results of a workspace's case, put back into the states of the shown slice; nothing is computed."""

from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from math import isfinite

from app.window.states.case_origin import CaseOrigin, is_restorable
from app.window.states.check_results import CheckPhase, CheckResult
from app.window.states.control_maps import CONTROL_MAPS
from app.window.states.display import DisplaySettings
from app.window.states.drawn_curves import DrawnCurves
from app.window.states.maps import MapEntry, MapState
from app.window.states.measurements import ImageMeasurement
from app.window.states.overlay_style import OverlayStyle
from app.window.states.session import Session
from app.window.states.tool import Tool
from core.errors import MethodError
from core.figures.colour_maps import ColourMap
from core.images.region import MarkedRegion
from core.images.slice import Slice, Window
from core.images.windowing import presets
from core.link import Failed
from core.workspace.document import DisplayWindow, SavedCase, SavedView
from core.workspace.workspace import CaseData

TOOLS = {"distance": Tool.DISTANCE, "angle": Tool.ANGLE}


def restore_results(session: Session, data: CaseData, view: SavedView | None) -> CaseOrigin:
    """Put back what a case holds. view: of the workspace, if it shows this case.

    The region comes first, since findings about another one go when it changes. Returns where in the window
    the results are.
    """
    _restore_drawn(session, data)
    origin = _restore_maps(session, data)
    numbers = origin.maps
    for saved in data.case.maps:
        number = numbers[saved.id]
        for each in filter(partial(is_restorable, case=data.case), saved.findings):
            name = each.finding.metric
            session.checks.results[number, name] = CheckResult(CheckPhase.DONE, finding=each.finding)
            session.checks.changed.emit(number, name)
    _restore_curves(session, data.case, numbers)
    _restore_display(session, data.case.window)
    shown = numbers.get(view.map if view is not None else "")
    if shown is None:
        wanted = (saved for saved in data.case.maps if saved.record.name not in CONTROL_MAPS)
        shown = next((numbers[saved.id] for saved in wanted), None)
    if shown is not None:
        session.maps.select(shown)
    if view is not None:
        restore_view(session, view)
    return origin


def view_of(session: Session) -> dict[str, float | str | bool]:
    """How maps are laid over the image, for `SavedView.overlay`."""
    style = session.image.style
    return {
        "is_on": session.image.overlay_on,
        "opacity": style.opacity,
        "threshold": style.threshold,
        "colour_map": style.colour_map.value,
        "native_cells": style.native_cells,
        "outline": style.has_outline,
        "contours": style.has_contours,
    }


def restore_view(session: Session, view: SavedView) -> None:
    """Lay maps over the image as they were; what the view does not name stays."""
    style, overlay = session.image.style, view.overlay
    _set_figures(style, overlay)
    with suppress(ValueError):  # a colour map of another version of the program
        style.set_colour_map(ColourMap(str(overlay.get("colour_map", style.colour_map.value))))
    style.set_native_cells(bool(overlay.get("native_cells", style.native_cells)))
    style.set_outline(bool(overlay.get("outline", style.has_outline)))
    style.set_contours(bool(overlay.get("contours", style.has_contours)))
    session.image.set_overlay_on(bool(overlay.get("is_on", True)))


def _set_figures(style: OverlayStyle, overlay: dict[str, float | str | bool]) -> None:
    for name, set_figure in (("opacity", style.set_opacity), ("threshold", style.set_threshold)):
        value = overlay.get(name)
        if isinstance(value, float | int) and isfinite(value):
            set_figure(float(value))


def _restore_drawn(session: Session, data: CaseData) -> None:
    if data.case.regions and session.region.mask is None:
        region = data.case.regions[0]
        marked = MarkedRegion(data.mask_of(region), region.notes)
        session.region.restore(marked, region.origin == "reference")
    if data.case.measurements and not session.measurements.all:
        session.measurements.restore(
            tuple(ImageMeasurement(TOOLS[each.kind], each.points) for each in data.case.measurements)
        )


def _restore_maps(session: Session, data: CaseData) -> CaseOrigin:
    maps, key, numbers, failed_numbers = session.maps, session.maps.key, {}, []
    assert key is not None
    for saved in data.case.maps:
        record = saved.record
        number = maps.add(key, record.name, record.title, record.target, record.parameters, record.seed)
        values = data.values_of(saved)
        content = {"values": values, "signed": record.signed, "record": record}
        maps.update(key, number, state=MapState.DONE, is_restored=True, **content)
        numbers[saved.id] = number
    for failed in data.case.failed:
        number = maps.add(key, failed.name, failed.title, data.case.target)
        error = Failed(**failed.error.model_dump(), exit_code=MethodError.exit_code).error()
        maps.update(key, number, state=MapState.FAILED, error=error, is_restored=True)
        failed_numbers.append(number)
    return CaseOrigin(data, numbers, tuple(failed_numbers))


def _restore_curves(session: Session, case: SavedCase, numbers: Mapping[str, int]) -> None:
    key = session.maps.key
    assert key is not None
    for saved in case.curves:
        found = {name: session.maps.entry(numbers[map_id]) for name, map_id in saved.maps.items()}
        maps: dict[str, MapEntry] = {name: entry for name, entry in found.items() if entry is not None}
        drawn = DrawnCurves(saved.curves, maps, class_name=saved.class_name)
        session.curves.store.store((key, saved.curves.settings.protocol), drawn)
    if case.curves:
        session.curves.changed.emit()


def _restore_display(session: Session, window: DisplayWindow | None) -> None:
    image, display = session.image.image, session.image.display
    if window is not None and image is not None:
        is_inverted = window.inverted != image.inverted
        display.restore(DisplaySettings(_window_of(image, window), is_inverted, display.graphics_on))


def _window_of(image: Slice, record: DisplayWindow) -> Window:
    """The proposed window with this centre and width, with its function or table; else a linear one."""
    proposed = (each for each in presets(image) if (each.centre, each.width) == (record.centre, record.width))
    return next(proposed, None) or Window(record.centre, record.width, function="linear_exact")
