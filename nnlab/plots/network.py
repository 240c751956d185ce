"""A network as a drawing: layers of named nodes, edges between neighbouring layers, and paths that
stand out.

`network_nodes` decides what there is and where; `network` draws it.
"""

import itertools
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.patches import Circle

from nnlab.plots.look import BLUE, GREEN, INK, MUTED, ORANGE, RULE, WIDTH, Figure, drawing

Layer = int | Sequence[str]
"""A layer is a number of nodes, or their names; the name DOTS stands for nodes left out, and a
layer [DOTS] for layers left out."""
Edge = tuple[int, int, int]
"""(layer, from, to): from node number `from` of a layer to number `to` of the next; nodes count
from 1, the bias is 0."""

DOTS = "..."
RADIUS = 0.34
UNIT = 0.72
"""Inches between the nodes of a layer, unless a wide network makes it less."""
LETTERS = 23
"""Points an inch of that distance: names fill their nodes, and can be read on a phone."""
FILLS = {"input": "#dfeaf4", "hidden": "#fbe8d3", "output": "#d9efe9", "bias": "#eceff2"}
EDGES = {"input": BLUE, "hidden": ORANGE, "output": GREEN, "bias": MUTED}


class Node(NamedTuple):
    """A node of the drawing: its layer, its number in it (0: bias), its name, its kind, and its
    place."""

    layer: int
    number: int
    name: str
    kind: str
    x: float
    y: float


def network_nodes(
    layers: Sequence[Layer], *, bias: bool = False, own: Collection[int] = (), gap: float = 2.0
) -> list[Node]:
    """Place the nodes of a network, each layer centred on the same height.

    An int names its nodes by itself: x_1, x_2 ... at the input, y-hat at the output, z between
    (with the layer as a superscript if there are several). bias=True puts a node "1" on top of
    each layer but the last and those in `own`.

    >>> [node.name for node in network_nodes([1, 1, 1], bias=True)]
    ['$1$', '$x_{1}$', '$1$', '$z_{1}$', '$\\\\hat y_{1}$']
    """
    nodes = []
    for depth, layer in enumerate(layers):
        names = _names(layer, depth, len(layers))
        kind = "input" if depth == 0 else "output" if depth == len(layers) - 1 else "hidden"
        rows = [("$1$", 0, "bias")] if bias and depth < len(layers) - 1 and depth not in own else []
        if names == [DOTS]:
            rows = [(r"$\cdots$", 1, "dots")]
        else:
            rows += [
                (r"$\vdots$", number, "dots") if name == DOTS else (name, number, kind)
                for number, name in enumerate(names, 1)
            ]
        top = (len(rows) - 1) / 2
        nodes += [
            Node(depth, number, name, kind, depth * gap, top - row)
            for row, (name, number, kind) in enumerate(rows)
        ]
    return nodes


def network_edges(nodes: Sequence[Node], own: Collection[int] = ()) -> list[tuple[Node, Node]]:
    """The edges: each node to every node of the next layer (from the layers in `own`, only to the
    node of its number), save for biases and dots."""
    return [
        (a, b)
        for a in nodes
        for b in nodes
        if b.layer == a.layer + 1 and b.kind != "bias" and "dots" not in (a.kind, b.kind)
        if a.layer not in own or a.number == b.number
    ]


def into(nodes: Sequence[Node], layer: int, number: int) -> list[Edge]:
    """The edges that end in one node, to highlight them."""
    return [
        (a.layer, a.number, b.number)
        for a, b in network_edges(nodes)
        if (b.layer, b.number) == (layer, number)
    ]


def along(*numbers: int) -> list[Edge]:
    """The edges of one path through the network, given the number of its node in each layer.

    >>> along(2, 1, 3)
    [(0, 2, 1), (1, 1, 3)]
    """
    return [(layer, a, b) for layer, (a, b) in enumerate(itertools.pairwise(numbers))]


