"""The PyInstaller spec: which libraries of the building system may go into a package, and their licences."""

import ast
import re

import pytest


@pytest.fixture(scope="module")
def constants(repository) -> dict[str, object]:
    """The spec's constants that are plain literals; of a compiled pattern, its text."""
    tree = ast.parse((repository / "packaging" / "saliscope.spec").read_text(encoding="utf-8"))
    values: dict[str, object] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            value = node.value.args[0] if isinstance(node.value, ast.Call) and node.value.args else node.value
            if isinstance(value, ast.Constant | ast.Tuple):
                values[node.targets[0].id] = ast.literal_eval(value)
    return values


@pytest.mark.parametrize(
    "library", ["libreadline.so.8", "libhistory.so.8", "libgdbm.so.6", "libgdbm_compat.so.4", "libdb-5.3.so"]
)
def test_that_no_library_under_the_gpl_is_taken_from_the_building_system(constants, library) -> None:
    assert re.match(str(constants["LIBRARIES_OF_PYTHON"]), library) is None


def test_that_the_modules_of_those_libraries_are_left_out(constants, repository) -> None:
    assert constants["GPL_MODULES"] == ("_dbm", "_gdbm", "readline")
    spec = (repository / "packaging" / "saliscope.spec").read_text(encoding="utf-8")
    assert "excludes=[*EXCLUDED, *GPL_MODULES]" in spec


def test_that_the_licence_of_every_library_that_is_taken_stands_in_the_package(constants, repository) -> None:
    names = re.findall(r"\w+", str(constants["LIBRARIES_OF_PYTHON"]).partition("(")[2].partition(")")[0])
    assert len(names) > 8
    texts = (repository / "resources" / "licences" / "Python-libraries.txt").read_text(encoding="utf-8")
    # Python's own library stands under Python's licence.
    assert [name for name in names if name != "python3" and f"lib{name}" not in texts] == []
