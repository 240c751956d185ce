"""A perceptron is one neuron: a weighted sum of inputs, a bias, and an activation; several side by
side make a layer."""

from typing import NamedTuple

import numpy as np

from nnlab import _checks
from nnlab._types import Array, ArrayLike, Rng
from nnlab.activations import ACTIVATIONS


def neuron(
    x: ArrayLike,
    w: ArrayLike,
    b: float = 0.0,
    activation: str = "sigmoid",
) -> Array:
    r"""The output of one neuron: $\hat y = g(w_0 + x^\top w)$, with the bias $b = w_0$.

    x is one sample (m,) or a batch (n, m), w is (m,); the answer is a number or (n,).

    >>> neuron([1.0, 2.0], [0.5, -0.25])
    np.float64(0.5)

    Source: thesis Eqs 1-2 and section "Bias"; report Eqs 8-9.
    """
    x, w = _checks.numbers("x", x), _checks.numbers("w", w, ndim=1)
    if x.ndim not in (1, 2) or x.shape[-1] != len(w):
        raise ValueError(f"x must have {len(w)} entries, like w, got shape {x.shape}")
    name = _checks.choice("activation", activation, ACTIVATIONS)
    return ACTIVATIONS[name].function(x @ w + float(b))


def multi_output(x: ArrayLike, W: ArrayLike, b: ArrayLike, activation: str = "sigmoid") -> Array:
    r"""Several neurons on the same inputs: output j is $g(b_j + \sum_k x_k W_{kj})$.

    W is (m, outputs), b is (outputs,): one column a neuron.

    >>> multi_output([1.0, 2.0], [[1.0, 0.0], [0.0, 1.0]], [0.0, -2.0], "linear")
    array([1., 0.])

    Source: thesis section 2.2.2, Figure 6.
    """
    x, W = _checks.numbers("x", x), _checks.numbers("W", W, ndim=2)
    b = _checks.numbers("b", b, ndim=1)
    if x.ndim not in (1, 2) or x.shape[-1] != W.shape[0] or b.shape != W.shape[1:]:
        raise ValueError(
            "shapes must be x (n, m) or (m,), W (m, outputs), b (outputs,); "
            f"got {x.shape}, {W.shape}, {b.shape}"
        )
    name = _checks.choice("activation", activation, ACTIVATIONS)
    return ACTIVATIONS[name].function(x @ W + b)


def classify(x: ArrayLike, w: ArrayLike, b: float) -> Array:
    """The classic perceptron's answer: 1 where x . w + b is positive, else 0.

    >>> classify([[1.0, 1.0], [-1.0, -1.0]], [1.0, 1.0], 0.0)
    array([1, 0])
    """
    return (neuron(x, w, b, "linear") > 0).astype(np.intp)


def perceptron_step(
    w: ArrayLike, b: float, x: ArrayLike, y: int, lr: float = 1.0
) -> tuple[Array, float]:
    r"""The learning rule, for one sample x (m,) with label y in {0, 1}: $w \leftarrow w + \eta\,(y
    - \hat y)\,x$.

    Right answers change nothing. A missed 1 adds x to w, a false 1 subtracts it; the bias moves
    alike, as for an input that is always 1.

    >>> perceptron_step([0.0, 0.0], 0.0, [2.0, 1.0], 1)
    (array([2., 1.]), 1.0)

    Source: Rosenblatt 1958.
    """
    w, x = _checks.numbers("w", w, ndim=1), _checks.numbers("x", x, ndim=1)
    if y not in (0, 1):
        raise ValueError(f"the label must be 0 or 1, got {y!r}")
    error = int(y) - int(classify(x, w, b))
    return w + lr * error * x, float(b) + lr * error


class Learned(NamedTuple):
    """What the learning rule found: weights, bias, the mistakes of each epoch, and whether the last
    epoch had none."""

    w: Array
    b: float
    mistakes: list[int]
    converged: bool


def learn(X: ArrayLike, y: ArrayLike, lr: float = 1.0, epochs: int = 100, *, rng: Rng) -> Learned:
    """Apply the learning rule to one sample after another, in a new random order each epoch, until
    an epoch passes without a mistake.

    If a line (a hyperplane) separates the classes, that happens after finitely many mistakes; if
    none does, as for XOR, it never happens, and the epochs run out.

    >>> X = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
    >>> learn(X, [0, 0, 0, 1], rng=np.random.default_rng(0)).converged      # AND
    True
    >>> learn(X, [0, 1, 1, 0], rng=np.random.default_rng(0)).converged      # XOR
    False

    Source: Rosenblatt 1958; Novikoff 1962 for the bound on mistakes.
    """
    X = _checks.samples("X", X)
    _checks.finite("X", X)
    y = _checks.class_labels(y, len(X), 2)
    lr = _checks.positive("lr", lr)
    _checks.generator(rng)
    w, b = np.zeros(X.shape[1]), 0.0
    mistakes: list[int] = []
    for _ in range(_checks.whole("epochs", epochs)):
        wrong = 0
        for i in rng.permutation(len(X)):
            new_w, new_b = perceptron_step(w, b, X[i], int(y[i]), lr)
            wrong += new_b != b  # the bias moves with every mistake
            w, b = new_w, new_b
        mistakes.append(int(wrong))
        if wrong == 0:
            break
    return Learned(w, b, mistakes, mistakes[-1] == 0)
