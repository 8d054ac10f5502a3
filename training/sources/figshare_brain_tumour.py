"""The brain tumour data set of Jun Cheng as published (figshare, doi:10.6084/m9.figshare.1512427).

3064 files `N.mat` of MATLAB 7.3, which is HDF5, in any folders below the named one. Each holds the
structure `cjdata`: image (int16), label (1 meningioma, 2 glioma, 3 pituitary tumour), PID (characters),
tumorMask (0 or 1, of the image's size) and tumorBorder (x1, y1, x2, y2, ... in pixels). MATLAB stores
columns first, so rows and columns are exchanged in the file.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, final

import numpy as np

from core.arrays import Array
from core.errors import InputError, Unreadable
from core.readers.protocol import require_size
from training.datasets import DataSet, LabelledImage, require_sound
from training.sources.files import content_sha256
from training.sources.protocol import Reading

SUFFIX = ".mat"
CLASSES = {1: "meningioma", 2: "glioma", 3: "pituitary"}
# The folds of the data set's author, which lie beside the slices.
FOLDS_FILE = "cvind.mat"
# Ids such as MR024780B and MR024780D look like several examinations of one person.
EXAMINATION = re.compile(r"^(MR\d+)[A-Z]$")


@final
class FigshareBrainTumour:
    """Slices with their tumour's mask, by person: the patient id without the letter of the examination."""

    name: ClassVar[str] = "figshare_brain_tumour"
    title: ClassVar[str] = "the brain tumour set of Jun Cheng (files N.mat, with masks and patient ids)"

    def claims(self, path: Path) -> bool:
        return path.is_dir() and any(path.rglob(f"*{SUFFIX}"))

    def read(self, path: Path, reading: Reading) -> DataSet:
        """One record a file, sorted by number. Raises InputError with every file that has another form."""
        files = [file for file in path.rglob(f"*{SUFFIX}") if file.name != FOLDS_FILE]
        records, problems = [], []
        for file in sorted(files, key=lambda each: (len(each.stem), each.stem)):
            try:
                records.append(_record(file))
            except InputError as error:
                problems.append(error.message.rstrip("."))
        require_sound(records, "The folder", False, problems)
        return DataSet(tuple(records), "person", content_sha256(path, files))


def slice_values(path: Path) -> Array:
    """`image` of one file: (rows, columns) int16. Raises InputError."""
    return _matrix(path, "image")


def tumour_mask(path: Path) -> Array:
    """`tumorMask` of one file: (rows, columns), 1 in the tumour. Raises InputError."""
    return _matrix(path, "tumorMask")


def _record(file: Path) -> LabelledImage:
    with _structure(file) as structure:
        number = float(_small(file, structure, "label").ravel()[0])
        letters = _small(file, structure, "PID").ravel()
        shapes = {structure[name].shape for name in ("image", "tumorMask")}
    if number not in CLASSES:
        raise InputError(f"{file.name} has the label {number:g}, not 1, 2 or 3.")
    if len(shapes) > 1:
        raise InputError(f"{file.name} has a mask of another size than its image.")
    patient = "".join(chr(int(letter)) for letter in letters).strip()
    if not patient:
        raise InputError(f"{file.name} has an empty PID.")
    person = EXAMINATION.sub(r"\1", patient)
    return LabelledImage(file.stem, file, CLASSES[int(number)], "", person, file)


def _small(file: Path, structure: Any, name: str) -> Array:
    """A field that should be a number or a short text. Raises Unreadable."""
    field = structure[name]
    if not 1 <= field.size <= 64 or field.dtype.kind not in "uif":
        raise Unreadable(f"{file.name} has a {name} that cannot be read.")
    return np.asarray(field)


def _matrix(path: Path, name: str) -> Array:
    with _structure(path) as structure:
        field = structure[name]
        if field.ndim != 2 or 0 in field.shape or field.dtype.kind not in "uif":
            raise Unreadable(f"{path.name}: {name} is not a matrix of numbers.")
        require_size(path, *field.shape)
        return np.ascontiguousarray(np.asarray(field).T)


@contextmanager
def _structure(path: Path) -> Iterator[Any]:
    """The group `cjdata` of a file with all its fields. Raises Unreadable."""
    # Imported late: only the files of this data set need it.
    import h5py

    try:
        with h5py.File(path, "r") as file:
            group = file.get("cjdata")
            fields = ("image", "label", "PID", "tumorMask")
            missing = [name for name in fields if not isinstance(group, h5py.Group) or name not in group]
            if missing:
                raise Unreadable(f"{path.name} lacks cjdata/{', cjdata/'.join(missing)}.")
            yield group
    except OSError:
        # HDF5's message names addresses in the file, which do not help.
        raise Unreadable(
            f"{path.name} is not a complete MATLAB 7.3 file.",
            "Unpack the archive again; older MATLAB files differ.",
        ) from None
