"""What was computed of one image by one model: its prediction, its maps and their curves."""

from dataclasses import dataclass

from core.curves.curve_set import CurveSet
from core.network.attribution_map import AttributionMap
from core.results.explanation import PredictedImage
from core.results.image import FailedMethod
from core.results.records import MethodRecord, TargetRecord


@dataclass(frozen=True, slots=True)
class Explanation:
    """A map with the record of how it was made."""

    map: AttributionMap
    record: MethodRecord


@dataclass(frozen=True, slots=True)
class Result:
    """The results of one image, from which documents, files and exports are written.

    explanations: in the order in which they were asked for. failed: methods that gave no map. curves: of all
    maps together; None where none were computed.
    """

    image: PredictedImage
    target: TargetRecord
    explanations: tuple[Explanation, ...] = ()
    failed: tuple[FailedMethod, ...] = ()
    curves: CurveSet | None = None

    @property
    def maps(self) -> dict[str, AttributionMap]:
        """The maps by the name of their method."""
        return {explanation.record.name: explanation.map for explanation in self.explanations}
