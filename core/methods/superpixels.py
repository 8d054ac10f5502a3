"""Superpixels and supervoxels by SLIC (Achanta et al. 2012, doi 10.1109/TPAMI.2012.120)."""

from core.arrays import Array

# On intensities from 0 to 1: compact enough that noise does not tear segments apart, which are then joined.
COMPACTNESS, SIGMA = 0.3, 1.0


def slic_labels(scaled: Array, count: int) -> Array:
    """(*grid,) labels from 0 of about `count` segments of an input (*grid, channels) scaled to 0 to 1.

    In a volume distances count alike along all three axes, in voxels.
    """
    # Imported late: the window lists the methods and never runs one.
    from skimage import segmentation

    labels: Array = segmentation.slic(
        scaled,
        n_segments=count,
        compactness=COMPACTNESS,
        sigma=SIGMA,
        convert2lab=False,
        start_label=0,
        channel_axis=-1,
    )
    return labels
