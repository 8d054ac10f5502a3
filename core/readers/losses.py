"""The error for a reader process that gave no answer: the real cause, in words.

A process that was stopped because it took too long is told apart from one that ended under its decoder,
and both from one that the system ended because memory ran out.
"""

import signal
from pathlib import Path

from core.errors import OutOfMemory, Refused, SaliscopeError, TimedOut, Unreadable
from core.link import Outcome
from core.output import shown_name

_SAVE_PLAIN = "The file is damaged or of a rare kind; export it again uncompressed."


def timed_out(path: Path, limit_s: float) -> TimedOut:
    """The process was stopped by the one that started it, after `limit_s` without a message."""
    return TimedOut(
        f"Reading {shown_name(path.name)} took longer than {limit_s:g} seconds and was stopped.",
        "Copy the file to this computer, or convert it to a simpler form.",
    )


def ended(path: Path, outcome: Outcome, fallback_limit_s: float) -> SaliscopeError:
    """The process ended by itself; `fallback_limit_s`: the time limit that it keeps by itself."""
    if outcome.out_of_memory:
        return needs_too_much_memory(path)
    if outcome.exit_code is not None and outcome.exit_code < 0:
        # Windows knows neither signal; there, no exit code is negative.
        if outcome.exit_code == -getattr(signal, "SIGALRM", 0):
            return timed_out(path, fallback_limit_s)
        if outcome.exit_code == -getattr(signal, "SIGKILL", 0):
            return OutOfMemory(
                f"The system ended the decoder while it read {shown_name(path.name)}, most likely because"
                " memory ran out.",
                "Close other programs, or save a smaller copy of the file.",
            )
    return Unreadable(
        f"The decoder ended unexpectedly while it read {shown_name(path.name)}; nothing was read from it.",
        _SAVE_PLAIN,
    )


def invalid_answer(path: Path) -> Unreadable:
    """The process was stopped by the one that started it, as it sent invalid data."""
    return Unreadable(
        f"What the decoder sent of {shown_name(path.name)} could not be understood, and it was stopped.",
        _SAVE_PLAIN,
    )


def needs_too_much_memory(path: Path) -> Refused:
    """A decoder reached the memory limit and reported it."""
    return Refused(
        f"{shown_name(path.name)} needs more memory than a file may take.", "Save a smaller copy of it."
    )
