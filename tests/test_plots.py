"""Figures: what is in them is what was asked for, they are drawn without a warning, and the same
twice."""

from itertools import pairwise

import numpy as np
import pytest
from matplotlib.patches import Circle

from nnlab import plots
from nnlab.descent import descend
from nnlab.functions import POLYNOMIAL, QUADRATIC, SADDLE
from nnlab.history import History
from nnlab.plots import look

DATA = np.random.default_rng(3).normal(size=(64, 64))


def history() -> History:
    h = History()
    h.loss, h.validation_loss = [1.0, 0.5, 0.25], [1.1, 0.7, 0.6]
    h.seconds, h.updates = [0.5, 1.0, 1.5], [10, 20, 30]
    return h


def trace(steps: int = 5):
    return descend(POLYNOMIAL.f, POLYNOMIAL.gradient, [0.0], 0.1, steps)


def gids(fig, prefix: str) -> list[str]:
    return [a.get_gid() for a in fig.findobj() if (a.get_gid() or "").startswith(prefix)]


FIGURES = {
    "curves": lambda: plots.curves({"sin": np.sin, "cos": np.cos}, 0, 3),
    "sequences": lambda: plots.sequences({"a": [1, 0.1, 0.01]}, log=True),
    "descent_on": lambda: plots.descent_on(POLYNOMIAL, trace(), -1, 24),
    "contours": lambda: plots.contours(QUADRATIC, (-1, 2), (-1, 2), {"a": DATA[:5, :2]}),
    "relief": lambda: plots.relief(SADDLE, (-1, 1), (-1, 1)),
    "regions": lambda: plots.regions(
        lambda P: (P[:, 0] > 0).astype(int), np.array([[-1.0, 0], [1, 1]]), np.array([0, 1])
    ),
    "training_curves": lambda: plots.training_curves({"a": history()}, validation=True, log=True),
    "heatmap": lambda: plots.heatmap(np.array([[1.0, np.nan]]), ["r"], ["a", "b"], mark=(0, 0)),
    "images": lambda: plots.images(abs(DATA[:7]), list(range(7)), columns=4),
    "weight_images": lambda: plots.weight_images(DATA[:, :5]),
    "bars": lambda: plots.bars({"a": [1, 2], "b": [2, 1]}, ["x", "y"], {"a": [0.1] * 2, "b": [0.2] * 2}),
    "network": lambda: plots.network([3, 4, 2], bias=True, passes=("forward", "backward")),
    "computation": lambda: plots.computation(3),
}  # fmt: skip


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_is_drawn_and_the_same_twice(name: str) -> None:
    first, second = FIGURES[name]().svg(), FIGURES[name]().svg()
    assert first.startswith("<?xml") and "<svg" in first
    assert first == second


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_lets_the_page_through(name: str) -> None:
    fig = FIGURES[name]()
    assert fig.get_facecolor()[3] == 0
    assert all(ax.get_facecolor()[3] == 0 for ax in fig.axes)


