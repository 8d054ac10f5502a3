"""Files as series: closed forms of what belongs together, in which order, and what is told of it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.readers import grouping
from core.readers.grouping import SeriesGroups, grouped
from core.readers.index import contents_of, index_path, read
from core.readers.instances import FrameFacts, FrameTimes, Instance
from core.readers.listing import Listing
from core.readers.messages import FileStarted, IndexPath
from core.readers.protocol import Contents, SeriesEntry
from core.readers.series_words import known_words, role_of
from tests.core.readers.dicom_files import RAMP, dicom_file, items

AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
SAGITTAL = (0.0, 1.0, 0.0, 0.0, 0.0, -1.0)
SPACING = (0.5, 0.25)
# The names say nothing of the order.
NAMES = ("d", "a", "c", "e", "b")


def slice_file(folder: Path, name: str, position: Sequence[float], **elements: Any) -> Path:
    """A slice of one study and series; its values are 1000 times its height and a ramp."""
    common = {
        "SOPInstanceUID": f"1.2.826.0.1.{len([*folder.iterdir()]) + 1}",
        "SeriesInstanceUID": "1.2.826.0.2",
        "StudyInstanceUID": "1.2.826.0.3",
        "FrameOfReferenceUID": "1.2.826.0.4",
        "ImageOrientationPatient": list(AXIAL),
        "PixelSpacing": list(SPACING),
        "SliceThickness": 9,
    }
    pixels = (RAMP + abs(round(position[2] * 10))).astype(np.uint16)
    return dicom_file(folder / name, pixels, ImagePositionPatient=list(position), **(common | elements))


def heights(entry: SeriesEntry) -> list[float]:
    """What the values of each frame say of its height, in mm."""
    return [float(read(entry, frame)[0].values[0, 0]) / 10 for frame in range(entry.frames)]


def stack(folder: Path, positions: Sequence[float], **elements: Any) -> None:
    for number, height in enumerate(positions):
        slice_file(folder, f"{NAMES[number % 5]}{number}.dcm", (10.0, 20.0, height), **elements)


def test_that_shuffled_slices_are_sorted_along_the_normal_with_the_real_step(tmp_path: Path) -> None:
    stack(tmp_path, (4.0, 8.0, 2.0, 0.0, 6.0))
    (entry,) = index_path(tmp_path)
    assert heights(entry) == [0.0, 2.0, 4.0, 6.0, 8.0]
    assert (entry.volume_shape, entry.no_volume, entry.notes) == ((5, 3, 4), "", ())
    assert entry.has_planes
    expected = [[0, 0, 0.25, 10], [0, 0.5, 0, 20], [2, 0, 0, 0], [0, 0, 0, 1]]
    np.testing.assert_allclose(np.array(entry.affine_lps_mm), expected)


def test_that_a_frame_of_a_series_is_the_file_at_that_place(tmp_path: Path) -> None:
    stack(tmp_path, (4.0, 0.0, 2.0))
    (entry,) = index_path(tmp_path)
    assert entry.source(2).path == tmp_path / "d0.dcm"
    image, _ = read(entry, 2)
    assert image.affine_lps_mm is not None
    np.testing.assert_allclose(image.affine_lps_mm[:3, 3], [10.0, 20.0, 4.0])


def test_that_copies_are_left_out_and_told(tmp_path: Path) -> None:
    stack(tmp_path, (0.0, 2.0, 4.0))
    for name in ("x.dcm", "y.dcm"):
        (tmp_path / name).write_bytes((tmp_path / "a1.dcm").read_bytes())
    (entry,) = index_path(tmp_path)
    assert (entry.frames, entry.no_volume) == (3, "")
    assert entry.notes == ("2 copies of other files were left out.",)


def test_that_slices_with_the_same_identifier_are_no_copies(tmp_path: Path) -> None:
    stack(tmp_path, (0.0, 2.0, 4.0), SOPInstanceUID="1.2.3")
    (entry,) = index_path(tmp_path)
    assert (heights(entry), entry.notes) == ([0.0, 2.0, 4.0], ())


def test_that_missing_slices_are_told_and_make_no_volume(tmp_path: Path) -> None:
    stack(tmp_path, (0.0, 2.0, 4.0, 10.0, 12.0))
    (entry,) = index_path(tmp_path)
    assert entry.no_volume == "2 slices of the stack are missing, between slices 3 and 4."
    assert (entry.affine_lps_mm, entry.has_planes) == (None, False)
    assert heights(entry) == [0.0, 2.0, 4.0, 10.0, 12.0]


@pytest.mark.parametrize(
    ("heights", "told"),
    [
        ((0, 4, 6, 8, 10), "1 slice of the stack is missing, between slices 1 and 2."),
        (
            (0, 2, 6, 8, 10, 12, 18, 20, 22, 24),
            "3 slices of the stack are missing: 1 between slices 2 and 3, 2 between slices 6 and 7.",
        ),
        (
            (0, 2, 4, 8, 10, 12, 16, 18, 20, 24, 26, 28, 32, 34, 36, 44, 46, 48),
            "7 slices of the stack are missing: 1 between slices 3 and 4, 1 between slices 6 and 7,"
            " 1 between slices 9 and 10, and others at 2 further places.",
        ),
    ],
)
def test_that_it_is_told_between_which_slices_others_are_missing(heights, told) -> None:
    images = [placed_instance(f"{z:02}", (0.0, 0.0, float(z)), uid=f"{z}") for z in heights]
    (entry,) = entries_of(images)
    assert entry.no_volume == told


def test_that_unequal_spacing_makes_no_volume(tmp_path: Path) -> None:
    stack(tmp_path, (0.0, 2.0, 4.0, 7.0, 9.0))
    (entry,) = index_path(tmp_path)
    assert entry.no_volume == "Its slices are not equally spaced: 2.00 to 3.00 mm apart."


def test_that_rounded_positions_are_a_regular_stack(tmp_path: Path) -> None:
    stack(tmp_path, (0.0, 0.62, 1.25, 1.88, 2.5))
    (entry,) = index_path(tmp_path)
    assert entry.no_volume == ""
    assert np.array(entry.affine_lps_mm)[2, 0] == pytest.approx(0.625)


def test_that_a_tilted_stack_is_sheared_and_the_tilt_is_told(tmp_path: Path) -> None:
    shift = 2.0 * np.tan(np.radians(20.0))
    for number in range(4):
        slice_file(tmp_path, f"{number}", (0.0, -number * shift, 2.0 * number))
    (entry,) = index_path(tmp_path)
    assert entry.no_volume == ""
    assert entry.notes == ("The slices are tilted by 20.0° against the direction of the stack.",)
    np.testing.assert_allclose(np.array(entry.affine_lps_mm)[:3, 0], [0.0, -shift, 2.0])


def test_that_an_oblique_stack_is_not_tilted(tmp_path: Path) -> None:
    angle = np.radians(30.0)
    along_column = np.array([0.0, np.cos(angle), np.sin(angle)])
    normal = np.cross([1.0, 0.0, 0.0], along_column)
    for number in range(3):
        position = tuple(float(value) for value in 3.0 * number * normal)
        slice_file(tmp_path, f"{number}", position, ImageOrientationPatient=[1, 0, 0, *along_column])
    (entry,) = index_path(tmp_path)
    assert (entry.notes, entry.no_volume) == ((), "")
    np.testing.assert_allclose(np.array(entry.affine_lps_mm)[:3, 0], 3.0 * normal, atol=1e-9)


def test_that_two_echoes_are_two_entries_that_tell_their_echo_time(tmp_path: Path) -> None:
    for echo in (4.92, 7.38):
        for height in (0.0, 2.0):
            slice_file(tmp_path, f"{echo}-{height}", (0, 0, height), Modality="MR", EchoTime=echo)
    entries = index_path(tmp_path)
    assert [(entry.frames, entry.volumes) for entry in entries] == [(2, 1), (2, 1)]
    assert [entry.title for entry in entries] == ["MR, TE 4.92 ms", "MR, TE 7.38 ms"]
    assert len({entry.key for entry in entries}) == 2


def test_that_b_values_are_volumes_in_rising_order(tmp_path: Path) -> None:
    for b_value in (1000, 0):
        for height in (0.0, 2.0, 4.0):
            slice_file(
                tmp_path, f"{b_value}-{height}", (0, 0, height), Modality="MR", DiffusionBValue=float(b_value)
            )
    (entry,) = index_path(tmp_path)
    assert (entry.frames, entry.volumes, entry.slices) == (6, 2, 3)
    assert heights(entry) == [0.0, 2.0, 4.0] * 2
    assert [entry.source(frame).path.name for frame in (0, 3)] == ["0-0.0", "1000-0.0"]
    assert entry.notes == ("Its volumes have b-values of 0, 1000 s/mm².",)


def test_that_time_points_are_volumes_and_an_incomplete_one_stands_beside_them(tmp_path: Path) -> None:
    for time, positions in ((1, (0.0, 2.0, 4.0)), (2, (0.0, 2.0, 4.0)), (3, (0.0, 2.0))):
        for height in positions:
            slice_file(tmp_path, f"{9 - time}-{height}", (0, 0, height), TemporalPositionIdentifier=time)
    whole, rest = index_path(tmp_path)
    assert (whole.volumes, whole.frames, whole.no_volume) == (2, 6, "")
    assert whole.source(0).path.name == "8-0.0"
    assert whole.notes == ("1 time point without all slices stands beside it.",)
    assert (rest.frames, rest.no_volume) == (2, "Slices of its time points are missing.")


def test_that_repetitions_without_any_time_are_volumes_by_their_number(tmp_path: Path) -> None:
    for number in range(6):
        slice_file(tmp_path, f"{9 - number}", (0, 0, 2.0 * (number % 3)), InstanceNumber=number + 1)
    (entry,) = index_path(tmp_path)
    assert (entry.volumes, heights(entry)) == (2, [0.0, 2.0, 4.0] * 2)
    assert [entry.source(frame).path.name for frame in range(6)] == ["9", "8", "7", "6", "5", "4"]


def test_that_a_further_image_of_one_position_stands_beside_the_volume(tmp_path: Path) -> None:
    stack(tmp_path, (0.0, 2.0, 4.0, 2.0))
    whole, further = index_path(tmp_path)
    assert (whole.frames, whole.volumes, whole.no_volume) == (3, 1, "")
    assert whole.notes == ("1 further image of its positions stands beside it.",)
    assert (further.frames, further.title) == (1, "CT, further images")


def test_that_the_planes_of_a_localizer_are_kept_apart(tmp_path: Path) -> None:
    for number, orientation in enumerate((AXIAL, AXIAL, SAGITTAL)):
        slice_file(
            tmp_path,
            f"{number}",
            (0.0, 0.0, 4.0 * number),
            ImageOrientationPatient=list(orientation),
            SeriesDescription="Localizer of Müller",
        )
    entries = index_path(tmp_path)
    assert [(entry.title, entry.frames) for entry in entries] == [
        ("CT: localizer, axial", 2),
        ("CT: localizer, sagittal", 1),
    ]
    assert all(entry.notes[0] == "It is an overview for planning (localizer)." for entry in entries)


def test_that_sizes_of_one_series_are_two_entries(tmp_path: Path) -> None:
    stack(tmp_path, (0.0, 2.0))
    elements = {
        "SeriesInstanceUID": "1.2.826.0.2",
        "StudyInstanceUID": "1.2.826.0.3",
        "ImageOrientationPatient": list(AXIAL),
        "PixelSpacing": [1, 1],
        "SOPInstanceUID": "1.2.3",
    }
    dicom_file(tmp_path / "z", RAMP[:2], ImagePositionPatient=[0, 0, 9], **elements)
    assert [(entry.rows, entry.frames) for entry in index_path(tmp_path)] == [(3, 2), (2, 1)]


def test_that_images_without_a_position_are_no_volume_and_films_are_kept_apart(tmp_path: Path) -> None:
    for number in range(3):
        uids = {"SOPInstanceUID": f"1.2.{number}", "SeriesInstanceUID": "1.9", "StudyInstanceUID": "1.8"}
        dicom_file(tmp_path / f"mr{3 - number}", RAMP, Modality="MR", InstanceNumber=number, **uids)
        dicom_file(tmp_path / f"dx{number}", RAMP, Modality="DX", **uids | {"SeriesInstanceUID": "1.7"})
    *films, slices = index_path(tmp_path)
    assert [(film.frames, film.no_volume) for film in films] == [(1, "")] * 3
    assert slices.no_volume == "Its frames have no position in the patient."
    assert [slices.source(frame).path.name for frame in range(3)] == ["mr3", "mr2", "mr1"]


def test_that_series_studies_and_patients_are_kept_apart(tmp_path: Path) -> None:
    for number, elements in enumerate(
        ({}, {"SeriesInstanceUID": "1.5"}, {"StudyInstanceUID": "1.6"}, {"PatientID": "7"})
    ):
        for height in (0.0, 2.0):
            slice_file(tmp_path, f"{number}-{height}", (0, 0, height), **elements)
    entries = index_path(tmp_path)
    assert [entry.frames for entry in entries] == [2, 2, 2, 2]
    assert len({entry.key for entry in entries}) == 4
    assert [entries[0].keys.study == entry.keys.study for entry in entries] == [True, True, False, False]
    assert entries[0].keys.patient == entries[2].keys.patient != entries[3].keys.patient
    assert len({entry.keys.frame_of_reference for entry in entries}) == 1


def test_that_files_without_identifiers_are_an_entry_each(tmp_path: Path) -> None:
    for name in "ab":
        dicom_file(tmp_path / name, ImagePositionPatient=[0, 0, 0], ImageOrientationPatient=list(AXIAL))
    assert [entry.frames for entry in index_path(tmp_path)] == [1, 1]


def test_that_the_frames_of_an_enhanced_file_are_sorted_into_volumes(tmp_path: Path) -> None:
    places = [(4.0, 1), (0.0, 2), (0.0, 1), (4.0, 2), (2.0, 1), (2.0, 2)]
    groups = [
        {
            "FrameContentSequence": items(TemporalPositionIndex=time),
            "PlanePositionSequence": items(ImagePositionPatient=[1, 2, height]),
        }
        for height, time in places
    ]
    shared = items(
        PlaneOrientationSequence=items(ImageOrientationPatient=list(AXIAL)),
        PixelMeasuresSequence=items(PixelSpacing=list(SPACING), SliceThickness=2),
    )
    frames = np.stack([RAMP + 10 * number for number in range(6)])
    path = dicom_file(
        tmp_path / "a",
        frames,
        Modality="MR",
        SharedFunctionalGroupsSequence=shared,
        PerFrameFunctionalGroupsSequence=[items(**group)[0] for group in groups],
    )
    (entry,) = index_path(path)
    assert (entry.volumes, entry.slices) == (2, 3)
    assert [entry.source(frame).frame for frame in range(6)] == [2, 4, 0, 1, 5, 3]
    assert read(entry, 1)[0].values[0, 0] == 40
    np.testing.assert_allclose(np.array(entry.affine_lps_mm)[:3, [0, 3]], [[0, 1], [0, 2], [2, 0]])


def test_that_no_title_holds_free_text_and_the_description_is_with_the_identity(tmp_path: Path) -> None:
    stack(
        tmp_path,
        (0.0, 2.0),
        SeriesDescription="AX T1 post Gd Müller",
        BodyPartExamined="HEAD",
        SeriesNumber=4,
    )
    contents = contents_of(tmp_path)
    (entry,) = contents.entries
    assert entry.title == "CT, head, series 4: t1 axial post contrast"
    assert contents.identities[entry.key].series_description == "AX T1 post Gd Müller"
    assert contents.identities[entry.key].patient_name == "Müller^Änne"
    for text in ("ller", "4711"):
        assert text not in entry.model_dump_json()
        assert text not in repr(contents)


@pytest.mark.parametrize(
    ("description", "role"),
    [
        ("AX T1 SE", "T1"),
        ("Sag T1w post GD", "T1 post contrast"),
        ("t2_tse_tra", "T2"),
        ("AX T2 FLAIR", "FLAIR"),
        ("t1_mprage_sag_p2_iso", "T1"),
        ("ep2d DWI t2", ""),
        ("localizer t1", ""),
        ("Post Malone", ""),
    ],
)
def test_that_a_description_proposes_the_role(description: str, role: str) -> None:
    assert role_of(known_words(description), has_contrast_agent=False) == role


def test_that_times_of_a_spin_echo_propose_the_role_where_no_word_does() -> None:
    assert role_of((), False, 100.0, 4000.0, None) == "T2"
    assert role_of((), False, 100.0, 9000.0, 2500.0) == "FLAIR"
    assert role_of((), True, 12.0, 500.0, None) == "T1 post contrast"
    assert role_of((), False, 50.0, 1500.0, None) == ""


def instance(number: int, height: float) -> Instance:
    facts = FrameFacts(
        position=(0.0, 0.0, height),
        orientation=AXIAL,
        spacing_mm=SPACING,
        times=FrameTimes(number=float(number)),
    )
    return Instance(
        path=Path(f"{number}"),
        reader="DICOM",
        title="CT",
        modality="CT",
        rows=3,
        columns=4,
        frames=(facts,),
        uid=f"{number}",
        series="s",
    )


def entries_of(instances: Sequence[Instance]) -> list[SeriesEntry]:
    return list(grouped(Contents(entries=(), instances=tuple(instances))).entries)


def test_that_a_snapshot_works_out_again_only_the_series_of_which_files_have_come(monkeypatch) -> None:
    stacked: list[int] = []
    stacks_of = grouping.stacks_of
    monkeypatch.setattr(
        grouping, "stacks_of", lambda frames: (stacked.append(len(frames)), stacks_of(frames))[1]
    )
    groups = SeriesGroups()
    first = tuple(instance(number, 2.0 * number) for number in range(6))
    other = instance(6, 0.0).model_copy(update={"series": "other"})
    groups.add(Contents(entries=(), instances=(*first, other)))
    before = groups.contents().entries
    groups.add(Contents(entries=(), instances=(instance(7, 14.0),)))
    after = groups.contents().entries
    assert stacked == [6, 1, 7]
    assert after[1] is before[1]


def test_that_the_order_of_the_files_changes_nothing_but_the_key_stays_while_they_come() -> None:
    instances = [instance(number, 2.0 * number) for number in range(6)]
    whole = entries_of(instances)
    shuffled = [instances[number] for number in (3, 0, 5, 1, 4, 2)]
    assert entries_of(shuffled) == whole
    assert [entries_of(shuffled[:count])[0].key for count in range(1, 7)] == [whole[0].key] * 6


def test_that_a_snapshot_holds_what_has_come_and_a_lost_file_costs_itself(tmp_path: Path) -> None:
    stack(tmp_path, (0.0, 2.0, 4.0))
    listing = Listing(IndexPath(path=tmp_path))
    frames = []

    def take(path: Path, before: Any) -> None:
        listing.take(FileStarted(path=path, done=0, total=3, before=before))
        frames.append([entry.frames for entry in listing.snapshot().entries])

    contents_of(tmp_path, lambda step: take(step.path, step.before))
    assert frames == [[], [1], [2]]
    (key,) = listing.snapshot().identities
    assert listing.snapshot().entries[0].key == key


def placed_instance(name: str, position: tuple[float, float, float], **fields: Any) -> Instance:
    """A file with one frame of 4 x 4 pixels."""
    times = fields.pop("times", FrameTimes())
    facts = FrameFacts(position=position, orientation=AXIAL, spacing_mm=SPACING, times=times)
    common = {"reader": "DICOM", "title": "CT", "modality": "CT", "rows": 4, "columns": 4, "series": "s"}
    return Instance(path=Path(name), frames=(facts,), **(common | fields))


def test_that_images_of_one_series_that_stand_alone_have_keys_of_their_own() -> None:
    images = [placed_instance(name, (0.0, 0.0, 0.0), is_single=True) for name in ("a", "b", "c")]
    assert len({entry.key for image in images for entry in entries_of([image])}) == 3


def test_that_volumes_beside_each_other_are_no_volume_with_the_affine_of_the_first() -> None:
    def volumes(shift: float) -> SeriesEntry:
        (entry,) = entries_of(
            [
                placed_instance(
                    f"{volume}{z}",
                    (volume * shift, 0.0, 2.0 * z),
                    uid=f"{volume}{z}",
                    times=FrameTimes(temporal=volume),
                )
                for volume in (0, 1)
                for z in range(3)
            ]
        )
        return entry

    assert (volumes(0.1).volumes, volumes(0.1).no_volume) == (2, "")
    assert volumes(50.0).no_volume == "Its volumes are at different positions."
    assert volumes(50.0).affine_lps_mm is None


def test_that_no_title_tells_the_time_of_day() -> None:
    instances = [
        placed_instance(f"{clock}{z}", (0.0, 0.0, z), uid=f"{clock}{z}", times=FrameTimes(clock=clock))
        for clock, heights in ((35110.2, (0.0, 2.0)), (35190.7, (2.0, 4.0)))
        for z in heights
    ]
    titles = [entry.title for entry in entries_of(instances)]
    assert titles == ["CT", "CT, part 2"]
