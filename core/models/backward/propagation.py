"""One pass through a network and back, in which each kind of layer follows the rule of a composite."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from core.models.backward.canonizer import with_merged_norms
from core.models.backward.rules import (
    alpha_beta,
    epsilon,
    flat,
    gamma,
    rescale,
    share,
    w_square,
    z_box,
)
from core.models.backward.rules.linear_call import LinearCall, like_in_shape, stabilised
from core.models.backward.steps import (
    ActivationStep,
    AddStep,
    AffineStep,
    AverageStep,
    GateStep,
    LinearStep,
    MaximumStep,
    Step,
    vector_jacobian,
)
from core.models.runtime import frameworks
from core.network.composite import (
    AlphaBeta,
    Composite,
    Epsilon,
    Flat,
    Gamma,
    LinearRule,
    Slope,
    WSquare,
    ZBox,
    ZPlus,
)


@dataclass(frozen=True, slots=True)
class Pass:
    """What a way through the network left: every step's output."""

    outputs: list[Any]

    @property
    def logits(self) -> Any:
        """(n, classes)."""
        return self.outputs[-1]


class Propagation:
    """The passes of one network under one composite; to be called while a graph is traced."""

    def __init__(self, steps: tuple[Step, ...], composite: Composite) -> None:
        """steps: see `core.models.backward.reading`."""
        self.composite = composite
        self._steps = with_merged_norms(steps) if composite.merges_batch_norm else steps
        self._first = _first_linear(self._steps)
        self._nonnegative: list[bool] = []
        for step in self._steps:
            self._nonnegative.append(step.is_nonnegative([self._nonnegative[each] for each in step.inputs]))

    def forward(self, x: Any) -> Pass:
        """From inputs (n, *grid, channels) to logits; with baselines behind them, (2n, *grid, channels)."""
        outputs: list[Any] = []
        for step in self._steps:
            inputs = [outputs[each] for each in step.inputs] or [x]
            outputs.append(step.apply(*inputs))
        return Pass(outputs)

    def backward(self, passed: Pass, signal: Any) -> Any:
        """(n, *grid, channels) what arrives at the input of `signal` (n, classes) at the logits."""
        _, tf = frameworks()
        signals = {len(self._steps) - 1: signal}
        for number in reversed(range(1, len(self._steps))):
            if number not in signals:
                continue
            arrived = signals.pop(number)
            # What a rule computes beside the pass forward waits for its turn, so that it takes no memory.
            with tf.control_dependencies([arrived]):
                handed_on = self._handed_on(number, passed, arrived)
            for each, part in zip(self._steps[number].inputs, handed_on, strict=True):
                if part is not None:
                    signals[each] = signals[each] + part if each in signals else part
        return signals[0]

    def _handed_on(self, number: int, passed: Pass, signal: Any) -> Sequence[Any]:
        """What a step hands on to each of its inputs; None to one that gets nothing."""
        step, composite = self._steps[number], self.composite
        tensors, output = [passed.outputs[each] for each in step.inputs], passed.outputs[number]
        if isinstance(step, LinearStep):
            return [_linear_rule(self._rule_of(number))(self._call(number, passed), signal)]
        if isinstance(step, ActivationStep):
            return [self._behind_activation(step, tensors[0], output, signal)]
        if isinstance(step, GateStep):
            return self._behind_gate(step, tensors, signal)
        if isinstance(step, AffineStep) and composite.starts_from_score:
            return [self._behind_affine(step, tensors[0], output, signal)]
        return self._behind_other(step, tensors, output, signal)

    def _behind_other(self, step: Step, tensors: list[Any], output: Any, signal: Any) -> Sequence[Any]:
        """Of pooling, sums and rearrangements, and of what is linear where there is no relevance."""
        composite = self.composite
        rule = {AddStep: composite.add, AverageStep: composite.average}.get(type(step), "slope")
        if rule == "share":
            return share.relevance(step, tensors, output, signal, composite.stabiliser)
        if composite.needs_baselines and isinstance(step, MaximumStep):
            return [rescale.maximum(step, tensors[0], output, signal)]
        if composite.needs_baselines:  # linear: the same for inputs and baselines
            tensors = [like_in_shape(tensor, signal) for tensor in tensors]
        return vector_jacobian(step.apply, tensors, signal)

    def _rule_of(self, number: int) -> LinearRule:
        step = self._steps[number]
        assert isinstance(step, LinearStep)
        if number in self._first:
            return self.composite.first
        return self.composite.dense if step.is_dense else self.composite.convolution

    def _call(self, number: int, passed: Pass) -> LinearCall:
        """A linear step in this pass. With baselines it sees the inputs alone."""
        _, tf = frameworks()
        step = self._steps[number]
        assert isinstance(step, LinearStep)
        # Computed again: weights merged with a batch norm would all wait in memory for the way back.
        kernel = step.kernel()
        bias = tf.cast(step.bias(), kernel.dtype)
        x, z = passed.outputs[step.inputs[0]], passed.outputs[number]
        if self.composite.needs_baselines:
            x, z = rescale.halves(x)[0], rescale.halves(z)[0]
        if not self.composite.has_biases:
            z, bias = step.product(x, kernel), bias * 0.0
        return LinearCall(
            step,
            x,
            z,
            kernel,
            bias,
            self._nonnegative[step.inputs[0]],
            self.composite.stabiliser,
            lambda tensor, as_values: self._carried(step.inputs[0], tensor, as_values),
            passed.outputs[0],
        )

    def _carried(self, number: int, tensor: Any, as_values: bool) -> Any:
        """A tensor of the network's input, brought to the output of a step before the first weights."""
        step = self._steps[number]
        if not step.inputs:
            return tensor
        inputs = [self._carried(each, tensor, as_values) for each in step.inputs]
        return inputs[0] if isinstance(step, AffineStep) and not as_values else step.apply(*inputs)

    def _behind_activation(self, step: ActivationStep, tensor: Any, output: Any, signal: Any) -> Any:
        _, tf = frameworks()
        rule = self.composite.activation
        if rule == "pass":
            return signal
        if rule == "rescale":
            return rescale.activation(step, tensor, signal)
        if rule == "deconvnet":
            return tf.nn.relu(signal)
        if rule == "guided":
            signal = tf.nn.relu(signal)
        return vector_jacobian(step.apply, [tensor], signal)[0]

    def _behind_gate(self, step: GateStep, tensors: Sequence[Any], signal: Any) -> Sequence[Any]:
        """Relevance goes through the signal alone, the gate being a factor like a weight."""
        if self.composite.starts_from_score:
            return [signal if place == step.signal else None for place in range(2)]
        if self.composite.needs_baselines:
            first, second = tensors
            return rescale.gate(step, first, second, signal)
        return vector_jacobian(step.apply, tensors, signal)

    def _behind_affine(self, step: AffineStep, tensor: Any, output: Any, signal: Any) -> Any:
        """Of a batch norm that was not merged, by the composite; a scaling of the input passes."""
        rule = self.composite.batch_norm if step.is_norm else "pass"
        if rule == "pass":
            return signal
        if rule == "slope":
            return signal * step.scale()
        return tensor * step.scale() * signal / stabilised(output, self.composite.stabiliser)


