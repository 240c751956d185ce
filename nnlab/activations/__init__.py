"""An activation function bends a neuron's weighted sum z; each stands beside its derivative."""

from nnlab.activations.elementwise import (
    ACTIVATIONS,
    Activation,
    leaky_relu,
    leaky_relu_derivative,
    linear,
    linear_derivative,
    relu,
    relu_derivative,
    sigmoid,
    sigmoid_derivative,
    tanh,
    tanh_derivative,
)
from nnlab.activations.probabilities import softmax, softmax_backward, softmax_derivative

__all__ = [
    "ACTIVATIONS",
    "Activation",
    "leaky_relu",
    "leaky_relu_derivative",
    "linear",
    "linear_derivative",
    "relu",
    "relu_derivative",
    "sigmoid",
    "sigmoid_derivative",
    "softmax",
    "softmax_backward",
    "softmax_derivative",
    "tanh",
    "tanh_derivative",
]
