"""Locating sources: at their path, moved with the workspace, by their content, and told when changed."""

import hashlib

import pytest

from core.errors import Unreadable
from core.samples import samples
from core.workspace.document import SourceRecord
from core.workspace.locating import locate_source

CONTENT = b"the slice"


def source_of(**changes) -> SourceRecord:
    return SourceRecord(**({"name": "a.dcm", "file_sha256": hashlib.sha256(CONTENT).hexdigest()} | changes))


def test_that_a_source_is_found_at_its_path_then_as_seen_from_the_workspace_then_beside_it(tmp_path):
    folder = tmp_path / "work"
    places = [tmp_path / "old" / "a.dcm", folder / "images" / "a.dcm", folder / "a.dcm"]
    source = source_of(path=str(places[0]), relative_path="images/a.dcm")
    for place in places:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(CONTENT)
    for place in places:
        assert locate_source(source, folder) == place
        place.unlink()
    with pytest.raises(Unreadable, match=r"^a\.dcm is not where it was"):
        locate_source(source, folder)


def test_that_a_renamed_source_beside_the_workspace_is_known_by_its_content(tmp_path):
    (tmp_path / "other.dcm").write_bytes(b"other")
    (tmp_path / "renamed.dcm").write_bytes(CONTENT)
    assert locate_source(source_of(), tmp_path) == tmp_path / "renamed.dcm"


def test_that_a_source_that_was_changed_is_told_and_another_copy_is_taken_where_there_is_one(tmp_path):
    (tmp_path / "a.dcm").write_bytes(b"changed")
    source = source_of(path=str(tmp_path / "a.dcm"))
    with pytest.raises(Unreadable, match=r"^a\.dcm has been changed"):
        locate_source(source, None)
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "copy.dcm").write_bytes(CONTENT)
    assert locate_source(source, None, [tmp_path / "b" / "copy.dcm"]) == tmp_path / "b" / "copy.dcm"


def test_that_in_a_folder_that_is_named_the_file_is_searched_and_a_series_is_its_folder(tmp_path):
    deep = tmp_path / "disc" / "study" / "series"
    deep.mkdir(parents=True)
    (deep / "a.dcm").write_bytes(CONTENT)
    assert locate_source(source_of(), None, [tmp_path / "disc"]) == deep / "a.dcm"
    assert locate_source(source_of(name="series"), None, [tmp_path / "disc"]) == tmp_path / "disc"


def test_that_a_sample_is_found_by_its_id_and_one_of_another_version_by_its_path(tmp_path):
    bundled = samples()[0]
    digest = hashlib.sha256(bundled.path.read_bytes()).hexdigest()
    assert locate_source(source_of(sample=bundled.id, file_sha256=digest), None) == bundled.path
    (tmp_path / "a.dcm").write_bytes(CONTENT)
    older = source_of(sample="no_such_sample", path=str(tmp_path / "a.dcm"))
    assert locate_source(older, None) == tmp_path / "a.dcm"
