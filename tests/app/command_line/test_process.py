"""The command line as a process: streams, exit codes, imports, and the report of a bug."""

import json
import os
import subprocess
import sys

import pytest

from app.command_line.group import COMMANDS

# Lists and the help of every command.
QUICK = [["--help"], ["methods"], ["models"], ["samples"], ["info"]]
QUICK += [[command.name, "--help"] for command in COMMANDS]


@pytest.fixture
def process(repository, tmp_path):
    def run(*arguments, code=None):
        env = os.environ | {"XDG_STATE_HOME": str(tmp_path / "state"), "PYTHONPATH": str(repository)}
        start = ["-c", code] if code else ["-m", "saliscope"]
        return subprocess.run(
            [sys.executable, *start, *map(str, arguments)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=tmp_path,
            env=env,
            check=False,
        )

    return run


@pytest.mark.parametrize("command", QUICK, ids=" ".join)
def test_that_listing_and_info_bring_up_no_framework_and_no_window(process, command, picture):
    arguments = [*command, str(picture)] if command == ["info"] else command
    code = (
        "import sys; from app.__main__ import main; sys.argv[1:] = " + repr(arguments) + "; code = main();"
        "print(sorted({'tensorflow', 'keras', 'PySide6', 'matplotlib'} & set(sys.modules)), file=sys.stderr);"
        "sys.exit(code)"
    )
    ran = process(code=code)
    assert (ran.returncode, ran.stderr) == (0, "[]\n")
    assert ran.stdout


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["explain", "--nonsense"], 2, "No such option '--nonsense'"),
        (["nonsense"], 2, "No such command 'nonsense'"),
        (["predict"], 2, "No image is named."),
        (["predict", "nowhere.png"], 3, "nowhere.png cannot be opened"),
        (["predict", "--sample", "nonsense"], 3, "There is no sample 'nonsense'"),
        (["models", "nonsense"], 4, "There is no model 'nonsense'"),
        (["methods", "nonsense"], 5, "There is no method 'nonsense'"),
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
