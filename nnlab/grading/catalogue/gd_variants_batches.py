"""Units `gd-variants` and `batch-size-study`: the mini-batches of an epoch."""

from collections.abc import Iterable
from typing import Any

import numpy as np

import nnlab.batches
from nnlab._types import Array, Rng
from nnlab.grading.specification import Aspect, Case, Function, Specification, call

Batches = Iterable[tuple[Array, Array]]


def minibatches(X: Array, y: Array, batch_size: int, rng: Rng) -> list[tuple[Array, Array]]:
    """Return the batches of one epoch as a list."""
    return list(nnlab.batches.minibatches(X, y, batch_size, rng))


def dealt(minibatches: Function, X: Array, y: Array, batch_size: int, rng: Rng) -> list[Any]:
    """Return what a student's function deals out, a list or an iterator, as a list of pairs of arrays."""
    batches = minibatches(X, y, batch_size, rng)
    if batches is None:
        raise TypeError("return the batches, as a list or by yield; got None")
    pairs = list(batches)
    for pair in pairs:
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            raise TypeError(
                f"each batch is a pair, inputs and targets; got one of type {type(pair).__name__}"
            )
    return [(np.asarray(inputs), np.asarray(targets)) for inputs, targets in pairs]


def _sizes(minibatches: Function, X: Array, y: Array, batch_size: int, seed: int) -> Any:
    batches = dealt(minibatches, X, y, batch_size, np.random.default_rng(seed))
    return {"sizes of the batches": [len(inputs) for inputs, _ in batches]}


def _once(minibatches: Function, X: Array, y: Array, batch_size: int, seed: int) -> Any:
    batches = dealt(minibatches, X, y, batch_size, np.random.default_rng(seed))
    inputs = np.concatenate([inputs for inputs, _ in batches if len(inputs)])
    targets = np.concatenate([targets for _, targets in batches if len(targets)])
    order = np.argsort(inputs[:, 0], kind="stable")
    return {
        "X of the epoch, sorted": inputs[order],
        "y of the epoch, in the order of X": targets[order],
    }


def _order(minibatches: Function, X: Array, y: Array, batch_size: int, seed: int) -> Any:
    rng, epochs = np.random.default_rng(seed), {}
    for epoch in ("first epoch", "second epoch"):
        batches = dealt(minibatches, X, y, batch_size, rng)
        epochs[f"X of the {epoch}"] = [inputs for inputs, _ in batches]
        epochs[f"y of the {epoch}"] = [targets for _, targets in batches]
    return epochs


def _samples(rng: Rng, n: int) -> tuple[Array, Array]:
    """Draw samples that can be told apart by their first input; the target is ten times that."""
    X = np.column_stack([rng.permutation(n), rng.integers(0, 9, n)]).astype(float)
    return X, 10 * X[:, 0]


def _some(rng: Rng) -> Case:
    n = int(rng.integers(7, 20))
    return call(*_samples(rng, n), int(rng.integers(2, n)), int(rng.integers(1000)))


TEN = np.arange(10.0)[:, None], 10 * np.arange(10.0)
TWELVE = np.arange(12.0)[:, None], 10 * np.arange(12.0)

MINIBATCHES = Specification(
    "minibatches",
    minibatches,
    "book/gd-variants.html#src-t-a7",
    {
        "sizes": Aspect(
            "how many, and how large",
            [call(*TEN, 4, 0), call(*TWELVE, 4, 0), call(*TEN, 10, 0), call(*TEN, 1, 0)],
            _some,
            _sizes,
        ),
        "once": Aspect(
            "every sample exactly once, with its own target",
            [call(*TEN, 4, 0), call(*TEN, 10, 0)],
            _some,
            _once,
        ),
        "order": Aspect(
            "the order of two epochs",
            [call(*TEN, 4, 0)],
            _some,
            _order,
            keeps_inputs=True,
        ),
    },
)
_wrong = MINIBATCHES.mistake


def _cut(X: Array, y: Array, order: Array, batch_size: int) -> list[tuple[Array, Array]]:
    starts = range(0, len(order), batch_size)
    return [(X[order[s : s + batch_size]], y[order[s : s + batch_size]]) for s in starts]


@_wrong(
    "last-dropped",
    "The last, smaller batch is missing: n // batch_size forgets the rest; keep it.",
)
def _(X: Array, y: Array, batch_size: int, rng: Rng) -> Batches:
    whole = len(X) // batch_size * batch_size
    return _cut(X, y, rng.permutation(len(X))[:whole], batch_size)


