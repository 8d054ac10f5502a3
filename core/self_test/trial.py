"""A trial of the self-test: one thing that must work, with one sentence of what came of it."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from core.errors import DiskFull, SaliscopeError
from core.values import FrozenRecord

log = logging.getLogger("core.self_test")


class TrialFailed(SaliscopeError):
    """Something of the installation does not do what it should."""

    code: ClassVar[str] = "trial_failed"


@dataclass(frozen=True, slots=True)
class Trial:
    """group, title: for people. run: does it and returns what came of it; raises if it failed."""

    group: str
    title: str
    run: Callable[[], str]


class TrialRecord(FrozenRecord):
    """What came of a trial. code: of its error, empty where it passed."""

    group: str
    title: str
    has_passed: bool
    sentence: str
    code: str = ""
    seconds: float


def record_of(trial: Trial) -> TrialRecord:
    """Run a trial. Raises DiskFull where no result can be written at all."""
    started, code = time.monotonic(), ""
    try:
        sentence = trial.run()
    except DiskFull:
        raise
    except SaliscopeError as error:
        sentence, code = str(error), error.code
    except Exception as error:
        # A missing library or a bug: the other trials still say what works.
        log.exception("trial")
        sentence, code = f"An internal error ended this trial ({type(error).__name__}); see the log.", "bug"
    return TrialRecord(
        group=trial.group,
        title=trial.title,
        has_passed=not code,
        sentence=sentence,
        code=code,
        seconds=round(time.monotonic() - started, 2),
    )
