"""The window and the command line; knows Qt, never the framework of the networks."""
