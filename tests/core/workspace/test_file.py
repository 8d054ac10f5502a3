"""Workspaces as files: they come back as they were, and no bytes lead to anything but one sentence."""

import errno
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.errors import DiskFull, InputError, Refused, Truncated, Unreadable, Unsupported
from core.workspace import file
from core.workspace.file import read_workspace, write_workspace
from core.workspace.workspace import Workspace
from tests.core.workspace.example import TURNED, example_workspace

Members = dict[str, bytes]


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "a.saliscope"
    write_workspace(path, example_workspace())
    return path


@pytest.fixture
def changed(saved: Path) -> Callable[[Callable[[Members], Any]], Path]:
    """The example's file with other members."""

    def make(change: Callable[[Members], Any], compression: int = zipfile.ZIP_DEFLATED) -> Path:
        with zipfile.ZipFile(saved) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        change(members)
        with zipfile.ZipFile(saved, "w", compression) as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        return saved

    return make


def array_file(values: Any, **options: Any) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, values, **options)
    return buffer.getvalue()


def in_document(change: Callable[[dict[str, Any]], Any]) -> Callable[[Members], None]:
    def in_members(members: Members) -> None:
        document = json.loads(members["workspace.json"])
        change(document)
        members["workspace.json"] = json.dumps(document).encode()

    return in_members


def error_of(path: Path) -> InputError:
    """The one sentence, which holds no path."""
    with pytest.raises(InputError) as caught:
        read_workspace(path)
    text = str(caught.value)
    assert str(path.parent) not in text
    assert "\n" not in text
    assert caught.value.hint
    return caught.value


def test_that_a_workspace_is_read_as_it_was_written(saved):
    workspace = example_workspace()
    read = read_workspace(saved)
    assert read.document == workspace.document
    assert read.arrays.keys() == workspace.arrays.keys()
    for name, values in workspace.arrays.items():
        assert read.arrays[name].dtype == values.dtype
        assert np.array_equal(read.arrays[name], values)
    (case,) = read.cases
    assert case.case.grid.grid_map == TURNED
    assert [path.name for path in saved.parent.iterdir()] == ["a.saliscope"]


def test_that_figures_that_are_no_numbers_come_back(tmp_path):
    workspace = example_workspace()
    case = workspace.document.cases[0]
    finding = case.maps[0].findings[0].finding
    strange = finding.model_copy(update={"values": {"share": float("inf"), "other": float("nan")}})
    saved_finding = case.maps[0].findings[0].model_copy(update={"finding": strange})
    maps = (case.maps[0].model_copy(update={"findings": (saved_finding,)}), case.maps[1])
    document = workspace.document.model_copy(update={"cases": (case.model_copy(update={"maps": maps}),)})
    write_workspace(tmp_path / "b.saliscope", Workspace(document, workspace.arrays))
    (read,) = read_workspace(tmp_path / "b.saliscope").document.cases
    values = read.maps[0].findings[0].finding.values
    assert values["share"] == float("inf")
    assert np.isnan(values["other"])


def test_that_an_array_in_another_memory_order_comes_back(tmp_path):
    workspace = example_workspace()
    turned = np.asfortranarray(workspace.arrays["case-1-map-1"])
    write_workspace(
        tmp_path / "b.saliscope", Workspace(workspace.document, {**workspace.arrays, "case-1-map-1": turned})
    )
    assert np.array_equal(read_workspace(tmp_path / "b.saliscope").arrays["case-1-map-1"], turned)


@pytest.mark.parametrize(
    "arrays",
    [
        {"case-1-map-1": np.zeros((8, 9), np.float32)},
        {"case-1-map-1": np.zeros((8, 8), np.float64)},
        {"case-1-map-1": np.full((8, 8), np.nan, np.float32)},
        {"case-1-map-3": np.zeros((8, 8), np.float32)},
    ],
    ids=["shape", "type", "not finite", "unnamed"],
)
def test_that_nothing_is_written_that_could_not_be_read(saved, arrays):
    workspace = example_workspace()
    before = saved.read_bytes()
    with pytest.raises(ValueError, match="map-"):
        write_workspace(saved, Workspace(workspace.document, {**workspace.arrays, **arrays}))
    assert saved.read_bytes() == before


