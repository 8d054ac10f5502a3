"""Slices, identity, geometry, regions, windows, and the way between network grid and pixels."""

from core.images.grid_map import GridMap
from core.images.slice import Identity, Slice, Window

__all__ = ["GridMap", "Identity", "Slice", "Window"]
