"""The network's input as a picture that lies over the slice, and how it was prepared, in words."""

from app.texts import network_input as texts
from app.window.states.prediction import PredictionState
from app.window.states.shown import ShownState
from core.arrays import Array
from core.curves.eight_bit import EightBit


class NetworkInput:
    """Of the shown slice; nothing before the network has predicted it."""

    def __init__(self, shown: ShownState, prediction: PredictionState) -> None:
        self._shown, self._prediction = shown, prediction

    @property
    def is_known(self) -> bool:
        """Whether the network has seen the shown slice."""
        return self._prediction.input is not None and self._shown.current.grid_map is not None

    @property
    def picture(self) -> Array | None:
        """(rows, columns, 3) uint8, turned as the slice lies; None without one."""
        values, grid_map = self._prediction.input, self._shown.current.grid_map
        if values is None or grid_map is None:
            return None
        picture = EightBit.of(values).to_bytes(values)
        picture = picture.repeat(3, axis=2) if picture.shape[2] == 1 else picture[..., :3]
        turned: Array = grid_map.turn.turned_back(picture)
        return turned

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Where it lies on the slice: top, left, bottom, right edges, pixel centres at integers."""
        grid_map = self._shown.current.grid_map
        return grid_map.box if grid_map is not None else (0.0, 0.0, 0.0, 0.0)

    @property
    def words(self) -> tuple[str, ...]:
        """What was done to the slice before the network, a sentence each."""
        shown, answer = self._shown.current, self._prediction.answer
        if shown.card is None or shown.image is None or answer is None:
            return ()
        return texts.steps(shown.card.preprocessing, shown.image, answer.message.input_notes)
