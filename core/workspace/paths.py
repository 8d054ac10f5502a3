"""Whether a path names the patient of the image that it leads to: such a path is not stored."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import PurePath

from core.images.slice import Identity

# Shorter parts of a name or number stand in too many words; in scripts of one sign a syllable or word two are
# a name. Names of two letters count where they are a whole word of a path.
SHORTEST, SHORTEST_OF_SIGNS, SHORTEST_WORD = 3, 2, 2
# Of a name in a header: family, given and middle name; prefix and suffix, such as Dr, are no names.
_NAMES = 3
_WORD = re.compile(r"[^\W\d_]+")
_FIRST_SIGN = "\u2e80"
# Between the parts of a name in a header (PS3.5, 6.2: components ^, groups =) and elsewhere.
_SEPARATORS = re.compile(r"[\W_^=]+")
_TRANSLITERATED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae"})
_STRIPPED = str.maketrans({"ø": "o", "æ": "ae", "ł": "l", "đ": "d"})


def path_names_person(path: PurePath | str, identity: Identity) -> bool:
    """Whether a path or a file's name holds a part of the patient's name or number in the header.

    A part is compared without case, accents and separators, umlauts also as they are transliterated, and
    counts from three letters on; a name of two letters only where it is a whole word, between anything that
    is no letter; the whole name counts forward or reversed. Of a number the digits count, leading zeros left
    out, and the whole. A folder that happens to hold such a part is taken for one that names the person: a
    path too few is stored rather than one too many.
    """
    text = str(path)
    places = {form for part in PurePath(text).parts for form in _forms(part)}
    whole_places = _forms(text)
    parts = {form for part in _parts(identity) for form in _forms(part) if _is_long_enough(form)}
    wholes = {form for whole in _wholes(identity) for form in _forms(whole) if _is_long_enough(form)}
    has_part = any(part in place for part in parts for place in places)
    words = {form for word in _WORD.findall(unicodedata.normalize("NFC", text)) for form in _forms(word)}
    has_word = not words.isdisjoint(_short_names(identity))
    return has_part or has_word or any(whole in place for whole in wholes for place in whole_places)


def _short_names(identity: Identity) -> set[str]:
    """The names of two letters, as they are compared."""
    components = [name for group in identity.patient_name.split("=") for name in group.split("^")[:_NAMES]]
    names = {form for each in components for part in _SEPARATORS.split(each) for form in _forms(part)}
    return {name for name in names if len(name) == SHORTEST_WORD and name.isalpha()}


def _parts(identity: Identity) -> Iterator[str]:
    """Each part of the name, and of the numbers those with digits."""
    yield from _SEPARATORS.split(identity.patient_name)
    for number in (identity.patient_id, identity.accession):
        for part in _SEPARATORS.split(number):
            digits = re.sub(r"\D", "", part).lstrip("0")
            if digits:
                yield part
                yield digits


def _wholes(identity: Identity) -> Iterator[str]:
    """The whole name in both orders, of each of its groups (such as Latin and ideographic), and numbers."""
    for group in identity.patient_name.split("="):
        parts = [part for part in _SEPARATORS.split(group) if part]
        yield "".join(parts)
        yield "".join(reversed(parts))
    yield identity.patient_id
    yield identity.accession


def _forms(text: str) -> set[str]:
    """A text as it is compared: letters and digits, in lower case, accents left out or transliterated."""
    composed = unicodedata.normalize("NFC", text).casefold()
    return {_plain(composed.translate(_STRIPPED)), _plain(composed.translate(_TRANSLITERATED))}


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in decomposed if sign.isalnum())


def _is_long_enough(part: str) -> bool:
    return len(part) >= (SHORTEST_OF_SIGNS if part and min(part) >= _FIRST_SIGN else SHORTEST)
