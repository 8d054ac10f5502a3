"""Cards, bundles and handles: the network as the rest of the program sees it."""
