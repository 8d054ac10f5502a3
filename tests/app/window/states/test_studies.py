"""The list of studies: streaming, closing, identity, roles and filter, with recorded links."""

from pathlib import Path

import numpy as np
import pytest

from app.window.states.session import Session
from app.window.states.study_nodes import NodeKind, StudyNode
from core.images.slice import Identity, Slice
from core.link import CancelledJob
from core.readers.messages import FrameRead, Indexed, SeriesClosed
from core.readers.protocol import FrameSource, SeriesEntry, SeriesKeys
from tests.app.window.states.steps import MAP, PICTURE, SAMPLE, open_and_predict
from tests.cards import make_card
from tests.gui.recorded import RecordedLink, explained, frame_read, mask_read, predicted
from tests.policies import machine_policy

AFFINE = ((0.0, 1.0, 0.0, 0.0), (0.0, 0.0, 1.0, 0.0), (2.0, 0.0, 0.0, 0.0), (0.0, 0.0, 0.0, 1.0))


@pytest.fixture
def lister(qapp) -> RecordedLink:
    return RecordedLink()


@pytest.fixture
def studies(worker, reader, lister, preferences) -> Session:
    """A session whose two readers are two links."""
    return Session(worker, reader, lister, [make_card()], [SAMPLE], preferences)


def entry(key: str, *files: str, patient: str = "p1", study: str = "s1", **fields: object) -> SeriesEntry:
    """A series of single-slice DICOM files."""
    names = files or (f"{key}.dcm",)
    sources = tuple(FrameSource(path=Path("folder") / name) for name in names)
    facts = {"title": f"MR, brain, series {key}", "modality": "MR", "rows": 8, "columns": 8} | fields
    return SeriesEntry(
        path=sources[0].path,
        reader="dicom",
        frames=len(names),
        key=key,
        keys=SeriesKeys(patient=patient, study=study, frame_of_reference="same"),
        sources=sources,
        affine_lps_mm=AFFINE,
        **facts,
    )


def labels(nodes: tuple[StudyNode, ...]) -> list[object]:
    """Labels, each followed by the list of those below it."""
    return [part for node in nodes for part in (node.label, labels(node.children)) if part]


def refine(lister: RecordedLink, *entries: SeriesEntry) -> None:
    """What the lister tells while it goes on."""
    lister.running_job.refined.emit(Indexed(entries=entries), [])


def list_folder(session: Session, lister: RecordedLink, message: Indexed) -> None:
    session.cases.open_paths(["folder"])
    while lister.last.kind != "index" or lister.running_job is None:
        lister.answer(CancelledJob())
    lister.answer(message)


def test_that_the_first_series_is_shown_while_the_folder_is_still_listed(studies, reader, lister) -> None:
    studies.cases.open_paths(["folder"])
    refine(lister, entry("1", "b.dcm"))
    reader.answer(*frame_read(PICTURE))
    assert studies.image.image is not None
    assert studies.cases.listing.is_running
    assert labels(studies.studies.nodes) == ["Patient 1", ["Study 1: MR, brain", ["Series 1"]]]


def test_that_a_growing_series_keeps_its_number_and_stays_at_the_shown_slice(
    studies, reader, lister, worker
) -> None:
    studies.cases.open_paths(["folder"])
    refine(lister, entry("1", "b.dcm"))
    reader.answer(*frame_read(PICTURE))
    number = studies.cases.slices.chosen
    whole = entry("1", "a.dcm", "c.dcm", "b.dcm", "d.dcm")
    refine(lister, whole)
    assert studies.cases.slices.chosen == number
    assert studies.cases.slices.position.index == 2
    lister.answer(Indexed(entries=(whole,)))
    assert (studies.image.position.index, studies.image.slices) == (2, 4)
    studies.cases.slices.go_by(1)
    assert (reader.last.entry, reader.last.frame) == (whole, 3)


def test_that_a_series_goes_to_its_middle_slice_once_all_are_listed(studies, reader, lister) -> None:
    whole = entry("1", "b.dcm", "c.dcm", "d.dcm", "e.dcm", "f.dcm")
    studies.cases.open_paths(["folder"])
    refine(lister, entry("1", "b.dcm"))
    reader.answer(*frame_read(PICTURE))
    lister.answer(Indexed(entries=(whole,)))
    assert (reader.last.entry, reader.last.frame) == (whole, 2)


