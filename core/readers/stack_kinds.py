"""What keeps the stacks of one series apart, and how titles tell it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

# Values of ImageType in words.
_TYPE_WORDS = {
    **{"M": "magnitude", "P": "phase", "R": "real", "I": "imaginary"},
    **{"MAGNITUDE": "magnitude", "PHASE": "phase", "REAL": "real", "IMAGINARY": "imaginary"},
    **{"FIELD_MAP": "field map", "ADC": "ADC", "FA": "FA", "TRACEW": "trace", "LOCALIZER": "localizer"},
    **{"W": "water", "F": "fat", "IP": "in phase", "OP": "out of phase", "MIP": "MIP", "MPR": "MPR"},
    **{"WATER": "water", "FAT": "fat", "IN_PHASE": "in phase", "OUT_PHASE": "out of phase"},
    **{"DERIVED": "derived", "SECONDARY": "secondary"},
}


@dataclass(frozen=True, slots=True)
class StackKind:
    """What the frames of one stack have in common; orientation and spacing are empty without a position."""

    rows: int
    columns: int
    is_colour: bool
    orientation: tuple[float, ...]
    spacing: tuple[str, ...]
    image_type: tuple[str, ...]
    echo_ms: float | None
    stack: str


def title_additions(kinds: Sequence[StackKind]) -> dict[StackKind, str]:
    """What the titles of the entries of one series add to tell them apart; empty where it has one kind."""
    texts = {kind: (_plane_name(kind), _type_words(kind), _echo(kind), _size(kind)) for kind in kinds}
    differs = [len(set(column)) > 1 for column in zip(*texts.values(), strict=True)]
    return {
        kind: ", ".join(text for text, is_needed in zip(row, differs, strict=True) if is_needed and text)
        for kind, row in texts.items()
    }


def _plane_name(kind: StackKind) -> str:
    if not kind.orientation:
        return ""
    normal = np.cross(kind.orientation[:3], kind.orientation[3:])
    return ("sagittal", "coronal", "axial")[int(np.abs(normal).argmax())]


def _type_words(kind: StackKind) -> str:
    words = (_TYPE_WORDS[value] for value in kind.image_type if value in _TYPE_WORDS)
    return " ".join(dict.fromkeys(words))


def _echo(kind: StackKind) -> str:
    return f"TE {kind.echo_ms:g} ms" if kind.echo_ms else ""


def _size(kind: StackKind) -> str:
    return f"{kind.columns} x {kind.rows}"
