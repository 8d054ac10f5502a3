"""Adding a method, check, visualisation, reader, exporter, command or source touches its files and one list.

Each test adds one to a copy of the program, counts the files that it had to make or change, and asks the
copy, in a process of its own, whether it is offered everywhere. What is added is a twin of a part that the
program has, under another name, so that it keeps whatever contract such parts have.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from core.workspace.file import write_workspace
from tests.core.workspace.example import example_workspace

PACKAGES = ("app", "core", "saliscope", "training")
LINKED = ("icons", "models", "samples")
SMALL = ("--model", "brain_tumor_mri_efficientnetb0")

# Every text of lists and trees in the window, with links that start no process.
WINDOW = """
import json
from pathlib import Path
from PySide6.QtWidgets import QApplication, QFileDialog, QTreeWidget, QTreeWidgetItemIterator
application = QApplication([])
from app.window.main_window import MainWindow
from app.window.settings import SettingsFile
from tests.gui.recorded import RecordedLink
filters = []
QFileDialog.getOpenFileNames = lambda *arguments: (filters.append(arguments[-1]), ([], ""))[1]
links = [RecordedLink() for _ in range(3)]
window = MainWindow(SettingsFile(Path("settings")), *links, lambda _: True)
window.studies_panel.open_asked.emit()
texts = []
for tree in window.findChildren(QTreeWidget):
    items = QTreeWidgetItemIterator(tree)
    while items.value():
        texts.append(items.value().text(0))
        items += 1
checks = [row.name for row in window.session.sanity.rows]
window.close()
visualisations = [name for name, _ in window.session.network_pictures.choice.offered]
found = {"texts": texts, "checks": checks, "visualisations": visualisations}
print(json.dumps({"filter": filters[0], **found}))
"""


@dataclass
class ProgramCopy:
    """A copy of the program. touched: the files that were made or changed in it, relative to `root`."""

    root: Path
    repository: Path
    touched: set[str] = field(default_factory=set)

    def write(self, file: str, text: str) -> None:
        """Make a file, which must be new."""
        path = self.root / file
        assert not path.exists(), file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.touched.add(file)

    def write_twin(self, original: str, twin: str, renamed: Mapping[str, str]) -> None:
        """Make a file from another one, with each word of `renamed` exchanged."""
        text = (self.root / original).read_text(encoding="utf-8")
        for word, replacement in renamed.items():
            text, count = re.subn(rf"(?<!\w){re.escape(word)}(?!\w)", replacement, text)
            assert count, word
        self.write(twin, text)

    def add_to_list(self, file: str, name: str, line: str, entry: str) -> None:
        """Put `entry` first in the tuple `name` of a file, and the import `line` above the other imports."""
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        text, count = re.subn(rf"^({name}: [^=]+ = \()", rf"\g<1>{entry}, ", text, flags=re.MULTILINE)
        assert count == 1, name
        text, count = re.subn(r"^(?=from|import)", f"{line}\n", text, count=1, flags=re.MULTILINE)
        assert count == 1, line
        path.write_text(text, encoding="utf-8")
        self.touched.add(file)

    def run(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        """A call of this Python in the copy, ended."""
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(self.root), str(self.repository)]),
            "PYTHONSAFEPATH": "1",
            "QT_QPA_PLATFORM": "offscreen",
        }
        return subprocess.run(
            [sys.executable, *map(str, arguments)],
            cwd=self.root,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def output_of(self, *arguments: object) -> str:
        """What this Python prints, called in the copy; the command must end with 0."""
        result = self.run(*arguments)
        assert result.returncode == 0, f"{result.stdout}\n{result.stderr}"
        return result.stdout

    def program(self, *arguments: object) -> str:
        """What the command line prints."""
        return self.output_of("-m", "saliscope", *arguments)

    def window(self) -> dict[str, object]:
        """filter: the file dialog's; texts: of its lists; checks, visualisations: names of those offered."""
        return json.loads(self.output_of("-c", WINDOW))


@pytest.fixture
def copy(repository: Path, tmp_path: Path) -> ProgramCopy:
    """The program's packages and its help; what nothing is added to is linked."""
    root = tmp_path / "copy"
    # With what Python has compiled, which holds for the copy as it keeps times; not what is being written.
    half_written = shutil.ignore_patterns("*.pyc.*")
    for package in PACKAGES:
        shutil.copytree(repository / package, root / package, ignore=half_written)
    shutil.copytree(repository / "resources" / "help", root / "resources" / "help")
    for folder in LINKED:
        (root / "resources" / folder).symlink_to(repository / "resources" / folder)
    copied = ProgramCopy(root, repository)
    assert Path(copied.output_of("-c", "import core; print(core.__file__)").strip()).is_relative_to(root)
    return copied


