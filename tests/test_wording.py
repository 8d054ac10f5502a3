"""The wording of help, documents and messages: private phrases and the field's terms that replace them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.help_pages import pages

# (what must not be written, as a regular expression; what to write instead)
BANNED = (
    (r"\bMind:", "Warning:"),
    (r"\bMend(s|ed)? (the|this|it)\b", "Correct the ..."),
    (r"\bknows? nothing\b", "is no better than chance"),
    (r"\bin none of the formats\b", "not in a supported format"),
    (r"\ba header that is none\b", "an invalid header"),
    (r"\bHow the images lie\b", "Embedding"),
    (r"\bWhat it takes for what\b", "Confusion matrix"),
    (r"\bHow sure it may be\b", "Calibration"),
    (r"\bEach class (against the rest|by itself)\b", "ROC curves, Figures by class"),
    (r"\bof the images that it calls so\b", "precision: share of predicted positives that are correct"),
    (r"\bIts place in the program\b", "Details were written to ..."),
    (r"\b(what|that) nobody asked for\b", "background, not requested"),
    (r"\bthe map's worth\b", "the checks of the map"),
    (r"\b(can|should) be believed\b", "can be trusted"),
    (r"\bmade (again|anew)\b", "computed again"),
    (r"\bmeasured anew\b", "measured again"),
    (r"\bsaid what it said\b", "made its prediction"),
    (r"\b(the )?input that stands for nothing\b", 'input that stands for "no information"'),
    (r"\ba baseline: it does not\b", "a control map: it does not"),
    (r"\bmachine speaks\b", "result of the model"),
    (r"\bholds? still\b", "is robust"),
)
DOCUMENTS = ("README.md", "CHANGELOG.md")
CODE = ("app", "core", "training")
# Docstrings of commands are their help; other docstrings are for developers.
COMMANDS = "command_line"


def _findings(text: str) -> list[str]:
    flat = " ".join(text.split())
    return [
        f"“{match.group()}”: write “{instead}”"
        for pattern, instead in BANNED
        for match in re.finditer(pattern, flat, re.IGNORECASE)
    ]


def _docstrings(tree: ast.Module) -> set[int]:
    """The ids of the string nodes that are docstrings."""
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, kinds) and node.body]
    return {id(body[0].value) for body in bodies if isinstance(body[0], ast.Expr)}


def _user_visible_strings(path: Path) -> Iterator[tuple[int, str]]:
    """Line and text of every string that is not a docstring, and of the docstrings of commands.

    An f-string counts as one text, in which each value is a “…”.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = set() if COMMANDS in path.parts else _docstrings(tree)
    skipped |= {
        id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = [part.value if isinstance(part, ast.Constant) else "…" for part in node.values]
            yield node.lineno, "".join(map(str, parts))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            yield node.lineno, node.value


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.key)
def test_that_a_help_page_has_none_of_the_private_phrases(page) -> None:
    assert _findings(page.text) == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_that_a_document_has_none_of_the_private_phrases(name: str, repository: Path) -> None:
    assert _findings((repository / name).read_text(encoding="utf-8")) == []


def test_that_no_message_of_the_program_has_a_private_phrase(repository: Path) -> None:
    private_phrases = [
        f"{path.relative_to(repository)}:{line}: {finding}"
        for folder in CODE
        for path in sorted((repository / folder).rglob("*.py"))
        for line, text in _user_visible_strings(path)
        for finding in _findings(text)
    ]
    assert private_phrases == []


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("0 knows\n  nothing.", "“knows nothing”: write “is no better than chance”"),
        ("MIND: coarse", "“MIND:”: write “Warning:”"),
        ("Mend the index.", "“Mend the”: write “Correct the ...”"),
    ],
)
def test_that_a_phrase_is_found_in_any_case_and_across_lines(text: str, finding: str) -> None:
    assert _findings(text) == [finding]


def test_that_plain_words_close_to_a_banned_phrase_are_allowed() -> None:
    assert _findings("Keep in mind the amended rule. The baseline is black. A recommended method.") == []


def test_that_strings_are_read_completely_and_docstrings_only_of_commands(tmp_path: Path) -> None:
    source = 'def run(log):\n    """A docstring."""\n    return f"Its place " f"in {log}", "two " "parts"\n'
    (tmp_path / "plain.py").write_text(source, encoding="utf-8")
    folder = tmp_path / COMMANDS
    folder.mkdir()
    (folder / "command.py").write_text(source, encoding="utf-8")
    plain = {text for _, text in _user_visible_strings(tmp_path / "plain.py")}
    command = {text for _, text in _user_visible_strings(folder / "command.py")}
    assert {"Its place in …", "two parts"} <= plain
    assert command - plain == {"A docstring."}
