"""Training that turns to NaN or infinity stops, and says what the likely cause is."""

import numpy as np
import pytest

from nnlab.network import Network
from nnlab.optimizers import GradientDescent
from nnlab.training import TrainingDiverged, fit

RNG = np.random.default_rng(0)
X = RNG.normal(size=(10, 3))
Y = X @ [[1.0], [-2.0], [0.5]] + 0.3


def shuffling():
    return np.random.default_rng(2)


def test_divergence_stops_training_and_names_the_rate():
    network = Network([3, 4, 1], "relu", rng=np.random.default_rng(1))
    message = r"the loss became (inf|nan) in epoch \d+; likely: the learning rate is too high"
    with pytest.raises(TrainingDiverged, match=message) as caught:
        fit(network, 5 * X, Y, GradientDescent(1e3), epochs=100, batch_size=5, rng=shuffling())
    assert "GradientDescent(lr=1000.0)" in str(caught.value)


def test_divergence_on_unscaled_inputs_names_the_inputs_first():
    network = Network([3, 4, 1], "relu", rng=np.random.default_rng(1))
    with pytest.raises(TrainingDiverged, match=r"likely: the inputs are not scaled: they reach"):
        fit(network, X * 1e6, Y, GradientDescent(0.1), epochs=50, batch_size=5, rng=shuffling())


def test_the_very_last_step_can_diverge_too():
    network = Network([3, 1], rng=np.random.default_rng(1))
    with pytest.raises(
        TrainingDiverged, match="the weights became NaN or infinite in epoch 1"
    ) as e:
        fit(network, X * 1e5, Y, GradientDescent(1e305), epochs=1, batch_size="full", rng=RNG)
    assert "had already overflowed" not in str(e.value)


def test_weights_that_overflowed_before_are_named():
    network = Network([3, 1], rng=np.random.default_rng(1))
    message = (
        "the loss became nan in epoch 1; .*the weights had already overflowed before this batch"
    )
    with pytest.raises(TrainingDiverged, match=message):
        fit(network, X * 1e5, Y, GradientDescent(1e305), epochs=1, batch_size=5, rng=shuffling())


def test_divergence_that_only_validation_sees():
    network = Network([3, 1], rng=np.random.default_rng(1))
    with pytest.raises(TrainingDiverged, match="the validation loss became inf in epoch 1"):
        fit(
            network, X, Y, GradientDescent(0.1), epochs=3, batch_size=5, rng=shuffling(),
            validation=(X * 1e200, Y),
        )  # fmt: skip
