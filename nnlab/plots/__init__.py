"""Figures in one look: each function returns a Figure, or draws on the axes it is given."""

from nnlab.plots.bars import bars
from nnlab.plots.computation import computation, gradient_graph
from nnlab.plots.contours import contours, relief
from nnlab.plots.curves import curves, descent_on, sequences
from nnlab.plots.heatmap import heatmap
from nnlab.plots.images import images, weight_images
from nnlab.plots.look import BLUE, BROWN, GREEN, INK, MUTED, ORANGE, PINK, Figure, figure, legend
from nnlab.plots.network import DOTS, along, into, network, network_edges, network_nodes
from nnlab.plots.regions import regions
from nnlab.plots.training import training_curves

__all__ = [
    "BLUE",
    "BROWN",
    "DOTS",
    "GREEN",
    "INK",
    "MUTED",
    "ORANGE",
    "PINK",
    "Figure",
    "along",
    "bars",
    "computation",
    "contours",
    "curves",
    "descent_on",
    "figure",
    "gradient_graph",
    "heatmap",
    "images",
    "into",
    "legend",
    "network",
    "network_edges",
    "network_nodes",
    "regions",
    "relief",
    "sequences",
    "training_curves",
    "weight_images",
]
