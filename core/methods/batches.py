"""Going through a method's items in the network's batches."""

from collections.abc import Iterator

from core.network.network import Network


def batches_of(network: Network, count: int) -> Iterator[slice]:
    """Slices that together hold each of `count` items once, in order; each is as long as a batch.

    The size is read again for each slice: a network that ran out of memory goes on in smaller batches.
    """
    first = 0
    while first < count:
        end = min(first + network.best_batch, count)
        yield slice(first, end)
        first = end
