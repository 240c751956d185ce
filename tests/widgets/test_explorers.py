"""Explorers: what their words say is true, at the defaults and at the ends of every control."""

import re
from typing import Annotated

import numpy as np
import pytest

from nnlab.activations import sigmoid as logistic
from nnlab.functions import POLYNOMIAL, QUADRATIC
from nnlab.optimizers import OPTIMIZERS
from nnlab.perceptron import learn
from nnlab.widgets import (
    EXPLORERS,
    Control,
    Picture,
    batch_sizes,
    fractal,
    line_search,
    parameters,
    race,
    rate_on_parabola,
    rate_on_polynomial,
    sigmoid,
    tanh_units,
    xor_features,
)
from nnlab.widgets.batch_sizes import _runs
from nnlab.widgets.control import span
from nnlab.widgets.paths import TEAMS

pytestmark = pytest.mark.slow


def number(pattern: str, words: str) -> float:
    found = re.search(pattern.replace("#", r"(−?[\d.]+(?:e[−+]?\d+)?)"), words)
    assert found, words
    return float(found[1].rstrip(".").replace("−", "-"))


@pytest.mark.parametrize("explorer", EXPLORERS, ids=lambda f: f.__name__)
def test_every_control_changes_the_picture(explorer) -> None:
    first = explorer()
    assert first.words.endswith(".") and "<svg" in first.figure.svg()
    for name, control, start in parameters(explorer):
        assert len(control.values) > 1
        ends = {0, len(control.values) - 1} - {start}
        pictures = [explorer(**{name: control.values[end]}).figure.svg() for end in ends]
        assert all(picture != first.figure.svg() for picture in pictures), name


@pytest.mark.parametrize("rate", [0.02, 0.3, 0.5, 0.9, 1.0, 1.1])
def test_the_parabola_follows_its_formula(rate: float) -> None:
    words = rate_on_parabola(rate, 12).words
    assert number("ends at x = #", words) == pytest.approx((1 - 2 * rate) ** 12, rel=1e-2, abs=1e-9)


def test_the_polynomial_tells_its_valleys_apart() -> None:
    for start, valley, (minimum,) in (
        (0.0, "shallow", (2.1,)),
        (24.0, "deep", POLYNOMIAL.minima[0]),
    ):
        words = rate_on_polynomial(0.1, start, 200).words
        assert valley in words
        assert number("valley, at #", words) == pytest.approx(minimum, abs=0.02)
    assert "leaves the picture" in rate_on_polynomial(5.0).words
    assert "no minimum" in rate_on_polynomial(0.1, 0.0, 5).words


def test_the_sigmoid_passes_one_half_where_it_says() -> None:
    words = sigmoid(2.0, -3.0).words
    x = number("half at x = #", words)
    assert logistic(np.array(2 * x - 3)) == pytest.approx(0.5)
    slope = (logistic(np.array(2 * x - 3 + 2e-6)) - logistic(np.array(2 * x - 3 - 2e-6))) / 2e-6
    assert number("slope is #", words) == pytest.approx(float(slope), abs=0.01)
    assert "whatever x is" in sigmoid(0.0, 1.0).words


@pytest.mark.parametrize("activation", ["relu", "tanh", "linear"])
@pytest.mark.parametrize("biases", [(0.0, -1.0), (-0.5, -1.5), (0.5, 0.5), (-2.0, -2.0)])
def test_xor_is_separable_when_the_perceptron_says_so(activation: str, biases) -> None:
    act = {"relu": lambda z: np.maximum(z, 0), "tanh": np.tanh, "linear": lambda z: z}[activation]
    X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    H = act(X @ np.ones((2, 2)) + np.array(biases))
    learned = learn(H, [0, 1, 1, 0], epochs=3000, rng=np.random.default_rng(0))
    words = xor_features(*biases, activation).words
    assert words.startswith("A line separates") == learned.converged


