"""The administrator's policy: what holds without a file, with one, and with a damaged one."""

import sys
from pathlib import Path

import pytest

from core import folders
from core.policy import KEYS, Policy, PolicyRule, read_policy


def policy_of(tmp_path: Path, text: str) -> Policy:
    path = tmp_path / "policy.toml"
    path.write_text(text, encoding="utf-8")
    return read_policy(path)


def test_that_without_a_file_everything_is_built_in(tmp_path) -> None:
    rules = read_policy(tmp_path / "policy.toml")
    assert rules.problem == ""
    assert [rule.key for rule in rules.rules] == list(KEYS)
    assert {rule.origin for rule in rules.rules} == {"built in"}
    assert rules.is_on("autosave")
    assert rules.allows("identity_display")
    assert not rules.is_on("identity_display")


def test_that_each_key_is_a_default_or_forced(tmp_path) -> None:
    rules = policy_of(
        tmp_path, 'recent_files = { forced = false }\n[autosave]\ndefault = false\n[device]\nforced = "cpu"\n'
    )
    assert rules.problem == ""
    assert rules.rule("recent_files") == PolicyRule(key="recent_files", value=False, origin="forced")
    assert rules.rule("autosave") == PolicyRule(key="autosave", value=False, origin="default")
    assert rules.rule("device").value == "cpu"
    assert rules.is_forced("recent_files")
    assert not rules.is_forced("autosave")
    assert not rules.allows("recent_files")
    assert rules.allows("autosave")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("recent_files = ", "is no valid TOML"),
        ("recent_file = { forced = false }", "holds the unknown key 'recent_file'"),
        ("recent_files = false", "does not say whether recent_files is a `default` or `forced`"),
        ("recent_files = { forced = false, default = true }", "does not say whether recent_files"),
        ("recent_files = { always = false }", "does not say whether recent_files"),
        ('autosave = { forced = "no" }', "has a wrong value for autosave"),
        ("autosave = { forced = 0 }", "has a wrong value for autosave"),
        ('model_folder = { forced = "models" }', "has a wrong value for model_folder"),
        ('device = { forced = "tpu" }', "has a wrong value for device"),
        ('model_folder = { forced = "/models\\u0000" }', "has a wrong value for model_folder"),
        ("autosave = { forced = false }\nautosave = { forced = true }", "is no valid TOML"),
        (f"autosave = {{ forced = {'1' * 5000} }}", "is no valid TOML"),
        ("autosave = " + "[" * 30_000, "is no valid TOML"),
        ("# long\n" * 20_000, "is too long"),
    ],
)
def test_that_a_damaged_file_forces_the_safe_values_and_says_so_in_one_sentence(
    tmp_path, text, words
) -> None:
    rules = policy_of(tmp_path, text)
    assert words in rules.problem
    assert str(tmp_path) not in rules.problem
    assert {rule.origin for rule in rules.rules} == {"forced"}
    for key in ("recent_files", "autosave", "identity_display", "workspace_paths"):
        assert not rules.allows(key)
    assert rules.rule("model_folder").value == ""


def test_that_a_file_that_is_no_text_or_cannot_be_opened_is_damaged(tmp_path) -> None:
    (tmp_path / "policy.toml").write_bytes(b"\xff\xfe")
    assert "is no valid TOML" in read_policy(tmp_path / "policy.toml").problem
    (tmp_path / "folder").mkdir()
    assert "cannot be read" in read_policy(tmp_path / "folder").problem
    assert "cannot be read" in read_policy(tmp_path / "policy.toml" / "policy.toml").problem


def test_that_a_link_is_followed_and_one_that_leads_nowhere_is_damaged(tmp_path) -> None:
    (tmp_path / "link.toml").symlink_to(tmp_path / "policy.toml")
    assert "leads nowhere" in read_policy(tmp_path / "link.toml").problem
    (tmp_path / "policy.toml").write_text("autosave = { forced = false }")
    assert not read_policy(tmp_path / "link.toml").allows("autosave")


def test_that_a_file_may_begin_with_a_byte_order_mark_and_have_lines_of_windows(tmp_path) -> None:
    (tmp_path / "policy.toml").write_bytes(b"\xef\xbb\xbfautosave = { forced = false }\r\n")
    assert read_policy(tmp_path / "policy.toml").problem == ""
    assert not read_policy(tmp_path / "policy.toml").allows("autosave")


def test_that_only_a_source_tree_lets_the_environment_name_another_file(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("SALISCOPE_POLICY", str(tmp_path / "other.toml"))
    assert folders.policy_file() == tmp_path / "other.toml"
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert folders.policy_file() != tmp_path / "other.toml"


@pytest.mark.parametrize(
    ("platform", "place"),
    [
        ("linux", "/etc/saliscope/policy.toml"),
        ("darwin", "/Library/Application Support/Saliscope/policy.toml"),
        ("win32", "D:/Data/Saliscope/policy.toml"),
    ],
)
def test_that_the_file_lies_where_the_system_keeps_settings_of_the_machine(
    monkeypatch, platform, place
) -> None:
    monkeypatch.delenv("SALISCOPE_POLICY", raising=False)
    monkeypatch.setenv("PROGRAMDATA", "D:/Data")
    monkeypatch.setattr(sys, "platform", platform)
    assert folders.policy_file().as_posix() == place
