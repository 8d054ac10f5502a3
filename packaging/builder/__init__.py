"""Builds the installed program and its packages; run by `python dev.py package`. Standard library only."""
