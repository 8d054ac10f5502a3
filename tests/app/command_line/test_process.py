"""The command line as a process: streams, exit codes, imports, and the report of a bug."""

import json

import numpy as np
import pytest
from PIL import Image

from app.command_line.group import COMMANDS
from tests.app.command_line.processes import ended_process

# Lists and the help of every command.
QUICK = [["--help"], ["methods"], ["models"], ["samples"], ["info"]]
QUICK += [[command.name, "--help"] for command in COMMANDS]


# All of them in one process, so that what one loads would be seen of it and of those after it.
QUICK_SCRIPT = """
import io, json, sys
from contextlib import redirect_stdout
from app.__main__ import main
results = []
for arguments in json.loads(sys.argv[1]):
    sys.argv[1:] = arguments
    with redirect_stdout(io.StringIO()) as printed:
        code = main()
    loaded = sorted({"tensorflow", "keras", "PySide6", "matplotlib"} & set(sys.modules))
    results.append([code, printed.getvalue(), loaded])
json.dump(results, sys.stdout)
"""


@pytest.fixture(scope="module")
def quick_results(repository, tmp_path_factory):
    """By command: its exit code, what it printed, and which large libraries were loaded after it."""
    folder = tmp_path_factory.mktemp("quick")
    picture = folder / "picture.png"
    Image.fromarray(np.eye(40, 48, dtype=np.uint8) * 255).save(picture)
    calls = [[*command, str(picture)] if command == ["info"] else command for command in QUICK]
    ran = ended_process(folder, repository, "-c", QUICK_SCRIPT, json.dumps(calls))
    assert (ran.returncode, ran.stderr) == (0, "")
    return dict(zip(map(" ".join, QUICK), json.loads(ran.stdout), strict=True))


@pytest.mark.parametrize("command", [" ".join(command) for command in QUICK])
def test_that_listing_and_info_bring_up_no_framework_and_no_window(quick_results, command):
    code, printed, loaded = quick_results[command]
    assert (code, loaded) == (0, [])
    assert printed


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["explain", "--nonsense"], 2, "No such option '--nonsense'"),
        (["nonsense"], 2, "No such command 'nonsense'"),
        (["predict"], 2, "No image is named."),
        (["predict", "nowhere.png"], 3, "nowhere.png cannot be opened"),
        (["predict", "--sample", "nonsense"], 2, "There is no sample 'nonsense'"),
        (["models", "nonsense"], 4, "There is no model 'nonsense'"),
        (["methods", "nonsense"], 2, "There is no method 'nonsense'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_that_an_error_is_one_line_its_code_and_with_json_a_document(process, options, code, words):
    ran = process(*options, "--json")
    assert ran.returncode == code
    assert ran.stderr.startswith("saliscope: error: ")
    assert words in ran.stderr
    assert ran.stderr.count("\n") == 1
    document = json.loads(ran.stdout)
    assert list(document)[:2] == ["schema", "version"]
    is_error_document = document["schema"] == "saliscope/error/1"
    assert is_error_document == ("error" in document)
    error = document["error"] if is_error_document else document["images"][0]["error"]
    assert error["message"] in ran.stderr


def test_that_a_bug_is_one_line_and_its_traceback_lies_in_the_log_without_what_it_quotes(process, tmp_path):
    code = (
        "import sys, core.methods; from app import __main__\n"
        "def broken(name): raise ValueError('Doe^Jane')\n"
        "core.methods.method_named = broken\n"
        "sys.argv[1:] = ['methods', 'grad_cam', '--json']\n"
        "sys.exit(__main__.main())"
    )
    ran = process(code=code)
    assert ran.returncode == 1
    assert ran.stderr.count("\n") == 1
    assert ran.stderr.startswith("saliscope: error: Saliscope has a bug here (ValueError).")
    document = json.loads(ran.stdout)
    assert (document["schema"], document["error"]["code"]) == ("saliscope/error/1", "bug")
    (log,) = tmp_path.rglob("command-line.log")
    assert str(log) in ran.stderr
    text = log.read_text(encoding="utf-8")
    assert "command_line/methods.py" in text
    assert "builtins.ValueError" in text
    assert "Doe" not in text + ran.stderr + ran.stdout
    assert str(tmp_path) not in text


def test_that_a_name_the_terminal_cannot_show_does_not_end_the_command(process, picture, tmp_path):
    named = picture.rename(tmp_path / "図.png")
    code = (
        "import sys; sys.stdout.reconfigure(encoding='latin-1'); from app.__main__ import main;"
        f"sys.argv[1:] = ['info', {str(named)!r}]; sys.exit(main())"
    )
    ran = process(code=code)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "?.png" in ran.stdout
