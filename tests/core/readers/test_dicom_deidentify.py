"""A de-identified file: no byte of the identity, every bit of the pixels."""

import json

import numpy as np
import pydicom
import pytest
from pydicom.datadict import dictionary_has_tag, dictionary_VR
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.multival import MultiValue
from pydicom.tag import Tag
from pydicom.uid import (
    UID,
    CTImageStorage,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEGBaseline8Bit,
    MRImageStorage,
    RLELossless,
)

from core.errors import InputError, Refused, Unreadable
from core.readers.dicom_deidentify import deidentified
from core.readers.dicom_profile import TABLE, is_standard_uid
from core.readers.dicom_tags import dicom_tags
from core.readers.element_changes import ElementAction
from core.readers.header_tags import HIDDEN
from core.readers.index import index_path, read
from tests.core.readers.identified_files import (
    DATE,
    NAME,
    TIME,
    UID_ROOT,
    identified_dataset,
    planted_in,
    profile_tags,
    reread,
    write_identified,
)


@pytest.mark.parametrize(
    "syntax",
    [ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian],
    ids=lambda syntax: syntax.name,
)
def test_that_no_byte_of_a_planted_identity_is_left_and_the_pixels_are_the_same(tmp_path, syntax):
    path = write_identified(tmp_path / "Zaphod" / "Zaphod 4711X.dcm", syntax=syntax)
    result, content = deidentified(path, "secret")
    assert planted_in(content.tobytes()) == []
    copy = tmp_path / "copy.dcm"
    copy.write_bytes(content.tobytes())
    (entry,), (original,) = index_path(copy), index_path(path)
    image, identity = read(entry, 0)
    expected, _ = read(original, 0)
    np.testing.assert_array_equal(image.values, expected.values)
    np.testing.assert_array_equal(image.affine_lps_mm, expected.affine_lps_mm)
    assert (image.spacing_mm, image.modality) == (expected.spacing_mm, "MR")
    assert not any(getattr(identity, name) for name in identity.__dataclass_fields__)
    assert planted_in(result.model_dump_json().encode()) == []


def test_that_every_element_of_the_profile_is_changed_or_its_items_are(tmp_path):
    path = write_identified(tmp_path / "a.dcm")
    _, content = deidentified(path, "secret")
    before, after = pydicom.dcmread(path), reread(content)
    assert len(profile_tags()) > 600
    unchanged = [
        before[tag].keyword
        for tag in profile_tags()
        if tag in before and tag in after and before[tag].value and before[tag].value == after[tag].value
    ]
    assert unchanged == []


# What the column "Basic Profile" of table E.1-1 in PS3.15 2026c says of tags that matter most in images. The
# whole table was compared with that of the package dicom-anonymizer 2.1.0: 652 tags, no difference.
TABLE_ROWS = {
    "X": ("00100011", "00102160", "00104000", "00081048", "00400275", "0008103E", "00081030"),
    "Z": ("00080050", "00080020", "00080030", "00080090", "00100010", "00100030", "00100040", "00200010"),
    "D": ("00120010", "0040A123", "0040A075", "00700001", "00189074", "00189151"),
    "U": ("00080018", "0020000D", "0020000E", "00200052", "00081155", "00209161"),
    "Z/D": ("00100020", "00080023", "00080033", "00180010"),
    "X/Z": ("00080022", "00080032", "00400555", "00321060"),
    "X/D": ("00080012", "00080021", "00181030"),
    "X/Z/D": ("0008002A", "00081010", "00081070", "00080080", "00181000"),
    "X/Z/U*": ("00081140", "00082112"),
}


def test_that_the_table_is_that_of_the_standard() -> None:
    table = json.loads(TABLE.read_text(encoding="utf-8"))
    actions = table["actions"]
    assert table["source"].startswith("DICOM PS3.15 2026c, Table E.1-1")
    counts = {"D": 93, "Z": 42, "X": 412, "U": 55, "Z/D": 6, "X/Z": 11, "X/D": 23, "X/Z/D": 8, "X/Z/U*": 2}
    assert {letters: len(set(tags)) for letters, tags in actions.items()} == counts
    assert [
        (tag, letters) for letters, tags in TABLE_ROWS.items() for tag in tags if tag not in actions[letters]
    ] == []


