"""What every public function of the ground floors promises: the dtype that goes in comes out, inputs
stay as they were, and no warning is raised."""

import importlib
import inspect

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nnlab import activations, datasets, layers, losses, optimizers, perceptron
from nnlab.batches import minibatches
from nnlab.descent import descend, steepest_descent
from nnlab.functions import QUADRATIC
from nnlab.gradcheck import gradcheck, numerical_gradient, relative_error

ROWS, COLUMNS = 4, 3
LAYERS = [("W", (COLUMNS, 2)), ("b", (2,))]


def same_steps(name):
    """Three steps of `name` from three gradients, each with the state the one before returned."""
    step = getattr(optimizers, f"{name}_step")

    def run(theta, *gradients):
        state = None
        for gradient in gradients:
            theta, new = step(theta, gradient, state)
            if state is not None:
                assert new is not state
                assert all((new[k] is not state[k]) for k in state if k != "t")
            state = new
        return theta, *(value for key, value in state.items() if key != "t")

    return run


def unit(x):
    return 1 / (1 + np.exp(-np.clip(x, -10, 10)))


A, B, V = (ROWS, COLUMNS), (ROWS, COLUMNS), (COLUMNS,)
LABELS = np.array([0, 2, 1, 1])
ELEMENTWISE = ["sigmoid", "tanh", "relu", "leaky_relu", "linear"]
PAIRS = ["squared_error", "absolute_error", "huber"]

CASES = {
    # name: the function, and the shapes of the arrays it gets
    **{name: (getattr(activations, name), [A]) for name in ELEMENTWISE},
    **{
        f"{name}_derivative": (getattr(activations, f"{name}_derivative"), [A])
        for name in ELEMENTWISE
    },
    "softmax": (activations.softmax, [A]),
    "softmax_derivative": (activations.softmax_derivative, [V]),
    "softmax_backward": (activations.softmax_backward, [A, B]),
    **{name: (getattr(losses, name), [A, B]) for name in PAIRS},
    **{f"{name}_gradient": (getattr(losses, f"{name}_gradient"), [A, B]) for name in PAIRS},
    "binary_cross_entropy": (lambda p, y: losses.binary_cross_entropy(unit(p), unit(y)), [A, B]),
    "binary_cross_entropy_gradient": (
        lambda p, y: losses.binary_cross_entropy_gradient(unit(p), unit(y)),
        [A, B],
    ),
    "binary_cross_entropy_from_logits": (
        lambda z, y: losses.binary_cross_entropy_from_logits(z, unit(y)),
        [A, B],
    ),
    "binary_cross_entropy_from_logits_gradient": (
        lambda z, y: losses.binary_cross_entropy_from_logits_gradient(z, unit(y)),
        [A, B],
    ),
    "softmax_cross_entropy": (lambda z: losses.softmax_cross_entropy(z, LABELS), [A]),
    "softmax_cross_entropy_gradient": (
        lambda z: losses.softmax_cross_entropy_gradient(z, LABELS),
        [A],
    ),
    "l2_penalty": (lambda W: losses.l2_penalty([W], 0.1), [A]),
    "l2_gradient": (lambda W: losses.l2_gradient(W, 0.1), [A]),
    "one_hot": (lambda x: losses.one_hot(LABELS, 3).astype(x.dtype), [V]),
    **{f"{name}_step": (same_steps(name), [V, V, V, V]) for name in optimizers.OPTIMIZERS},
    "neuron": (perceptron.neuron, [A, V]),
    "multi_output": (perceptron.multi_output, [A, (COLUMNS, 2), (2,)]),
    "perceptron_step": (lambda w, x: perceptron.perceptron_step(w, 0.5, x, 1, 0.1)[0], [V, V]),
    "forward": (
        lambda X, W, b: tuple(layers.forward(X, [(W, b)], ["tanh"])),
        [A, (COLUMNS, 2), (2,)],
    ),
    "backward": (
        lambda X, W, b, d: layers.backward(
            layers.forward(X, [(W, b)], ["tanh"]), [(W, b)], ["tanh"], d
        )[0],
        [A, (COLUMNS, 2), (2,), (ROWS, 2)],
    ),
    "layer_views": (lambda theta: layers.layer_views(theta, [1, 1, 1])[0], [(4,)]),
    "minibatches": (
        lambda X: next(minibatches(X, LABELS, 3, np.random.default_rng(0)))[0],
        [A],
    ),
    "split": (
        lambda X: datasets.split(X, LABELS, [0.5, 0.5], rng=np.random.default_rng(0))[0][0],
        [A],
    ),
    "Standardizer": (lambda X, other: datasets.Standardizer(X)(other), [A, B]),
    "unit_rows": (datasets.unit_rows, [A]),
    "numerical_gradient": (lambda x: numerical_gradient(lambda t: (t**2).sum(), x, 1e-2), [V]),
    "descend": (
        lambda x: descend(QUADRATIC.f, QUADRATIC.gradient, x, 0.1, steps=3).points,
        [(2,)],
    ),
}


