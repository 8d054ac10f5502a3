"""Methods of the family surrogate: simple models of the network around one image, over its segments."""
