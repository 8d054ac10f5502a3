"""The names of DICOM UIDs: SOP classes and transfer syntaxes (PS3.6, annex A).

A UID means nothing to most people; one without a known name is called unknown or private instead.
"""

from pydicom.uid import UID

_DICOM_ROOT = "1.2.840.10008."
# Newer than the dictionary of pydicom.
_NEWER_NAMES = {
    "1.2.840.10008.1.2.4.110": "JPEG XL Lossless",
    "1.2.840.10008.1.2.4.111": "JPEG XL JPEG Recompression",
    "1.2.840.10008.1.2.4.112": "JPEG XL",
    "1.2.840.10008.1.2.8.1": "Deflated Image Frame Compression",
}


def syntax_name(uid: str) -> str:
    """The name of a transfer syntax, such as "JPEG Baseline (Process 1)"."""
    return _name(uid, "transfer syntax")


def class_name(uid: str) -> str:
    """The name of a SOP class, such as "CT Image Storage"."""
    return _name(uid, "kind of DICOM object")


def _name(uid: str, kind: str) -> str:
    text = str(uid).strip().rstrip("\0")
    if not text:
        return f"an unnamed {kind}"
    name = _NEWER_NAMES.get(text) or UID(text).name
    if name != text:
        # A slash would look like a path in a message.
        return name.replace(" / ", ", ").replace("/", " ")
    return f"an unknown {kind}" if text.startswith(_DICOM_ROOT) else f"a private {kind}"
