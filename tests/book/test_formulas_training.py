"""The numbered equations of the page on training, against nnlab."""

import numpy as np
import pytest

from nnlab.batches import minibatches
from nnlab.datasets import Standardizer, line
from nnlab.history import EarlyStopping, History, Watch
from nnlab.losses import squared_error
from nnlab.network import Network
from nnlab.optimizers import GradientDescent
from nnlab.training import fit


def network() -> Network:
    return Network([1, 3, 1], "tanh", rng=np.random.default_rng(1))


@pytest.mark.formula("eq-epoch-loss")
def test_an_epoch_s_loss_weights_each_batch_by_its_size() -> None:
    X, y = line(50, rng=np.random.default_rng(0))
    still = fit(network(), X, y, GradientDescent(1e-12), epochs=1, rng=np.random.default_rng(2))
    net, order = network(), np.random.default_rng(2)
    batches = [(len(x), net.loss(x, t)) for x, t in minibatches(X, y, 32, order)]
    assert [size for size, _ in batches] == [32, 18]
    assert still.loss[0] == pytest.approx(sum(size * loss for size, loss in batches) / 50)
    assert still.loss[0] != pytest.approx(np.mean([loss for _, loss in batches]), rel=1e-3)


@pytest.mark.formula("eq-early-stopping")
@pytest.mark.parametrize(
    ("losses", "delta", "patience", "stops"),
    [
        ([3, 2, 1, 1, 1, 1, 1], 0, 3, 6),
        ([3, 2, 1, 0.95, 0.9, 0.85, 0.8], 0.5, 3, 6),
        ([3, 1, 2, 0.9, 2, 2, 2], 0, 3, 7),
        ([3, 2, 1], 0, 3, None),
    ],
)
def test_training_stops_when_the_best_epoch_is_a_patience_ago(
    losses: list[float], delta: float, patience: int, stops: int | None
) -> None:
    watch = Watch(EarlyStopping("loss", delta, patience), network())
    history = History()
    answers = []
    for loss in losses[:stops]:
        history.loss.append(loss)
        answers.append(watch.stop(history))
    assert answers == [False] * (len(answers) - 1) + [stops is not None]


@pytest.mark.formula("eq-standardize")
def test_columns_lose_their_mean_and_get_deviation_one() -> None:
    X = np.random.default_rng(3).normal([5, -2], [0.1, 40], size=(80, 2))
    other = X[:7] + 1
    mu, sigma = X.mean(axis=0), X.std(axis=0)
    scale = Standardizer(X)
    for i, j in np.ndindex(other.shape):
        assert scale(other)[i, j] == pytest.approx((other[i, j] - mu[j]) / sigma[j])


@pytest.mark.formula("eq-rmse")
def test_rmse_is_the_root_of_the_loss_and_the_mean_s_is_the_deviation() -> None:
    rng = np.random.default_rng(4)
    y, guess = rng.normal(6, 0.9, 300), rng.normal(6, 0.9, 300)
    rmse = np.sqrt(sum((a - b) ** 2 for a, b in zip(guess, y, strict=True)) / 300)
    assert np.sqrt(squared_error(guess, y)) == pytest.approx(rmse)
    assert np.sqrt(squared_error(np.full(300, y.mean()), y)) == pytest.approx(y.std())
