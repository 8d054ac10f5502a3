"""Small projects for the tests of the rules."""

from collections.abc import Callable, Mapping
from pathlib import Path
from textwrap import dedent

import pytest

Project = Callable[[Mapping[str, str]], Path]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Writes a project from the texts of its files by path, and makes a package of every folder of it."""

    def write(files: Mapping[str, str]) -> Path:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(text), encoding="utf-8")
            for folder in list(Path(name).parents)[:-1]:
                (tmp_path / folder / "__init__.py").touch()
        return tmp_path

    return write