@pytest.mark.parametrize(
    ("limit", "value"),
    [("MOST_BYTES", 6080), ("MOST_MEMBERS", 5), ("MOST_DOCUMENT_BYTES", 1000)],
)
def test_that_a_workspace_that_would_be_too_large_to_be_read_is_told_and_not_written(
    saved, monkeypatch, limit, value
):
    """The arrays, their number and the document are each just beyond the limit."""
    workspace, before = example_workspace(), saved.read_bytes()
    assert len(workspace.arrays) == 5
    assert sum(values.nbytes for values in workspace.arrays.values()) == 6080
    monkeypatch.setattr(file, "ARCHIVE_BYTES", 0)
    monkeypatch.setattr(file, limit, value)
    for path in (saved, saved.with_name("new.saliscope")):
        with pytest.raises(Refused) as caught:
            write_workspace(path, workspace)
        assert caught.value.message == f"{path.name} is larger than a workspace may be."
    assert saved.read_bytes() == before
    assert [path.name for path in saved.parent.iterdir()] == ["a.saliscope"]


def test_that_a_workspace_at_the_limits_is_written_and_read(tmp_path, monkeypatch):
    workspace, path = example_workspace(), tmp_path / "a.saliscope"
    monkeypatch.setattr(file, "MOST_MEMBERS", len(workspace.arrays) + 1)
    arrays_bytes = sum(values.nbytes for values in workspace.arrays.values())
    monkeypatch.setattr(file, "ARCHIVE_BYTES", 2000)
    monkeypatch.setattr(file, "MOST_BYTES", arrays_bytes + 2000 + document_size(workspace, path))
    write_workspace(path, workspace)
    assert read_workspace(path).document == workspace.document
    monkeypatch.setattr(file, "MOST_BYTES", file.MOST_BYTES - 1)
    with pytest.raises(Refused):
        write_workspace(path, workspace)


def document_size(workspace: Workspace, path: Path) -> int:
    """Bytes of the document of a workspace in its file."""
    write_workspace(path, workspace)
    with zipfile.ZipFile(path) as archive:
        return archive.getinfo("workspace.json").file_size


def test_that_a_missing_file_is_told(tmp_path):
    assert error_of(tmp_path / "none.saliscope").message == (
        "none.saliscope cannot be read: there is no such file."
    )
    os.mkfifo(tmp_path / "pipe.saliscope")
    assert "there is no such file" in error_of(tmp_path / "pipe.saliscope").message


@pytest.mark.parametrize("content", [b"", b"PK", b"\x89PNG" + bytes(100), b'{"schema": 1}'])
def test_that_another_kind_of_file_is_told(tmp_path, content):
    (tmp_path / "a.bin").write_bytes(content)
    error = error_of(tmp_path / "a.bin")
    assert error.message == "a.bin is not a workspace."
    assert error.hint == "Open a file that ends with .saliscope."


@pytest.mark.parametrize("content", [b"", b"PK", b"\x89PNG" + bytes(100), b'{"schema": 1}'])
def test_that_a_file_that_is_called_a_workspace_and_is_none_is_damaged(tmp_path, content):
    (tmp_path / "a.Saliscope").write_bytes(content)
    error = error_of(tmp_path / "a.Saliscope")
    assert error.message == "a.Saliscope is damaged: its content is not that of a workspace."
    assert error.hint == "Open an earlier copy of it."


def test_that_an_archive_of_another_kind_is_told(changed):
    error = error_of(changed(lambda members: (members.clear(), members.update({"workspace.json": b"{}"}))))
    assert (type(error), error.message) == (
        Unreadable,
        "a.saliscope is damaged: its content is not that of a workspace.",
    )


def test_that_a_file_without_its_end_is_told_wherever_it_was_cut(saved, generator):
    content = saved.read_bytes()
    for length in generator.integers(4, len(content), 20).tolist():
        saved.write_bytes(content[:length])
        error = error_of(saved)
        assert isinstance(error, Truncated)
        assert error.message == "a.saliscope is incomplete: its end is missing."


def test_that_a_newer_workspace_is_told(changed):
    error = error_of(changed(in_document(lambda document: document.update(schema="saliscope/workspace/2"))))
    assert isinstance(error, Unsupported)
    assert error.message == (
        "a.saliscope was saved by a newer version of Saliscope (workspace 2; this version reads up to 1)."
    )
    assert error.hint == "Update Saliscope."


@pytest.mark.parametrize(
    "schema", ["saliscope/explain/2", "saliscope/workspace/", "saliscope/workspace/x", 1]
)
def test_that_another_document_is_told(changed, schema):
    error = error_of(changed(in_document(lambda document: document.update(schema=schema))))
    assert error.message == "a.saliscope is damaged: its content is not that of a workspace."


