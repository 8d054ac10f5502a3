"""Methods of the family activation: weighted activations of a layer."""
