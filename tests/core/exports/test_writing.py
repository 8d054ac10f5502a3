"""Writing exports: all files or none, options checked first, and a batch that goes on after a failure."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import Field

from core.errors import BadParameter, Cancelled, DiskFull, NotApplicable, Unreadable, UsageError
from core.exports.contract import Exporter, ExportSubject
from core.exports.writing import ExportChoice, export, export_all, shown_first
from core.network.parameters import Parameters
from core.workspace.document import SavedView
from tests.core.workspace.example import example_workspace


class PairParams(Parameters):
    """How often its text is repeated."""

    times: int = Field(1, ge=1, le=3, description="how often the text is repeated")


class Pair(Exporter):
    """Two files of a map."""

    name, title, summary, suffix, scope = "pair", "Pair", "two files", ".txt", "map"
    Params = PairParams

    def applies(self, subject: ExportSubject) -> None:
        """Only for maps of evidence for and against."""
        if subject.map is None or not subject.map.record.signed:
            raise NotApplicable("The map has no sign.")

    def files(self, subject: ExportSubject, params: Any) -> Mapping[str, bytes]:
        """The id of the map."""
        return {".txt": subject.map.id.encode() * params.times, ".json": b"{}"}


class Whole(Pair):
    """One file of a case, with the map it shows and its source."""

    name, title, scope, needs_source = "whole", "Whole", "case", True

    def applies(self, subject: ExportSubject) -> None:
        """Always."""

    def files(self, subject: ExportSubject, params: Any) -> Mapping[str, bytes]:
        """The map that stands for the case."""
        return {".txt": f"{subject.map.id} {subject.source}".encode()}


class Failing(Whole):
    """It cannot be made."""

    name, title, needs_source = "failing", "Failing", False
    error: BaseException = Unreadable("The source is gone.")

    def files(self, subject: ExportSubject, params: Any) -> Mapping[str, bytes]:
        """Raises."""
        raise self.error


@pytest.fixture
def subject():
    (data,) = example_workspace().cases
    return ExportSubject(data, data.case.maps[1])


def test_that_the_files_of_an_export_are_named_by_its_stem_the_main_one_first(subject, tmp_path):
    paths = export(Pair(), subject, tmp_path / "new" / "folder", "map.of.mine", {"times": "2"})
    assert [path.relative_to(tmp_path).as_posix() for path in paths] == [
        "new/folder/map.of.mine.txt",
        "new/folder/map.of.mine.json",
    ]
    assert paths[0].read_bytes() == b"map-2map-2"


@pytest.mark.parametrize(
    ("values", "message"),
    [({"times": 4}, "pair.times cannot be 4"), ({"size": 1}, "pair has no parameter 'size'")],
)
def test_that_options_out_of_bounds_are_told_and_nothing_is_written(subject, tmp_path, values, message):
    with pytest.raises(BadParameter, match=message):
        export(Pair(), subject, tmp_path / "out", "map", values)
    assert not (tmp_path / "out").exists()


def test_that_an_export_that_does_not_apply_says_why_and_writes_nothing(subject, tmp_path):
    with pytest.raises(NotApplicable, match="no sign"):
        export(Pair(), replace(subject, map=subject.case.maps[0]), tmp_path / "out", "map", {})
    assert not (tmp_path / "out").exists()


def test_that_a_folder_that_cannot_be_made_is_one_sentence(subject, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(DiskFull, match=r"^out cannot be written: Not a directory\."):
        export(Pair(), subject, tmp_path / "file" / "out", "map", {})


def test_that_a_batch_has_a_folder_for_each_case_and_an_outcome_for_each_export(tmp_path):
    workspace = example_workspace()
    choice = ExportChoice([Failing(), Pair(), Whole()], source_of=lambda case: Path(case.source.path))
    outcomes = list(export_all(workspace, tmp_path, choice))
    told = [
        (outcome.exporter.name, outcome.map, outcome.is_applicable, outcome.has_failed)
        for outcome in outcomes
    ]
    assert told == [
        ("failing", "", True, True),
        ("pair", "map-1", False, False),
        ("pair", "map-2", True, False),
        ("whole", "", True, False),
    ]
    files = {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in tmp_path.rglob("*.*")}
    assert files == {
        "case-1/map-2-integrated_gradients-pair.txt": b"map-2",
        "case-1/map-2-integrated_gradients-pair.json": b"{}",
        "case-1/whole.txt": b"map-1 /data/slice.dcm",
    }


def test_that_the_map_that_was_shown_stands_for_the_case(tmp_path):
    workspace = example_workspace()
    view = workspace.document.view.model_copy(update={"map": "map-2"})
    workspace = replace(workspace, document=workspace.document.model_copy(update={"view": view}))
    choice = ExportChoice([Whole()], source_of=lambda _: Path("x"))
    (outcome,) = export_all(workspace, tmp_path, choice)
    assert outcome.files[0].read_bytes() == b"map-2 x"


def test_that_a_control_map_stands_for_a_case_only_if_it_is_the_one_that_was_shown():
    case = example_workspace().document.cases[0]
    control = case.maps[0].model_copy(
        update={"id": "map-0", "record": case.maps[0].record.model_copy(update={"name": "random"})}
    )
    case = case.model_copy(update={"maps": (control, *case.maps)})
    assert [saved.id for saved in shown_first(case, SavedView())] == ["map-1", "map-2", "map-0"]
    assert [saved.id for saved in shown_first(case, SavedView(map="map-0"))] == ["map-0", "map-1", "map-2"]


def test_that_the_view_of_the_workspace_sets_the_options_that_are_not_given(tmp_path):
    workspace = example_workspace()
    view = workspace.document.view.model_copy(update={"overlay": {"times": 3, "opacity": 0.5}})
    workspace = replace(workspace, document=workspace.document.model_copy(update={"view": view}))
    for values, text in (({}, b"map-2" * 3), ({"pair": {"times": "2"}}, b"map-2" * 2)):
        outcomes = list(export_all(workspace, tmp_path, ExportChoice([Pair()], values=values, replaces=True)))
        assert outcomes[1].files[0].read_bytes() == text


def with_cases(*cases):
    example = example_workspace()
    document = example.document.model_copy(update={"cases": cases, "view": SavedView()})
    return replace(example, document=document)


def test_that_cases_and_maps_whose_names_are_alike_have_files_of_their_own(tmp_path):
    """Their ids come from a file; some differ only in characters that names of files cannot have."""
    case = example_workspace().document.cases[0]
    map_ids = ("m/1", "m:1", "M:1", "m_1", "m" * 100, "m" * 99 + "n")
    maps = tuple(case.maps[1].model_copy(update={"id": map_id}) for map_id in map_ids)
    case_ids = ("a/b", "a:b", "A_B", "a_b-2", "c" * 90 + "d", "c" * 90 + "e")
    cases = [case.model_copy(update={"id": case_id, "maps": maps}) for case_id in case_ids]
    outcomes = list(export_all(with_cases(*cases), tmp_path, ExportChoice([Pair()])))
    paths = [path.relative_to(tmp_path).as_posix() for outcome in outcomes for path in outcome.files]
    assert len({path.casefold() for path in paths}) == len(paths) == 6 * 6 * 2
    assert [path.name for path in tmp_path.iterdir() if len(path.name) > 80] == []
    assert {path.stem[-5:] for path in tmp_path.rglob("*.txt")} == {"-pair"}
    assert max(len(path.stem) for path in tmp_path.rglob("*.txt")) == 80
    for outcome in outcomes:
        assert outcome.files[0].read_text() == outcome.map
    # The folder of a case is the same if it is exported alone.
    (alone, *_) = export_all(with_cases(*cases), tmp_path, ExportChoice([Pair()], case="A_B", replaces=True))
    assert alone.files == outcomes[2 * 6].files


def test_that_a_source_that_is_not_located_fails_only_the_exports_that_need_it(tmp_path):
    def gone(case):
        raise Unreadable("slice.dcm is not there any more.")

    outcomes = export_all(example_workspace(), tmp_path, ExportChoice([Whole(), Pair()], source_of=gone))
    assert [outcome.has_failed for outcome in outcomes] == [True, False, False]


@pytest.mark.parametrize(
    ("choice", "error", "message"),
    [
        (ExportChoice([Pair()], case="case-2"), UsageError, "no case 'case-2'. Its cases: case-1."),
        (ExportChoice([Pair()], map="map-9"), UsageError, "no map 'map-9'"),
        (ExportChoice([Whole(), Pair()], values={"pair": {"times": 0}}), BadParameter, "pair.times"),
    ],
)
def test_that_a_wrong_choice_is_told_before_anything_is_written(tmp_path, choice, error, message):
    with pytest.raises(error, match=message):
        export_all(example_workspace(), tmp_path / "out", choice)
    assert not (tmp_path / "out").exists()


def test_that_a_batch_that_is_cancelled_ends(tmp_path, monkeypatch):
    monkeypatch.setattr(Failing, "error", Cancelled())
    with pytest.raises(Cancelled):
        list(export_all(example_workspace(), tmp_path, ExportChoice([Failing(), Pair()])))
    assert list(tmp_path.iterdir()) == []


def test_that_files_of_an_earlier_export_are_refused_at_once_and_replaced_by_choice(tmp_path):
    workspace, choice = example_workspace(), ExportChoice([Whole(), Pair()])
    list(export_all(workspace, tmp_path, choice))
    earlier = tmp_path / "case-1" / "whole.txt"
    earlier.write_bytes(b"corrected by hand")
    with pytest.raises(UsageError, match=r"files of an earlier export: whole\.txt and 1 other\.") as caught:
        export_all(workspace, tmp_path, choice)
    assert "--replace" in caught.value.hint
    assert earlier.read_bytes() == b"corrected by hand"
    list(export_all(workspace, tmp_path, replace(choice, replaces=True)))
    assert earlier.read_bytes() == b"map-1 None"


def test_that_a_map_is_named_by_its_method_where_it_is_the_only_one_of_it(tmp_path):
    workspace = example_workspace()
    (outcome,) = export_all(workspace, tmp_path, ExportChoice([Pair()], map="integrated_gradients"))
    assert outcome.map == "map-2"
    with pytest.raises(UsageError, match="no map 'rise'") as caught:
        export_all(workspace, tmp_path, ExportChoice([Pair()], map="rise"))
    assert caught.value.hint == "Maps: map-1 (grad_cam), map-2 (integrated_gradients)."
    (case,) = workspace.document.cases
    record = case.maps[1].record
    twice = case.model_copy(
        update={"maps": tuple(m.model_copy(update={"record": record}) for m in case.maps)}
    )
    document = workspace.document.model_copy(update={"cases": (twice,)})
    with pytest.raises(UsageError, match="case-1 has several maps by integrated_gradients") as caught:
        export_all(
            replace(workspace, document=document),
            tmp_path,
            ExportChoice([Pair()], map="integrated_gradients"),
        )
    assert caught.value.hint == "Name one of them: map-1, map-2."


def test_that_a_map_that_was_shown_of_another_case_stands_for_none():
    (case,) = example_workspace().document.cases
    assert shown_first(case, SavedView(case="case-1", map="map-2"))[0].id == "map-2"
    assert shown_first(case, SavedView(case="case-2", map="map-2"))[0].id == "map-1"