def volume_of(**changes: Any) -> dict[str, Any]:
    """A volume of the example's slice, otherwise."""
    affine = [[0.0, 0.0, 1.0, 0.0], [0.0, 2.0, 0.0, 0.0], [4.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0]]
    return {"shape": [5, 40, 60], "affine_lps_mm": affine, "axis": 0, "index": 2} | changes


WRONG_DOCUMENTS: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "slice 0": (lambda d: d["cases"][0]["image"]["image"].update(slice=0), "outside its series"),
    "slice below 0": (lambda d: d["cases"][0]["image"]["image"].update(slice=-4), "outside its series"),
    "slice after the last": (
        lambda d: d["cases"][0]["image"]["image"].update(slice=6),
        "outside its series",
    ),
    "window without width": (lambda d: d["cases"][0]["window"].update(width=0.0), "shows nothing"),
    "window of negative width": (lambda d: d["cases"][0]["window"].update(width=-1.0), "shows nothing"),
    "window without centre": (
        lambda d: d["cases"][0]["window"].update(centre=float("nan")),
        "shows nothing",
    ),
    "infinite window": (lambda d: d["cases"][0]["window"].update(width=float("inf")), "shows nothing"),
    "missing field": (lambda d: d["cases"][0].pop("picture"), "in its document cases.0.picture is wrong"),
    "path as name": (
        lambda d: d["cases"][0].update(picture="../../etc/passwd"),
        "in its document cases.0.picture is wrong",
    ),
    "unknown field": (lambda d: d.update(more=1), "in its document more is wrong"),
    "two cases of one id": (lambda d: d["cases"].append(d["cases"][0]), "two cases are called case-1"),
    "two maps of one id": (
        lambda d: d["cases"][0]["maps"].append(d["cases"][0]["maps"][0]),
        "case-1 holds map-1 twice",
    ),
    "two sizes": (lambda d: d["cases"][0]["geometry"].update(shape=[40, 61]), "has two sizes"),
    "empty box": (
        lambda d: d["cases"][0]["grid"].update(box=[5, 0, 5, 9]),
        "the network's grid lies nowhere",
    ),
    "no number as box": (
        lambda d: d["cases"][0]["grid"].update(box=[0, 0, float("nan"), 9]),
        "the network's grid lies nowhere",
    ),
    "endless measurement": (
        lambda d: d["cases"][0]["measurements"][0].update(points=[[0, 0], [0, float("inf")]]),
        "a measurement of case-1 lies nowhere",
    ),
    "measurement of one point": (
        lambda d: d["cases"][0]["measurements"][0].update(points=[[0, 0]]),
        "another number of points",
    ),
    "missing region": (lambda d: d["cases"][0].update(regions=[]), "names a region that is not there"),
    "missing map in view": (lambda d: d["view"].update(case="case-1", map="m"), "the view shows a map"),
    "missing case in view": (lambda d: d["view"].update(case="case-7"), "the view shows a case"),
    "array for two things": (
        lambda d: d["cases"][0].update(picture="case-1-map-1"),
        "the array case-1-map-1 is used for two things",
    ),
    "no size": (lambda d: d["cases"][0]["grid"].update(grid=[0, 8]), "the sizes of case-1 are not positive"),
    "impossible spacing": (
        lambda d: d["cases"][0]["geometry"].update(spacing_mm=[0.0, 1.0]),
        "the slice of case-1 has an impossible spacing",
    ),
    "impossible position": (
        lambda d: d["cases"][0]["geometry"].update(affine_lps_mm=[[0.0, 0.0, 0.0, 0.0]] * 4),
        "the slice of case-1 has an impossible position",
    ),
    "huge volume": (
        lambda d: d["cases"][0]["geometry"].update(volume=volume_of(shape=[10**9, 40, 60])),
        "lies in a volume of an unsupported size",
    ),
    "volume of another slice": (
        lambda d: d["cases"][0]["geometry"].update(volume=volume_of(shape=[5, 40, 61])),
        "does not lie in its volume",
    ),
    "slice beyond its volume": (
        lambda d: d["cases"][0]["geometry"].update(volume=volume_of(index=5)),
        "does not lie in its volume",
    ),
    "huge grid": (lambda d: d["cases"][0]["grid"].update(grid=[10**9, 10**9]), "beyond what is supported"),
}


