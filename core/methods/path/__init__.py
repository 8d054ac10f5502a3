"""Methods of the family path: gradients along a path to the image."""
