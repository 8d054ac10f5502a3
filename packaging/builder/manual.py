"""The manual page `saliscope(1)`, made from the commands themselves."""

import time
from collections.abc import Iterator, Sequence

import click

# What the command line's documentation says of exit codes; a test compares it with `core.errors`.
EXIT_CODES = {
    0: "success",
    1: "a bug of the program, or a self-test that failed",
    2: "wrong usage",
    3: "an input cannot be read",
    4: "a model cannot be used",
    5: "a method does not apply or failed",
    6: "the machine: memory, disk, time, a lost process",
    7: "some images, methods or exports failed, and the rest is written",
    8: "a replayed result differs",
    130: "interrupted",
}


def manual_page(group: click.Group, version: str, epoch: int) -> str:
    """The page in the language of man(7). epoch: its date, in seconds since 1970."""
    date = time.strftime("%Y-%m-%d", time.gmtime(epoch))
    lines = [
        f'.TH SALISCOPE 1 "{date}" "Saliscope {escaped(version)}" "User Commands"',
        ".SH NAME",
        "saliscope \\- explain the predictions of neural networks on medical images",
        ".SH SYNOPSIS",
        ".B saliscope",
        "[\\fIFILE\\fR...]",
        ".br",
        ".B saliscope",
        "\\fICOMMAND\\fR [\\fIARGUMENT\\fR...]",
        ".SH DESCRIPTION",
        *_paragraphs(group.help or ""),
        ".SH COMMANDS",
    ]
    for name, command in group.commands.items():
        lines += _command_lines(name, command)
    lines += [".SH EXIT STATUS"]
    for code, meaning in EXIT_CODES.items():
        lines += [".TP", f".B {code}", escaped(meaning)]
    lines += [
        ".SH FILES",
        *_entry("~/.config/saliscope", "settings"),
        *_entry("~/.local/share/saliscope/models", "the user's own models"),
        *_entry("~/.local/state/saliscope", "work that is not saved, and logs"),
        ".PP",
        "A portable program, with a file named",
        ".I portable",
        "beside it, keeps all of them in the folder",
        ".I data",
        "beside it.",
    ]
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    """The text so that troff prints it as it stands."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{text}" if text.startswith((".", "'")) else text


def _command_lines(name: str, command: click.Command) -> list[str]:
    context = click.Context(command, info_name=f"saliscope {name}")
    usage = " ".join(command.collect_usage_pieces(context))
    lines = [f".SS {escaped(name)}", f".B saliscope {escaped(name)}", escaped(usage), ".PP"]
    lines += _paragraphs(command.help or "")
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None:
            lines += _entry(record[0], record[1])
    return lines


def _entry(term: str, words: str) -> Sequence[str]:
    return (".TP", f".B {escaped(term)}", escaped(" ".join(words.split())))


def _paragraphs(text: str) -> Iterator[str]:
    """The paragraphs of a command's help; one that starts with click's mark \\b keeps its lines."""
    for paragraph in text.strip().split("\n\n"):
        rows = [row.rstrip() for row in paragraph.splitlines()]
        if rows and rows[0].strip() == "\b":
            yield from (".PP", ".nf", *(escaped(row) for row in rows[1:]), ".fi")
        else:
            yield from (".PP", escaped(" ".join(" ".join(rows).split())))
