"""A trained network is kept in an .npz file: its settings as text, its parameters as one array, no
pickle."""

import json
import os
from pathlib import Path

import numpy as np

from nnlab.network import Network


def save(network: Network, path: str | os.PathLike[str]) -> None:
    """Write a network to a file, all or nothing: a crash in the middle leaves an older file
    whole."""
    settings = {
        "widths": [int(width) for width in network.widths],
        "activation": network.activations[:-1],
        "loss": network.loss_name,
        "output": network.activations[-1],
        "l2": network.l2,
    }
    path = Path(path)
    part = path.with_name(path.name + ".part")
    with open(part, "wb") as file:
        np.savez(file, theta=network.theta, settings=np.array(json.dumps(settings)))
    os.replace(part, path)


def load(path: str | os.PathLike[str]) -> Network:
    """Read a network that `save` wrote."""
    try:
        with open(path, "rb") as stream, np.load(stream, allow_pickle=False) as file:
            theta, settings = file["theta"], json.loads(str(file["settings"]))
        network = Network(**settings, dtype=theta.dtype, rng=np.random.default_rng(0))
    except FileNotFoundError:
        raise
    except Exception as error:  # a damaged file can fail in many ways; to the reader it is one
        raise ValueError(f"{path} is not a network saved by nnlab: {error}") from error
    if theta.shape != network.theta.shape:
        expected = network.theta.size
        raise ValueError(f"{path} holds {theta.size} parameters, {expected} expected")
    network.theta[:] = theta
    return network
