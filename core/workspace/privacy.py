"""Whether a name of a file or folder names the patient, so that a workspace leaves it out."""

import re
import unicodedata
from dataclasses import asdict
from pathlib import PurePath

from core.images.slice import Identity

# Shorter parts of a name appear in too many other words.
SHORTEST_PART = 3


def names_patient(path: PurePath, identity: Identity | None) -> bool:
    """Whether a part of a path contains a part of the patient's name or number.

    Compared without case, accents and separators; None for no identity.
    """
    if identity is None:
        return False
    words = [_plain(word) for word in re.split(r"[\^=,\s]+", identity.patient_name)]
    words.append(_plain(identity.patient_id))
    parts = [_plain(part) for part in path.parts]
    return any(word in part for word in words if len(word) >= SHORTEST_PART for part in parts)


def identity_fields(identity: Identity | None) -> dict[str, str]:
    """What is stated of an identity, by the names of its fields."""
    return {} if identity is None else {name: text for name, text in asdict(identity).items() if text}


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(mark for mark in decomposed if mark.isalnum())