def network(
    layers: Sequence[Layer],
    *,
    bias: bool = False,
    weights: Mapping[Edge, str] | None = None,
    highlight: Collection[Edge] = (),
    own: Collection[int] = (),
    below: Sequence[str] | None = None,
    passes: tuple[str, str] | None = None,
    gap: float = 2.0,
    ax: Axes | None = None,
) -> Figure:
    """Draw a network of any widths.

    weights writes names on edges; highlight lists the edges that stand out (`into` and `along`
    make such lists), with the nodes they join; own lists the layers whose nodes each feed the node of
    the same number alone, and that have no bias; below writes a line under each layer; passes names
    an arrow from left to right above the network, and one back below it.
    """
    nodes = network_nodes(layers, bias=bias, own=own, gap=gap)
    edges = network_edges(nodes, own)
    height = max(node.y for node in nodes)
    unit = min(WIDTH / (gap * (len(layers) - 1) + 1.4), UNIT)
    size = LETTERS * unit
    low = -height - 0.55 - 0.6 * bool(below) - 0.8 * bool(passes)
    high = height + 0.55 + 0.8 * bool(passes)
    fig, ax = drawing(ax, height=max(1.3, unit * (high - low)))
    lit = {(a.layer, a.number) for a, b in edges if (a.layer, a.number, b.number) in highlight}
    lit |= {(b.layer, b.number) for a, b in edges if (a.layer, a.number, b.number) in highlight}
    for a, b in edges:
        key = (a.layer, a.number, b.number)
        _edge(ax, a, b, key in highlight, bool(highlight), (weights or {}).get(key), size)
    for node in nodes:
        _node(ax, node, (node.layer, node.number) in lit, size)
    if passes:
        end = gap * (len(layers) - 1)
        _pass(ax, passes[0], 0, end, height + 0.75, BLUE, size)
        _pass(ax, passes[1], end, 0, low + 0.35, ORANGE, size)
    for depth, text in enumerate(below or ()):
        ax.text(depth * gap, -height - 0.8, text, ha="center", va="center", fontsize=0.9 * size)
    ax.set(xlim=(-0.7, gap * (len(layers) - 1) + 0.7))
    ax.set(ylim=(low, high), aspect="equal")
    ax.set_axis_off()
    return fig


def _names(layer: Layer, depth: int, count: int) -> list[str]:
    if not isinstance(layer, int):
        return [name if name == DOTS else f"${name}$" for name in layer]
    letter = "x" if depth == 0 else r"\hat y" if depth == count - 1 else "z"
    above = f"^{{({depth})}}" if letter == "z" and count > 3 else ""
    return [f"${letter}{above}_{{{k}}}$" for k in range(1, layer + 1)]


def _edge(
    ax: Axes, a: Node, b: Node, lit: bool, others: bool, text: str | None, size: float
) -> None:
    color = ORANGE if lit else RULE if others else MUTED
    arrow = {"arrowstyle": "-|>", "color": color, "lw": 1.8 if lit else 0.9,
             "shrinkA": 0, "shrinkB": 0, "mutation_scale": 9}  # fmt: skip
    dx, dy = b.x - a.x, b.y - a.y
    length = (dx**2 + dy**2) ** 0.5
    start = (a.x + RADIUS * dx / length, a.y + RADIUS * dy / length)
    end = (b.x - RADIUS * dx / length, b.y - RADIUS * dy / length)
    made = ax.annotate("", end, start, arrowprops=arrow)
    made.set_gid(f"edge-{a.layer}-{a.number}-{b.number}{'-lit' if lit else ''}")
    if text is not None:
        share = 0.42
        at = (a.x + share * dx, a.y + share * dy)
        card = {"facecolor": "white", "edgecolor": "none", "pad": 1.2}
        ax.text(*at, f"${text}$", ha="center", va="center", fontsize=0.85 * size, bbox=card)


def _pass(ax: Axes, text: str, start: float, end: float, y: float, color: str, size: float) -> None:
    arrow = {"arrowstyle": "-|>", "color": color, "lw": 2.2, "mutation_scale": 14}
    ax.annotate("", (end, y), (start, y), arrowprops=arrow)
    at = (start + end) / 2, y + 0.15
    ax.text(*at, text, ha="center", va="bottom", color=color, fontsize=0.8 * size)


def _node(ax: Axes, node: Node, lit: bool, size: float) -> None:
    if node.kind == "dots":
        ax.text(node.x, node.y, node.name, ha="center", va="center", fontsize=16)
        return
    style: dict[str, Any] = {"facecolor": FILLS[node.kind], "edgecolor": EDGES[node.kind]}
    circle = Circle((node.x, node.y), RADIUS, linewidth=2.4 if lit else 1.2, zorder=3, **style)
    circle.set_gid(f"node-{node.layer}-{node.number}")
    ax.add_patch(circle)
    centred: dict[str, Any] = {"ha": "center", "va": "center", "color": INK, "zorder": 4}
    ax.text(node.x, node.y, node.name, fontsize=size, **centred)
