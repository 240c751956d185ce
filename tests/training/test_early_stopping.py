"""Early stopping: when it stops, what it goes back to, and that it always does."""

import numpy as np
import pytest

from nnlab.history import EarlyStopping, History, Watch
from nnlab.network import Network
from nnlab.optimizers import Adam, GradientDescent
from nnlab.training import TrainingDiverged, fit

RNG = np.random.default_rng(0)
X = RNG.normal(size=(12, 3))
Y = RNG.normal(size=(12, 1))


def watched(values, rule):
    """Feed `values` to the rule, one an epoch; the network's parameters are set to the epoch's
    number. Return the epochs trained, the best epoch, and the parameters in the end."""
    network = Network([1, 1], rng=np.random.default_rng(0))
    network.theta[:] = 0
    history, watch = History(), Watch(rule, network)
    for value in values:
        history.loss.append(0.0)
        getattr(history, rule.monitor)[history.epochs - 1 :] = [value]
        network.theta[:] = history.epochs
        if watch.stop(history):
            break
    best = watch.restore()
    return history.epochs, best, network.theta[0]


def test_patience_counts_epochs_without_improvement():
    values = [5, 4, 3, 3, 3.5, 3.2, 9, 9]
    assert watched(values, EarlyStopping("loss", patience=3)) == (6, 3, 3)
    assert watched(values, EarlyStopping("loss", patience=1)) == (4, 3, 3)


def test_no_patience_is_to_stop_at_the_first_epoch_without_improvement():
    assert watched([5, 4, 4, 3], EarlyStopping("loss", patience=0)) == (3, 2, 2)


def test_an_improvement_starts_the_count_again():
    values = [5, 6, 6, 4, 6, 6, 3, 6, 6, 6, 6]
    assert watched(values, EarlyStopping("loss", patience=3)) == (10, 7, 7)


def test_less_than_min_delta_is_no_improvement_but_small_ones_add_up():
    values = [1.0, 0.95, 0.89, 0.85, 0.8]  # 0.89 is 0.11 below the best, 1.0
    assert watched(values, EarlyStopping("loss", min_delta=0.1, patience=2)) == (5, 3, 3)
    rule = EarlyStopping("loss", min_delta=0.1, patience=1)
    assert watched(values, rule) == (2, 1, 1)


def test_accuracy_is_better_when_higher():
    values = [0.5, 0.7, 0.9, 0.8, 0.9]
    assert watched(values, EarlyStopping("accuracy", patience=2)) == (5, 3, 3)


def test_without_restoring_the_last_weights_stay():
    rule = EarlyStopping("loss", patience=2, restore_best=False)
    assert watched([1.0, 2.0, 3.0], rule) == (3, 1, 3)


def best_of(**settings):
    """Train with a rate that first helps, then hurts; return network, history, weights by epoch."""
    network = Network([3, 8, 1], "tanh", rng=np.random.default_rng(1))
    weights = []
    history = fit(
        network, X, Y, GradientDescent(lambda k: 0.05 if k < 10 else 2.0), batch_size="full",
        rng=np.random.default_rng(2), validation=(X, Y),
        **{"callbacks": [lambda history: weights.append(network.theta.copy())], **settings},
    )  # fmt: skip
    return network, history, weights


@pytest.mark.parametrize("ending", ["early stopping", "epochs", "callback"])
def test_the_best_weights_come_back_whatever_ended_the_training(ending):
    settings = {"epochs": 30, "early_stopping": EarlyStopping(patience=4)}
    if ending == "epochs":
        settings = {"epochs": 12, "early_stopping": EarlyStopping(patience=4)}
    if ending == "callback":
        settings["callbacks"] = [lambda history: history.epochs == 12]
    network, history, weights = best_of(**settings)
    assert history.stopped == ending
    best = int(np.argmin(history.validation_loss))
    assert history.best_epoch == best + 1 < history.epochs
    assert network.loss(X, Y) == history.validation_loss[best]
    if ending != "callback":
        np.testing.assert_array_equal(network.theta, weights[best])
        assert len(weights) == history.epochs  # the callback saw the last epoch too


def test_they_come_back_after_divergence_and_interruption():
    network = Network([3, 1], rng=np.random.default_rng(1))
    losses = []

    def remember(history):
        losses.append(network.loss(X, Y))

    with pytest.raises(TrainingDiverged):
        fit(
            network, X, Y, GradientDescent(lambda k: 0.05 if k < 5 else 1e200), epochs=50,
            batch_size="full", rng=RNG, early_stopping=EarlyStopping(patience=9),
            validation=(X, Y), callbacks=[remember],
        )  # fmt: skip
    assert np.isfinite(network.theta).all()
    assert network.loss(X, Y) == min(losses)

    def interrupt(history):
        network.theta += 100
        raise KeyboardInterrupt

    before = network.theta.copy()
    with pytest.raises(KeyboardInterrupt):
        fit(
            network, X, Y, Adam(), batch_size="full", rng=RNG, callbacks=[interrupt],
            early_stopping=EarlyStopping("loss"),
        )  # fmt: skip
    np.testing.assert_array_equal(network.theta, before)


@pytest.mark.parametrize(
    ("rule", "settings", "message"),
    [
        (EarlyStopping(), {}, r"watches validation_loss, so fit needs validation=\(X, y\)"),
        (EarlyStopping("accuracy"), {}, "watches accuracy, so fit needs accuracy=True"),
        (
            EarlyStopping("accuracy"),
            {"validation": (X, Y)},
            "watches accuracy, so fit needs accuracy=True",
        ),
        (
            EarlyStopping("validation_accuracy"),
            {"validation": (X, Y)},
            "watches validation_accuracy, but the loss is squared_error",
        ),
    ],
)
def test_what_is_watched_must_be_measured(rule, settings, message):
    network = Network([3, 1], rng=RNG)
    with pytest.raises(ValueError, match=message):
        fit(network, X, Y, Adam(), batch_size=4, rng=RNG, early_stopping=rule, **settings)


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"monitor": "losss"}, ValueError, "unknown monitor 'losss'; choose one of accuracy, loss"),
        ({"patience": -1}, ValueError, "patience must be at least 0, got -1"),
        ({"patience": 1.5}, TypeError, r"patience must be a whole number, got 1\.5"),
        ({"min_delta": -0.1}, ValueError, r"min_delta must not be negative, got -0\.1"),
    ],
)
def test_rules_that_make_no_sense_are_refused(settings, error, message):
    with pytest.raises(error, match=message):
        EarlyStopping(**settings)
