"""Texts of the region of interest: the reference mask, and the share of evidence inside it."""

OPEN_MASK = "Open reference mask…"
MASK_FILTER = "Masks (*.png *.jpg *.bmp *.tif *.tiff *.nii *.nii.gz *.dcm);;All files (*)"


def inside(title: str, share: float | None, covered: float, no_share: str = "") -> str:
    """The share of a map's positive evidence in the region; no_share: why there is none."""
    size = f"the region covers {percent_of(covered)} of the image"
    if not title:
        return f"{size[0].upper()}{size[1:]}."
    if no_share:
        return f"{title}: {no_share} {size[0].upper()}{size[1:]}."
    if share is None:
        return f"{title} contains no positive evidence; {size}."
    return f"{percent_of(share)} of the positive evidence of {title} lies inside; {size}."


def percent_of(share: float) -> str:
    return f"{100 * share:.1f} %" if share < 0.01 else f"{100 * share:.0f} %"


def in_region(symbol: str, share: float) -> str:
    return f"{symbol} {percent_of(share)} in the region"
