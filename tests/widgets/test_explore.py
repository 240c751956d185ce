"""In a notebook: sliders that draw, and a still picture where nothing can move."""

import sys

import pytest

from nnlab import plots
from nnlab.widgets import EXPLORERS, explore, explore_race, explore_sigmoid, parameters, sigmoid


def test_moving_a_slider_draws_and_says_the_new_picture() -> None:
    box = explore_sigmoid()
    weight, bias, picture, words = box.children
    assert (weight.description, bias.description) == ("weight w", "bias b")
    assert weight.options[0] == ("−5", -5.0)
    before = picture.value
    weight.value = 4.0
    assert picture.value == sigmoid(4.0, 0.0).figure.svg() != before
    assert words.value == sigmoid(4.0, 0.0).words


def test_words_become_a_list_to_choose_from() -> None:
    box = explore_race()
    assert box.children[0].options == (("momentum", "momentum"), ("adaptive", "adaptive"))


def test_a_still_picture_comes_with_the_widget() -> None:
    bundle = explore_sigmoid()._repr_mimebundle_()
    assert bundle["image/svg+xml"] == sigmoid().figure.svg()
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_without_ipywidgets_the_figure_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    assert isinstance(explore(sigmoid), plots.Figure)


def test_every_explorer_has_its_function_to_call() -> None:
    from nnlab import widgets

    for explorer in EXPLORERS:
        made = getattr(widgets, f"explore_{explorer.__name__}")
        assert made.args == (explorer,) and parameters(explorer)
