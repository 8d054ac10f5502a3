"""Colours that the window and reports share, as #rrggbb."""

# Of curves, on light and dark ground, in the order of the maps; of control maps.
ON_LIGHT = ("#1d68bd", "#9c4d07", "#17703d", "#7a3fb5", "#b8316a", "#0a6a71", "#665e00")
ON_DARK = ("#5aa2f0", "#f2a65a", "#6fcf97", "#c792ea", "#f27da8", "#5fd3d0", "#d9d36a")
CONTROL_ON_LIGHT, CONTROL_ON_DARK = "#5f6977", "#a2a9b4"
# The background of images is dark in both schemes: a bright surround changes how greys are perceived.
IMAGE_FIELD = "#0b0c0e"
IMAGE_TEXT = "#c3c9d2"
IMAGE_QUIET = "#8e97a3"
