"""The window: panels draw, states decide, widgets are parts that several panels use."""
