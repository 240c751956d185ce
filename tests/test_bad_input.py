"""Bad input is refused at the door, with a message that shows what came and what is expected."""

import re

import numpy as np
import pytest

from nnlab import activations, initialization, losses, optimizers, perceptron
from nnlab.batches import minibatches
from nnlab.datasets import Standardizer, curve, line, moons, split, unit_rows
from nnlab.fractal import sgd_fractal
from nnlab.history import EarlyStopping
from nnlab.network import Network
from nnlab.optimizers import Adam, GradientDescent
from nnlab.training import fit

RNG = np.random.default_rng(0)
X = RNG.normal(size=(6, 3))
LABELS = np.array([0, 1, 0, 1, 1, 0])
NAN = X.copy()
NAN[4, 2] = np.nan
INF = X.copy()
INF[0, 1], INF[3, 0] = np.inf, -np.inf


def network(widths=(3, 4, 2), **settings):
    return Network(widths, **{"loss": "cross_entropy", "rng": RNG, **settings})


def regression():
    return network((3, 1), loss="squared_error")


def train(net=None, X=X, y=LABELS, optimizer=None, **settings):
    settings = {"rng": RNG, "batch_size": 2, **settings}
    return fit(net or network(), X, y, optimizer or Adam(), **settings)


def step(*arguments, state=None):
    return optimizers.adam_step(*arguments, state)


