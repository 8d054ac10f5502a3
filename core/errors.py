"""The errors that a person may see: one sentence, a hint, a stable code and an exit code.

Any other exception is a bug and ends with exit code 1.
"""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import ClassVar


class SaliscopeError(Exception):
    """What failed, on what, why (`message`), and what to do (`hint`)."""

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class UsageError(SaliscopeError):
    """The command was called in the wrong way."""

    code = "usage"
    exit_code = 2


class InputError(SaliscopeError):
    """The file, folder or image cannot be used."""

    code = "input"
    exit_code = 3


class Unreadable(InputError):
    """Missing, forbidden, empty, or not of the format its name says."""

    code = "unreadable"


class Unsupported(InputError):
    """A known format in a form that no permitted decoder reads."""

    code = "unsupported"


class NoImages(InputError):
    """A folder, or a file of a known format, without a single image."""

    code = "no_images"


class NoSlice(InputError):
    """A slice that the image does not have."""

    code = "no_slice"


class Refused(InputError):
    """Beyond a limit that protects the machine."""

    code = "refused"


class Truncated(InputError):
    """The file ends before its image does."""

    code = "truncated"


class NotFinite(InputError):
    """Pixels that are not numbers (NaN or infinite), which a network cannot use."""

    code = "not_finite"


class SourceMissing(InputError):
    """The image of a workspace is not where it was."""

    code = "source_missing"


class SourceChanged(InputError):
    """The file of an image of a workspace is there, with other bytes."""

    code = "source_changed"


class ModelError(SaliscopeError):
    """The model cannot be used, or not with this image."""

    code = "model"
    exit_code = 4


class DamagedBundle(ModelError):
    """The files of a bundle contradict its card."""

    code = "damaged_bundle"


class IncompatibleInput(ModelError):
    """An input whose shape or content does not fit the model."""

    code = "incompatible_input"


class MethodError(SaliscopeError):
    """The explanation or a check of it cannot be computed as requested."""

    code = "method"
    exit_code = 5


class BadParameter(MethodError):
    """A value that a person chose and that is wrong in itself, such as out of bounds; the message names it.

    parameter: its name, where it is one of a method or check. On the command line it is a wrong call.
    """

    code = "bad_parameter"
    exit_code = UsageError.exit_code
    # Of the class as well, for an error from another process, which is made without the constructor.
    parameter: str = ""

    def __init__(self, message: str, hint: str = "", parameter: str = "") -> None:
        super().__init__(message, hint)
        self.parameter = parameter


class NotApplicable(MethodError):
    """A method that is not defined for this model."""

    code = "not_applicable"


class CurveUndefined(MethodError):
    """A curve that has no value on this image; the message says why."""

    code = "curve_undefined"


class BadMap(MethodError):
    """A map with NaN or infinite values."""

    code = "bad_map"


class ResourceError(SaliscopeError):
    """The machine lacks memory, disk, time or a process for the request."""

    code = "resource"
    exit_code = 6


class OutOfMemory(ResourceError):
    """No memory left, even at the smallest batch."""

    code = "out_of_memory"


class DiskFull(ResourceError):
    """A result could not be written."""

    code = "disk_full"


class TimedOut(ResourceError):
    """A step took longer than it may."""

    code = "timed_out"


class WorkerLost(ResourceError):
    """The process that did the work has ended."""

    code = "worker_lost"


class UnsupportedComputer(ResourceError):
    """The computer lacks what the program cannot do without: an instruction, a library, a screen."""

    code = "unsupported_computer"


class GpuFailed(ResourceError):
    """The GPU stopped computing."""

    code = "gpu_failed"


class UnknownSubject(ResourceError):
    """The worker does not have the image that a request names; its sender sends it again."""

    code = "unknown_subject"

    def __init__(
        self,
        message: str = "The model engine does not have this image any more.",
        hint: str = "Open the image again.",
    ) -> None:
        super().__init__(message, hint)


class Cancelled(SaliscopeError):
    """The person ended the job."""

    code = "cancelled"
    exit_code = 130

    def __init__(self, message: str = "Cancelled.", hint: str = "") -> None:
        super().__init__(message, hint)


def nearest_hint(name: str, known: Iterable[str]) -> str:
    """The sentence that helps after an unknown name: the nearest known one, or all of them."""
    names: Sequence[str] = sorted(known)
    near = get_close_matches(name, names, n=1)
    if near:
        return f"Did you mean {near[0]!r}?"
    return f"Known: {', '.join(names)}." if names else "None is installed."


class UnknownModel(ModelError):
    """No bundle has this id, or none is in the folder that was named (an empty id)."""

    code = "unknown_model"

    def __init__(self, name: str, known: Iterable[str]) -> None:
        message = f"There is no model {name!r}." if name else "The folder that was named holds no model."
        super().__init__(message, nearest_hint(name, known))


class UnknownSample(InputError):
    """No bundled sample has this id."""

    code = "unknown_sample"
    exit_code = UsageError.exit_code

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(f"There is no sample {name!r}.", nearest_hint(name, known))


class UnknownMethod(MethodError):
    """No method has this name."""

    code = "unknown_method"
    exit_code = UsageError.exit_code

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(f"There is no method {name!r}.", nearest_hint(name, known))