@pytest.mark.parametrize("vr", ["SQ", "OB", "UN", "UR", "DA", "DT", "TM", "AS", "LO", "PN", "ST", "UC", "UT"])
def test_that_what_is_to_be_replaced_is_never_empty(tmp_path, vr) -> None:
    """D: a value of non-zero length."""
    replaced = [
        tag for tag in map(Tag, _tags_of("D")) if dictionary_has_tag(tag) and dictionary_VR(tag) == vr
    ]
    dataset = identified_dataset()
    before = [tag for tag in replaced if tag in dataset]
    assert before
    after = reread(deidentified(write_identified(tmp_path / "a.dcm", dataset), "secret")[1])
    assert [tag for tag in before if tag not in after or not after[tag].value] == []


def test_that_an_enhanced_file_keeps_the_dates_that_it_must_have_as_dummies(tmp_path) -> None:
    """Type 1 in enhanced files, where others may lack or leave them empty (PS3.3 C.7.6.16.1)."""
    required = ("AcquisitionDateTime", "ContentDate", "ContentTime")
    dataset = identified_dataset()
    plain = reread(deidentified(write_identified(tmp_path / "a.dcm", dataset), "secret")[1])
    assert [bool(plain.get(keyword)) for keyword in required] == [False, False, False]
    frame, content = Dataset(), Dataset()
    content.FrameReferenceDateTime = content.FrameAcquisitionDateTime = DATE + TIME
    frame.FrameContentSequence = [content]
    dataset.PerFrameFunctionalGroupsSequence = [frame]
    _, written = deidentified(write_identified(tmp_path / "b.dcm", dataset), "secret")
    enhanced = reread(written)
    assert [enhanced.get(keyword) for keyword in required] == ["19000101000000", "19000101", "000000"]
    content = enhanced.PerFrameFunctionalGroupsSequence[0].FrameContentSequence[0]
    assert (content.FrameReferenceDateTime, content.FrameAcquisitionDateTime) == ("19000101000000",) * 2
    assert not enhanced.PatientID
    assert planted_in(written.tobytes()) == []


def _tags_of(letters: str) -> list[int]:
    return [int(tag, 16) for tag in json.loads(TABLE.read_text(encoding="utf-8"))["actions"][letters]]


def test_that_the_method_is_stated(tmp_path):
    _, content = deidentified(write_identified(tmp_path / "a.dcm"), "secret")
    dataset = reread(content)
    assert dataset.PatientIdentityRemoved == "YES"
    assert dataset.DeidentificationMethodCodeSequence[0].CodeValue == "113100"
    assert dataset.LongitudinalTemporalInformationModified == "REMOVED"
    assert dataset.preamble == bytes(128)
    assert dataset.file_meta.MediaStorageSOPInstanceUID == dataset.SOPInstanceUID
    assert "SourceApplicationEntityTitle" not in dataset.file_meta


def test_that_geometry_and_acquisition_stay(tmp_path):
    dataset = reread(deidentified(write_identified(tmp_path / "a.dcm"), "secret")[1])
    assert (dataset.SequenceName, dataset.InstanceNumber, dataset.SliceThickness) == ("epi2d", 1, 3)
    assert dataset.ImageType == ["ORIGINAL", "PRIMARY"]
    assert "WindowCenterWidthExplanation" not in dataset


def test_that_uids_are_the_same_within_an_export_and_others_in_the_next(tmp_path):
    paths = [write_identified(tmp_path / f"{n}.dcm", identified_dataset(n)) for n in (1, 2)]
    first, second = (reread(deidentified(path, "secret")[1]) for path in paths)
    assert first.SeriesInstanceUID == second.SeriesInstanceUID
    assert first.FrameOfReferenceUID == second.FrameOfReferenceUID
    assert first.ReferencedImageSequence[0].ReferencedSOPInstanceUID == second.SOPInstanceUID
    assert first.SOPInstanceUID != second.SOPInstanceUID
    assert first.SOPInstanceUID.is_valid
    again = reread(deidentified(paths[0], "another secret")[1])
    assert again.SeriesInstanceUID != first.SeriesInstanceUID


def test_that_the_report_counts_by_name_without_values(tmp_path):
    result, _ = deidentified(write_identified(tmp_path / "a.dcm"), "secret")
    changes = {(change.name, change.action): change.count for change in result.changes}
    # That of the file, and the one in the sequence of source images.
    assert changes["Patient's Name", ElementAction.EMPTIED] == 2
    assert changes["Private elements", ElementAction.REMOVED] == 3
    assert changes["SOP Instance UID", ElementAction.UID_REPLACED] == 1
    assert NAME not in result.model_dump_json()


