"""Judging maps: performance information curves and the verdicts drawn from them."""
