"""The numbered equations of the page on choosing a model, against nnlab and against chance."""

import numpy as np
import pytest

from nnlab.datasets import load_digits
from nnlab.network import Network


@pytest.mark.formula("eq-accuracy")
def test_accuracy_is_the_share_of_right_answers() -> None:
    X, y = load_digits()
    net = Network([64, 10], loss="cross_entropy", rng=np.random.default_rng(0))
    right = sum(net.predict(X[i : i + 1])[0] == y[i] for i in range(200))
    assert net.accuracy(X[:200], y[:200]) == pytest.approx(right / 200)
    assert 0 < right < 200


@pytest.mark.formula("eq-standard-error")
@pytest.mark.parametrize(("p", "n"), [(0.9, 360), (0.97, 360), (0.5, 50)])
def test_shares_of_random_samples_scatter_by_the_standard_error(p: float, n: int) -> None:
    shares = np.random.default_rng(1).binomial(n, p, 40_000) / n
    assert shares.std() == pytest.approx(np.sqrt(p * (1 - p) / n), rel=0.02)
