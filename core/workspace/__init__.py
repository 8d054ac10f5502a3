"""Workspaces: everything that was done with some images, in one file that can be opened and replayed."""