def _first_linear(steps: tuple[Step, ...]) -> frozenset[int]:
    """The linear steps with none before them."""
    is_behind: list[bool] = []
    first = set()
    for number, step in enumerate(steps):
        behind = any(is_behind[each] for each in step.inputs)
        if isinstance(step, LinearStep) and not behind:
            first.add(number)
        is_behind.append(behind or isinstance(step, LinearStep))
    return frozenset(first)


def _linear_rule(rule: LinearRule) -> Callable[[LinearCall, Any], Any]:
    """The function of a rule: relevance of the input from a call and the relevance of its output."""
    function: Callable[[LinearCall, Any], Any]
    match rule:
        case Slope():
            function = _slope
        case Epsilon(size):
            function = partial(epsilon.relevance, epsilon=size)
        case ZPlus():
            function = partial(alpha_beta.relevance, alpha=1.0)
        case AlphaBeta(alpha):
            function = partial(alpha_beta.relevance, alpha=alpha)
        case Gamma(factor):
            function = partial(gamma.relevance, gamma=factor)
        case WSquare():
            function = w_square.relevance
        case Flat():
            function = flat.relevance
        case ZBox(low, high):
            function = partial(z_box.relevance, low=low, high=high)
    return function


def _slope(call: LinearCall, signal: Any) -> Any:
    return call.transposed(call.kernel, signal)
