"""The references of a result to its source: its real class, and the frame of a file of many."""

from pydicom.dataset import Dataset

from core.exports.dicom.source import DicomSource

# Where a reference may name frames (PS3.3 10.3, Image SOP Instance Reference Macro).
_OF_IMAGES = frozenset(("SourceImageSequence", "ReferencedImageSequence"))


def correct_references(result: Dataset, source: DicomSource) -> None:
    """Put the source's class and frame into all references of `result` to it."""
    for element in result:
        if element.VR != "SQ":
            continue
        names_frames = element.keyword in _OF_IMAGES
        # One item may stand in two sequences, of which one may not name frames.
        element.value = [_corrected(item, source, names_frames) for item in element.value]


def _corrected(item: Dataset, source: DicomSource, names_frames: bool) -> Dataset:
    if item.get("ReferencedSOPInstanceUID") != source.instance_uid:
        correct_references(item, source)
        return item
    corrected = Dataset()
    corrected.update(item)
    correct_references(corrected, source)
    corrected.ReferencedSOPClassUID = source.class_uid
    if names_frames and source.frame is not None:
        corrected.ReferencedFrameNumber = source.frame
    return corrected
