"""A saved network comes back the same; a damaged file is refused; a crash leaves the old file."""

import json
import os

import numpy as np
import pytest

from nnlab.network import Network
from nnlab.saving import load, save

SETTINGS = [
    {"widths": [3, 4, 2], "loss": "cross_entropy", "l2": 0.1},
    {"widths": [3, 1], "loss": "huber", "output": "tanh"},
    {"widths": [3, 4, 5, 1], "activation": ["tanh", "leaky_relu"], "dtype": np.float32},
]
X = np.random.default_rng(0).normal(size=(6, 3))


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "network.npz"
    save(Network([3, 4, 2], rng=np.random.default_rng(0)), path)
    return path


@pytest.mark.parametrize("settings", SETTINGS)
def test_what_was_saved_comes_back(tmp_path, settings):
    net = Network(**settings, rng=np.random.default_rng(0))
    net.theta[:] = np.random.default_rng(1).normal(size=net.theta.size)
    save(net, tmp_path / "network.npz")
    assert [path.name for path in tmp_path.iterdir()] == ["network.npz"]  # nothing left over
    back = load(tmp_path / "network.npz")
    assert back.theta.dtype == net.theta.dtype
    np.testing.assert_array_equal(back.theta, net.theta)
    np.testing.assert_array_equal(back.outputs(X), net.outputs(X))
    assert (back.widths, back.activations, back.l2) == (net.widths, net.activations, net.l2)


def test_a_missing_file_is_a_missing_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "nowhere.npz")


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: b"",
        lambda raw: b"not a network at all",
        lambda raw: raw[: len(raw) // 2],
        lambda raw: raw[:100] + b"\xff" * 40 + raw[140:],
    ],
    ids=["empty", "text", "truncated", "overwritten"],
)
def test_a_damaged_file_is_refused(saved, damage):
    saved.write_bytes(damage(saved.read_bytes()))
    with pytest.raises(ValueError, match=r"network\.npz is not a network saved by nnlab"):
        load(saved)


def test_another_npz_is_refused(tmp_path):
    path = tmp_path / "other.npz"
    np.savez(path, theta=np.zeros(3))
    with pytest.raises(ValueError, match="is not a network saved by nnlab"):
        load(path)


def test_parameters_that_do_not_fit_the_widths_are_refused(tmp_path):
    path = tmp_path / "network.npz"
    np.savez(path, theta=np.zeros(7), settings=np.array(json.dumps({"widths": [3, 1]})))
    with pytest.raises(ValueError, match="holds 7 parameters, 4 expected"):
        load(path)


class Trap:
    """Makes a folder when it is unpickled."""

    def __init__(self, folder):
        self.folder = folder

    def __reduce__(self):
        return os.mkdir, (self.folder,)


def test_a_pickle_is_never_opened(tmp_path):
    path, sprung = tmp_path / "network.npz", tmp_path / "sprung"
    np.savez(path, theta=np.array([Trap(sprung)], dtype=object), settings=np.array("{}"))
    with pytest.raises(ValueError, match="is not a network saved by nnlab"):
        load(path)
    assert not sprung.exists()


def test_a_crash_while_writing_leaves_the_old_file_whole(saved, monkeypatch):
    before = saved.read_bytes()

    def crash(file, **arrays):
        file.write(b"half")
        raise OSError("disk full")

    monkeypatch.setattr(np, "savez", crash)
    with pytest.raises(OSError, match="disk full"):
        save(load(saved), saved)
    assert saved.read_bytes() == before
