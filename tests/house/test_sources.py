"""Which files the rules look at, and under which names."""

from collections.abc import Callable, Mapping
from pathlib import Path

from tests.house.sources import class_definitions, project_sources

Project = Callable[[Mapping[str, str]], Path]


def test_that_a_package_and_a_file_of_it_have_their_dotted_names(project: Project) -> None:
    root = project({"core/methods/gradient.py": "", "tests/test_gradient.py": "", "dev.py": ""})
    names = {source.file: (source.module, source.package) for source in project_sources(root)}
    assert names == {
        "core/__init__.py": ("core", "core"),
        "core/methods/__init__.py": ("core.methods", "core.methods"),
        "core/methods/gradient.py": ("core.methods.gradient", "core.methods"),
    }


def test_that_only_the_packages_asked_for_are_read(project: Project) -> None:
    root = project({"core/a.py": "", "training/b.py": "", "app/c.py": ""})
    files = [source.file for source in project_sources(root, ("training",))]
    assert files == ["training/__init__.py", "training/b.py"]


def test_that_classes_in_classes_functions_and_conditions_are_listed_in_order(project: Project) -> None:
    source = """
        class A:
            class Inner: ...
        def f():
            class Local: ...
        try:
            class InTry: ...
        except ImportError:
            class InHandler: ...
        match 1:
            case 1:
                class InCase: ...
    """
    definitions = class_definitions(project_sources(project({"core/a.py": source})))
    paths = [definition.path for definition in definitions]
    assert paths == ["A", "A.Inner", "f.Local", "InTry", "InHandler", "InCase"]


def test_that_base_names_are_those_behind_modules_and_brackets(project: Project) -> None:
    root = project({"core/a.py": "class A(typing.Protocol[T], b.c.Base, metaclass=M): ..."})
    (definition,) = class_definitions(project_sources(root))
    assert definition.base_names == ("Protocol", "Base")
    assert definition.place == "core/a.py:1"
