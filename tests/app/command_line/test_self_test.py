"""`saliscope self-test`: passes on the result of the window's own test."""

import sys
from types import ModuleType

import pytest

from core.results.document import Document


class FakeResult(Document, name="self-test"):
    """A result as app.window.self_test gives it."""

    ok: bool


@pytest.fixture
def self_test(monkeypatch, saliscope, tmp_path):
    """Runs the command with a window that finds `ok`."""

    def run(ok, *arguments):
        calls = []
        module = ModuleType("app.window.self_test")
        module.run_self_test = lambda out: calls.append(out) or FakeResult(ok=ok)
        monkeypatch.setitem(sys.modules, "app.window.self_test", module)
        ran = saliscope("self-test", "--out", tmp_path / "o", *arguments)
        assert calls == [tmp_path / "o"]
        return ran

    return run


@pytest.mark.parametrize(("ok", "code", "words"), [(True, 0, "All is well"), (False, 1, "Something failed")])
def test_that_the_exit_code_states_whether_the_test_passed(self_test, tmp_path, ok, code, words):
    ran = self_test(ok)
    assert ran.code == code
    assert ran.out == f"{words}; see {tmp_path / 'o'}.\n"


def test_that_the_document_of_the_window_is_handed_on(self_test):
    document = self_test(True, "--json").document
    assert (document["schema"], document["ok"]) == ("saliscope/self-test/1", True)
