"""The computation of a gradient as a graph: forward along the top, backward along the bottom, kept
values hanging down between the two."""

from typing import Any, NamedTuple

from matplotlib.axes import Axes

from nnlab.plots.look import BLUE, GREEN, INK, MUTED, ORANGE, Figure, drawing

Place = tuple[float, float]


class Link(NamedTuple):
    """An arrow of the graph: from one value to another, and why: "forward", "backward" or
    "kept"."""

    start: str
    end: str
    kind: str


COLORS = {"forward": BLUE, "backward": ORANGE, "kept": MUTED}


def gradient_graph(layers: int) -> tuple[dict[str, Place], list[Link]]:
    r"""The values that Algorithm 6.1 computes for a network of `layers` layers with their places,
    and what each is computed from.

    >>> values, links = gradient_graph(1)
    >>> [link.end for link in links if link.start == "A^{(0)}"]
    ['Z^{(1)}', 'dW^{(1)},\\,db^{(1)}']
    """
    places: dict[str, Place] = {"A^{(0)}": (0, 1)}
    links = []
    for l in range(1, layers + 1):  # noqa: E741 - the layer is called l in the book
        x = 2.0 * l - 0.7
        before, z, d = f"A^{{({l - 1})}}", f"Z^{{({l})}}", f"D^{{({l})}}"
        parameters = rf"W^{{({l})}},\,b^{{({l})}}"
        gradients = rf"dW^{{({l})}},\,db^{{({l})}}"
        places |= {z: (x, 1), d: (x, 0), parameters: (x, 2), gradients: (x, -1)}
        links += [Link(before, z, "forward"), Link(parameters, z, "forward")]
        links += [Link(d, gradients, "backward"), Link(before, gradients, "kept")]
        if l < layers:
            after, d_after = f"A^{{({l})}}", f"dA^{{({l})}}"
            places |= {after: (x + 0.9, 1), d_after: (x + 0.9, 0)}
            links += [Link(z, after, "forward"), Link(d_after, d, "backward")]
            links += [Link(f"D^{{({l + 1})}}", d_after, "backward"), Link(z, d, "kept")]
            links.append(Link(rf"W^{{({l + 1})}},\,b^{{({l + 1})}}", d_after, "kept"))
        else:
            places["J"] = (x + 0.9, 1)
            links += [Link(z, "J", "forward"), Link("J", d, "backward")]
    return places, links


def computation(layers: int = 2, *, ax: Axes | None = None) -> Figure:
    """Draw the graph of `gradient_graph`: blue forward, orange backward, dashed what was kept."""
    places, links = gradient_graph(layers)
    fig, ax = drawing(ax, height=3.6)
    cards = {}
    for name, (x, y) in places.items():
        edge = ORANGE if name[0] in "Dd" else GREEN if name[0] in "WJ" else BLUE
        card = {"boxstyle": "round,pad=0.25", "facecolor": "white", "edgecolor": edge}
        style: dict[str, Any] = {"ha": "center", "va": "center", "color": INK, "bbox": card}
        text = ax.text(x, y, f"${name}$", fontsize=14, zorder=1, **style)
        text.set_gid(f"value-{name}")
        cards[name] = text.get_bbox_patch()
    for link in links:  # from card to card, whose places are known once they are drawn
        arrow = {
            "arrowstyle": "-|>",
            "color": COLORS[link.kind],
            "linestyle": (0, (3, 2)) if link.kind == "kept" else "-",
            "linewidth": 0.9 if link.kind == "kept" else 1.5,
            "patchA": cards[link.start],
            "patchB": cards[link.end],
        }
        made = ax.annotate("", places[link.end], places[link.start], arrowprops=arrow, zorder=2)
        made.set_gid(f"link-{link.kind}")
    ax.set(xlim=(-0.5, 2 * layers + 0.8), ylim=(-1.5, 2.5))
    ax.set_axis_off()
    return fig
