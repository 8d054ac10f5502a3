"""Explanations measured over a data set: an index in, independent tasks, rows and summaries out."""
