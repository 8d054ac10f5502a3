import numpy as np

from core.curves.eight_bit import EightBit


def test_that_every_level_comes_back_from_its_input():
    levels = np.arange(256, dtype=np.uint8)
    for mapping in (EightBit(), EightBit(-2.5, 3.75)):
        np.testing.assert_array_equal(mapping.to_bytes(mapping.from_bytes(levels)), levels)


def test_that_values_are_rounded_and_cut_at_the_range():
    x = np.array([-0.2, 0.49 / 255, 0.51 / 255, 254.6 / 255, 1.0, 1.7])
    np.testing.assert_array_equal(EightBit().to_bytes(x), [0, 0, 1, 255, 255, 255])


def test_that_an_input_between_0_and_1_is_not_stretched():
    assert EightBit.of(np.array([0.3, 0.6])) == EightBit(0.0, 1.0)


def test_that_an_input_outside_gives_its_own_range():
    mapping = EightBit.of(np.array([-1.5, 0.0, 2.5]))
    assert (mapping.low, mapping.high) == (-1.5, 2.5)
    np.testing.assert_array_equal(mapping.to_bytes(np.array([-1.5, 2.5])), [0, 255])
    np.testing.assert_allclose(mapping.from_bytes(np.array([0, 255], np.uint8)), [-1.5, 2.5])


def test_that_a_constant_input_outside_keeps_its_value():
    mapping = EightBit.of(np.full(4, 7.0))
    assert mapping.from_bytes(mapping.to_bytes(np.array([7.0])))[0] == 7.0
