"""The meaning of a DICOM UID in words: kinds of objects and transfer syntaxes (PS3.6, annex A).

A bare UID tells a person nothing; where no meaning is known, that is said instead of the number.
"""

from pydicom.uid import UID

_DICOM_ROOT = "1.2.840.10008."
# Younger than the dictionary that pydicom brings.
_YOUNGER = {
    "1.2.840.10008.1.2.4.110": "JPEG XL Lossless",
    "1.2.840.10008.1.2.4.111": "JPEG XL JPEG Recompression",
    "1.2.840.10008.1.2.4.112": "JPEG XL",
    "1.2.840.10008.1.2.8.1": "Deflated Image Frame Compression",
}


def syntax_name(uid: str) -> str:
    """A transfer syntax by its name, such as "JPEG Baseline (Process 1)"."""
    return _name(uid, "transfer syntax")


def class_name(uid: str) -> str:
    """What kind of object a SOP class is, such as "CT Image Storage"."""
    return _name(uid, "kind of DICOM object")


def _name(uid: str, what: str) -> str:
    text = str(uid).strip().rstrip("\0")
    if not text:
        return f"an unnamed {what}"
    name = _YOUNGER.get(text) or UID(text).name
    if name != text:
        # A slash would look like a path in a message.
        return name.replace(" / ", ", ").replace("/", " ")
    return f"an unknown {what}" if text.startswith(_DICOM_ROOT) else f"a private {what}"