def test_that_a_slice_a_person_chose_meanwhile_stays(studies, reader, lister) -> None:
    studies.cases.open_paths(["folder"])
    refine(lister, entry("1", "b.dcm", "c.dcm"))
    reader.answer(*frame_read(PICTURE))
    studies.cases.slices.go_by(-1)
    reader.answer(*frame_read(PICTURE))
    lister.answer(Indexed(entries=(entry("1", "b.dcm", "c.dcm", "d.dcm", "e.dcm", "f.dcm"),)))
    assert studies.cases.slices.position.index == 0


def test_that_a_slice_asked_for_before_its_series_grew_is_placed_in_the_grown_one(
    studies, reader, lister
) -> None:
    studies.cases.open_paths(["folder"])
    refine(lister, entry("1", "b.dcm"))
    refine(lister, entry("1", "a.dcm", "b.dcm"))
    reader.answer(*frame_read(PICTURE))
    assert (studies.image.position.index, studies.image.slices) == (1, 2)


def test_that_a_cancelled_listing_keeps_what_was_found_and_says_nothing(studies, reader, lister) -> None:
    studies.cases.open_paths(["folder"])
    refine(lister, entry("1"))
    studies.cancel()
    assert lister.last.kind == "cancel"
    lister.answer(CancelledJob())
    assert not studies.cases.listing.is_running
    assert [case.title for case in studies.cases.list.opened] == ["MR, brain, series 1"]
    assert studies.notices.notices == ()


def test_that_another_folder_can_be_opened_while_one_is_listed(studies, reader, lister) -> None:
    studies.cases.open_paths(["folder"])
    refine(lister, entry("1"))
    studies.cases.open_paths(["other"])
    lister.answer(Indexed(entries=(entry("1"),)))
    lister.answer(Indexed(entries=(entry("2", patient="p2"),)))
    assert labels(studies.studies.nodes) == [
        "Patient 1",
        ["Study 1: MR, brain", ["Series 1"]],
        "Patient 2",
        ["Study 1: MR, brain", ["Series 2"]],
    ]
    assert studies.cases.slices.case.title == "MR, brain, series 2"


def test_that_identity_is_shown_only_where_it_is_switched_on(studies, lister) -> None:
    who = Identity(patient_name="Doe^Jane", patient_id="4711", study_date="20261128")
    list_folder(studies, lister, Indexed(entries=(entry("1"),), identities={"1": who}))
    texts = repr(studies.studies.nodes) + repr(studies.cases.list.opened)
    assert not any(word in texts for word in ("Doe", "4711", "2026"))
    studies.studies.set_identity_shown(True)
    assert labels(studies.studies.nodes) == ["Doe Jane, 4711", ["2026-11-28: MR, brain", ["Series 1"]]]
    studies.studies.set_identity_shown(False)
    assert labels(studies.studies.nodes) == ["Patient 1", ["Study 1: MR, brain", ["Series 1"]]]


def test_that_registered_sequences_stand_together_and_a_role_can_be_changed(studies, lister) -> None:
    entries = (entry("1", role="T1"), entry("2"), entry("3", role="FLAIR"))
    list_folder(studies, lister, Indexed(entries=entries))
    (patient,) = studies.studies.nodes
    assert labels(patient.children[0].children) == [
        "Registered: T1, FLAIR",
        ["Series 1\nT1", "Series 3\nFLAIR"],
        "Series 2",
    ]
    second = studies.cases.list.opened[1].number
    studies.cases.set_role(second, "T1 post contrast")
    (patient,) = studies.studies.nodes
    (sequences,) = patient.children[0].children
    assert (sequences.kind, sequences.label) == (
        NodeKind.SEQUENCES,
        "Registered: T1, T1 post contrast, FLAIR",
    )
    list_folder(studies, lister, Indexed(entries=entries))
    assert studies.cases.list[second].role == "T1 post contrast"


def test_that_the_filter_keeps_what_leads_to_a_match(studies, lister) -> None:
    entries = (
        entry("1", "a.dcm", "b.dcm", role="T1"),
        entry("2", title="MR, brain, series 2: dwi"),
        entry("3", patient="p2", title="CT, chest, series 3", modality="CT"),
    )
    list_folder(studies, lister, Indexed(entries=entries))
    studies.studies.set_filter("mr DWI")
    assert labels(studies.studies.nodes) == ["Patient 1", ["Study 1: MR, brain", ["Series 2: dwi"]]]
    studies.studies.set_filter("chest")
    assert [node.label for node in studies.studies.nodes] == ["Patient 2"]
    studies.studies.set_filter("nothing")
    assert studies.studies.nodes == ()


