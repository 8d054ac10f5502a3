"""The occluder's patch moved without a mouse: to the middle of the image, and by steps."""

from app.window.states.occluder import OccluderState

# A step is this part of the patch's sides, so that places overlap.
STEPS_A_SIDE = 4


def move_to_middle(occluder: OccluderState, shape: tuple[int, int]) -> None:
    """Put the patch into the middle of a slice of this shape (rows, columns)."""
    rows, columns = shape
    occluder.move((rows - 1) / 2, (columns - 1) / 2)


def step(occluder: OccluderState, down: int, right: int) -> None:
    """Move the patch by so many steps on the slice, as far as the input reaches; nothing without one."""
    if occluder.box is None or occluder.box_on_slice is None:
        return
    top, left, bottom, right_edge = occluder.box_on_slice
    # A step below one pixel of the input would not be seen.
    cells = min(occluder.box[2] - occluder.box[0], occluder.box[3] - occluder.box[1])
    share = max(1 / STEPS_A_SIDE, 1 / cells)
    occluder.move(
        (top + bottom) / 2 + down * share * (bottom - top),
        (left + right_edge) / 2 + right * share * (right_edge - left),
    )
