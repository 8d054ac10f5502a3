"""The worked pictures of pictures of the network: in the order of the folders, with the image before them."""

from io import BytesIO

import numpy as np
from PIL import Image

from training.visualisation_pictures import GAP, SIDE, side_by_side


def test_that_pictures_stand_side_by_side_in_their_order() -> None:
    dark, bright = np.zeros((10, 10)), np.full((20, 20), 200)
    with Image.open(BytesIO(side_by_side([dark, bright]))) as picture:
        assert picture.format == "WEBP"
        values = np.asarray(picture.convert("L"))
    assert values.shape == (SIDE, 2 * SIDE + GAP)
    assert values[:, : SIDE - 8].max() < 20
    assert values[:, SIDE + GAP + 8 :].min() > 180
