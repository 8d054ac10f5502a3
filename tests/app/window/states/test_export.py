"""The export of a window: what is offered and why not, options, files, and how it went."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.window.jobs import Delivery, Job
from app.window.states.export import TOPIC, ExportOrder, ExportState
from app.window.states.notices import NoticesState, Weight
from core.errors import Cancelled, DiskFull
from core.exports.exporters import EXPORTERS
from core.link import Message
from core.workspace.workspace import Workspace
from tests.core.workspace.example import example_workspace


@dataclass
class Contents:
    """What the window shows."""

    case: str = "case-1"
    map: str = "map-2"
    files: Mapping[str, Path] = field(default_factory=dict)
    overlay: Mapping[str, object] = field(default_factory=dict)

    @property
    def workspace(self) -> Workspace:
        example = example_workspace()
        view = example.document.view.model_copy(update={"overlay": dict(self.overlay)})
        return Workspace(example.document.model_copy(update={"view": view}), example.arrays)


class Written(Message):
    """The answer of the files process."""

    paths: tuple[Path, ...]


class Orders:
    """Takes orders in the place of the files process."""

    def __init__(self) -> None:
        self.orders: list[ExportOrder] = []
        self.jobs: list[Job] = []

    def submit(self, order: ExportOrder) -> Job:
        self.orders.append(order)
        self.jobs.append(Job(Delivery(1, Message()), lambda job: job.fail(Cancelled())))
        return self.jobs[-1]


@pytest.fixture
def orders() -> Orders:
    return Orders()


def state_of(orders: Orders, contents: Contents | None = None) -> ExportState:
    return ExportState(lambda: contents or Contents(), orders.submit, NoticesState())


def notices_of(state: ExportState) -> NoticesState:
    return state._notices


def test_that_all_forms_are_offered_and_those_that_are_not_possible_with_their_reason(orders, qapp) -> None:
    state = state_of(orders)
    assert state.prepare()
    assert [offer.exporter.name for offer in state.offers] == [exporter.name for exporter in EXPORTERS]
    obstacles = {offer.exporter.name: offer.obstacle for offer in state.offers}
    assert obstacles["map_nifti"] == ""
    assert obstacles["curves_csv"] == "This case has no curves. Measure its maps by curves first."
    assert state.chosen.exporter.name == "picture_png"
    state.choose("curves_csv")
    assert not state.can_start


def test_that_without_a_case_the_notice_says_what_to_do(orders, qapp) -> None:
    state = state_of(orders, Contents(case=""))
    assert not state.prepare()
    (notice,) = notices_of(state).notices
    assert (notice.text, notice.weight) == ("There is nothing to export yet.", Weight.ERROR)


def test_that_a_picture_is_as_the_view_is_and_a_changed_option_stays(orders, qapp, tmp_path) -> None:
    state = state_of(orders, Contents(overlay={"opacity": 0.25, "outline": True, "is_on": True}))
    state.prepare()
    assert state.values == {"opacity": 0.25, "outline": True}
    state.set_value("threshold", 0.5)
    state.set_value("outline", None)
    state.prepare()
    assert state.values == {"opacity": 0.25, "outline": False, "threshold": 0.5}
    state.start(tmp_path / "brain.png")
    (order,) = orders.orders
    assert order.values == {"opacity": 0.25, "outline": False, "threshold": 0.5}
    assert (order.exporter.name, order.folder, order.stem) == ("picture_png", tmp_path, "brain")
    assert (order.contents.case, order.contents.map) == ("case-1", "map-2")


def test_that_an_option_out_of_bounds_is_told_and_not_exported(orders, qapp, tmp_path) -> None:
    state = state_of(orders)
    state.prepare()
    state.set_value("opacity", 2.0)
    assert state.problem is not None
    assert state.problem.parameter == "opacity"
    state.start(tmp_path / "a.png")
    assert not orders.orders
    state.set_value("opacity", 0.5)
    assert state.problem is None
    assert state.can_start


def test_that_the_suggested_file_names_the_map_and_lies_where_the_last_export_lay(
    orders, qapp, tmp_path
) -> None:
    state = state_of(orders)
    state.prepare()
    state.choose("map_nifti")
    assert state.suggestion.name == "integrated_gradients.nii.gz"
    state.choose("checks_csv")
    assert state.suggestion.name == "checks.csv"
    state.choose("map_nifti")
    state.start(tmp_path / "evidence.nii.gz")
    assert orders.orders[0].stem == "evidence"
    assert state.suggestion.parent == tmp_path


def test_that_a_finished_export_names_its_files_and_offers_their_folder(orders, qapp, tmp_path) -> None:
    state = state_of(orders)
    state.prepare()
    state.start(tmp_path / "a.png")
    assert state.running
    assert not state.can_start
    orders.jobs[0].finish(Written(paths=(tmp_path / "a.png",)), [])
    assert not state.running
    assert state.written == (tmp_path / "a.png",)
    (notice,) = notices_of(state).notices
    assert (notice.topic, notice.text, notice.action) == (TOPIC, "Exported: a.png.", "Show in folder")
    assert str(tmp_path) not in notice.text


def test_that_a_failure_is_a_notice_and_a_cancel_is_none(orders, qapp, tmp_path) -> None:
    state = state_of(orders)
    state.prepare()
    state.start(tmp_path / "a.png")
    orders.jobs[0].fail(DiskFull("a.png cannot be written: No space left on device.", "Free some space."))
    assert [notice.text for notice in notices_of(state).notices] == [
        "a.png cannot be written: No space left on device."
    ]
    state.start(tmp_path / "a.png")
    state.cancel()
    assert not state.running
    assert notices_of(state).notices == ()


def test_that_the_source_is_the_path_of_the_case_or_else_the_file_of_its_slice(
    orders, qapp, tmp_path
) -> None:
    state = state_of(orders)
    state.prepare()
    state.start(tmp_path / "a.png")
    assert orders.orders[0].source == Path("/data/slice.dcm")
