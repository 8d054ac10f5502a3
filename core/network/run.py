"""One run of a method or check: generator, progress, partial results, cancellation, shared values."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np

from core.errors import Cancelled
from core.network.attribution_map import AttributionMap

Shared = TypeVar("Shared")


@dataclass(slots=True)
class Run:
    """What a method gets from its job: the seeded generator, progress, partial maps, cancellation, memo.

    memo: what the methods of one network and one image share; see `once`.
    on_finding: hears a metric's `core.checks.contract.Finding` that still fills.
    """

    generator: np.random.Generator = field(default_factory=lambda: np.random.default_rng(0))
    on_progress: Callable[[int, int], None] = lambda done, total: None
    on_partial: Callable[[AttributionMap], None] = lambda partial: None
    cancelled: Callable[[], bool] = lambda: False
    memo: dict[tuple[Hashable, ...], Any] = field(default_factory=dict)
    on_finding: Callable[[Any], None] = lambda partial: None

    def progress(self, done: int, total: int) -> None:
        self.check()
        self.on_progress(done, total)

    def partial(self, partial: AttributionMap) -> None:
        self.on_partial(partial)

    def check(self) -> None:
        """Raises Cancelled if the person ended the job."""
        if self.cancelled():
            raise Cancelled

    def once(self, key: tuple[Hashable, ...], make: Callable[[], Shared]) -> Shared:
        """`make()`, or what it gave when it was last asked for under `key` for this network and image.

        The key names all else that the value depends on, such as target and parameters. Nothing that
        draws from the generator may be shared: its map would depend on which methods came before.
        """
        if key not in self.memo:
            self.memo[key] = make()
        found: Shared = self.memo[key]
        return found

    def part(self, start: int, total: int, same_image: bool = True) -> "Run":
        """The run for a step of a longer one.

        Its progress counts on from `start` of `total`, its partial maps are held back, and
        `same_image=False`, for a changed input, shares nothing with this run.
        """
        return Run(
            generator=self.generator,
            on_progress=lambda done, _: self.progress(start + done, total),
            cancelled=self.cancelled,
            memo=self.memo if same_image else {},
        )
