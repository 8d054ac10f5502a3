"""Integrals over a path from 0 to 1: fixed rules, and one that refines where the score bends."""

from collections.abc import Callable
from typing import Literal

import numpy as np

from core.arrays import Array

FixedRule = Literal["gauss_legendre", "trapezoid", "pair"]
# The adaptive rule starts from this many panels; fewer may miss a bend between two points.
FIRST_PANELS = 16
# It then halves this many panels at a time: few, to stop soon; enough to fill most of a batch.
PANELS_AT_A_TIME = 4


def quadrature(rule: FixedRule, steps: int) -> tuple[Array, Array]:
    """Nodes in [0, 1] and weights, each (steps,) float64; two steps or more.

    Gauss-Legendre is exact for polynomials up to degree 2 steps - 1. PAIR's rule takes equal
    weights with both ends, which overrates the ends: x cubed comes out 1/(2(steps - 1)) too large.
    The trapezoid rule is the same with both ends halved.
    """
    if rule == "gauss_legendre":
        nodes, weights = np.polynomial.legendre.leggauss(steps)
        return (nodes + 1) / 2, weights / 2
    if rule == "pair":
        return np.linspace(0.0, 1.0, steps), np.full(steps, 1.0 / steps)
    weights = np.full(steps, 1.0 / (steps - 1))
    weights[[0, -1]] /= 2
    return np.linspace(0.0, 1.0, steps), weights


def spread_order(count: int) -> Array:
    """(count,) 0 to count - 1 so that every beginning of the order is spread over the whole range."""
    bits = max(count - 1, 1).bit_length()
    numbers = np.arange(1 << bits)
    reversed_bits = sum(((numbers >> bit) & 1) << (bits - 1 - bit) for bit in range(bits))
    order = np.asarray(reversed_bits)
    return order[order < count]


class AdaptivePath:
    """The trapezoid rule on panels that are halved where they err most.

    The score is known at every node, so each panel's error is measured: the integral of
    the slope over a panel must be the rise of the score across it.
    """

    def __init__(self, panels: int) -> None:
        self._panels = panels
        self._nodes = np.zeros(0)
        self._scores = np.zeros(0)
        self._slopes = np.zeros(0)
        self._gradients: dict[float, Array] = {}
        self.integral: Array = np.zeros(())

    def next_nodes(self) -> Array:
        """(n,) the nodes to evaluate next."""
        if not self.points:
            return np.linspace(0.0, 1.0, self._panels + 1)
        worst = np.argsort(-np.abs(self._errors()), kind="stable")[:PANELS_AT_A_TIME]
        return (self._nodes[worst] + self._nodes[worst + 1]) / 2

    def add(self, nodes: Array, scores: Array, slopes: Array, gradients: Array) -> None:
        """Take in the nodes (n,): score and its slope along the path, each (n,), and gradients (n, ...)."""
        for node, gradient in zip(nodes, gradients, strict=True):
            self._gradients[float(node)] = gradient
            self.integral = self.integral + self._gain(float(node), gradient)
        order = np.argsort(np.concatenate([self._nodes, nodes]), kind="stable")
        self._nodes = np.concatenate([self._nodes, nodes])[order]
        self._scores = np.concatenate([self._scores, scores.astype(np.float64)])[order]
        self._slopes = np.concatenate([self._slopes, slopes.astype(np.float64)])[order]

    @property
    def points(self) -> int:
        """How many nodes were evaluated."""
        return len(self._nodes)

    @property
    def rise(self) -> float:
        """The score at the end of the path minus that at its start."""
        return float(self._scores[-1] - self._scores[0])

    @property
    def error(self) -> float:
        """The integral of the slope minus the rise."""
        return float(self._errors().sum())

    def _gain(self, node: float, gradient: Array) -> Array:
        """What a node adds to the integral; float64."""
        new = gradient.astype(np.float64)
        if not self.points:
            return new * ((0.5 if node in (0.0, 1.0) else 1.0) / self._panels)
        right = int(np.searchsorted(self._nodes, node))
        left, width = right - 1, float(self._nodes[right] - self._nodes[right - 1])
        ends = self._gradients[float(self._nodes[left])] + self._gradients[float(self._nodes[right])]
        return width / 2 * new - width / 4 * ends

    def _errors(self) -> Array:
        """(panels,)."""
        means = (self._slopes[1:] + self._slopes[:-1]) / 2
        return means * np.diff(self._nodes) - np.diff(self._scores)


Evaluate = Callable[[Array], tuple[Array, Array, Array]]


def integrated_adaptively(
    evaluate: Evaluate, is_enough: Callable[[AdaptivePath], bool], most_points: int
) -> AdaptivePath:
    """The path refined until `is_enough` or `most_points` (two or more) are reached.

    evaluate: nodes (n,) to scores (n,), slopes (n,) and gradients (n, ...).
    """
    path = AdaptivePath(min(FIRST_PANELS, most_points - 1))
    while True:
        nodes = path.next_nodes()[: most_points - path.points]
        path.add(nodes, *evaluate(nodes))
        if path.points >= most_points or is_enough(path):
            return path
