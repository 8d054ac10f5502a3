"""The menu of the labels of a reference."""

from pathlib import Path

import numpy as np
import pytest

from app.window.label_menu import LabelMenu
from app.window.states.case_list import Case
from app.window.states.reference import ReferenceState
from app.window.states.shown import Shown, ShownState
from core.images.mask import Mask, MaskLabel
from core.images.slice import Slice
from core.readers.messages import MaskRead
from tests.gui.recorded import RecordedLink, indexed


@pytest.fixture
def reader(qapp) -> RecordedLink:
    return RecordedLink()


@pytest.fixture
def menu(qtbot, reader) -> LabelMenu:
    """The menu while a volume of three slices is shown."""
    shown = ShownState()
    reference = ReferenceState(reader, shown)
    menu = LabelMenu(reference)
    menu.reference_for_test = reference
    qtbot.addWidget(menu)
    entry = indexed("a.nii", frames=3).entries[0]
    shown.show(Shown(Case(1, "", entry.path, entry=entry), image=Slice(np.zeros((4, 5))), digest="first"))
    return menu


def answer(reader, *labels: MaskLabel) -> None:
    reader.answer(*MaskRead.of(Mask(np.eye(4, 5, dtype=bool), labels=labels)))


def ticks(menu: LabelMenu) -> list[tuple[str, bool, bool]]:
    return [(action.text(), action.isChecked(), action.isEnabled()) for action in menu.actions()]


def test_that_the_labels_that_are_ticked_are_asked_for(menu, reader) -> None:
    assert (menu.isEnabled(), ticks(menu)) == (False, [])
    labels = MaskLabel(value=1, name="Core"), MaskLabel(value=2), MaskLabel(value=4)
    menu.reference_for_test.open(Path("folder/mask.nii"))
    reader.answer(indexed("mask.nii", frames=3))
    answer(reader, *labels)
    assert ticks(menu) == [("1: Core", True, True), ("2", True, True), ("4", True, True)]
    menu.actions()[0].trigger()
    assert reader.last.labels == (2, 4)
    answer(reader, *labels)
    menu.actions()[2].trigger()
    answer(reader, *labels)
    assert (reader.last.labels, ticks(menu)) == (
        (2,),
        [("1: Core", False, True), ("2", True, False), ("4", False, True)],
    )
    menu.actions()[0].trigger()
    answer(reader, *labels)
    menu.actions()[2].trigger()
    assert reader.last.labels == ()  # all of them


def test_that_a_single_label_is_no_choice(menu, reader) -> None:
    menu.reference_for_test.open(Path("folder/mask.nii"))
    reader.answer(indexed("mask.nii", frames=3))
    answer(reader, MaskLabel(value=1))
    assert (menu.isEnabled(), ticks(menu)) == (False, [])
