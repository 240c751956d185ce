"""Time one step of training, side by side: nnlab against NumPy by hand, scikit-learn, PyTorch, Keras.

    python benchmarks/training.py               # all there is; some minutes
    python benchmarks/training.py --quick       # rougher
    python benchmarks/training.py --batches 1 32 --without torch.compile Keras

The network is 784-128-10 with ReLU and softmax, in float32, on one thread. Contenders take turns,
round after round, so that whatever else the machine does hits them alike; the clock is CPU time.
A cell is the median over the rounds of (contender's time / nnlab's time): above 1, nnlab is ahead.
Nothing passes or fails here: read the table.
"""

import argparse
import os
import platform
import statistics
import time
import warnings
from importlib import import_module
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "torch")
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"  # before NumPy is loaded; many threads only get in each other's way here

import numpy as np  # noqa: E402  these four load it
import threadpoolctl  # noqa: E402
from contenders import CONTENDERS, Epoch, installed  # noqa: E402
from keeping import keep  # noqa: E402

BATCHES = [1, 8, 32, 128, 256, 60_000]
SAMPLES = 60_000
SECONDS = 0.15
"""About how long a contender's turn lasts (one step, if a step is longer)."""


def surroundings(names: list[str]) -> None:
    """Print what the figures depend on: processor, versions, BLAS and its threads."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    modules = [import_module(package) for package in dict.fromkeys(CONTENDERS[n][1] for n in names)]
    print(", ".join(f"{module.__name__} {module.__version__}" for module in modules))
    for pool in threadpoolctl.threadpool_info():
        kind = f"{pool['internal_api']} {pool['version'] or ''} ({Path(pool['filepath']).name})"
        print(f"{kind}: {pool.get('architecture', 'any')}, {pool['num_threads']} thread(s)")
    chosen = [f"{k}={v}" for k, v in sorted(os.environ.items()) if k.startswith("OPENBLAS_")]
    print(", ".join(chosen), end="\n\n")


def seconds(epoch: Epoch, X: np.ndarray, y: np.ndarray) -> float:
    began = time.process_time()
    epoch(X, y)
    return time.process_time() - began


def cell(
    method: str, batch: int, names: list[str], X: np.ndarray, y: np.ndarray, rounds: int
) -> dict[str, list[float]]:
    """Time every contender `rounds` times, taking turns; return seconds a step."""
    makers = installed()
    epochs = {name: makers[name](method, batch) for name in names}
    for epoch in epochs.values():
        epoch(X[: 2 * batch], y[: 2 * batch])  # warm up: compile, fault pages in
    probe = X[: 20 * batch], y[: 20 * batch]
    pace = seconds(epochs["nnlab"], *probe) / max(1, len(probe[0]) // batch)
    steps = max(1, min(int(SECONDS / pace), len(X) // batch))
    X, y = X[: steps * batch], y[: steps * batch]
    times: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(rounds):
        for name in names if turn % 2 else reversed(names):
            times[name].append(seconds(epochs[name], X, y) / steps)
    return times


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="3 rounds, without torch.compile")
    parser.add_argument("--rounds", type=int, help="turns a contender gets (default 9)")
    parser.add_argument("--batches", type=int, nargs="+", default=BATCHES, metavar="B")
    parser.add_argument("--optimizers", nargs="+", default=["SGD", "Adam"], metavar="NAME")
    parser.add_argument("--without", nargs="+", default=[], metavar="NAME", help="leave out")
    parser.add_argument("--keep", action="store_true", help="write benchmarks/results.json")
    options = parser.parse_args()
    skipped = {*options.without, *(["torch.compile"] if options.quick else [])}
    names = [name for name in installed() if name not in skipped]
    absent = [name for name in CONTENDERS if name not in names]
    rounds = options.rounds or (3 if options.quick else 9)
    warnings.simplefilter("ignore")  # scikit-learn and Keras have opinions on our settings

    rng = np.random.default_rng(0)
    X = rng.random((SAMPLES, 784), dtype=np.float32)
    y = rng.integers(10, size=SAMPLES)

    surroundings(names)
    print(f"{'':6}{'B':>6}{'nnlab, us/step':>16}" + "".join(f"{n:>15}" for n in names[1:]))
    rows = []
    for method in options.optimizers:
        for batch in options.batches:
            times = cell(method, batch, names, X, y, rounds)
            own = times["nnlab"]
            ratios = [
                statistics.median(t / o for t, o in zip(times[n], own, strict=True))
                for n in names[1:]
            ]
            print(
                f"{method:6}{batch:>6}{statistics.median(own) * 1e6:>16,.1f}"
                + "".join(f"{r:>15.2f}" for r in ratios),
                flush=True,
            )
            row = {"optimizer": method, "batch": batch}
            row["microseconds"] = statistics.median(own) * 1e6
            rows.append(row | {"ratios": dict(zip(names[1:], ratios, strict=True))})
    if options.keep:
        keep("training", {"others": names[1:], "rows": rows})
    print(f"median of {rounds} rounds; {', '.join(absent) or 'nothing'} left out or not installed")


if __name__ == "__main__":
    main()
