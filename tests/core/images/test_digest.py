"""One digest of an image."""

from dataclasses import replace

import numpy as np
import pytest

from core.images import digest
from core.images.digest import array_digests, digest_of, keep_digests
from core.images.slice import Slice
from core.images.windowing import value_windows


def test_that_values_of_another_kind_or_shape_are_another_image() -> None:
    bytes_alone = np.zeros((2, 8), np.uint8)
    others = [bytes_alone.reshape(4, 4), bytes_alone.view(np.int8), bytes_alone.view(np.uint16)]
    assert len({digest_of(Slice(values)) for values in (bytes_alone, *others)}) == 4
    assert digest_of(Slice(bytes_alone)) == digest_of(Slice(bytes_alone.copy()))


def test_that_another_polarity_unit_proportion_or_padding_is_another_image() -> None:
    values, padding = np.arange(16, dtype=np.uint8).reshape(2, 8), np.zeros((2, 8), bool)
    padding[0, 0] = True
    images = (
        Slice(values),
        Slice(values, inverted=True),
        Slice(values, padding=padding),
        Slice(values, padding=~padding),
        Slice(values, inverted=True, unit="HU"),
        Slice(values, spacing_mm=(2.0, 1.0)),
        Slice(values, stated_aspect=1.5),
    )
    assert len({digest_of(image) for image in images}) == len(images)
    again = Slice(values.copy(), padding=padding.copy())
    assert digest_of(again) == digest_of(Slice(values, padding=padding))


def test_that_an_array_is_read_once_for_the_digests_of_all_its_slices(monkeypatch) -> None:
    sizes = []
    compute = digest._array_digest
    monkeypatch.setattr(digest, "_array_digest", lambda array: (sizes.append(array.size), compute(array))[1])
    values = np.arange(6.0).reshape(2, 3)
    first = digest_of(Slice(values, notes=("one",)))
    assert (digest_of(Slice(values, notes=("one",))), sizes) == (first, [6])
    assert (digest_of(Slice(values)) != first, sizes) == (True, [6])
    assert (digest_of(Slice(values.copy())) != first, sizes) == (True, [6, 6])


def test_that_digests_from_another_process_are_used_and_are_those_of_the_same_arrays(monkeypatch) -> None:
    image = Slice(np.arange(6.0).reshape(2, 3), padding=np.eye(2, 3, dtype=bool), affine_lps_mm=np.eye(4))
    digests = array_digests(image)
    arrays = [array.copy() for array in (image.values, image.padding, image.affine_lps_mm)]
    copy = Slice(arrays[0], padding=arrays[1], affine_lps_mm=arrays[2])
    expected = digest_of(image)
    keep_digests(arrays, digests)
    monkeypatch.setattr(digest, "_array_digest", lambda array: pytest.fail("an array was read again"))
    assert digest_of(copy) == expected


def test_that_an_image_is_the_same_with_the_windows_made_of_its_values_and_without() -> None:
    image = Slice(np.arange(6.0).reshape(2, 3))
    with_windows = replace(image, value_windows=value_windows(image))
    assert digest_of(with_windows) == digest_of(image)


@pytest.mark.parametrize("digests", [(), ("00", "00"), ("no digest",)])
def test_that_anything_but_one_digest_an_array_is_refused(digests) -> None:
    with pytest.raises(ValueError, match=r"digests for 1 arrays|fromhex"):
        keep_digests([np.zeros(2)], digests)
