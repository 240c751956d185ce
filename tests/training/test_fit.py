"""`fit` against a loop written out by hand, and what it records, repeats and reports."""

import math
from functools import partial

import numpy as np
import pytest

from nnlab import schedules
from nnlab.datasets import load_digits, moons, xor
from nnlab.network import Network
from nnlab.optimizers import Adam, GradientDescent, adam_step
from nnlab.training import fit

RNG = np.random.default_rng(0)
X = RNG.normal(size=(10, 3))
Y = X @ [[1.0], [-2.0], [0.5]] + 0.3
LABELS = (Y[:, 0] > 0).astype(int)


def regression(**settings):
    return Network([3, 4, 1], "tanh", rng=np.random.default_rng(1), **settings)


def classifier(**settings):
    return Network([3, 4, 2], loss="cross_entropy", rng=np.random.default_rng(1), **settings)


def shuffling():
    return np.random.default_rng(2)


def test_fit_is_the_textbook_loop():
    """Mini-batches of 4 from 10 samples: the last has 2, is divided by 2, and counts for 2."""
    network, plain = regression(l2=0.1), regression(l2=0.1)
    history = fit(network, X, Y, Adam(0.05), epochs=3, batch_size=4, rng=shuffling())
    rng, state, theta, losses = shuffling(), None, plain.theta.copy(), []
    for _ in range(3):
        order, total = rng.permutation(10), 0.0
        for rows in (order[:4], order[4:8], order[8:]):
            plain.theta[:] = theta
            loss, gradient = plain.loss_and_gradient(X[rows], Y[rows])
            theta, state = adam_step(theta, gradient, state, lr=0.05)
            total += loss * len(rows)
        losses.append(total / 10)
    np.testing.assert_allclose(network.theta, theta, rtol=1e-12)
    np.testing.assert_allclose(history.loss, losses, rtol=1e-13)
    assert history.updates == [3, 6, 9]
    assert (history.epochs, history.stopped, history.best_epoch) == (3, "epochs", None)
    assert 0 < history.seconds[0] < history.seconds[1] < history.seconds[2]