def luminance(color: np.ndarray) -> float:
    linear = np.where(color <= 0.03928, color / 12.92, ((color + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(a: np.ndarray, b: np.ndarray) -> float:
    low, high = sorted([luminance(a), luminance(b)])
    return (high + 0.05) / (low + 0.05)


def turned_round(color: np.ndarray) -> np.ndarray:
    """What `filter: invert(0.92) hue-rotate(180deg)` of the book's style sheet makes of a color."""
    grey = np.outer(np.ones(3), [0.213, 0.715, 0.072])
    return np.clip((2 * grey - np.eye(3)) @ (0.92 - 0.84 * color), 0, 1)


@pytest.mark.parametrize("color", [look.INK, look.MUTED, *look.COLORS])
def test_every_color_stands_out_on_a_light_and_on_a_dark_page(color: str) -> None:
    rgb = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    dark_page = np.array([0x12, 0x12, 0x12]) / 255
    assert contrast(rgb, np.ones(3)) >= 4
    assert contrast(turned_round(rgb), dark_page) >= 4


def test_a_figure_shows_itself_as_svg_and_asks_for_a_light_card_where_notebooks_are_dark() -> None:
    fig, _ = plots.figure()
    data, metadata = fig._repr_mimebundle_()
    assert data["image/svg+xml"] == fig.svg()
    assert metadata["image/svg+xml"]["needs_background"] == "light"


def test_drawing_functions_use_the_axes_they_are_given() -> None:
    fig, axes = plots.figure(1, 2)
    assert plots.curves({"sin": np.sin}, 0, 1, ax=axes[1]) is fig
    assert not axes[0].lines and len(axes[1].lines) == 1


def test_a_trace_is_drawn_point_by_point() -> None:
    fig = plots.descent_on(POLYNOMIAL, trace(9), -1, 24, steps=4)
    path = fig.axes[0].lines[1].get_xydata()
    assert path[:, 0] == pytest.approx(trace(4).points[:, 0])
    assert path[:, 1] == pytest.approx(trace(4).costs)


def test_training_is_drawn_against_what_was_asked() -> None:
    for against, x in {
        "epochs": [1, 2, 3],
        "seconds": [0.5, 1, 1.5],
        "updates": [10, 20, 30],
    }.items():
        line = plots.training_curves({"a": history()}, against=against).axes[0].lines[0]
        assert list(line.get_xdata()) == x and list(line.get_ydata()) == [1.0, 0.5, 0.25]
    with pytest.raises(ValueError, match="epochs, seconds, updates"):
        plots.training_curves({"a": history()}, against="days")


def test_no_curve_is_left_out_for_want_of_a_colour() -> None:
    many = [f"run {k}" for k in range(len(look.COLORS) + 1)]
    assert len(plots.training_curves({name: history() for name in many}).axes[0].lines) == len(many)
    fig = plots.contours(QUADRATIC, (-1, 2), (-1, 2), {name: DATA[:5, :2] for name in many})
    assert {line.get_label() for line in fig.axes[0].lines} >= set(many)


def test_contours_without_a_minimum_in_the_picture_have_no_cross() -> None:
    (ax,) = plots.contours(QUADRATIC, (2, 3), (-1, 1)).axes
    assert not ax.lines


def test_a_heat_map_writes_its_numbers_and_a_dash_for_none() -> None:
    fig = plots.heatmap(np.array([[0.5, np.nan]]), ["r"], ["a", "b"])
    assert [text.get_text() for text in fig.axes[0].texts] == ["0.50", "–"]
    with pytest.raises(ValueError, match=r"\(1, 2\)"):
        plots.heatmap(np.zeros((2, 2)), ["r"], ["a", "b"])


def test_positive_and_negative_weights_share_one_symmetric_scale() -> None:
    fig = plots.weight_images(np.array([[0.5], [-2.0], [0.0], [1.0]]))
    assert fig.axes[0].images[0].get_clim() == (-2.0, 2.0)


@pytest.mark.parametrize("widths", [[1, 1], [3, 4, 2], [2, 3, 3, 1]])
@pytest.mark.parametrize("bias", [False, True])
def test_a_network_has_all_nodes_and_all_edges(widths: list[int], bias: bool) -> None:
    fig = plots.network(widths, bias=bias)
    extra = len(widths) - 1 if bias else 0
    assert len(fig.findobj(Circle)) == sum(widths) + extra
    pairs = pairwise(widths)
    assert len(gids(fig, "edge-")) == sum((a + bias) * b for a, b in pairs)


def test_nodes_left_out_have_no_edges() -> None:
    layers = [["x_1", plots.DOTS, "x_m"], ["z"], [r"\hat y"]]
    fig = plots.network(layers)
    assert sorted(gids(fig, "edge-")) == ["edge-0-1-1", "edge-0-3-1", "edge-1-1-1"]
    assert r"$\vdots$" in [text.get_text() for text in fig.axes[0].texts]


def test_layers_left_out_have_no_edges() -> None:
    fig = plots.network([2, 2, [plots.DOTS], 2, 1])
    assert len(gids(fig, "edge-")) == 2 * 2 + 2 * 1


def test_the_edges_into_a_node_stand_out_and_no_others() -> None:
    layers = [3, 4, 2]
    nodes = plots.network_nodes(layers, bias=True)
    fig = plots.network(layers, bias=True, highlight=plots.into(nodes, 1, 2))
    lit = [gid for gid in gids(fig, "edge-") if gid.endswith("-lit")]
    assert sorted(lit) == [f"edge-0-{k}-2-lit" for k in range(4)]
    thick = {c.get_gid() for c in fig.findobj(Circle) if c.get_linewidth() > 2}
    assert thick == {"node-0-0", "node-0-1", "node-0-2", "node-0-3", "node-1-2"}


def test_a_path_through_the_network_stands_out() -> None:
    fig = plots.network([3, 4, 2], highlight=plots.along(3, 1, 2))
    lit = [gid for gid in gids(fig, "edge-") if gid.endswith("-lit")]
    assert sorted(lit) == ["edge-0-3-1-lit", "edge-1-1-2-lit"]


def test_weights_are_written_on_their_edges() -> None:
    fig = plots.network([2, 1], weights={(0, 2, 1): "w_2"})
    texts = {t.get_text(): t.get_position() for t in fig.axes[0].texts}
    nodes = {(n.layer, n.number): n for n in plots.network_nodes([2, 1])}
    a, b = nodes[0, 2], nodes[1, 1]
    x, y = texts["$w_2$"]
    assert (x - a.x) * (b.y - a.y) == pytest.approx((y - a.y) * (b.x - a.x))


@pytest.mark.parametrize("layers", [1, 2, 4])
def test_the_graph_of_a_gradient_has_what_algorithm_6_1_computes(layers: int) -> None:
    values, links = plots.gradient_graph(layers)
    # A0; Z, D, (W, b) and their gradient for each layer; A and dA between layers; J
    assert len(values) == 1 + 4 * layers + 2 * (layers - 1) + 1
    assert {link.start for link in links} | {link.end for link in links} == set(values)
    for l in range(1, layers + 1):  # noqa: E741
        needs = {k.start for k in links if k.end.startswith(f"dW^{{({l})}}")}
        assert needs == {f"D^{{({l})}}", f"A^{{({l - 1})}}"}
    drawn = plots.computation(layers)
    assert len(gids(drawn, "link-")) == len(links)
