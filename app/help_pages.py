"""The pages of the help: Markdown under resources/help, for the window and the command line; no Qt here."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from app.shortcuts import ACTIONS, GESTURES, KEYS, Group
from app.texts import explain as texts_explain
from app.texts import help as texts_help
from core.checks import CHECKS
from core.errors import UnknownMethod
from core.methods import METHODS
from core.models.bundle import RESOURCES
from core.visualisations import VISUALISATIONS

HELP = RESOURCES / "help"
# The order in the index; a test holds the lists to the folders.
CONCEPTS = (
    "maps",
    "signs_and_colours",
    "targets",
    "baselines",
    "masking_networks",
    "curves",
    "verdicts",
    "agreement",
    "sanity_checks",
    "pattern_methods",
    "localisation",
    "evaluation",
    "replication",
    "model_card",
    "calibration",
    "fit",
    "workspaces",
    "export",
    "deidentification",
    "dicom_results",
    "dicom_conformance",
    "pictures",
    "reports",
    "gpu",
)
PANELS = (
    "studies",
    "image",
    "prediction",
    "explain",
    "maps",
    "curves",
    "reveal",
    "sanity",
    "agreement",
    "layers",
    "model",
    "network",
    "settings",
)
FIRST_PAGE = "concepts/maps"
GLOSSARY = HELP / "glossary.json"
# Generated from that list, so there is no file of this page.
GLOSSARY_PAGE = "concepts/glossary"
# Alone on a line of a page: replaced by the table of keys and mouse gestures.
KEYS_MARK = "{{keys}}"


@dataclass(frozen=True, slots=True)
class HelpPage:
    """key: its path under resources/help without the ending. group: its heading in the index."""

    key: str
    group: str
    title: str
    text: str

    @property
    def path(self) -> Path:
        return page_path(self.key)

    @property
    def picture(self) -> str:
        """The name of the example picture beside the page; only the pages of methods have one."""
        picture = self.path.with_suffix(".webp")
        return picture.name if picture.is_file() else ""

    def holds(self, words: str) -> bool:
        """Whether the page contains every word, in any case and order."""
        text = self.text.casefold()
        return all(word in text for word in words.casefold().split())

    def is_about(self, words: str) -> bool:
        """Whether the title contains every word."""
        title = self.title.casefold()
        return bool(words.split()) and all(word in title for word in words.casefold().split())


@dataclass(frozen=True, slots=True)
class GlossaryTerm:
    """A term and its definition. see: the key of the page that explains it further, '' for none."""

    term: str
    definition: str
    see: str = ""


def page_path(key: str) -> Path:
    return HELP / f"{key}.md"


def pages() -> tuple[HelpPage, ...]:
    """All pages in the order of the index: concepts, panels, methods by family, checks, visualisations."""
    return _pages(keys_table())


@cache
def _pages(keys: str) -> tuple[HelpPage, ...]:
    """keys: the table of keys, which a person may change."""
    concepts = [_page(f"concepts/{name}", texts_help.CONCEPTS) for name in CONCEPTS]
    panels = [_page(f"panels/{name}", texts_help.PANELS) for name in PANELS]
    others = [replace(each, text=each.text.replace(KEYS_MARK, keys)) for each in panels]
    for family, title in texts_explain.FAMILIES.items():
        group = texts_help.METHODS_OF.format(title[0].lower() + title[1:])
        others += [_page(f"methods/{method.name}", group) for method in METHODS if method.family is family]
    others += [_page(f"checks/{check.name}", texts_help.CHECKS) for check in CHECKS]
    others += [_page(f"visualisations/{each.name}", texts_help.VISUALISATIONS) for each in VISUALISATIONS]
    return (*concepts, _glossary_page([*concepts, *others]), *others)


def page(key: str) -> HelpPage:
    """The page of this key, which is one of the program's own."""
    return next(page for page in pages() if page.key == key)


@cache
def glossary() -> tuple[GlossaryTerm, ...]:
    """The terms of the glossary in alphabetical order."""
    entries = json.loads(GLOSSARY.read_text(encoding="utf-8"))["terms"]
    return tuple(GlossaryTerm(**entry) for entry in entries)


def method_page(name: str) -> HelpPage:
    """The page of a method. Raises UnknownMethod."""
    names = [method.name for method in METHODS]
    if name not in names:
        raise UnknownMethod(name, names)
    return page(f"methods/{name}")


def keys_table() -> str:
    """A Markdown table of every key and mouse gesture."""
    rows = [*GESTURES]
    for group in Group:
        rows += [
            (", ".join(KEYS.of(action.name)), action.text)
            for action in ACTIONS
            if action.group is group and KEYS.of(action.name)
        ]
    lines = [texts_help.KEYS_HEAD, ("---", "---"), *((f"**{keys}**", text) for keys, text in rows)]
    return "\n".join(f"| {left} | {right} |" for left, right in lines)


def _glossary_page(others: Sequence[HelpPage]) -> HelpPage:
    """others: the pages to which the terms link."""
    titles = {page.key: page.title for page in others}
    lines = [f"# {texts_help.GLOSSARY}", ""]
    for entry in glossary():
        link = f" {texts_help.see(f'[{titles[entry.see]}](../{entry.see}.md)')}" if entry.see else ""
        lines.append(f"- **{entry.term}**: {entry.definition}{link}")
    return HelpPage(GLOSSARY_PAGE, texts_help.CONCEPTS, texts_help.GLOSSARY, "\n".join(lines) + "\n")


def _page(key: str, group: str) -> HelpPage:
    text = page_path(key).read_text(encoding="utf-8")
    title = text.partition("\n")[0].removeprefix("#").strip()
    return HelpPage(key, group, title, text)