def arrays(shape, dtype):
    moderate = st.floats(-50, 50, width=32).filter(lambda x: x == 0 or abs(x) > 1e-3)
    return hnp.arrays(dtype, shape, elements=moderate)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", CASES)
@settings(max_examples=25)
@given(data=st.data())
def test_dtype_in_is_dtype_out_and_inputs_stay(name, dtype, data):
    function, shapes = CASES[name]
    given_arrays = [data.draw(arrays(shape, dtype)) for shape in shapes]
    before = [array.copy() for array in given_arrays]
    for array in given_arrays:
        array.flags.writeable = False  # a write through any view is an error at once
    result = function(*given_arrays)
    for array, copy in zip(given_arrays, before, strict=True):
        np.testing.assert_array_equal(array, copy)
    for part in result if isinstance(result, tuple) else [result]:
        if not isinstance(part, np.ndarray) and isinstance(part, float):
            continue  # a loss is a Python number
        assert part.dtype == dtype


def test_other_kinds_of_input_are_taken_too():
    """Lists and integers become float64; a loss returns a plain number."""
    assert activations.relu([[1, -2]]).dtype == np.float64
    assert activations.relu([True, False]).dtype == np.float64
    assert activations.softmax(np.array([[1, 2]], dtype=np.int8)).dtype == np.float64
    assert type(losses.squared_error([1, 2], [3, 4])) is float
    assert type(losses.softmax_cross_entropy(np.float32([[1, 2]]), [1])) is float
    assert type(losses.l2_penalty([np.float32([[1]])], 0.1)) is float


@pytest.mark.parametrize("name", optimizers.OPTIMIZERS)
def test_the_dtype_of_theta_decides(name):
    theta, _ = getattr(optimizers, f"{name}_step")(np.float32([1, 2]), [0.1, 0.2])
    assert theta.dtype == np.float32


@pytest.mark.parametrize("name", optimizers.OPTIMIZERS)
def test_optimizers_in_place_keep_float32_under_any_schedule(name):
    """A rate of np.float64 would make temporaries of float64, and results that round otherwise."""
    thetas = []
    for rate in (lambda k: np.float64(0.1), 0.1):
        method, theta = optimizers.optimizer(name, lr=rate), np.ones(100, np.float32)
        for size in (0.5, 0.3, -0.7):
            gradient = np.linspace(size, 2 * size, 100, dtype=np.float32)
            before = gradient.copy()
            method.step(theta, gradient)
            np.testing.assert_array_equal(gradient, before)
        assert theta.dtype == np.float32
        assert {getattr(method, memory).dtype for memory in method.memory} <= {np.dtype("float32")}
        thetas.append(theta)
    np.testing.assert_array_equal(thetas[0], thetas[1])


@pytest.mark.parametrize("name", optimizers.OPTIMIZERS)
def test_both_forms_of_an_optimizer_have_the_same_defaults(name):
    def defaults(function):
        parameters = inspect.signature(function).parameters.items()
        return {key: p.default for key, p in parameters if p.default not in (p.empty, None)}

    method = optimizers.OPTIMIZERS[name]
    assert defaults(method) == defaults(getattr(optimizers, f"{name}_step"))


@pytest.mark.parametrize("name", optimizers.OPTIMIZERS)
def test_an_optimizer_shows_itself_as_it_is_made(name):
    method = optimizers.optimizer(name, lr=0.25)
    method.step(np.ones(2), np.ones(2))
    assert repr(eval(repr(method), vars(optimizers))) == repr(method)
    assert "(lr=0.25" in repr(method)


def test_descents_and_checks_leave_their_start_alone():
    start = np.array([3.0, -1.0])
    start.flags.writeable = False
    steepest_descent(QUADRATIC.f, QUADRATIC.gradient, start, steps=3)
    assert gradcheck(QUADRATIC.f, QUADRATIC.gradient, start).passed
    assert relative_error(start, start) == 0


@pytest.mark.parametrize("room", ["activations", "losses", "optimizers"])
def test_no_public_function_is_left_out(room):
    module = importlib.import_module(f"nnlab.{room}")
    functions = {name for name in module.__all__ if name[0].islower()} - {"optimizer"}
    assert functions <= set(CASES)