@pytest.fixture
def copy_with_method(copy: ProgramCopy) -> ProgramCopy:
    """With a second gradient method, `twin`."""
    copy.write_twin(
        "core/methods/gradient/gradient.py",
        "core/methods/gradient/twin.py",
        {
            '"gradient"': '"twin"',
            '"Gradient"': '"Twin map"',
            "Gradient": "Twin",
            "GradientParams": "TwinParams",
        },
    )
    copy.add_to_list(
        "core/methods/__init__.py", "PIXEL_METHODS", "from core.methods.gradient.twin import Twin", "Twin()"
    )
    copy.write("resources/help/methods/twin.md", "# Twin map\n\nWhat it shows: the same again.\n")
    copy.write("tests/core/methods/gradient/test_twin.py", "")
    return copy


def test_that_a_method_takes_four_files_and_is_offered_by_the_command_line(
    copy_with_method: ProgramCopy,
) -> None:
    copy = copy_with_method
    assert len(copy.touched) == 4
    listed = {entry["name"]: entry for entry in json.loads(copy.program("methods", "--json"))["methods"]}
    assert listed["twin"]["title"] == "Twin map"
    assert [parameter["name"] for parameter in listed["twin"]["parameters"]] == ["channels"]
    assert "the same again" in copy.program("methods", "twin")


def test_that_a_new_method_stands_in_the_window_and_in_the_index_of_the_help(
    copy_with_method: ProgramCopy,
) -> None:
    assert "Twin map" in copy_with_method.window()["texts"]
    code = "from app.help_pages import pages; print([page.key for page in pages()])"
    assert "'methods/twin'" in copy_with_method.output_of("-c", code)


@pytest.mark.parametrize("name", ["xrai", "fast_xrai_30"])
def test_that_a_new_method_that_can_rank_regions_is_a_base_of_the_region_methods(
    copy_with_method: ProgramCopy, name: str
) -> None:
    code = (
        "from core.methods import method_named;"
        f"print(method_named({name!r}).Params(base='twin').base);"
        f"print(method_named({name!r}).Params.model_json_schema()['properties']['base'])"
    )
    base, schema = copy_with_method.output_of("-c", code).splitlines()
    assert base == "twin"
    assert "'twin'" in schema


def test_that_a_new_method_explains_and_its_unit_stands_beside_the_map(
    copy_with_method: ProgramCopy,
) -> None:
    copy = copy_with_method
    document = copy.program(
        "explain", "--sample", "brain_glioma", *SMALL, "--method", "twin", "--json", "--out", "out"
    )
    (image,) = json.loads(document)["images"]
    (record,) = image["methods"]
    assert record["name"] == "twin"
    assert record["unit"]
    copy.write("record.json", json.dumps(record))
    code = (
        "from core.figures.wording import map_header; from core.results.records import MethodRecord;"
        "print(map_header(MethodRecord.model_validate_json(open('record.json').read()))[0])"
    )
    assert copy.output_of("-c", code).strip() == f"Twin map ({record['unit']})"


def test_that_a_check_takes_four_files_and_is_offered_everywhere(copy: ProgramCopy) -> None:
    copy.write_twin(
        "core/checks/noise_robustness.py",
        "core/checks/twin.py",
        {
            '"noise_robustness"': '"twin"',
            "NoiseRobustness": "Twin",
            "NoiseRobustnessParams": "TwinParams",
        },
    )
    copy.add_to_list("core/checks/__init__.py", "CHECKS", "from core.checks.twin import Twin", "Twin()")
    folder = next((copy.root / "resources" / "help").glob("*/noise_robustness.md")).parent.name
    copy.write(f"resources/help/{folder}/twin.md", "# Twin check\n\nWhat it asks: the same again.\n")
    copy.write("tests/core/checks/test_twin.py", "")
    assert len(copy.touched) == 4
    assert "twin" in copy.window()["checks"]
    code = "from app.help_pages import pages; print([page.key for page in pages()])"
    assert f"'{folder}/twin'" in copy.output_of("-c", code)
    code = "from core.checks import CHECKS; print([check.name for check in CHECKS])"
    assert "'twin'" in copy.output_of("-c", code)
    # The command line knows its name, and so can name it where it is misspelt.
    option = re.search(r"--(?:check|metric)(?= )", copy.program("evaluate", "--help"))
    assert option is not None
    result = copy.run("-m", "saliscope", "evaluate", "none.csv", option[0], "twinn")
    assert result.returncode == 2
    assert "Did you mean 'twin'?" in result.stderr


READER = '''
"""A small format: TWIN, two bytes for rows and columns, then the values."""

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, final

import numpy as np

from core.images.slice import Identity, Slice
from core.readers.header_tags import Tag
from core.readers.protocol import FrameSource, SeriesEntry


@final
class TwinReader:
    """Files of the format."""

    name: ClassVar[str] = "Twin"
    suffixes: ClassVar[tuple[str, ...]] = (".twin",)
    is_picture: ClassVar[bool] = False

    def claims(self, head: bytes, path: Path) -> bool:
        return head.startswith(b"TWIN")

    def index(self, path: Path) -> Iterator[SeriesEntry]:
        rows, columns = path.read_bytes()[4:6]
        yield SeriesEntry(path=path, reader=self.name, title="Twin", frames=1, rows=rows, columns=columns)

    def read(self, entry: SeriesEntry, frame: int) -> tuple[Slice, Identity]:
        values = np.frombuffer(entry.path.read_bytes()[6:], np.uint8).reshape(entry.rows, entry.columns)
        return Slice(values=values), Identity()

    def tags(self, source: FrameSource, with_identity: bool) -> tuple[Tag, ...]:
        return ()
'''


