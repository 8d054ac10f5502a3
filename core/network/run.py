"""One run of a method or check: progress, partial results, cancellation, shared values."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np

from core.errors import Cancelled
from core.network.attribution_map import AttributionMap
from core.network.network_picture import NetworkPicture

Shared = TypeVar("Shared")


@dataclass(frozen=True, slots=True)
class MapEstimate:
    """What the first draws of a run say of its map: `done` of `total`."""

    map: AttributionMap
    done: int
    total: int


@dataclass(slots=True)
class Run:
    """What a method or check gets from its job: progress, partial results, cancellation, memo.

    generator: what a check draws from; a method draws from the generator of each of its inputs.
    memo: what the methods of one network and one image share; see `once`.
    on_finding: gets a check's `core.checks.contract.Finding` that still fills. on_picture: gets a picture of
    the network that still sharpens. last_estimate: what a run that is cancelled leaves behind.
    """

    generator: np.random.Generator = field(default_factory=lambda: np.random.default_rng(0))
    on_progress: Callable[[int, int], None] = lambda done, total: None
    on_partial: Callable[[AttributionMap], None] = lambda partial: None
    cancelled: Callable[[], bool] = lambda: False
    memo: dict[tuple[Hashable, ...], Any] = field(default_factory=dict)
    on_finding: Callable[[Any], None] = lambda partial: None
    on_picture: Callable[[NetworkPicture], None] = lambda partial: None
    last_estimate: MapEstimate | None = None

    def progress(self, done: int, total: int) -> None:
        """Reports that `done` of `total` steps are finished. Raises Cancelled if the person ended the job."""
        self.check()
        self.on_progress(done, total)

    def partial(self, partial: AttributionMap) -> None:
        """Reports a map that still fills."""
        self.on_partial(partial)

    def estimate(self, partial: AttributionMap, done: int, total: int) -> None:
        """Reports a map that is the mean of `done` of `total` draws, and so says what the whole will be."""
        self.last_estimate = MapEstimate(partial, done, total)
        self.on_partial(partial)

    def check(self) -> None:
        """Raises Cancelled if the person ended the job."""
        if self.cancelled():
            raise Cancelled

    def once(self, key: tuple[Hashable, ...], make: Callable[[], Shared]) -> Shared:
        """`make()`, or its earlier value under the same `key` for this network and image.

        The key names all else that the value depends on, such as target and parameters. Nothing that
        draws from the generator may be shared: its map would depend on which methods came before.
        """
        if key not in self.memo:
            self.memo[key] = make()
        value: Shared = self.memo[key]
        return value

    def part(self, start: int, total: int, length: int | None = None, same_image: bool = True) -> "Run":
        """The run for a step of a longer one.

        Its progress counts on from `start` of `total`, its partial maps are held back, and
        `same_image=False`, for a changed input, shares nothing with this run. length: the steps of `total`
        that the part stands for, if it does not count them in the same way itself.
        """

        def on_progress(done: int, part_total: int) -> None:
            scaled = done if length is None else done * length // max(part_total, 1)
            self.progress(start + scaled, total)

        return Run(
            generator=self.generator,
            on_progress=on_progress,
            cancelled=self.cancelled,
            memo=self.memo if same_image else {},
        )