def test_a_full_batch_is_gradient_descent():
    network, plain = regression(), regression()
    history = fit(network, X, Y, GradientDescent(0.1), epochs=5, batch_size="full", rng=shuffling())
    for k in range(5):
        loss, gradient = plain.loss_and_gradient(X, Y)
        assert history.loss[k] == pytest.approx(loss, rel=1e-14)
        plain.theta -= 0.1 * gradient
    np.testing.assert_allclose(network.theta, plain.theta, rtol=1e-13)
    assert history.updates == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("size", [1, 3, "full"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_one_seed_gives_one_result_bit_by_bit(size, dtype):
    runs = []
    for _ in range(2):
        weights, order = np.random.default_rng(9).spawn(2)
        network = Network([3, 4, 2], loss="cross_entropy", rng=weights, dtype=dtype)
        history = fit(network, X, LABELS, Adam(), epochs=4, batch_size=size, rng=order)
        runs.append((network.theta.copy(), history.loss))
    assert runs[0][0].dtype == dtype
    np.testing.assert_array_equal(runs[0][0], runs[1][0])
    assert runs[0][1] == runs[1][1]


def test_float32_stays_float32_and_keeps_close_to_float64():
    thetas = []
    for dtype in (np.float64, np.float32):
        network = classifier(dtype=dtype)
        optimizer = Adam(partial(schedules.cosine, lr=0.01, tau=50))
        fit(network, X, LABELS, optimizer, epochs=5, batch_size=4, rng=shuffling())
        assert network.theta.dtype == network.grad.dtype == optimizer.m.dtype == dtype
        thetas.append(network.theta)
    np.testing.assert_allclose(thetas[1], thetas[0], atol=1e-5)


def test_the_data_stay_as_they_are():
    frozen_X, frozen_y = X.copy(), Y.copy()
    frozen_X.flags.writeable = frozen_y.flags.writeable = False
    fit(regression(), frozen_X, frozen_y, Adam(), epochs=2, batch_size=3, rng=shuffling())
    np.testing.assert_array_equal(frozen_X, X)


def test_accuracy_and_validation_are_recorded_each_epoch():
    network = classifier()
    rng = shuffling()
    seen = []

    def remember(history):
        seen.append(network.evaluate(X[:4], LABELS[:4]))

    history = fit(
        network,
        X,
        LABELS,
        Adam(0.05),
        epochs=4,
        batch_size="full",
        rng=rng,
        validation=(X[:4], LABELS[:4]),
        accuracy=True,
        callbacks=[remember],
    )
    assert list(zip(history.validation_loss, history.validation_accuracy, strict=True)) == seen
    assert history.accuracy[0] == classifier().accuracy(X, LABELS)  # as the batch was seen
    assert len(history.accuracy) == 4


def test_training_accuracy_weights_batches_by_their_size():
    """With a rate too small to move anything, the epoch's mean is the accuracy of the whole."""
    network = classifier()
    history = fit(
        network, X, LABELS, GradientDescent(1e-12), epochs=2, batch_size=4, rng=shuffling(),
        accuracy=True,
    )  # fmt: skip
    assert history.accuracy == pytest.approx([classifier().accuracy(X, LABELS)] * 2)
    assert history.loss == pytest.approx([classifier().loss(X, LABELS)] * 2, rel=1e-9)


def test_regression_records_no_accuracy():
    history = fit(
        regression(), X, Y, Adam(), epochs=1, rng=shuffling(), batch_size=5, validation=(X, Y)
    )
    assert (history.accuracy, history.validation_accuracy) == ([], [])
    assert len(history.validation_loss) == 1


@pytest.mark.parametrize("answer", [True, np.True_])
def test_a_callback_can_stop_training_and_all_are_called(answer):
    calls = []

    def stop(history):
        return answer if history.epochs == 2 else None

    history = fit(
        regression(), X, Y, Adam(), epochs=9, batch_size=5, rng=shuffling(),
        callbacks=[stop, lambda history: calls.append(history.epochs)],
    )  # fmt: skip
    assert (history.epochs, history.stopped, calls) == (2, "callback", [1, 2])


def test_other_answers_of_a_callback_do_not_stop_it():
    answers = iter([None, 1, "go on", 0.5])
    history = fit(
        regression(), X, Y, Adam(), epochs=4, batch_size=5, rng=shuffling(),
        callbacks=[lambda history: next(answers)],
    )  # fmt: skip
    assert (history.epochs, history.stopped) == (4, "epochs")


def test_no_epochs_change_nothing():
    network = regression()
    history = fit(network, X, Y, Adam(), epochs=0, batch_size=5, rng=shuffling())
    np.testing.assert_array_equal(network.theta, regression().theta)
    assert history.epochs == 0


def test_a_second_fit_goes_on_where_the_first_ended():
    together, parts = regression(), regression()
    fit(together, X, Y, Adam(), epochs=6, batch_size=3, rng=shuffling())
    optimizer, rng = Adam(), shuffling()
    for _ in range(2):
        fit(parts, X, Y, optimizer, epochs=3, batch_size=3, rng=rng)
    np.testing.assert_array_equal(parts.theta, together.theta)


def test_the_progress_bar_counts_epochs(capsys):
    fit(regression(), X, Y, Adam(), epochs=3, batch_size=5, rng=shuffling(), progress=True)
    bar = capsys.readouterr().err
    assert "3/3" in bar
    assert "loss=" in bar


def test_without_progress_nothing_is_printed(capsys):
    fit(regression(), X, Y, Adam(), epochs=3, batch_size=5, rng=shuffling())
    assert capsys.readouterr() == ("", "")


def test_a_missing_tqdm_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "tqdm.auto", None)
    with pytest.raises(ModuleNotFoundError, match="progress=True needs tqdm: pip install tqdm"):
        fit(regression(), X, Y, Adam(), rng=shuffling(), batch_size=5, progress=True)


@pytest.mark.parametrize(
    ("data", "widths", "loss", "goal"),
    [
        (xor, [2, 8, 2], "cross_entropy", 1.0),
        (partial(moons, 200, 0.1), [2, 16, 1], "binary_cross_entropy", 0.99),
        (lambda rng: tuple(a[:300] for a in load_digits()), [64, 32, 10], "cross_entropy", 0.99),
    ],
    ids=["xor", "moons", "digits"],
)
def test_a_small_set_is_learned_by_heart(data, widths, loss, goal):
    rng = np.random.default_rng(3)
    inputs, targets = data() if data is xor else data(rng=rng)
    network = Network(widths, "tanh", loss=loss, rng=rng)
    size = min(32, len(inputs))
    history = fit(network, inputs, targets, Adam(0.02), epochs=150, batch_size=size, rng=rng)
    assert network.accuracy(inputs, targets) >= goal
    assert history.loss[-1] < 0.2 * history.loss[0]
    assert math.isfinite(history.loss[-1])