def test_that_series_of_one_name_are_numbered_and_files_without_a_header_keep_their_name(
    studies, lister
) -> None:
    twins = [entry(key, title="MR, brain, series 8") for key in ("1", "2")]
    picture = SeriesEntry(
        path=Path("folder/a.png"), reader="picture", title="PNG", frames=1, rows=8, columns=8
    )
    list_folder(studies, lister, Indexed(entries=(*twins, picture)))
    assert labels(studies.studies.nodes) == [
        "Patient 1",
        ["Study 1: MR, brain", ["Series 8 (1)", "Series 8 (2)"]],
        "a.png",
    ]


def test_that_a_closed_case_takes_all_that_belongs_to_it_and_the_others_stay(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    session.explain.start(["grad_cam"])
    worker.answer(explained(MAP), [MAP])
    session.region.draw_rectangle((1, 1), (3, 3))
    key, number = session.maps.key, session.cases.slices.chosen
    session.cases.close([number])
    assert session.image.image is None
    assert session.prediction.record is None
    assert (session.maps.entries, session.region.mask) == ((), None)
    assert key not in session.maps._maps
    assert session.cases.list.opened == ()
    assert session.cases.slices.case is None


def test_that_closing_one_of_two_leaves_the_shown_one_alone(studies, reader, lister, worker) -> None:
    list_folder(studies, lister, Indexed(entries=(entry("1"), entry("2"))))
    reader.answer(*frame_read(PICTURE))
    worker.answer(predicted())
    shown = studies.shown.current
    first, second = studies.cases.list.opened
    assert shown.case.number == first.number
    studies.cases.close([second.number])
    assert studies.shown.current is shown
    assert studies.prediction.record is not None


def test_that_closing_releases_the_reader_s_volumes_and_says_what_is_still_kept(
    studies, reader, lister
) -> None:
    volume, picture = entry("1", "a.dcm", "b.dcm"), entry("2")
    list_folder(studies, lister, Indexed(entries=(volume, picture)))
    reader.answer(*frame_read(PICTURE))
    studies.cases.close_all()
    closed = [message.entry for message, _ in reader.sent if message.kind == "close_series"]
    assert closed == [volume]
    reader.answer(SeriesClosed(kept_bytes=48_000_000))
    assert studies.cases.memory.kept_bytes == 48_000_000
    assert studies.cases.list.samples != ()


def test_that_the_memory_of_a_volume_is_told_with_its_first_slice_and_released_with_its_process(
    studies, reader, lister
) -> None:
    changes = []
    studies.cases.memory.changed.connect(lambda: changes.append(studies.cases.memory.kept_bytes))
    list_folder(studies, lister, Indexed(entries=(entry("1", "a.dcm", "b.dcm"),)))
    message, arrays = FrameRead.of(PICTURE, Identity(), kept_bytes=300_000_000)
    reader.answer(message, arrays)
    studies.cases.slices.go_by(-1)
    reader.answer(message, arrays)
    assert changes == [300_000_000]
    reader.shut_down()
    assert changes == [300_000_000, 0]


def test_that_a_volume_read_for_its_thumbnail_takes_no_memory_in_the_second_reader(
    studies, reader, lister
) -> None:
    volume = entry("1", "a.dcm", "b.dcm")
    list_folder(studies, lister, Indexed(entries=(entry("0"), volume)))
    reader.answer(*frame_read(PICTURE))
    read = []
    while lister.running_job is not None:
        if lister.last.kind == "read":
            read.append(lister.last.entry.key)
            lister.answer(*FrameRead.of(PICTURE, Identity(), kept_bytes=300_000_000 if "1" in read else 0))
        elif lister.last.kind == "close_series":
            assert studies.cases.memory.kept_bytes == 300_000_000
            assert lister.last.entry == volume
            lister.answer(SeriesClosed(kept_bytes=0))
        else:
            lister.answer(Indexed(entries=(entry("0"),)))
    assert "1" in read
    assert studies.cases.memory.kept_bytes == 0


def test_that_closing_a_case_releases_what_is_kept_of_its_reference_too(studies, reader, lister) -> None:
    volume, mask = entry("1", "a.dcm", "b.dcm"), entry("mask", "m0.dcm", "m1.dcm")
    list_folder(studies, lister, Indexed(entries=(volume,)))
    reader.answer(*frame_read(PICTURE))
    studies.region.open_mask(Path("folder/mask"))
    reader.answer(Indexed(entries=(mask,)))
    reader.answer(*mask_read(np.eye(8)))
    studies.cases.close_all()
    closed = []
    while reader.running_job is not None:
        if reader.last.kind == "close_series":
            closed.append(reader.last.entry)
        reader.answer(SeriesClosed(kept_bytes=0))
    assert sorted(closed, key=lambda each: each.key) == [volume, mask]


def test_that_a_closed_case_that_is_still_being_read_is_not_shown(studies, reader, lister) -> None:
    list_folder(studies, lister, Indexed(entries=(entry("1"),)))
    studies.cases.close_all()
    while reader.running_job is not None:
        reader.answer(*frame_read(Slice(np.ones((8, 8)))))
    assert studies.image.image is None


def test_that_a_series_that_splits_while_it_is_listed_leaves_no_old_row(studies, reader, lister) -> None:
    studies.cases.open_paths(["folder"])
    refine(lister, entry("1", "a.dcm", "b.dcm"))
    refine(lister, entry("2", "a.dcm"), entry("3", "b.dcm"))
    assert [case.entry.key for case in studies.cases.list.opened] == ["2", "3"]


def test_that_thumbnails_in_view_are_read_first_and_none_while_a_folder_is_listed(
    studies, reader, lister
) -> None:
    studies.cases.open_paths(["folder"])
    refine(lister, *(entry(str(number)) for number in range(1, 6)))
    reader.answer(*frame_read(PICTURE))
    assert [message.kind for message, _ in lister.sent] == ["index"]
    numbers = [case.number for case in studies.cases.list.opened]
    lister.answer(Indexed(entries=tuple(entry(str(number)) for number in range(1, 6))))
    studies.cases.thumbnails.prefer([numbers[4], numbers[3]])
    read = []
    while lister.running_job is not None and len(read) < 4:
        if lister.last.kind == "read":
            read.append(lister.last.entry.key)
            lister.answer(*frame_read(PICTURE))
        else:
            lister.answer(CancelledJob())
    assert read[:2] == ["5", "4"]


def test_that_pictures_in_view_are_read_by_the_other_reader_while_a_folder_is_listed(
    studies, reader, lister
) -> None:
    studies.cases.open_paths(["folder"])
    heavy = entry("3", frames_at_once=20)
    refine(lister, entry("1"), entry("2"), heavy, entry("4"), entry("5"))
    numbers = [case.number for case in studies.cases.list.opened]
    studies.cases.thumbnails.prefer(numbers[:4])
    assert [message.kind for message, _ in reader.sent] == ["read"]  # a person waits for this slice
    reader.answer(*frame_read(PICTURE))
    for key in ("2", "4"):
        assert (reader.last.entry.key, reader.running_job is not None) == (key, True)
        reader.answer(*frame_read(PICTURE))
    assert reader.running_job is None
    assert [case.thumbnail is not None for case in studies.cases.list.opened] == [
        True,
        True,
        False,
        True,
        False,
    ]
    assert [message.kind for message, _ in lister.sent] == ["index"]


def test_that_a_slice_waits_for_one_small_picture_at_most(studies, reader, lister) -> None:
    studies.cases.open_paths(["folder"])
    refine(lister, entry("1"), entry("2"), entry("3"))
    reader.answer(*frame_read(PICTURE))
    numbers = [case.number for case in studies.cases.list.opened]
    studies.cases.thumbnails.prefer(numbers)
    studies.cases.choose(numbers[2])
    reader.answer(*frame_read(PICTURE))
    assert (reader.last.entry.key, studies.cases.slices.reading) == ("3", True)


def test_that_identity_stays_hidden_where_an_administrator_forbids_it(studies, tmp_path) -> None:
    with machine_policy(tmp_path):
        studies.studies.set_identity_shown(True)
        assert not studies.studies.can_change_identity
        assert not studies.studies.is_identity_shown