@pytest.mark.parametrize("name", WRONG_DOCUMENTS)
def test_that_a_document_that_contradicts_itself_is_told(changed, name):
    change, words = WRONG_DOCUMENTS[name]
    error = error_of(changed(in_document(change)))
    assert isinstance(error, Unreadable)
    assert error.message.startswith("a.saliscope is damaged: ")
    assert words in error.message


def test_that_the_place_in_a_volume_is_read(changed):
    def with_volume(document: dict[str, Any]) -> None:
        document["cases"][0]["geometry"]["volume"] = volume_of()

    (case,) = read_workspace(changed(in_document(with_volume))).cases
    assert case.case.geometry.volume.index == 2


def test_that_a_document_that_is_no_json_is_told(changed):
    for content in (b"", b"{", b"[" * 10**6, b"\xff\xfe", b'{"schema":' + b"9" * 5000 + b"}"):
        message = error_of(changed(lambda members, c=content: members.update({"workspace.json": c}))).message
        assert message == "a.saliscope is damaged: its document is not JSON."


MAP = "arrays/case-1-map-1.npy"
NOT_AS_TOLD = "is not of the size and type that it should have"


def pickled() -> bytes:
    return array_file(np.array([{"code": 1}], object), allow_pickle=True)


WRONG_MEMBERS: dict[str, tuple[Callable[[Members], Any], str]] = {
    "missing": (lambda m: m.pop(MAP), "the array case-1-map-1 is missing"),
    "unused": (lambda m: m.update({"arrays/x.npy": m[MAP]}), "it holds an array that nothing uses"),
    "other file": (lambda m: m.update({"run.sh": b"rm"}), "it holds files that are not part of a workspace"),
    "path": (lambda m: m.update({"../x.npy": b""}), "it holds files that are not part of a workspace"),
    "shape": (lambda m: m.update({MAP: array_file(np.zeros((4, 16), np.float32))}), NOT_AS_TOLD),
    "type": (lambda m: m.update({MAP: array_file(np.zeros((8, 8), np.float64))}), NOT_AS_TOLD),
    "byte order": (lambda m: m.update({MAP: array_file(np.zeros((8, 8), ">f4"))}), NOT_AS_TOLD),
    "pickle": (lambda m: m.update({MAP: pickled()}), NOT_AS_TOLD),
    "cut": (lambda m: m.update({MAP: m[MAP][:-4]}), NOT_AS_TOLD),
    "longer": (lambda m: m.update({MAP: m[MAP] + bytes(4)}), NOT_AS_TOLD),
    "no array": (lambda m: m.update({MAP: b"text"}), "its archive is damaged"),
    "not finite": (
        lambda m: m.update({MAP: array_file(np.full((8, 8), np.inf, np.float32))}),
        "holds values that are not finite",
    ),
    "no truth": (
        lambda m: m.update({"arrays/case-1-region-1.npy": m["arrays/case-1-region-1.npy"][:-1] + b"\x07"}),
        "holds values that are neither true nor false",
    ),
}


@pytest.mark.parametrize("name", WRONG_MEMBERS)
def test_that_arrays_that_do_not_fit_the_document_are_told(changed, name):
    change, words = WRONG_MEMBERS[name]
    error = error_of(changed(change))
    assert isinstance(error, Unreadable)
    assert error.message.startswith("a.saliscope is damaged: ")
    assert words in error.message


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_that_two_members_of_one_name_are_told(saved):
    with zipfile.ZipFile(saved, "a") as archive:
        archive.writestr(MAP, archive.read(MAP))
    assert "two files of one name" in error_of(saved).message


