"""The page for administrators says what the code does."""

import re

import pytest

from core.folders import POLICY_NAME, POLICY_VARIABLE
from core.logs import BACKUPS, MOST_BYTES
from core.policy import KEYS, PolicyKey, Value, read_policy
from core.processes import PROCESSES
from core.self_test.stored_maps import TOLERANCE


@pytest.fixture(scope="module")
def page(repository) -> str:
    return (repository / "packaging" / "ADMINISTRATORS.md").read_text(encoding="utf-8")


def in_toml(value: Value) -> str:
    return f"`{str(value).lower()}`" if isinstance(value, bool) else f'`"{value}"`'


def values_of(key: PolicyKey) -> str:
    if isinstance(key.built_in, bool):
        return "`true`, `false`"
    return ", ".join(map(in_toml, key.choices)) or "a folder"


def test_that_every_key_of_the_policy_has_its_row(page) -> None:
    rows = [line for line in page.splitlines() if re.match(r"\| `[a-z_]+` \|", line)]
    assert rows == [
        f"| `{name}` | {values_of(key)} | {in_toml(key.built_in)} | {in_toml(key.safe)} | {key.meaning} |"
        for name, key in KEYS.items()
    ]


def test_that_the_example_is_a_valid_policy(page, tmp_path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", page, flags=re.DOTALL)
    (tmp_path / POLICY_NAME).write_text(example, encoding="utf-8")
    rules = read_policy(tmp_path / POLICY_NAME)
    assert rules.problem == ""
    assert {rule.key for rule in rules.rules if rule.origin != "built in"} == {
        "recent_files",
        "workspace_paths",
        "model_folder",
    }


def test_that_processes_logs_and_tolerance_are_those_of_the_code(page) -> None:
    for name in PROCESSES:
        assert f"`--process {name}`" in page or f"`saliscope --process {name}`" in page
        assert f"`{name}.log`" in page
    assert (MOST_BYTES, BACKUPS, TOLERANCE) == (2**20, 3, 1e-3)
    assert "files of 1 MB of which three older ones are kept" in page
    assert "0.1 % of the largest value is allowed" in page
    assert POLICY_VARIABLE in page


def test_that_every_path_of_a_policy_stands_in_the_table_of_folders(page) -> None:
    for place in (
        "/etc/saliscope/policy.toml",
        r"%ProgramData%\Saliscope\policy.toml",
        "/Library/Application Support/Saliscope/policy.toml",
    ):
        assert place in page
