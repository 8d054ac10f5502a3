"""The fields of a NIfTI header as a list, with the free texts hidden."""

from pathlib import Path

import numpy as np

from core.arrays import Array
from core.readers.decoding import decoding
from core.readers.header_tags import HIDDEN, Tag, shortened
from core.readers.nifti_headers import open_nifti

# Programs write file names, identifiers and dates into these.
_FREE_TEXTS = frozenset(("descrip", "db_name", "aux_file", "intent_name"))


def nifti_tags(path: Path, with_identity: bool) -> tuple[Tag, ...]:
    """The fields of the header in their order. Raises an InputError."""
    with decoding(path, "NIfTI"):
        header = open_nifti(path).header
        return tuple(_tag(name, np.asarray(header[name]), with_identity) for name in header)


def _tag(name: str, value: Array, with_identity: bool) -> Tag:
    if value.dtype.kind == "S":
        text = value.tobytes().rstrip(b"\0").decode("utf-8", "replace")
        kind = f"text of {value.dtype.itemsize}"
    else:
        text = " ".join(f"{number:g}" for number in value.ravel().tolist())
        kind = str(value.dtype.newbyteorder("="))
    is_hidden = name in _FREE_TEXTS and bool(text) and not with_identity
    return Tag(
        level=0,
        tag="",
        vr=kind,
        name=name,
        value=HIDDEN if is_hidden else shortened(text),
        is_hidden=is_hidden,
    )
