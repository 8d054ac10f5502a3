"""What the processor must have for TensorFlow, which otherwise ends its process without a word."""

import ctypes
import platform
import sys
from pathlib import Path

from core.errors import UnsupportedComputer

_X86 = frozenset({"x86_64", "amd64", "i386", "i486", "i586", "i686", "x86"})
_LINUX_PROCESSORS = Path("/proc/cpuinfo")
# PF_AVX_INSTRUCTIONS_AVAILABLE: https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-isprocessorfeaturepresent
_WINDOWS_AVX = 39


def require_processor() -> None:
    """Raises UnsupportedComputer on an x86 processor without AVX, for which TensorFlow is not compiled."""
    if platform.machine().lower() in _X86 and not has_avx():
        raise UnsupportedComputer(
            "This computer's processor has no AVX instructions, which the network's software needs.",
            "Images can be viewed; for predictions and explanations use a computer whose processor has AVX "
            "(most since 2011).",
        )


def has_avx() -> bool:
    """Whether the x86 processor of this computer has AVX; True where the system does not say."""
    if sys.platform == "linux":
        return has_avx_flag(_linux_text())
    if sys.platform == "darwin":
        return _macos_has_avx()
    if sys.platform == "win32":
        return bool(ctypes.windll.kernel32.IsProcessorFeaturePresent(_WINDOWS_AVX))
    return True


def has_avx_flag(text: str) -> bool:
    """Whether the first processor of a text as in /proc/cpuinfo has AVX; True if the text does not say."""
    for line in text.splitlines():
        name, separator, flags = line.partition(":")
        if separator and name.strip() == "flags":
            return "avx" in flags.split()
    return True


def _linux_text() -> str:
    try:
        return _LINUX_PROCESSORS.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _macos_has_avx() -> bool:
    flag, size = ctypes.c_int(0), ctypes.c_size_t(ctypes.sizeof(ctypes.c_int))
    answer = ctypes.CDLL(None).sysctlbyname(
        b"hw.optional.avx1_0", ctypes.byref(flag), ctypes.byref(size), None, ctypes.c_size_t(0)
    )
    return bool(answer != 0 or flag.value)