CASES = [
    # shapes
    (lambda: losses.squared_error([1, 2], [[1], [2]]), ValueError, "same shape, got (2,) and (2, 1"),
    (lambda: losses.squared_error(1.0, 2.0), ValueError, "shape (n,) or (n, k); got ()"),
    (lambda: losses.squared_error([], []), ValueError, "at least one sample, shape (n,) or (n, k)"),
    (lambda: losses.binary_cross_entropy([], []), ValueError, "at least one sample"),
    (lambda: losses.softmax_cross_entropy([1, 2], [1]), ValueError, "one row a sample, got shape (2,"),
    (lambda: losses.softmax_cross_entropy([[1, 2]], [[1, 0, 0]]), ValueError, "shape (1, 2), got (1, 3)"),
    (lambda: losses.softmax_cross_entropy([[1, 2]], [1, 0]), ValueError, "shape (1,), got (2,)"),
    (lambda: losses.one_hot([[0, 1]], 2), ValueError, "labels must have shape (n,), got (1, 2)"),
    (lambda: activations.softmax_backward([1, 2], [1]), ValueError, "same shape, got (2,) and (1,)"),
    (lambda: activations.softmax_derivative([[1, 2]]), ValueError, "1 dimension(s), got shape (1, 2)"),
    (lambda: network().loss(X[0], [0]), ValueError, "one sample is X[None, :]"),
    (lambda: network().loss(X[:, :2], LABELS), ValueError, "3 columns, got shape (6, 2)"),
    (lambda: network().loss(X, LABELS[:5]), ValueError, "labels must have shape (6,), got (5,)"),
    (lambda: regression().loss(X, np.zeros((6, 2))), ValueError, "shape (6, 1) to match X, got (6, 2)"),
    (lambda: regression().loss(X, np.zeros(5)), ValueError, "shape (6, 1) to match X, got (5,)"),
    (lambda: perceptron.neuron(X, [1, 2]), ValueError, "x must have 2 entries, like w, got shape (6, 3)"),
    (lambda: perceptron.multi_output(X, np.ones((3, 2)), [1]), ValueError, "got (6, 3), (3, 2), (1,)"),
    (lambda: step([1, 2], [1, 2, 3]), ValueError, "same shape, got (2,) and (3,)"),
    (lambda: step([1.0], [1.0], state={"t": 1, "m": 0}), ValueError, "the state lacks v; pass None"),
    (
        lambda: step([1.0], [1.0], state={"t": 1, "m": np.zeros(2), "v": np.zeros(1)}),
        ValueError,
        "state['m'] and theta must have the same shape, got (2,) and (1,)",
    ),
    (lambda: optimizers.gd_step([1.0], [1.0], 0.1), TypeError, "what the last step returned, or None; got 0.1"),
    (lambda: Adam().step(np.zeros(2), np.zeros(3)), ValueError, "float64(2,); got float64(3,)"),
    (lambda: Adam().step(np.zeros(2), np.zeros(2, "f4")), ValueError, "got float32(2,)"),
    (lambda: Standardizer(X)(X[:, :2]), ValueError, "3 columns, got shape (6, 2)"),
    (lambda: split(X, LABELS[:3], [0.5, 0.5], rng=RNG), ValueError, "each other, got 6 and 3"),
    (lambda: split(X, LABELS, 0.8, rng=RNG), ValueError, "a list with one for each part, got 0.8"),
    # dtypes
    (lambda: activations.relu(["a"]), TypeError, "z must hold numbers, got an array of dtype <U1"),
    (lambda: losses.softmax_cross_entropy([[1, 2]], [1.0]), TypeError, "integers 0 ... 1, got dtype float"),
    (lambda: network(dtype=int), TypeError, "dtype must be a float type, got int64"),
    (lambda: Adam().step([1.0], np.ones(1)), TypeError, "theta must be an array of floats, got list"),
    (lambda: Adam().step(np.ones(1, int), np.ones(1)), TypeError, "an array of floats, got int64(1,)"),
    (lambda: network(rng=3), TypeError, "rng must be a numpy.random.Generator, got 3"),
    (lambda: train(rng=3), TypeError, "rng must be a numpy.random.Generator, got 3"),
    (lambda: minibatches(X, LABELS, 2, rng=3), TypeError, "got 3; np.random.default_rng(seed) makes one"),
    (lambda: perceptron.learn(X, LABELS, rng=4), TypeError, "numpy.random.Generator, got 4"),
    (lambda: sgd_fractal(0.1, 5, rng=5), TypeError, "numpy.random.Generator, got 5"),
    (lambda: split(X, LABELS, [0.5, 0.5], rng=6), TypeError, "numpy.random.Generator, got 6"),
    (lambda: moons(rng=7), TypeError, "numpy.random.Generator, got 7"),
    (lambda: line(rng=8), TypeError, "numpy.random.Generator, got 8"),
    (lambda: curve("sine", rng=9), TypeError, "numpy.random.Generator, got 9"),
    (lambda: initialization.glorot(3, 2, 10), TypeError, "numpy.random.Generator, got 10"),
    (lambda: initialization.he(3, 2, 11), TypeError, "numpy.random.Generator, got 11"),
    (lambda: initialization.normal(3, 2, 12), TypeError, "numpy.random.Generator, got 12"),
    (lambda: train(validation=X), TypeError, "validation must be a pair (X, y), got ndarray"),
    (lambda: train(validation=0.2), TypeError, "validation must be a pair (X, y), got float"),
    (lambda: train(callbacks=print), TypeError, "callbacks must be a list of functions, as in callbacks=[print]"),
    (lambda: train(early_stopping=True), TypeError, "must be an EarlyStopping, got True"),
    (lambda: train(optimizer="adam"), TypeError, "one of nnlab.optimizers, got 'adam'"),
    # values
    (lambda: network().loss(X, LABELS + 1), ValueError, "labels must lie in 0 ... 1, got 1 ... 2"),
    (lambda: network().loss(X, LABELS - 1), ValueError, "labels must lie in 0 ... 1, got -1 ... 0"),
    (lambda: losses.one_hot([3], 3), ValueError, "labels must lie in 0 ... 2, got 3 ... 3"),
    (lambda: losses.softmax_cross_entropy([[1, 2]], [[1, 1]]), ValueError, "non-negative and sum to 1"),
    (lambda: losses.softmax_cross_entropy([[1, 2]], [[2, -1]]), ValueError, "must be non-negative and sum"),
    (lambda: losses.binary_cross_entropy([1.5], [1]), ValueError, "in [0, 1], got 1.5 ... 1.5"),
    (lambda: losses.binary_cross_entropy([np.nan], [1]), ValueError, "probabilities must lie in [0, 1]"),
    (lambda: losses.binary_cross_entropy([0.5], [2]), ValueError, "targets must lie in [0, 1], got 2.0"),
    (lambda: losses.binary_cross_entropy_gradient([1], [1]), ValueError, "not defined at p = 0 or 1"),
    (lambda: losses.binary_cross_entropy_gradient([0], [0]), ValueError, "at p = 0 or 1; use the form from"),
    (
        lambda: network((3, 1), loss="binary_cross_entropy").loss(X, LABELS + 1),
        ValueError,
        "binary targets must lie in [0, 1], got 1.0 ... 2.0",
    ),
    (lambda: losses.huber([1], [2], delta=0), ValueError, "delta must be positive and finite, got 0"),
    (lambda: network().loss(NAN, LABELS), ValueError, "X has 1 value(s) NaN or infinite, the first at (4, 2)"),
    (lambda: network().loss(INF, LABELS), ValueError, "X has 2 value(s) NaN or infinite, the first at (0, 1)"),
    (lambda: regression().loss(X, NAN[:, 2]), ValueError, "y has 1 value(s) NaN or infinite"),
    (lambda: train(X=NAN), ValueError, "the first at (4, 2)"),
    (lambda: train(validation=(NAN, LABELS)), ValueError, "the first at (4, 2)"),
    (lambda: network().predict(NAN), ValueError, "the first at (4, 2)"),
    (lambda: Standardizer(NAN), ValueError, "X_train has 1 value(s) NaN or infinite"),
    (lambda: perceptron.learn(NAN, LABELS, rng=RNG), ValueError, "X has 1 value(s) NaN"),
    (lambda: perceptron.perceptron_step([1], 0, [1], 2), ValueError, "the label must be 0 or 1, got 2"),
    (lambda: perceptron.learn(X, LABELS, lr=0, rng=RNG), ValueError, "lr must be positive"),
    (lambda: network(l2=-1), ValueError, "l2 must be zero or positive, got -1"),
    (lambda: network(l2=np.inf), ValueError, "l2 must be zero or positive, got inf"),
    (lambda: EarlyStopping(min_delta=np.nan), ValueError, "min_delta must not be negative, got nan"),
    (lambda: Adam(lr=0), ValueError, "lr must be positive and finite, got 0"),
    (lambda: Adam(lr="fast"), TypeError, "lr must be a number, got 'fast'"),
    (lambda: Adam(beta1=1), ValueError, "beta1 must lie in [0, 1), got 1"),
    (lambda: Adam(beta1=None), TypeError, "beta1 must be a number, got None"),
    (lambda: Adam(eps=0), ValueError, "eps must be positive and finite, got 0"),
    (lambda: optimizers.MuMomentum(mu=0.5), ValueError, "mu must be at least 1 (no memory) and finite, got 0.5"),
    (lambda: optimizers.MuMomentum(mu=np.inf), ValueError, "mu must be at least 1 (no memory) and finite, got inf"),
    (lambda: split(X, LABELS, [0.5, 0.6], rng=RNG), ValueError, "sum to 1, got [0.5, 0.6]"),
    (lambda: split(X, LABELS, [0.99, 0.01], rng=RNG), ValueError, "6 samples are too few"),
    (lambda: initialization.glorot(0, 3, RNG), ValueError, "fan_in must be at least 1, got 0"),
    (lambda: moons(1, rng=RNG), ValueError, "n must be at least 2, got 1"),
    (lambda: line(0, rng=RNG), ValueError, "n must be at least 1, got 0"),
    # sizes
    (lambda: train(batch_size=0), ValueError, "batch_size must be at least 1, got 0"),
    (lambda: train(batch_size=7), ValueError, 'batch_size is 7, but there are 6 samples; "full" takes all'),
    (lambda: train(batch_size=2.0), TypeError, "batch_size must be a whole number, got 2.0"),
    (lambda: train(batch_size=True), TypeError, "batch_size must be a whole number, got True"),
    (lambda: train(epochs=-1), ValueError, "epochs must be at least 0, got -1"),
    (lambda: train(X=X[:0], y=LABELS[:0]), ValueError, "X is empty: shape (0, 3)"),
    (lambda: network().predict(np.zeros((0, 3))), ValueError, "X is empty: shape (0, 3)"),
    (lambda: unit_rows(np.zeros((0, 3))), ValueError, "X is empty: shape (0, 3)"),
    (lambda: network((3,)), ValueError, "at least an input and an output width, got [3]"),
    (lambda: network((3, 4, 5, 2), activation=["relu"]), ValueError, "2 hidden layer(s) need 2 activation"),
    # names, and what does not go together
    (lambda: network(loss="mse"), ValueError, "unknown loss 'mse'; choose one of absolute_error"),
    (lambda: network(activation="gelu"), ValueError, "unknown activation 'gelu'; choose one of leaky_relu"),
    (lambda: network(activation=np.tanh), ValueError, "unknown activation <ufunc 'tanh'>; choose one of"),
    (lambda: network(initial="xavier"), ValueError, "unknown initialization 'xavier'; choose one of glorot"),
    (lambda: network((3, 1), loss="huber", output="maxout"), ValueError, "unknown output 'maxout'"),
    (lambda: network(output="sigmoid"), ValueError, "cross_entropy brings its own output, softmax"),
    (lambda: perceptron.neuron(X, [1, 2, 3], 0, "gelu"), ValueError, "unknown activation 'gelu'"),
    (lambda: optimizers.optimizer("sgd"), ValueError, "unknown optimizer 'sgd'; choose one of adadelta"),
    (lambda: curve("cube"), ValueError, "unknown curve 'cube'; choose one of absolute, sine, square, step"),
    (lambda: train(batch_size="all"), ValueError, "unknown batch_size 'all'; choose one of full"),
    (lambda: regression().accuracy(X, X[:, 0]), ValueError, "accuracy needs a cross-entropy loss"),
    (lambda: train(regression(), y=X[:, 0], accuracy=True), ValueError, "this network has squared_error"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "message"), CASES, ids=[case[2] for case in CASES])
