"""Methods of the family gradient: gradients at the image."""