def test_that_a_reader_takes_three_files_and_reads_files_and_folders(copy: ProgramCopy) -> None:
    copy.write("core/readers/twin.py", READER.lstrip())
    copy.add_to_list(
        "core/readers/index.py", "READERS", "from core.readers.twin import TwinReader", "TwinReader()"
    )
    copy.write("tests/core/readers/test_twin.py", "")
    assert len(copy.touched) == 3
    images = copy.root / "images"
    images.mkdir()
    for name in ("a.twin", "b.twin"):
        (images / name).write_bytes(b"TWIN\x02\x03" + bytes(range(6)))
    (single,) = json.loads(copy.program("info", images / "a.twin", "--json"))["images"]
    assert (single["rows"], single["columns"]) == (2, 3)
    listed = json.loads(copy.program("info", images, "--json"))["images"]
    assert [image["file"] for image in listed] == ["a.twin", "b.twin"]
    assert "*.twin" in str(copy.window()["filter"])


def test_that_an_exporter_takes_three_files_and_is_offered_everywhere(copy: ProgramCopy) -> None:
    copy.write_twin(
        "core/exports/map_npy.py",
        "core/exports/twin.py",
        {
            '"map_npy"': '"twin"',
            '"Map as NumPy array"': '"Twin map"',
            "MapNpy": "Twin",
            "MapNpyParams": "TwinParams",
        },
    )
    copy.add_to_list("core/exports/exporters.py", "EXPORTERS", "from core.exports.twin import Twin", "Twin()")
    copy.write("tests/core/exports/test_twin.py", "")
    assert len(copy.touched) == 3
    assert "Twin map (twin)" in copy.program("export", "--list")
    write_workspace(copy.root / "a.saliscope", example_workspace())
    copy.program("export", "a.saliscope", "--as", "twin", "--map", "map-1", "--to", "out")
    assert (copy.root / "out" / "case-1" / "map-1-grad_cam-twin.npy").is_file()
    code = (
        "from core.api import export;"
        "print([path.name for path in export('a.saliscope', 'again', ['twin'])[0].files])"
    )
    assert "map-1-grad_cam-twin.npy" in copy.output_of("-c", code)


def test_that_a_command_takes_three_files_and_runs(copy: ProgramCopy) -> None:
    copy.write_twin("app/command_line/samples.py", "app/command_line/twin.py", {"def samples": "def twin"})
    copy.add_to_list(
        "app/command_line/group.py", "COMMANDS", "from app.command_line.twin import twin", "twin"
    )
    copy.write("tests/app/command_line/test_twin.py", "")
    assert len(copy.touched) == 3
    assert "  twin " in copy.program("--help")
    assert copy.program("twin") == copy.program("samples") != ""


def test_that_a_visualisation_takes_four_files_and_is_offered_everywhere(copy: ProgramCopy) -> None:
    copy.write_twin(
        "core/visualisations/deep_dream.py",
        "core/visualisations/twin.py",
        {
            '"deep_dream"': '"twin"',
            '"DeepDream"': '"Twin picture"',
            "DeepDream": "Twin",
            "DeepDreamParams": "TwinParams",
        },
    )
    copy.add_to_list(
        "core/visualisations/__init__.py",
        "VISUALISATIONS",
        "from core.visualisations.twin import Twin",
        "Twin()",
    )
    copy.write("resources/help/visualisations/twin.md", "# Twin picture\n\nWhat it shows: the same again.\n")
    copy.write("tests/core/visualisations/test_twin.py", "")
    assert len(copy.touched) == 4
    assert "Twin picture (twin)" in copy.program("visualise")
    assert "twin" in copy.window()["visualisations"]
    code = "from app.help_pages import pages; print([page.key for page in pages()])"
    assert "'visualisations/twin'" in copy.output_of("-c", code)
    arguments = ("--sample", "brain_glioma", *SMALL, "--layer", "block4a_expand_activation")
    document = copy.program("visualise", "twin", *arguments, "--set", "steps=0", "--json", "--out", "out")
    assert json.loads(document)["picture"]["name"] == "twin"


def test_that_a_training_source_takes_three_files_and_can_be_named(copy: ProgramCopy) -> None:
    copy.write_twin(
        "training/sources/class_folders.py",
        "training/sources/twin.py",
        {"ClassFolders": "Twin", '"class_folders"': '"twin"'},
    )
    copy.add_to_list(
        "training/sources/__init__.py", "SOURCES", "from training.sources.twin import Twin", "Twin()"
    )
    copy.write("tests/training/test_twin.py", "")
    assert len(copy.touched) == 3
    code = (
        "from training.sources import source; from pathlib import Path; print(source(Path('.'), 'twin').name)"
    )
    assert copy.output_of("-c", code) == "twin\n"
    assert re.search(r"\btwin\b", copy.program("train", "--help"))