def test_that_compressed_fragments_are_copied_bit_by_bit(tmp_path):
    dataset = identified_dataset()
    dataset.BitsAllocated = dataset.BitsStored = 8
    dataset.HighBit = 7
    dataset.PixelData = np.arange(120, dtype=np.uint8).tobytes()
    dataset.file_meta = pydicom.dataset.FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.compress(RLELossless, generate_instance_uid=False)
    path = write_identified(tmp_path / "a.dcm", dataset, RLELossless)
    _, content = deidentified(path, "secret")
    after = reread(content)
    assert after.file_meta.TransferSyntaxUID == RLELossless
    assert after.PixelData == pydicom.dcmread(path).PixelData
    assert planted_in(content.tobytes()) == []


def test_that_a_name_in_a_comment_of_the_compressed_image_is_refused(tmp_path):
    dataset = identified_dataset()
    comment = f"scan of {NAME}".encode("latin-1")
    jpeg = b"\xff\xd8\xff\xfe" + (len(comment) + 2).to_bytes(2) + comment + b"\xff\xd9"
    dataset.PixelData = encapsulate([jpeg])
    dataset["PixelData"].is_undefined_length = True
    path = write_identified(tmp_path / "a.dcm", dataset, JPEGBaseline8Bit)
    with pytest.raises(Refused, match="holds the patient's identity as text") as refused:
        deidentified(path, "secret")
    assert NAME not in str(refused.value)


def test_that_text_in_an_element_of_numbers_is_removed(tmp_path):
    path = write_identified(tmp_path / "a.dcm")
    content = path.read_bytes()
    spacing = content.index(b"\x28\x00\x30\x00DS")
    assert content[spacing + 8 : spacing + 16] == b"0.5\\0.25"
    path.write_bytes(content[: spacing + 8] + b"Zaphod\\x" + content[spacing + 16 :])
    _, after = deidentified(path, "secret")
    assert planted_in(after.tobytes()) == []
    assert "PixelSpacing" not in reread(after)
    assert reread(after).SliceThickness == 3


def test_that_what_is_no_dicom_file_gets_one_sentence(tmp_path):
    path = tmp_path / "Zaphod.dcm"
    path.write_bytes(b"no such format" * 40)
    with pytest.raises(InputError):
        deidentified(path, "secret")


def test_that_the_elements_of_a_header_are_listed_with_the_identity_hidden(tmp_path):
    path = write_identified(tmp_path / "a.dcm")
    tags = dicom_tags(path, 0, with_identity=False)
    by_name = {tag.name: tag for tag in tags if tag.level == 0}
    assert (by_name["Patient's Name"].value, by_name["Patient's Name"].is_hidden) == (HIDDEN, True)
    assert by_name["Rows"].value == "12"
    assert by_name["Pixel Spacing"].value == "0.5\\0.25"
    assert (by_name["Pixel Data"].tag, by_name["Pixel Data"].value) == ("(7FE0,0010)", "240 bytes")
    assert planted_in("".join(f"{tag.name} {tag.value}" for tag in tags).encode("latin-1", "replace")) == []
    assert by_name["Window Center & Width Explanation"].value == HIDDEN


def test_that_the_identity_is_listed_when_it_is_switched_on(tmp_path):
    tags = dicom_tags(write_identified(tmp_path / "a.dcm"), 0, with_identity=True)
    assert not any(tag.is_hidden for tag in tags)
    assert f"{NAME}^Jürgen" in {tag.value for tag in tags if tag.name == "Patient's Name"}
    nested = [tag for tag in tags if tag.name == "Referenced SOP Instance UID" and tag.level == 1]
    assert f"{UID_ROOT}.1.2" in {tag.value for tag in nested}


def test_that_a_long_value_is_cut_and_bytes_are_counted(tmp_path):
    dataset = identified_dataset()
    dataset.ContrastFlowRate = [str(number) for number in range(100)]
    dataset.RedPaletteColorLookupTableData = bytes(512)
    tags = {tag.name: tag for tag in dicom_tags(write_identified(tmp_path / "a.dcm", dataset), 0, True)}
    assert len(tags["Contrast Flow Rate"].value) == 120
    assert tags["Red Palette Color Lookup Table Data"].value == "512 bytes"


def test_that_a_file_that_is_gone_gets_one_sentence(tmp_path):
    with pytest.raises(Unreadable):
        dicom_tags(tmp_path / "gone.dcm", 0, with_identity=False)


def test_that_one_private_identifier_among_several_is_not_taken_for_the_standard_s() -> None:
    private = "1.2.826.0.1.3680043.99"
    assert is_standard_uid(MultiValue(UID, [CTImageStorage, MRImageStorage]))
    assert not is_standard_uid(MultiValue(UID, [CTImageStorage, private]))
    assert not is_standard_uid(private)
