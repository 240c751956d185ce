"""A network joins layers, activations and a loss, with all of its parameters in one flat vector."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from nnlab import _checks
from nnlab._types import Array, ArrayLike, Rng
from nnlab.activations import ACTIVATIONS, sigmoid, softmax
from nnlab.initialization import INITIALIZATIONS
from nnlab.layers import backward, forward, layer_views, parameter_count
from nnlab.losses import LOSSES


class Network:
    """A fully connected network.

    - widths: inputs, hidden layers, outputs, as in [784, 128, 10]
    - activation: of the hidden layers, one name for all or a list with a name for each
    - loss: "squared_error", "absolute_error", "huber", "cross_entropy" (of softmax outputs) or
      "binary_cross_entropy" (of sigmoid outputs)
    - output: activation of the last layer; the two cross-entropies bring their own
    - l2: weight of the L2 penalty, lambda/2 times the sum of all squared weights
    - initial: "glorot", "he" or "normal" weights; biases start at zero
    - rng: where the initial weights come from
    - dtype: float64, or float32 for speed; data are brought to it

    theta holds all parameters and grad all their derivatives, [W1, b1, W2, b2, ...] flat; `layers`
    and `gradients` are views of the two, so an optimizer moves one vector and every layer has
    moved.

    >>> net = Network([2, 3, 1], "tanh", rng=np.random.default_rng(0))
    >>> net.theta.size
    13
    """

    def __init__(
        self,
        widths: Sequence[int],
        activation: str | Sequence[str] = "relu",
        *,
        loss: str = "squared_error",
        output: str = "linear",
        l2: float = 0.0,
        initial: str = "glorot",
        rng: Rng,
        dtype: Any = np.float64,
    ) -> None:
        self.widths = list(widths)
        self.theta = np.zeros(parameter_count(self.widths), dtype=dtype)
        if self.theta.dtype.kind != "f":
            raise TypeError(f"dtype must be a float type, got {self.theta.dtype}")
        self.loss_name = _checks.choice("loss", loss, LOSSES)
        self.fused_output = LOSSES[loss].output
        if self.fused_output is not None and output not in ("linear", self.fused_output):
            raise ValueError(f"{loss} brings its own output, {self.fused_output}; leave output out")
        # A fused loss wants logits: Algorithm 6.1 leaves the last layer without an activation.
        last = "linear" if self.fused_output else output
        self.activations = [*_hidden(activation, len(self.widths) - 2), last]
        for name in self.activations[:-1]:
            _checks.choice("activation", name, ACTIVATIONS)
        _checks.choice("output", last, [*ACTIVATIONS, "softmax"])
        if not 0 <= l2 < float("inf"):
            raise ValueError(f"l2 must be zero or positive, got {l2!r}")
        self.l2 = float(l2)
        self.grad = np.zeros_like(self.theta)
        self.layers = layer_views(self.theta, self.widths)
        self.gradients = layer_views(self.grad, self.widths)
        draw = INITIALIZATIONS[_checks.choice("initialization", initial, INITIALIZATIONS)]
        _checks.generator(rng)
        for W, _ in self.layers:
            W[:] = draw(W.shape[0], W.shape[1], rng)

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Make a copy, or a network sent from another process, whole: its layers are views again."""
        self.__dict__.update(state)
        self.layers = layer_views(self.theta, self.widths)
        self.gradients = layer_views(self.grad, self.widths)

    @property
    def classifies(self) -> bool:
        """Whether the loss is a cross-entropy, so that predictions are classes."""
        return self.fused_output is not None

    def check(self, X: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
        """Return X and y as this network wants them, or say what is wrong with them."""
        X, n_out = self._inputs(X), self.widths[-1]
        if self.loss_name == "cross_entropy":
            y = _checks.class_labels(y, len(X), n_out)
            return X, y.astype(self.theta.dtype, copy=False) if y.ndim == 2 else y
        y = _checks.numbers("y", y)
        came = y.shape
        if y.ndim == 1 and n_out == 1:
            y = y[:, None]
        if y.shape != (len(X), n_out):
            raise ValueError(f"y must have shape {(len(X), n_out)} to match X, got {came}")
        _checks.finite("y", y)
        if self.classifies:
            _checks.binary_targets(y)
        return X, y.astype(self.theta.dtype, copy=False)

    def loss(self, X: ArrayLike, y: ArrayLike) -> float:
        """Return the cost J: the mean loss over the samples, plus the L2 penalty."""
        return self.evaluate(X, y)[0]

    def accuracy(self, X: ArrayLike, y: ArrayLike) -> float:
        """Return the share of samples whose every output is answered rightly."""
        if not self.classifies:
            raise ValueError(
                f"accuracy needs a cross-entropy loss; this network has {self.loss_name}"
            )
        return self.evaluate(X, y)[1]

    def evaluate(self, X: ArrayLike, y: ArrayLike) -> tuple[float, float]:
        """Return the cost J and the accuracy (NaN for a regression) from one forward pass."""
        X, y = self.check(X, y)
        last = forward(X, self.layers, self.activations)[-1]
        loss = LOSSES[self.loss_name].kernel(last, y)[0] + self._penalty()
        return loss, float(self.right(last, y).mean()) if self.classifies else math.nan

    def loss_and_gradient(self, X: ArrayLike, y: ArrayLike) -> tuple[float, Array]:
        """Return the cost J and its gradient, like theta; the array is `self.grad` and the next
        call writes over it."""
        X, y = self.check(X, y)
        loss, _ = self.backpropagate(X, y)
        return loss, self.grad

    def backpropagate(self, X: Array, y: Array) -> tuple[float, Array]:
        """Run Algorithm 6.1 on a mini-batch that `check` has passed; fill `self.grad`, return J and
        the last outputs."""
        outputs = forward(X, self.layers, self.activations)
        loss, dA = LOSSES[self.loss_name].kernel(outputs[-1], y)
        backward(outputs, self.layers, self.activations, dA, out=self.gradients)
        if self.l2:
            for (W, _), (dW, _) in zip(self.layers, self.gradients, strict=True):
                dW += self.l2 * W
            loss += self._penalty()
        return loss, outputs[-1]

    def outputs(self, X: ArrayLike) -> Array:
        """Return the network's outputs (n, outputs): probabilities if it classifies, else
        numbers."""
        last = forward(self._inputs(X), self.layers, self.activations)[-1]
        if self.fused_output == "softmax":
            return softmax(last)
        return sigmoid(last) if self.fused_output == "sigmoid" else last

    def predict(self, X: ArrayLike) -> Array:
        """Return what the network answers: class labels (n,), 0/1 for binary outputs, or numbers;
        (n,) if one output."""
        answer = self.decide(forward(self._inputs(X), self.layers, self.activations)[-1])
        return answer[:, 0] if answer.ndim == 2 and answer.shape[1] == 1 else answer

    def decide(self, last: Array) -> Array:
        """Turn the last layer's outputs into answers: the likeliest class, or 1 where a logit is
        positive."""
        if self.fused_output == "softmax":
            return last.argmax(axis=1)
        return (last > 0).astype(np.intp) if self.fused_output == "sigmoid" else last

    def right(self, last: Array, y: Array) -> Array:
        """Return, for each sample, whether the last layer's outputs decide for the target
        (checked)."""
        if self.fused_output == "softmax":
            return self.decide(last) == (y if y.ndim == 1 else y.argmax(axis=1))
        return (self.decide(last) == (y > 0.5)).all(axis=1)

    def _inputs(self, X: ArrayLike) -> Array:
        X = _checks.samples("X", X)
        if X.shape[1] != self.widths[0]:
            raise ValueError(f"X must have {self.widths[0]} columns, got shape {X.shape}")
        _checks.finite("X", X)
        return X.astype(self.theta.dtype, copy=False)

    def _penalty(self) -> float:
        if not self.l2:
            return 0.0
        return self.l2 / 2 * float(sum(np.vdot(W, W) for W, _ in self.layers))


def _hidden(activation: str | Sequence[str], count: int) -> list[str]:
    if isinstance(activation, str) or not isinstance(activation, Iterable):
        names = [activation] * count
    else:
        names = list(activation)
    if len(names) != count:
        raise ValueError(f"{count} hidden layer(s) need {count} activation(s), got {names}")
    return names
