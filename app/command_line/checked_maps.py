"""Checks of the maps of one image, for `--checks` of `explain` and `curves`."""

from collections.abc import Sequence
from typing import Literal

from app.command_line.maps import Findings, PredictedSlice
from app.command_line.output import Output
from app.failure import print_error
from core.api import run_check
from core.checks import CHECKS
from core.checks.contract import Check, Finding
from core.errors import Cancelled, CurveUndefined, NotApplicable, SaliscopeError
from core.network.run import Run
from core.results.result import Explanation, Result
from core.workspace.document import SavedFinding

ChecksChoice = Literal["none", "answers", "all"]


def checks_chosen(choice: ChecksChoice) -> list[Check]:
    """answers: those whose answers stand beside every map in the window."""
    every_check = [] if choice == "none" else CHECKS
    return [check for check in every_check if choice == "all" or check.chip is not None]


def findings_of(
    subject: PredictedSlice, result: Result, checks: Sequence[Check], seed: int, output: Output
) -> Findings:
    """The findings of the checks that a map can have, by the place of the map. Raises Cancelled.

    A check that fails is reported on standard error, and the others go on.
    """
    return {
        place: tuple(
            SavedFinding(finding=finding, seed=seed)
            for check in checks
            if (finding := _finding(subject, explanation, check, seed, output)) is not None
        )
        for place, explanation in enumerate(result.explanations)
    }


def _finding(
    subject: PredictedSlice, explanation: Explanation, check: Check, seed: int, output: Output
) -> Finding | None:
    """None where the map cannot have it, or it failed."""
    title = explanation.record.title
    try:
        with output.progress(f"{title}: {check.title}", Run()) as run:
            finding = run_check(subject.model, subject.prepared, explanation, check.name, seed=seed, run=run)
    except Cancelled:
        raise
    except (NotApplicable, CurveUndefined):
        return None
    except SaliscopeError as error:
        print_error(f"{subject.opened.record.file}: no answer by {check.title} for {title}. {error}")
        return None
    output.print(f"  {title}: {finding.sentence}")
    return finding
