"""The information curves of a case, as its exporters need them."""

from core.errors import NotApplicable
from core.exports.contract import ExportSubject
from core.methods import METHODS
from core.workspace.document import SavedCurves

METHOD_TITLES = {method.name: method.title for method in METHODS}


def required_curves(subject: ExportSubject) -> tuple[SavedCurves, ...]:
    """All curves of a case. Raises NotApplicable if it has none."""
    if not subject.case.curves:
        raise NotApplicable("This case has no curves.", "Measure its maps by curves first.")
    return subject.case.curves


def curve_titles(subject: ExportSubject, saved: SavedCurves) -> dict[str, str]:
    """Each method's name for people, by its name in the curves; maps of one title have their id behind it."""
    maps = {each.id: each.record.title for each in subject.case.maps}
    titles = {
        name: maps[saved.maps[name]] if saved.maps.get(name) in maps else METHOD_TITLES.get(name, name)
        for name in saved.curves.methods
    }
    every_title = list(titles.values())
    return {
        name: f"{title} ({saved.maps[name]})"
        if every_title.count(title) > 1 and name in saved.maps
        else title
        for name, title in titles.items()
    }