@_wrong(
    "empty-last",
    "n // batch_size + 1 is one batch too many when batch_size divides n: the last one is empty.",
)
def _(X: Array, y: Array, batch_size: int, rng: Rng) -> Batches:
    order = rng.permutation(len(X))
    chunks = [order[b * batch_size :][:batch_size] for b in range(len(X) // batch_size + 1)]
    return [(X[chunk], y[chunk]) for chunk in chunks]


@_wrong("last-merged", "You add the rest to the last full batch: it is a batch of its own.")
def _(X: Array, y: Array, batch_size: int, rng: Rng) -> Batches:
    *batches, last = np.split(
        rng.permutation(len(X)), range(batch_size, len(X) - batch_size + 1, batch_size)
    )
    return [(X[chunk], y[chunk]) for chunk in (*batches, last)]


@_wrong(
    "last-filled",
    "You fill the last batch up with samples that were there before: let it be smaller.",
)
def _(X: Array, y: Array, batch_size: int, rng: Rng) -> Batches:
    order = rng.permutation(len(X))
    return _cut(X, y, np.append(order, order[: -len(X) % batch_size]), batch_size)


@_wrong(
    "evened-out",
    "You split the samples into batches of about one size: each has batch_size samples, only the last may have fewer.",
)
def _(X: Array, y: Array, batch_size: int, rng: Rng) -> Batches:
    chunks = np.array_split(rng.permutation(len(X)), -(-len(X) // batch_size))
    return [(X[chunk], y[chunk]) for chunk in chunks]


@_wrong("first-only", "You return the first batch alone: does the return stand inside the loop?")
def _(X: Array, y: Array, batch_size: int, rng: Rng) -> Batches:
    return _cut(X, y, rng.permutation(len(X)), batch_size)[:1]


@_wrong(
    "slice-end",
    "order[start:batch_size] ends at batch_size, so later batches are empty: it ends at start + batch_size.",
)
def _(X: Array, y: Array, batch_size: int, rng: Rng) -> Batches:
    order = rng.permutation(len(X))
    chunks = [order[start:batch_size] for start in range(0, len(X), batch_size)]
    return [(X[chunk], y[chunk]) for chunk in chunks]


@_wrong(
    "dealt-anew",
    "You draw a new order for every batch, so samples come twice or never: draw one for the whole epoch.",
)
def _(X: Array, y: Array, batch_size: int, rng: Rng) -> Batches:
    starts = range(0, len(X), batch_size)
    chunks = [rng.permutation(len(X))[s : s + batch_size] for s in starts]
    return [(X[chunk], y[chunk]) for chunk in chunks]


@_wrong(
    "number-for-size",
    "You cut the data into batch_size batches; batch_size is the number of samples in each.",
)
def _(X: Array, y: Array, batch_size: int, rng: Rng) -> Batches:
    chunks = np.array_split(rng.permutation(len(X)), batch_size)
    return [(X[chunk], y[chunk]) for chunk in chunks]


@_wrong(
    "with-replacement",
    "You draw with replacement, so some samples come twice and others never: take rng.permutation(n).",
)
def _(X: Array, y: Array, batch_size: int, rng: Rng) -> Batches:
    return _cut(X, y, rng.integers(len(X), size=len(X)), batch_size)


@_wrong(
    "replaced-between-batches",
    "Each of your batches is drawn from all samples anew; deal them out, as rng.permutation(n) says.",
)
def _(X: Array, y: Array, batch_size: int, rng: Rng) -> Batches:
    sizes = [min(batch_size, len(X) - start) for start in range(0, len(X), batch_size)]
    chunks = [rng.choice(len(X), size, replace=False) for size in sizes]
    return [(X[chunk], y[chunk]) for chunk in chunks]


@_wrong(
    "not-shuffled",
    "The samples come in the order they have: shuffle them anew for every epoch, by rng.permutation(n).",
)
def _(X: Array, y: Array, batch_size: int, rng: Rng) -> Batches:
    return _cut(X, y, np.arange(len(X)), batch_size)


@_wrong(
    "starts-shuffled",
    "You shuffle the order of the batches, not the samples: the same samples sit together in every epoch.",
)
def _(X: Array, y: Array, batch_size: int, rng: Rng) -> Batches:
    starts = np.arange(0, len(X), batch_size)
    rng.shuffle(starts)
    return [(X[s : s + batch_size], y[s : s + batch_size]) for s in starts]


@_wrong(
    "shuffled-apart",
    "X and y are shuffled by two permutations, so targets meet foreign inputs: one permutation for both.",
)
def _(X: Array, y: Array, batch_size: int, rng: Rng) -> Batches:
    return _cut(X[rng.permutation(len(X))], rng.permutation(y), np.arange(len(X)), batch_size)


@_wrong(
    "targets-not-shuffled",
    "Only X is shuffled: pick the targets by the same permutation.",
)
def _(X: Array, y: Array, batch_size: int, rng: Rng) -> Batches:
    return _cut(X[rng.permutation(len(X))], y, np.arange(len(X)), batch_size)


def _always_alike(seed: int) -> Function:
    def deal(X: Array, y: Array, batch_size: int, rng: Rng) -> Batches:
        return _cut(X, y, np.random.default_rng(seed).permutation(len(X)), batch_size)

    return deal


for _seed in (0, 1, 42):
    _wrong(
        f"own-generator-{_seed}",
        "You make a generator of your own, so every epoch has the same order: use the rng passed in.",
    )(_always_alike(_seed))


@_wrong(
    "in-place",
    "You shuffle the caller's arrays themselves: shuffle row numbers, and pick rows by them.",
)
def _(X: Array, y: Array, batch_size: int, rng: Rng) -> Batches:
    order = rng.permutation(len(X))
    X[:], y[:] = X[order], y[order]
    return _cut(X, y, np.arange(len(X)), batch_size)


FREQUENT = ("last-dropped", "with-replacement", "not-shuffled", "starts-shuffled", "shuffled-apart")
"""Mistakes that functions which call minibatches are told about too."""
