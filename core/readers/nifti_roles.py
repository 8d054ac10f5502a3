"""Which NIfTI files are sequences of one case: by file names of the BraTS challenges and by their folder.

A NIfTI header names no patient; a case is known by its folder and by what its files' names have in common.
"""

import re
from pathlib import Path

import numpy as np

from core.arrays import Array
from core.readers.instances import digest_of
from core.readers.protocol import SeriesKeys

# In the forms of BraTS until 2021 and from 2023 on.
_ROLES = {
    "t1": "T1",
    "t1n": "T1",
    "t1ce": "T1 post contrast",
    "t1gd": "T1 post contrast",
    "t1c": "T1 post contrast",
    "t2": "T2",
    "t2w": "T2",
    "flair": "FLAIR",
    "t2f": "FLAIR",
    "seg": "segmentation",
}
_NAME = re.compile(rf"(?:(?P<case>.*)[_-])?(?P<sequence>{'|'.join(_ROLES)})", re.IGNORECASE)
_ENDINGS = re.compile(r"\.(nii|hdr|img)(\.gz)?$", re.IGNORECASE)
# Affines of files that were resampled to one grid agree to rounding, in mm.
_DIGITS = 3


def sequence_in(stem: str) -> tuple[str, str]:
    """A file name without its ending as the name of its case and the sequence (`t1ce`); empty without one."""
    matched = _NAME.fullmatch(stem)
    return ((matched["case"] or ""), matched["sequence"].lower()) if matched else (stem, "")


def role_and_keys(path: Path, shape: tuple[int, int, int], affine: Array | None) -> tuple[str, SeriesKeys]:
    """The role of a file, empty without one in its name, and digests of its case and of its grid.

    shape: slices, rows, columns; affine: (4, 4), None where no position is known. Files of one case and of
    equal grid have the same frame of reference. Without a role the folder stands for the case.
    """
    case_name, sequence = sequence_in(_ENDINGS.sub("", path.name))
    case = digest_of(str(path.parent), case_name.lower() if sequence else "")
    # Adding 0 turns -0 into 0.
    grid = "" if affine is None else repr((shape, (np.round(affine, _DIGITS) + 0.0).tolist()))
    frame_of_reference = digest_of(case, grid) if grid else ""
    if not sequence:
        return "", SeriesKeys(frame_of_reference=frame_of_reference)
    keys = SeriesKeys(patient=case, study=case, frame_of_reference=frame_of_reference)
    return _ROLES[sequence], keys
