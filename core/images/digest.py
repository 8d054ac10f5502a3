"""One digest of an image, by which window and worker name it; the reader process computes it."""

import weakref
from collections.abc import Sequence
from hashlib import blake2b

import numpy as np

from core.arrays import Array
from core.images.slice import Slice
from core.images.slice_message import SliceMessage

DIGEST_BYTES = 16


def digest_of(image: Slice) -> str:
    """The digest (hexadecimal BLAKE2b) of all that a slice holds: values, padding, affine and every fact.

    The windows made of the values are left out: they follow from them, whether they came with it or not.
    Arrays of an image must not change: the digest of each is computed once while it exists.
    """
    message, arrays = SliceMessage.of(image)
    facts = message.model_dump_json(exclude={"value_windows"})
    digest = blake2b(facts.encode(), digest_size=DIGEST_BYTES)
    for array in arrays:
        digest.update(_DIGESTS.of(array))
    return digest.hexdigest()


def array_digests(image: Slice) -> tuple[str, ...]:
    """The digest (hexadecimal BLAKE2b) of each array of an image, in the order of `SliceMessage.of`."""
    return tuple(_DIGESTS.of(array).hex() for array in SliceMessage.of(image)[1])


def keep_digests(arrays: Sequence[Array], digests: Sequence[str]) -> None:
    """Take over the `array_digests` that another process computed for the same arrays, of any shape.

    Raises ValueError unless there is one hexadecimal digest an array.
    """
    if len(digests) != len(arrays):
        raise ValueError(f"{len(digests)} digests for {len(arrays)} arrays")
    for array, text in zip(arrays, digests, strict=True):
        _DIGESTS.keep(array, bytes.fromhex(text))


class _ArrayDigests:
    """Digests of the arrays that exist."""

    def __init__(self) -> None:
        self._digests: dict[int, tuple[weakref.ref[Array], bytes]] = {}

    def of(self, array: Array) -> bytes:
        """The digest of an array of any shape, computed if it is not known yet."""
        reference, digest = self._digests.get(id(array), (None, b""))
        if reference is None or reference() is not array:
            digest = _array_digest(array)
            self.keep(array, digest)
        return digest

    def keep(self, array: Array, digest: bytes) -> None:
        """Take a digest of an array of any shape as right."""
        key = id(array)
        # Called when the array is gone, before its id can be that of another one.
        self._digests[key] = weakref.ref(array, lambda _: self._digests.pop(key, None)), digest


_DIGESTS = _ArrayDigests()


def _array_digest(array: Array) -> bytes:
    digest = blake2b(f"{array.dtype.str}{array.shape}".encode(), digest_size=DIGEST_BYTES)
    digest.update(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)
    return digest.digest()
