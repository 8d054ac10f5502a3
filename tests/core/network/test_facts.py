"""Facts of a network that need no call of it."""

import pytest

from core.network.facts import NetworkFacts


@pytest.mark.parametrize("grid", [(4, 5), (3, 4, 5)])
def test_that_an_input_has_the_axes_of_the_grid_and_channels(grid):
    facts = NetworkFacts("model", grid, 2, 3)
    assert facts.input_shape == (*grid, 2)
    assert not facts.has_background


@pytest.mark.parametrize("grid", [(), (4,), (2, 3, 4, 5)])
def test_that_a_grid_has_two_or_three_axes(grid):
    with pytest.raises(ValueError, match="2 or 3 axes"):
        NetworkFacts("model", grid, 1, 2)
