"""The licences of all that the program is made of: Python packages, Python, fonts, samples and models.

In a package they were collected when it was built; from source they are collected from what is installed.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from pydantic import TypeAdapter

from core.errors import SaliscopeError
from core.models.bundle import CARD_NAME, RESOURCES
from core.models.card import Card
from core.output import make_folder, written
from core.samples import samples
from core.values import FrozenRecord
from core.version import program_version

MODELS = RESOURCES / "models"
TEXTS = RESOURCES / "licences"
# Of a package: the collected entries, and beside them the texts.
COLLECTED = TEXTS / "collected"
LIST_NAME = "licences.json"
_TEXT_NAME = re.compile(r"(licen[cs]e|copying|copyright|notice|third.?party|authors)", re.IGNORECASE)
_PROGRAM = "saliscope"
# What the metadata of a package leaves unclear or out. licence: an expression of SPDX.
_LICENCES = {
    "astunparse": "BSD-3-Clause AND Python-2.0",
    "certifi": "MPL-2.0",
    "colorama": "BSD-3-Clause",
    "contourpy": "BSD-3-Clause",
    "cycler": "BSD-3-Clause",
    "deprecated": "MIT",
    "flatbuffers": "Apache-2.0",
    "fonttools": "MIT",
    "gast": "BSD-3-Clause",
    "google-pasta": "Apache-2.0",
    "keras": "Apache-2.0",
    "kiwisolver": "BSD-3-Clause",
    "libclang": "Apache-2.0 WITH LLVM-exception",
    "markdown-it-py": "MIT",
    "matplotlib": "Python-2.0.1 AND LicenseRef-matplotlib",
    "mdurl": "MIT",
    "namex": "Apache-2.0",
    "opentsne": "BSD-3-Clause",
    "protobuf": "BSD-3-Clause",
    "pydicom": "MIT",
    "pyinstaller": "GPL-2.0-or-later WITH Bootloader-exception",
    "pylibjpeg": "MIT",
    "pyside6-essentials": "LGPL-3.0-only",
    "reportlab": "BSD-3-Clause",
    "safetensors": "Apache-2.0",
    "scikit-image": "BSD-3-Clause",
    "scipy": "BSD-3-Clause",
    "shiboken6": "LGPL-3.0-only",
    "tensorflow": "Apache-2.0",
    "tensorflow-cpu": "Apache-2.0",
    "requests": "Apache-2.0",
    "rich": "MIT",
}
_PYTHON_TEXTS = ("Python-2.0.txt", "Python-libraries.txt")
_NOTE_OF_PYTHON = (
    "Python-libraries.txt holds the licences of the libraries that its modules need. GNU readline and GNU"
    " dbm, which are under the GPL, are not in the package."
)
_QT_TEXTS = ("Qt.txt", "LGPL-3.0.txt", "GPL-3.0.txt")
# Packages without a file of their licence, and the files of TEXTS that stand for it.
_TEXTS = {
    "flatbuffers": ("Apache-2.0.txt",),
    "pyjpegls": ("MIT-pyjpegls.txt", "BSD-3-Clause-CharLS.txt"),
    "pyside6-essentials": _QT_TEXTS,
    "shiboken6": _QT_TEXTS,
    "tensorflow": ("Apache-2.0.txt",),
    "tensorflow-cpu": ("Apache-2.0.txt",),
}
_NOTES = {
    "flatbuffers": "Its wheel holds no licence file; the text is that of the licence which it names.",
    "pyinstaller": "Only its start program is in the package; the exception allows any licence for the rest.",
    "pyjpegls": "Its wheel holds no licence file; the texts are those of the licence which it names and of "
    "CharLS, which it contains.",
    "pyside6-essentials": "Of the licences offered (LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only) the LGPL "
    "is used; Qt.txt says how to replace it.",
    "shiboken6": "Of the licences offered (LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only) the LGPL is used.",
}


class LicenceEntry(FrozenRecord):
    """A part of the program. licence: an expression of SPDX where one is known.

    texts: names of the files with its terms. note: what must be known beside them.
    """

    kind: str
    name: str
    version: str = ""
    licence: str
    note: str = ""
    texts: tuple[str, ...] = ()


_Entries = TypeAdapter(tuple[LicenceEntry, ...])


@dataclass(frozen=True, slots=True)
class LicencePart:
    """An entry, and the paths of its texts in their order."""

    entry: LicenceEntry
    paths: tuple[Path, ...]

    @property
    def text(self) -> str:
        """The texts, one after another, each after the name of its file; empty where it has none."""
        return "\n\n".join(
            f"{path.name}\n\n{path.read_text(encoding='utf-8', errors='replace')}" for path in self.paths
        )


def licence_parts() -> list[LicencePart]:
    """Every part of this program: the program itself, Python, packages by their names, data.

    From source it takes a second.
    """
    try:
        entries = _Entries.validate_json((COLLECTED / LIST_NAME).read_bytes())
    except OSError:
        return collected()
    return [
        LicencePart(entry, tuple(_path_in(COLLECTED, entry, name) for name in entry.texts))
        for entry in entries
    ]


def write_licences(folder: Path, extras: Sequence[str] = ("cpu",), models: Path = MODELS) -> None:
    """Write the list and all texts into `folder`; a package has them as `resources/licences/collected`.

    extras, models: the extras of the program and the folder of models that are in the package. Raises
    DiskFull, SaliscopeError if a text is missing.
    """
    parts = collected(extras, models)
    for part in parts:
        if not part.paths and not part.entry.note:
            raise SaliscopeError(f"No licence text was found for {part.entry.name}.")
        for name, path in zip(part.entry.texts, part.paths, strict=True):
            target = _path_in(folder, part.entry, name)
            make_folder(target.parent)
            with written(target) as file:
                file.write(path.read_bytes())
    make_folder(folder)
    with written(folder / LIST_NAME) as file:
        file.write(_Entries.dump_json(tuple(part.entry for part in parts), indent=1) + b"\n")


def collected(extras: Sequence[str] = ("cpu", "gpu"), models: Path = MODELS) -> list[LicencePart]:
    """Every part of the program that is installed here, with the models of the folder `models`."""
    parts = [
        _part("program", _PROGRAM, program_version(), "Apache-2.0", "", [TEXTS / "Apache-2.0.txt"]),
        _part(
            "language", "Python", "", "Python-2.0", _NOTE_OF_PYTHON, [TEXTS / text for text in _PYTHON_TEXTS]
        ),
    ]
    for package in runtime_packages(extras):
        title = package.metadata["Name"]
        name = normalised(title)
        licence = _LICENCES.get(name) or _stated_licence(package)
        texts = _texts_of(package, name)
        parts.append(_part("package", title, package.version, licence, _NOTES.get(name, ""), texts))
    parts.append(_part("font", "Inter Tabular", "", "OFL-1.1", "", [RESOURCES / "fonts" / "LICENSE-OFL.txt"]))
    parts += [_part("sample", each.id, "", each.licence, each.attribution, []) for each in samples()]
    for path in sorted(models.glob(f"*/{CARD_NAME}")):
        card = Card.model_validate_json(path.read_text(encoding="utf-8"))
        parts.append(_part("model", card.id, card.version, card.licence, card.attribution, []))
    return parts


def runtime_packages(extras: Sequence[str] = ("cpu", "gpu")) -> list[Distribution]:
    """The installed packages that the program needs with these extras, and PyInstaller, by their names."""
    pending = [(_PROGRAM, frozenset(extras)), ("pyinstaller", frozenset[str]())]
    names: dict[str, Distribution] = {}
    visited = set()
    while pending:
        name, wanted = pending.pop()
        if (name, wanted) in visited:
            continue
        visited.add((name, wanted))
        if name == _PROGRAM:
            pending += _requirements(_lines_of_program(extras), wanted)
            continue
        try:
            names[name] = distribution(name)
        except PackageNotFoundError:
            continue  # of another system, or an extra that is not installed
        if name != "pyinstaller":
            pending += _requirements(names[name].requires or (), wanted)
    return [names[name] for name in sorted(names)]


def _lines_of_program(extras: Sequence[str]) -> list[str]:
    """What the program requires: by pyproject.toml in its source tree, whatever was installed before."""
    source = RESOURCES.parent / "pyproject.toml"
    if source.is_file():
        project = tomllib.loads(source.read_text(encoding="utf-8"))["project"]
        lines: list[str] = list(project["dependencies"])
        return lines + [line for extra in extras for line in project["optional-dependencies"][extra]]
    try:
        return distribution(_PROGRAM).requires or []
    except PackageNotFoundError:
        return []


def normalised(name: str) -> str:
    """The name of a package as indexes compare it: https://peps.python.org/pep-0503/."""
    return re.sub(r"[-_.]+", "-", name).lower()


