"""Words of a series description that are safe to show, and the role of a sequence among several.

A description is free text and may name people, so only words of a fixed vocabulary are taken from it.
"""

import re

_SAME_WORDS = {
    "t1": ("t1", "t1w", "t1wi"),
    "t2": ("t2", "t2w", "t2wi"),
    "t2*": ("t2star", "t2*", "t2s"),
    "flair": ("flair", "darkfluid"),
    "pd": ("pd", "pdw"),
    "dwi": ("dwi", "diffusion"),
    "dti": ("dti",),
    "adc": ("adc",),
    "fa": ("fa",),
    "trace": ("trace", "tracew"),
    "swi": ("swi", "swan"),
    "mprage": ("mprage", "mpr", "bravo", "spgr", "mp2rage"),
    "vibe": ("vibe", "lava", "thrive"),
    "space": ("space", "cube", "vista"),
    "gre": ("gre", "ffe", "flash", "fgre", "merge", "medic"),
    "tse": ("tse", "fse", "frfse"),
    "epi": ("epi",),
    "bold": ("bold", "fmri", "rest"),
    "stir": ("stir", "tirm"),
    "asl": ("asl", "pcasl", "3dpcasl", "pasl"),
    "perfusion": ("perfusion", "dsc", "dce", "perf"),
    "angiography": ("mra", "cta", "tof", "angio"),
    "field map": ("fieldmap", "b0map"),
    "axial": ("ax", "axial", "tra", "transversal", "transverse", "axi"),
    "coronal": ("cor", "coronal"),
    "sagittal": ("sag", "sagittal"),
    "fat saturated": ("fs", "fatsat", "spair", "dixon"),
    "post contrast": ("post", "gd", "gad", "contrast", "ce", "postcontrast", "postgad"),
    "pre contrast": ("pre", "native", "precontrast"),
    "localizer": ("localizer", "loc", "scout", "topogram", "survey", "localiser", "scanogram"),
    "arterial": ("arterial",),
    "venous": ("venous", "portal"),
    "delayed": ("delayed",),
    "bone": ("bone",),
    "lung": ("lung",),
    "soft tissue": ("soft", "standard", "stnd"),
    "thin": ("thin",),
    "2d": ("2d",),
    "3d": ("3d",),
}
_WORDS = {word: shown for shown, words in _SAME_WORDS.items() for word in words}
# After the image contrast, so that the order of the vocabulary is that of a title.
_ORDER = {shown: number for number, shown in enumerate(_SAME_WORDS)}
_NO_ANATOMY = {"dwi", "dti", "adc", "fa", "trace", "swi", "epi", "bold", "asl", "perfusion", "angiography"}
_NO_ANATOMY |= {"field map", "localizer", "pd", "stir", "t2*"}
# Times in ms that separate the contrasts of spin echoes where no word names one.
_LONG_TI, _LONG_TE, _LONG_TR, _SHORT_TE, _SHORT_TR = 1500.0, 70.0, 2000.0, 30.0, 1000.0


def known_words(description: str) -> tuple[str, ...]:
    """The words of the vocabulary in a description, in their common form and order."""
    tokens = re.findall(r"[a-z0-9*]+", description.lower())
    words = {_WORDS[token] for token in tokens if token in _WORDS}
    return tuple(sorted(words, key=_ORDER.__getitem__))


def role_of(
    words: tuple[str, ...],
    has_contrast_agent: bool,
    echo_ms: float | None = None,
    repetition_ms: float | None = None,
    inversion_ms: float | None = None,
) -> str:
    """The role of a magnetic resonance sequence: T1, T1 post contrast, T2 or FLAIR; empty where it has none.

    words: those of `known_words`, which count before the times TE, TR and TI of a spin echo.
    """
    if _NO_ANATOMY & {*words}:
        return ""
    role = _role_by_words(words) or _role_by_times(echo_ms, repetition_ms, inversion_ms)
    has_contrast = has_contrast_agent or "post contrast" in words
    if role == "T1" and has_contrast and "pre contrast" not in words:
        return "T1 post contrast"
    return role


def _role_by_words(words: tuple[str, ...]) -> str:
    if "flair" in words:
        return "T1" if "t1" in words else "FLAIR"
    if "t2" in words:
        return "" if "t1" in words else "T2"
    return "T1" if "t1" in words or "mprage" in words else ""


def _role_by_times(echo: float | None, repetition: float | None, inversion: float | None) -> str:
    if echo is None or repetition is None:
        return ""
    if inversion is not None and inversion >= _LONG_TI and echo >= _LONG_TE:
        return "FLAIR"
    if echo >= _LONG_TE and repetition >= _LONG_TR:
        return "T2"
    return "T1" if 0 < echo <= _SHORT_TE and 0 < repetition <= _SHORT_TR else ""
