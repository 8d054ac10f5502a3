"""Which versions of the program and its libraries computed something, and which have changed since."""

import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from core.values import FrozenRecord
from core.version import program_version

# Whatever the values of maps, curves and findings depend on; TensorFlow has one name for each kind of device.
LIBRARIES = {
    "numpy": ("numpy",),
    "scipy": ("scipy",),
    "scikit-image": ("scikit-image",),
    "pillow": ("pillow",),
    "keras": ("keras",),
    "tensorflow": ("tensorflow", "tensorflow-cpu"),
}


class Versions(FrozenRecord):
    """What results were computed with. machine: operating system and processor, such as Linux x86_64."""

    program: str
    python: str
    machine: str
    libraries: dict[str, str]


class ChangedVersion(FrozenRecord):
    """Something that is not what it was when a result was saved; empty where it is missing."""

    name: str
    saved: str
    now: str

    @property
    def words(self) -> str:
        """Such as 'numpy 2.1 -> 2.2'."""
        return f"{self.name} {self.saved or 'none'} -> {self.now or 'none'}"


@cache
def versions_now() -> Versions:
    """Those of this process. The framework is not imported for it."""
    return Versions(
        program=program_version(),
        python=platform.python_version(),
        machine=f"{platform.system()} {platform.machine()}",
        libraries={name: _installed(packages) for name, packages in LIBRARIES.items()},
    )


def changed_versions(saved: Versions | None, now: Versions) -> tuple[ChangedVersion, ...]:
    """What differs, in a fixed order; nothing where the saved versions are unknown."""
    if saved is None:
        return ()
    pairs = {"Saliscope": (saved.program, now.program), "Python": (saved.python, now.python)}
    pairs |= {
        name: (saved.libraries.get(name, ""), now.libraries.get(name, ""))
        for name in {**saved.libraries, **now.libraries}
    }
    pairs["machine"] = (saved.machine, now.machine)
    return tuple(
        ChangedVersion(name=name, saved=before, now=after)
        for name, (before, after) in pairs.items()
        if before != after
    )


def _installed(packages: tuple[str, ...]) -> str:
    for package in packages:
        try:
            return version(package)
        except PackageNotFoundError:
            continue
    return ""