def is_permitted(licence: str) -> bool:
    """Whether an expression of SPDX has an alternative without the GPL; the LGPL is permitted.

    PyInstaller's exception permits its start program.
    """
    alternatives = re.split(r"\s+OR\s+", licence.strip("() "))
    return any(
        all(
            not re.match(r"A?GPL", part.strip("() ")) or part.endswith("WITH Bootloader-exception")
            for part in re.split(r"\s+AND\s+", alternative)
        )
        for alternative in alternatives
    )


def _requirements(lines: Iterable[str], extras: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    from packaging.requirements import Requirement

    for line in lines:
        requirement = Requirement(line)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in (*extras, "")):
            yield normalised(requirement.name), frozenset(requirement.extras)


def _texts_of(package: Distribution, name: str) -> list[Path]:
    """Files of the package's own metadata, and the notices of TensorFlow; else those that stand for them."""
    paths = []
    for file in package.files or ():
        is_metadata = ".dist-info" in file.parts[0]
        if (is_metadata and _TEXT_NAME.match(file.name)) or file.name == "THIRD_PARTY_NOTICES.txt":
            path = Path(str(package.locate_file(file)))
            if path.is_file():
                paths.append(path)
    return [TEXTS / text for text in _TEXTS.get(name, ())] + paths


def _stated_licence(package: Distribution) -> str:
    expression, words = package.metadata["License-Expression"], package.metadata["License"]
    return str(expression or (words or "").strip().partition("\n")[0] or "see the text")


def _part(kind: str, name: str, version: str, licence: str, note: str, paths: Sequence[Path]) -> LicencePart:
    # Numbered, since a package may have several of one name in different folders.
    texts = tuple(f"{number}-{path.name}" for number, path in enumerate(paths, 1))
    entry = LicenceEntry(kind=kind, name=name, version=version, licence=licence, note=note, texts=texts)
    return LicencePart(entry, tuple(paths))


def _path_in(folder: Path, entry: LicenceEntry, text: str) -> Path:
    return folder / normalised(entry.name) / text
