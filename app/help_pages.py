"""The pages of the help: Markdown under resources/help, for the window and the command line; no Qt here."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app import texts_explain, texts_help
from app.shortcuts import ACTIONS, GESTURES, Group
from core.errors import UnknownMethod
from core.evaluation.metrics import METRICS
from core.methods import METHODS
from core.models.bundle import RESOURCES

HELP = RESOURCES / "help"
# The order in the index; a test holds the lists to the folders.
CONCEPTS = (
    "maps",
    "signs_and_colours",
    "targets",
    "baselines",
    "curves",
    "verdicts",
    "agreement",
    "sanity_checks",
    "localisation",
    "evaluation",
    "replication",
    "model_card",
    "calibration",
    "fit",
    "pictures",
)
PANELS = (
    "cases",
    "image",
    "prediction",
    "explain",
    "maps",
    "curves",
    "reveal",
    "sanity",
    "agreement",
    "model",
)
FIRST_PAGE = "concepts/maps"
# Stands alone in a line of a page, where the table of keys and mouse moves belongs.
KEYS_MARK = "{{keys}}"


@dataclass(frozen=True, slots=True)
class HelpPage:
    """key: its path under resources/help without the ending. group: the heading it stands under."""

    key: str
    group: str
    title: str
    text: str

    @property
    def path(self) -> Path:
        return page_path(self.key)

    @property
    def picture(self) -> str:
        """The name of the worked picture beside the page, of methods alone."""
        picture = self.path.with_suffix(".webp")
        return picture.name if picture.is_file() else ""

    def holds(self, words: str) -> bool:
        """Whether every word stands in the page, in whatever case and place."""
        text = self.text.casefold()
        return all(word in text for word in words.casefold().split())

    def is_about(self, words: str) -> bool:
        """Whether every word stands in the title."""
        title = self.title.casefold()
        return bool(words.split()) and all(word in title for word in words.casefold().split())


def page_path(key: str) -> Path:
    return HELP / f"{key}.md"


@cache
def pages() -> tuple[HelpPage, ...]:
    """All pages in the order of the index: concepts, panels, the methods in their families, the checks."""
    found = [_page(f"concepts/{name}", texts_help.CONCEPTS) for name in CONCEPTS]
    found += [_page(f"panels/{name}", texts_help.PANELS) for name in PANELS]
    for family, title in texts_explain.FAMILIES.items():
        group = texts_help.METHODS_OF.format(title[0].lower() + title[1:])
        found += [_page(f"methods/{one.name}", group) for one in METHODS if one.family is family]
    found += [_page(f"checks/{one.name}", texts_help.CHECKS) for one in METRICS]
    return tuple(found)


def page(key: str) -> HelpPage:
    """The page of this key, which is one of the program's own."""
    return next(found for found in pages() if found.key == key)


def method_page(name: str) -> HelpPage:
    """The page of a method. Raises UnknownMethod."""
    known = [one.name for one in METHODS]
    if name not in known:
        raise UnknownMethod(name, known)
    return page(f"methods/{name}")


def keys_table() -> str:
    """Markdown of every key and mouse move, from the one table."""
    rows = [*GESTURES]
    for group in Group:
        rows += [(", ".join(one.keys), one.text) for one in ACTIONS if one.group is group and one.keys]
    lines = [texts_help.KEYS_HEAD, ("---", "---"), *((f"**{keys}**", text) for keys, text in rows)]
    return "\n".join(f"| {left} | {right} |" for left, right in lines)


def _page(key: str, group: str) -> HelpPage:
    text = page_path(key).read_text(encoding="utf-8")
    title = text.partition("\n")[0].removeprefix("#").strip()
    return HelpPage(key, group, title, text.replace(KEYS_MARK, keys_table()))
