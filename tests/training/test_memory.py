"""Training on MNIST takes less than twice the memory of MNIST."""

import os
import subprocess
import sys

import pytest

PROBE = """
import sys, tracemalloc
import numpy as np
from nnlab.network import Network
from nnlab.optimizers import Adam
from nnlab.training import fit

rng = np.random.default_rng(0)
tracemalloc.start()
if sys.argv[2] == "mnist":
    from nnlab.datasets import load_mnist
    X, y, _, _ = load_mnist()
else:
    X, y = rng.random((60_000, 784), dtype=np.float32), rng.integers(10, size=60_000)
data = X.nbytes + y.nbytes
network = Network([784, 128, 10], loss="cross_entropy", rng=rng, dtype=np.float32)
tracemalloc.reset_peak()
batch = sys.argv[1] if sys.argv[1] == "full" else int(sys.argv[1])
rows = len(X) if batch == "full" else 6_000  # an epoch of small batches over a tenth is as telling
fit(network, X[:rows], y[:rows], Adam(), epochs=1, batch_size=batch, rng=rng, accuracy=True)
network.accuracy(X, y)
print(tracemalloc.get_traced_memory()[1] / data)
"""


@pytest.mark.parametrize("batch", ["32", "full"])
def test_fit_peaks_below_twice_the_data(batch):
    data = "mnist" if os.environ.get("NNLAB_DATA") else "like it"
    command = [sys.executable, "-W", "error", "-c", PROBE, batch, data]
    ratio = float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert 1 <= ratio < 2, f"the peak is {ratio:.2f} times the data"
