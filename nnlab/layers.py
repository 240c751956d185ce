"""A network as plain functions: layers [(W, b), ...], a forward pass, and the backward pass of
Algorithm 6.1.

Rows are samples: a layer maps X (n, in) to g(X @ W + b) (n, out), with W (in, out) and b (out,).
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from nnlab import _checks
from nnlab._types import Array
from nnlab.activations import ACTIVATIONS, softmax, softmax_backward

Layers = Sequence[tuple[Array, Array]]


def forward(X: Array, layers: Layers, activations: Sequence[str]) -> list[Array]:
    """Return the outputs of all layers, [A0 = X, A1, ..., AL]; the backward pass needs every one of
    them.

    >>> import numpy as np
    >>> hidden = np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([0.0, -1.0])
    >>> output = np.array([[1.0], [-2.0]]), np.array([0.0])
    >>> X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    >>> forward(X, [hidden, output], ["relu", "linear"])[-1].ravel()      # the lecture's XOR
    array([0., 1., 1., 0.])

    Source: lecture Algorithm 6.1, lines 2-6; thesis Eqs 6-9; report Eqs 10-12.
    """
    outputs = [X]
    for (W, b), name in zip(layers, activations, strict=True):
        Z = np.dot(outputs[-1], W)
        Z += b
        outputs.append(_activate(Z, name))
    return outputs


def backward(
    outputs: Sequence[Array],
    layers: Layers,
    activations: Sequence[str],
    dA: Array,
    out: Layers | None = None,
) -> list[tuple[Array, Array]]:
    """Return the gradient of the loss for each layer, [(dW, db), ...], like `layers`.

    outputs is what `forward` returned, dA the gradient of the loss with respect to the last of them
    (the mean over samples is in it already). `out` may name arrays, like `layers`, to write the
    gradients into.

    Source: lecture Algorithm 6.1, lines 14-20; thesis Eqs 11-16; report Eqs 13-15.
    """
    if out is None:
        out = [(np.empty_like(W), np.empty_like(b)) for W, b in layers]
    grads = list(out)
    D = dA
    for i in reversed(range(len(layers))):
        spare = None if D is dA else D  # dA is the caller's; what we made, we write over
        # dZ = dA * g'(Z)
        D = _through_activation(D, outputs[i + 1], activations[i], out=spare)
        dW, db = grads[i]
        np.dot(outputs[i].T, D, out=dW)  # dot, not @: ten times faster for one sample
        np.add.reduce(D, axis=0, out=db)
        if i > 0:  # dA of the layer below, through the weights that made the forward pass
            D = np.dot(D, layers[i][0].T)
    return grads


def _activate(Z: Array, name: str) -> Array:
    if name == "linear":
        return Z
    if name == "relu":
        return np.maximum(Z, 0, out=Z)  # in place: for all of MNIST, Z is 30 MB
    return softmax(Z) if name == "softmax" else ACTIVATIONS[name].function(Z)


def _through_activation(dA: Array, A: Array, name: str, out: Array | None) -> Array:
    if name == "linear":
        return dA
    if name == "softmax":
        return softmax_backward(A, dA)
    return np.multiply(dA, ACTIVATIONS[name].from_output(A), out=out)


def layer_views(theta: Array, widths: Sequence[int]) -> list[tuple[Array, Array]]:
    """Cut a flat vector into layers [(W, b), ...] that share its memory: change one, and you change
    the other.

    >>> import numpy as np
    >>> [(W.shape, b.shape) for W, b in layer_views(np.zeros(13), [2, 3, 1])]
    [((2, 3), (3,)), ((3, 1), (1,))]

    Source: lecture Eq. 6.17.
    """
    expected = parameter_count(widths)
    if theta.shape != (expected,):
        raise ValueError(
            f"widths {list(widths)} need {expected} parameters, got shape {theta.shape}"
        )
    views, start = [], 0
    for n_in, n_out in pairwise(widths):
        middle, end = start + n_in * n_out, start + (n_in + 1) * n_out
        views.append((theta[start:middle].reshape(n_in, n_out), theta[middle:end]))
        start = end
    return views


def parameter_count(widths: Sequence[int]) -> int:
    """Count the weights and biases of a network with these layer widths, inputs first.

    >>> parameter_count([784, 10]), parameter_count([784, 200, 10])
    (7850, 159010)

    Source: lecture Example 6.1.
    """
    if len(widths) < 2:
        raise ValueError(
            f"a network needs at least an input and an output width, got {list(widths)}"
        )
    for width in widths:
        _checks.whole("a layer's width", width)
    return sum((n_in + 1) * n_out for n_in, n_out in pairwise(widths))