def test_the_output_weights_are_the_best() -> None:
    words = tanh_units("sine").words
    x = np.linspace(-1, 1, 50)
    y = np.sin(np.pi * x)
    units = np.tanh(2.5 * (x[:, None] - np.array([-0.6, 0.0, 0.6])))
    A = np.column_stack([units, np.ones(50)])
    best = np.linalg.solve(A.T @ A, A.T @ y)
    assert number("error #,", words) == pytest.approx(np.mean((A @ best - y) ** 2), rel=0.05)


def test_the_line_search_finds_the_lowest_cost_on_the_line() -> None:
    words = line_search(0, 0.4).words
    rates = np.linspace(0, 1, 10001)
    costs = [QUADRATIC.f(np.array([0.0, 2 * rate])) for rate in rates]
    assert number("step 0 is #,", words) == pytest.approx(rates[np.argmin(costs)], abs=1e-3)
    assert number("changes it by #", words) == pytest.approx(min(costs), abs=1e-3)
    assert number("changes the cost by #;", words) == pytest.approx(8 * 0.16 - 1.6, abs=1e-3)


def test_the_race_names_its_winner_first() -> None:
    places = race().words.partition("best first: ")[2].rstrip(".").split(", ")
    costs = [float(place.split()[-1]) for place in places]
    assert costs == sorted(costs) and len(costs) == 5
    assert race("adaptive").words.count(",") == 6


def test_the_race_names_the_methods_as_the_book_does() -> None:
    legends = []
    for team in TEAMS:
        figure, words = race(team)
        shown = [text.get_text() for text in figure.axes[1].get_legend().get_texts()]
        assert all(f" {name} " in words for name in shown)
        legends += shown
    assert {"plain", "momentum", "moving average", "AdaGrad", "RMSProp", "Adam"} < set(legends)
    assert sorted(m for team in TEAMS.values() for m in team.values()) == sorted(OPTIMIZERS)
    assert not set(legends) & set(OPTIMIZERS)


def test_words_are_set_as_the_book_sets_its_prose() -> None:
    assert "x = −0.50, where" in sigmoid(2.0, 1.0).words
    legend = sigmoid(-2.0, -1.0).figure.axes[0].get_legend().get_texts()
    assert legend[1].get_text() == "w = −2, b = −1"
    assert "leaves 80 % of the distance" in rate_on_parabola(0.1).words
    assert " % of the picture" in fractal(1.0, 10).words
    for explorer in EXPLORERS:
        for name, control, _ in parameters(explorer):
            for end in (control.values[0], control.values[-1]):
                assert not re.search(r"-\d|\d%", explorer(**{name: end}).words)


def test_a_small_rate_stays_nearer_to_the_minimum() -> None:
    small, large = (number("average # away", fractal(rate).words) for rate in (0.05, 1.0))
    assert small < large / 3


def test_the_batch_sizes_are_those_of_the_study(root, monkeypatch) -> None:
    from nnlab.experiments import read_results

    monkeypatch.chdir(root)
    same = [
        row["loss"]
        for row in read_results(root / "book/results/thesis-wine.csv")
        if (row["scaling"], row["optimizer"], row["batch_size"]) == ("rows", "adam", 64)
    ]
    words = batch_sizes("64").words
    assert number("Adam # in", words) == pytest.approx(np.mean(same), abs=5e-4)
    assert number("mean of # runs", words) == len(same)


def test_results_of_other_studies_do_not_hide_those_of_the_book(
    root, tmp_path, monkeypatch
) -> None:
    (tmp_path / "results").mkdir()
    (tmp_path / "book").symlink_to(root / "book")
    monkeypatch.chdir(tmp_path)
    _runs.cache_clear()
    assert "training loss" in batch_sizes("64").words


def test_a_default_must_be_one_of_the_values() -> None:
    def wrong(height: Annotated[float, Control("height", span(0, 1, 0.5))] = 0.3) -> Picture: ...

    with pytest.raises(
        ValueError, match=r"height, 0\.3, is none of its values \[0\.0, 0\.5, 1\.0\]"
    ):
        parameters(wrong)


def test_a_parameter_must_have_a_control() -> None:
    def wrong(height: float = 1.0) -> Picture: ...

    with pytest.raises(TypeError, match="height has no Control"):
        parameters(wrong)