def test_that_unusual_and_encrypted_archives_are_told(changed, saved):
    assert "compressed in a way" in error_of(changed(lambda members: None, zipfile.ZIP_LZMA)).message
    write_workspace(saved, example_workspace())
    content = bytearray(saved.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    saved.write_bytes(content)
    assert error_of(saved).message == "a.saliscope is encrypted."


def test_that_more_members_and_bytes_than_a_workspace_has_are_refused(tmp_path, saved):
    path = tmp_path / "many.saliscope"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(10_001):
            archive.writestr(f"arrays/{number}.npy", b"")
    assert isinstance(error_of(path), Refused)
    # A member that says of itself that it has 4 GB.
    content = bytearray(saved.read_bytes())
    entry = content.rindex(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = b"\xf0\xff\xff\xff"
    saved.write_bytes(content)
    assert error_of(saved).message == "a.saliscope is larger than a workspace may be."


def test_that_a_member_that_expands_beyond_its_size_takes_no_more_memory_than_that(changed, saved):
    changed(lambda members: members.update({MAP: bytes(50_000_000)}))
    content = bytearray(saved.read_bytes())
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        entry = content.rindex(MAP.encode()) if signature == b"PK\x01\x02" else content.index(MAP.encode())
        start = content.rindex(signature, 0, entry)
        content[start + offset : start + offset + 4] = (384).to_bytes(4, "little")
    saved.write_bytes(content)
    assert "damaged" in error_of(saved).message


def test_that_whatever_bytes_are_changed_there_is_a_workspace_or_one_sentence(saved, generator):
    content = saved.read_bytes()
    refused = 0
    for _ in range(300):
        bad = bytearray(content)
        for place in generator.integers(0, len(bad), generator.integers(1, 6)).tolist():
            bad[place] = generator.integers(256)
        saved.write_bytes(bad)
        with suppress(InputError):
            read_workspace(saved)
            continue
        refused += 1
    assert refused > 200


def test_that_a_full_disk_costs_the_new_file_and_not_the_earlier_one(saved):
    before = saved.read_bytes()
    ran = in_child(
        f"""
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
from core.errors import DiskFull
try:
    write_workspace(Path({str(saved)!r}), example_workspace())
except DiskFull as error:
    print(error)
"""
    )
    reason = os.strerror(errno.EFBIG)
    assert ran == f"a.saliscope cannot be written: {reason}. Free some space, or choose another folder.\n"
    assert saved.read_bytes() == before
    assert [path.name for path in saved.parent.iterdir()] == ["a.saliscope"]


def test_that_a_folder_that_cannot_be_written_to_is_told(tmp_path, monkeypatch):
    workspace = example_workspace()
    (tmp_path / "file").touch()
    with pytest.raises(DiskFull, match=r"^a\.saliscope cannot be written: Not a directory\. Choose"):
        write_workspace(tmp_path / "file" / "a.saliscope", workspace)

    def refuse(*_: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(DiskFull, match=r"^a\.saliscope cannot be written: Read-only file system\. Choose"):
        write_workspace(tmp_path / "a.saliscope", workspace)


def test_that_a_process_killed_while_saving_leaves_the_earlier_or_the_new_workspace(saved):
    """At 20 random moments; the earlier workspace has another date than the new one."""
    earlier = example_workspace().document
    kills = in_child(
        f"""
import random, signal
path, new, AT_THE_END = Path({str(saved)!r}), later(), -1

def save(kill_at):
    calls = 0
    def count(frame, event, argument):
        nonlocal calls
        calls += 1
        if calls == kill_at or (event == "c_return" and argument is os.replace and kill_at == AT_THE_END):
            os.kill(os.getpid(), signal.SIGKILL)
    sys.setprofile(count)
    write_workspace(path, new)
    sys.setprofile(None)
    return calls

write_workspace(path.with_name("other.saliscope"), new)  # what is imported late is imported now
total = save(0)
for moment in [*random.Random(1).sample(range(1, total), 19), AT_THE_END]:
    write_workspace(path, example_workspace())
    child = os.fork()
    if child == 0:
        save(moment)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), (moment, total)
    print(read_workspace(path).document.saved.isoformat())
"""
    ).split()
    dates = {earlier.saved.isoformat(), "2027-01-01T00:00:00+00:00"}
    assert len(kills) == 20
    assert set(kills) == dates
    # What the killed processes left is removed by a later save, once it is certain that nobody writes to it.
    parts = list(saved.parent.glob(".a.saliscope.*.part"))
    assert parts
    write_workspace(saved, example_workspace())
    assert set(saved.parent.glob(".a.saliscope.*.part")) == set(parts)
    for part in parts:
        os.utime(part, (0, 0))
    alive = saved.with_name(f".a.saliscope.{os.getppid()}.part")
    alive.touch()
    os.utime(alive, (0, 0))
    write_workspace(saved, example_workspace())
    assert list(saved.parent.glob(".*.part")) == [alive]


def in_child(code: str) -> str:
    """What a Python process prints that runs `code`."""
    start = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from core.workspace import file
from core.workspace.file import read_workspace, write_workspace
from core.workspace.workspace import Workspace
from tests.core.workspace.example import example_workspace

def later():
    workspace = example_workspace()
    date = datetime(2027, 1, 1, tzinfo=UTC)
    return Workspace(workspace.document.model_copy(update={"saved": date}), workspace.arrays)
"""
    ran = subprocess.run(
        [sys.executable, "-c", start + code],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[3],
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout
