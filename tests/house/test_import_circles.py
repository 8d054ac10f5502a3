"""The rule that no files or folders import one another."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.house.import_circles import counts, file_circles, folder_circles, violations

Project = Callable[[Mapping[str, str]], Path]


def files_in_circles(root: Path) -> list[tuple[str, ...]]:
    return [circle.nodes for circle in file_circles(root)]


@pytest.mark.parametrize(
    "back",
    [
        "import core.a",
        "import core.a as a",
        "from core.a import A",
        "from core import a",
        "from . import a",
        "from .a import A",
        "from ..core.a import A",
        "def f():\n    from core import a",
        "try:\n    import core.a\nexcept ImportError:\n    pass",
        "if not TYPE_CHECKING:\n    import core.a",
        "if TYPE_CHECKING:\n    pass\nelse:\n    import core.a",
        "import importlib\nimportlib.import_module('core.a')",
        "__import__('core.a')",
    ],
)
def test_that_every_form_of_import_closes_a_circle(project: Project, back: str) -> None:
    root = project({"core/a.py": "import core.b", "core/b.py": back})
    assert files_in_circles(root) == [("core/a.py", "core/b.py")]


@pytest.mark.parametrize(
    "back",
    [
        "if TYPE_CHECKING:\n    from core.a import A",
        "if typing.TYPE_CHECKING:\n    def f():\n        import core.a",
        "import numpy.core.a",
        "from core.c import a",
        "from . import c",
        "text = 'import core.a'",
    ],
)
def test_that_what_imports_nothing_of_the_other_closes_none(project: Project, back: str) -> None:
    root = project({"core/a.py": "import core.b", "core/b.py": back, "core/c.py": "a = 1"})
    assert violations(root) == []


def test_that_a_circle_for_type_checkers_is_counted_apart(project: Project) -> None:
    root = project({"core/a.py": "import core.b", "core/b.py": "if TYPE_CHECKING:\n    import core.a"})
    (line,) = counts(root)
    assert ": 0 between files, 0 between folders " in line
    assert line.endswith("; 1 between files with imports under TYPE_CHECKING")


def test_that_a_name_of_a_package_leads_to_its_init_and_a_module_of_it_to_the_module(
    project: Project,
) -> None:
    files = {
        "core/methods/__init__.py": "from core.methods.xrai import Xrai",
        "core/methods/xrai.py": "def f():\n    from core.methods import METHODS",
        "core/curves/__init__.py": "from core.curves.cells import Cells",
        "core/curves/cells.py": "from core.curves import entropy",
        "core/curves/entropy.py": "",
    }
    assert files_in_circles(project(files)) == [("core/methods/__init__.py", "core/methods/xrai.py")]


def test_that_two_circles_are_two_and_a_long_one_is_one(project: Project) -> None:
    files = {
        "core/a.py": "import core.b",
        "core/b.py": "import core.c, core.d",
        "core/c.py": "import core.a",
        "core/d.py": "import core.e",
        "core/e.py": "import core.d",
        "core/outside.py": "import core.a, core.e",
    }
    assert files_in_circles(project(files)) == [
        ("core/a.py", "core/b.py", "core/c.py"),
        ("core/d.py", "core/e.py"),
    ]


def test_that_each_edge_of_a_circle_has_one_example_with_its_line(project: Project) -> None:
    root = project({"core/a.py": "\nimport core.b\nimport core.b", "core/b.py": "import core.a"})
    (violation,) = violations(root)
    assert str(violation) == (
        "core/a.py:2: core/a.py, core/b.py import one another: "
        "core/a.py:2 imports core/b.py; core/b.py:1 imports core/a.py."
    )


def test_that_sibling_folders_form_a_circle_without_one_between_files(project: Project) -> None:
    files = {
        "core/models/card.py": "",
        "core/models/fit.py": "import core.results.records",
        "core/results/records.py": "",
        "core/results/documents.py": "import core.models.card",
    }
    root = project(files)
    assert file_circles(root) == []
    (circle,) = folder_circles(root)
    assert circle.nodes == ("core/models/", "core/results/")
    assert len(circle.examples) == 2


def test_that_a_folder_and_a_file_beside_it_form_a_circle(project: Project) -> None:
    files = {
        "core/datasets/tasks.py": "import core.documents",
        "core/datasets/summary.py": "",
        "core/documents.py": "import core.datasets.summary",
    }
    (circle,) = folder_circles(project(files))
    assert circle.nodes == ("core/datasets/", "core/documents.py")


def test_that_packages_at_the_top_form_a_circle(project: Project) -> None:
    files = {"core/a/x.py": "import app.b", "app/b.py": "", "app/c.py": "import core.d", "core/d.py": ""}
    assert [circle.nodes for circle in folder_circles(project(files))] == [("app/", "core/")]


FAMILY = {
    "core/methods/contract.py": "",
    "core/methods/__init__.py": "from core.methods.gradient.ig import Ig",
    "core/methods/gradient/ig.py": "from core.methods.contract import Method",
}


def test_that_a_subfolder_may_import_a_file_above_it_that_the_list_does_not_need(project: Project) -> None:
    assert violations(project(FAMILY)) == []


@pytest.mark.parametrize("back", ["from core.methods import METHODS", "from .. import METHODS"])
def test_that_a_subfolder_may_not_import_the_init_that_imports_it(project: Project, back: str) -> None:
    root = project(FAMILY | {"core/methods/gradient/smooth.py": back})
    assert file_circles(root) == []
    (circle,) = folder_circles(root)
    assert circle.nodes == ("core/methods/__init__.py", "core/methods/gradient/")


def test_that_a_file_and_its_subfolder_may_not_import_one_another(project: Project) -> None:
    root = project(FAMILY | {"core/methods/contract.py": "import core.methods.gradient.other"})
    (circle,) = folder_circles(root)
    assert circle.nodes == ("core/methods/contract.py", "core/methods/gradient/")


def test_that_a_circle_of_files_in_one_folder_is_none_of_folders(project: Project) -> None:
    root = project({"core/x/a.py": "import core.x.b", "core/x/b.py": "import core.x.a"})
    assert len(file_circles(root)) == 1
    assert folder_circles(root) == []


def test_that_imports_of_one_direction_at_each_level_are_fine(project: Project) -> None:
    files = {
        "core/checks/road.py": "import core.curves.cells, core.errors",
        "core/curves/cells.py": "import core.errors\nimport core.curves.deep.x",
        "core/curves/deep/x.py": "import core.errors",
        "core/errors.py": "",
        "app/main.py": "import core.checks.road, core.curves.cells",
    }
    assert violations(project(files)) == []
