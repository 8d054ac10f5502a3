"""The policy of an administrator: some settings for all users of a machine, as defaults or forced."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import Literal

from core.errors import SaliscopeError
from core.folders import policy_file
from core.values import FrozenRecord

MOST_BYTES = 2**16
Value = bool | str
Origin = Literal["default", "forced"]
_ORIGINS: tuple[Origin, ...] = ("default", "forced")


@dataclass(frozen=True, slots=True)
class PolicyKey:
    """What a policy may set.

    built_in: the value without a policy. safe: the one that is forced while the policy file is damaged.
    choices: the words that are allowed; empty for a folder. meaning: one sentence.
    """

    built_in: Value
    safe: Value
    meaning: str
    choices: tuple[str, ...] = ()


KEYS = MappingProxyType(
    {
        "recent_files": PolicyKey(
            False, False, "Whether the names of opened files and folders are kept after the program ends."
        ),
        "autosave": PolicyKey(
            True,
            False,
            "Whether unsaved results are kept, without the patient's identity, in case the program ends "
            "unexpectedly.",
        ),
        "identity_display": PolicyKey(
            False,
            False,
            "Whether the patient's identity is shown from the start; `forced = false` never shows it, in "
            "the window or by `saliscope info --identity`.",
        ),
        "workspace_paths": PolicyKey(
            True, False, "Whether workspaces say where their images lie, as without `--no-paths`."
        ),
        "model_folder": PolicyKey(
            "",
            "",
            "An absolute folder of models; `default` adds it to the user's own, `forced` replaces that. "
            "Forced and empty: only the models of the program.",
        ),
        "device": PolicyKey(
            "auto",
            "auto",
            "What computes: `auto` is the GPU where one can be used, else the CPU.",
            ("auto", "cpu", "gpu"),
        ),
    }
)
"""Every key of the file. Telemetry and updates have none, because they do not exist."""


class PolicyRule(FrozenRecord):
    """What holds for a key, and why: built in, a default that a user may change, or forced."""

    key: str
    value: Value
    origin: Literal["built in", "default", "forced"]


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of all keys, in the order of KEYS. problem: why the file cannot be used; empty if it can."""

    rules: tuple[PolicyRule, ...]
    problem: str = ""

    def rule(self, key: str) -> PolicyRule:
        """Of one of KEYS."""
        return next(rule for rule in self.rules if rule.key == key)

    def is_forced(self, key: str) -> bool:
        """Whether no user may change it."""
        return self.rule(key).origin == "forced"

    def allows(self, key: str) -> bool:
        """False only where an administrator forces this setting to be off."""
        rule = self.rule(key)
        return rule.origin != "forced" or bool(rule.value)

    def is_on(self, key: str) -> bool:
        """Whether it is on where no user has chosen otherwise."""
        return bool(self.rule(key).value)


class BadPolicy(SaliscopeError):
    """The policy file cannot be used; the message goes on after its name."""

    code = "bad_policy"


@cache
def policy() -> Policy:
    """The policy in force, read once in a process."""
    return read_policy(policy_file())


def read_policy(path: Path) -> Policy:
    """The policy in a file. Without a file nothing is set; a damaged one forces the safe values."""
    try:
        chosen = _chosen(path)
    except FileNotFoundError:
        chosen = {}
    except BadPolicy as error:
        forced = tuple(PolicyRule(key=name, value=key.safe, origin="forced") for name, key in KEYS.items())
        return Policy(forced, f"The policy of this computer {error.message} {SAFE_VALUES}")
    return Policy(
        tuple(
            chosen.get(name, PolicyRule(key=name, value=key.built_in, origin="built in"))
            for name, key in KEYS.items()
        )
    )


SAFE_VALUES = (
    "Until your administrator corrects it, recent files and unsaved results are not kept, identity is not "
    "shown, workspaces hold no paths, only the program's own models are used, and the device is automatic."
)


def _chosen(path: Path) -> dict[str, PolicyRule]:
    """The rules that stand in the file. Raises BadPolicy, FileNotFoundError."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        if path.is_symlink():
            raise BadPolicy("cannot be read: it is a link that leads nowhere.") from None
        raise
    except OSError as error:
        raise BadPolicy(f"cannot be read: {error.strerror}.") from None
    if len(content) > MOST_BYTES:
        raise BadPolicy("is too long.")
    try:
        # Editors of Windows begin a file with a byte order mark. The parser raises ValueError for a number
        # that is too long, and RecursionError where lists are nested too deeply.
        tables = tomllib.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise BadPolicy("is no valid TOML.") from None
    return {name: _rule(name, table) for name, table in tables.items()}


def _rule(name: str, table: object) -> PolicyRule:
    key = KEYS.get(name)
    if key is None:
        raise BadPolicy(f"holds the unknown key {name[:40]!r}.")
    if not isinstance(table, dict) or len(table) != 1 or next(iter(table)) not in _ORIGINS:
        raise BadPolicy(f"does not say whether {name} is a `default` or `forced`.")
    ((origin, value),) = table.items()
    if type(value) is not type(key.built_in) or not _is_allowed(key, value):
        raise BadPolicy(f"has a wrong value for {name}.")
    return PolicyRule(key=name, value=value, origin=origin)


def _is_allowed(key: PolicyKey, value: Value) -> bool:
    if isinstance(value, bool):
        return True
    if key.choices:
        return value in key.choices
    return not value or (PurePath(value).is_absolute() and value.isprintable())
