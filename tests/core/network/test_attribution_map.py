"""Attribution maps: their cells have the axes of their values."""

import numpy as np
import pytest

from core.network.attribution_map import AttributionMap


@pytest.mark.parametrize(("shape", "cells"), [((4, 5), (4, 5, 1)), ((3, 4, 5), (4, 5)), ((4, 5), ())])
def test_that_cells_of_other_axes_than_the_values_are_refused(shape, cells):
    with pytest.raises(ValueError, match=f"a map of {len(shape)} axes has no cells of {len(cells)}"):
        AttributionMap(np.zeros(shape, np.float32), signed=True, cells=cells)
    assert AttributionMap(np.zeros(shape, np.float32), signed=True, cells=shape).cells == shape
