"""Texts of the page of pictures of the network: what is maximised, how far it is, what a picture is not."""

from core.number_text import percent, significant
from core.results.visualisation import STATEMENT

TITLE = "What the network looks for"
MENU = "What the network looks for…"
LABEL = STATEMENT
EXPLANATION = (
    "It shows what the network answers to most strongly. It says nothing of a patient, and nothing of how a"
    " disease looks."
)
OF_IMAGE = "It began with the open image and was changed by the network: nothing in it is a finding."
VISUALISATION, KIND, CLASS, LAYER = "Picture", "Maximise", "Class", "Layer"
CHANNEL, ROW, COLUMN, SEED = "Channel", "Row", "Column", "Seed"
KIND_TIP = (
    "A class: its logit. A channel: its mean over the layer's grid. A unit: a channel at one position."
    " A layer: half the sum of squares of all that it gives."
)
KINDS = {
    "class": "a class",
    "channel": "a channel",
    "unit": "a unit",
    "layer": "a layer",
}
START, CANCEL, SAVE, ABOUT = "Make the picture", "Cancel", "Save picture…", "About this picture"
PICTURE = "Picture of the network"
SCORES = "Score by step"
SAVE_FILTER = "PNG (*.png)"
FILE_NAME = "network-picture.png"
NEEDS_MODEL = "Choose a model first."
NEEDS_IMAGE = "This one begins with the open image: open an image first."
NEEDS_LAYERS = "Open an image first: the model's layers are known once it has been loaded for one."
EMPTY = "Choose what is to be maximised and press “Make the picture”."
AT_WORK = "Making a picture of the network"


def step(done: int, total: int) -> str:
    """How far the search is."""
    return f"Step {done} of {total}" if total else "Starting…"


def course(start: float, end: float) -> str:
    """The score while the search runs."""
    return f"Score {significant(start)} at the start, {significant(end)} now."


def result(what: str, start: float, end: float, steps: int) -> str:
    """What was maximised, and the score after the search."""
    course = f"score {significant(start)} at the start, {significant(end)} after {steps} steps"
    return f"{what[:1].upper()}{what[1:]}: {course}."


def answer(words: str, share: float) -> str:
    """What the network says of the picture. words: of the class with the highest probability."""
    return f"The network calls this picture {words} ({percent(share)})."


def caption(title: str, maximised: str, model: str) -> str:
    """The line below a saved picture."""
    return f"{title}: {maximised}, {model}"
