"""Texts of the panel Reveal: the images at each step of a curve."""

from core.number_text import exact_percent

REVEAL = "Reveal"
REVEAL_MAP = "Map"
REVEAL_NEEDS_CURVES = (
    "This panel shows the image at each step of a curve, and the model's prediction for it."
    " Draw the curves first."
)
REVEAL_UNDEFINED = "This image has no curve under this protocol, so there is nothing to reveal."
MAKING_PICTURES = "Preparing the images…"
DIRECTION = "Order"
DIRECTIONS = {"top": "Highest values first", "bottom": "Lowest values first"}
GO_TO_CURVES = "Draw curves"
ONLY_FROM_TOP = "The protocol PAIR reveals the highest values first only."
PIN_TIP = "Click to see the image at this position in Reveal"
REVEALED_PICTURES = "Revealed images"


def revealed_share(share: float) -> str:
    if share <= 0:
        return "blurred"
    return "whole image" if share >= 1 else exact_percent(share)


def revealed_class(name: str, is_followed: bool) -> str:
    """is_followed: whether it is the class that the curve follows."""
    return f"✓ {name}" if is_followed else f"✗ {name}"


def class_probability(name: str, probability: float, is_mean: bool) -> str:
    """is_mean: over the shifted grids."""
    return f"{name} {probability:.2f}" + (" (mean)" if is_mean else "")


def step_sentence(
    title: str, from_top: bool, share: float, predicted: str, name: str, probability: float
) -> str:
    """One image of the strip. predicted: the predicted class, empty where it was not recorded."""
    order = "highest" if from_top else "lowest"
    if share <= 0:
        what = "The blurred image, with nothing revealed"
    elif share >= 1:
        what = "The whole image"
    else:
        what = f"The {exact_percent(share)} of the image ranked {order} by {title}"
    if predicted:
        return f"{what}: predicted class {predicted}; the probability of {name} is {probability:.2f}."
    return f"{what}: the probability of {name} is {probability:.2f} (mean over the shifted grids)."


def sufficient_share(title: str, share: float | None, name: str) -> str:
    """share: from which on the class is always predicted; None where it never is before the end."""
    if share is None:
        return f"{name} is predicted only when the whole image is shown."
    if share <= 0:
        return f"{name} is already predicted from the blurred image, so this strip shows little."
    return f"The {exact_percent(share)} ranked highest by {title} are sufficient to predict {name}."
