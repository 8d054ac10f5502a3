"""A package on purpose: tf-keras-vis installs one called `tests`, which would win over a plain folder."""