def test_bad_input_is_refused(call, error, message):
    with pytest.raises(error, match=re.escape(message)) as caught:
        call()
    assert type(caught.value) is error  # not a subclass that NumPy raised further in


def test_an_optimizer_does_not_silently_serve_two_networks():
    method = GradientDescent()
    method.step(np.zeros(3), np.zeros(3))
    message = r"remembers parameters of shape \(3,\), got theta \(4,\) and gradient \(4,\); reset"
    with pytest.raises(ValueError, match=message):
        method.step(np.zeros(4), np.zeros(4))
    with pytest.raises(ValueError, match=r"got theta \(3,\) and gradient \(1,\)"):
        method.step(np.zeros(3), np.zeros(1))
    method.reset()
    method.step(np.zeros(4), np.zeros(4))


def test_bad_validation_data_are_refused_before_the_first_epoch():
    net = network()
    before = net.theta.copy()
    with pytest.raises(ValueError, match=r"the first at \(4, 2\)"):
        train(net, validation=(NAN, LABELS))
    np.testing.assert_array_equal(net.theta, before)


def test_large_but_finite_numbers_pass():
    """Their sum overflows, which alone is no reason to refuse them."""
    big = np.full((4, 3), 1e308)
    np.testing.assert_array_equal(network((3, 1), loss="huber").check(big, np.zeros(4))[0], big)


def test_a_setting_that_does_not_exist_is_a_type_error():
    with pytest.raises(TypeError, match="beta3"):
        optimizers.optimizer("adam", beta3=1)
