"""One epoch of training the same network, 784-128-10 with ReLU and softmax, by each library.

A contender is made for one optimizer and one batch size, and is called with (X, y); it shuffles,
gathers mini-batches, sums up the loss, and updates: what a training loop has to do, and no more.
What is not installed is left out, by name.
"""

from collections.abc import Callable
from importlib.util import find_spec

import numpy as np

Epoch = Callable[[np.ndarray, np.ndarray], object]
Make = Callable[[str, int], Epoch]

WIDTHS = [784, 128, 10]
LR = 0.001


def nnlab(method: str, batch: int) -> Epoch:
    """The real thing: `nnlab.training.fit`, checks and history included."""
    from nnlab.network import Network
    from nnlab.optimizers import optimizer
    from nnlab.training import fit

    rng = np.random.default_rng(0)
    network = Network(WIDTHS, "relu", loss="cross_entropy", rng=rng, dtype=np.float32)
    update = optimizer({"SGD": "gd", "Adam": "adam"}[method], lr=LR)

    def epoch(X: np.ndarray, y: np.ndarray) -> object:
        return fit(network, X, y, update, epochs=1, batch_size=batch, rng=rng)

    return epoch


def flat(method: str, batch: int) -> Epoch:
    """NumPy by hand: no functions, no checks, every array of the update made beforehand."""
    rng = np.random.default_rng(0)
    cuts = np.cumsum([784 * 128, 128, 128 * 10])
    theta = rng.normal(0, 0.05, cuts[-1] + 10).astype(np.float32)
    grad, m, v, scratch = (np.zeros_like(theta) for _ in range(4))
    W1, b1, W2, b2 = np.split(theta, cuts)
    dW1, db1, dW2, db2 = np.split(grad, cuts)
    W1, dW1 = W1.reshape(784, 128), dW1.reshape(784, 128)
    W2, dW2 = W2.reshape(128, 10), dW2.reshape(128, 10)
    t = 0

    def epoch(X: np.ndarray, y: np.ndarray) -> float:
        nonlocal t
        total, order = 0.0, rng.permutation(len(X))
        for start in range(0, len(X), batch):
            index = order[start : start + batch]
            whole = batch == len(X)
            x, labels = (X, y) if whole else (X.take(index, 0), y.take(index, 0))
            n = len(x)
            rows = np.arange(n)
            A = np.dot(x, W1)
            A += b1
            np.maximum(A, 0, out=A)
            Z = np.dot(A, W2)
            Z += b2
            Z -= np.maximum.reduce(Z, axis=1, keepdims=True)
            P = np.exp(Z)
            sums = np.add.reduce(P, axis=1, keepdims=True)
            total += float((np.log(sums[:, 0]) - Z[rows, labels]).sum())
            P /= sums
            P[rows, labels] -= 1
            P /= n
            np.dot(A.T, P, out=dW2)
            np.add.reduce(P, axis=0, out=db2)
            D = np.dot(P, W2.T)
            D *= A > 0
            np.dot(x.T, D, out=dW1)
            np.add.reduce(D, axis=0, out=db1)
            if method == "SGD":
                np.multiply(grad, LR, out=scratch)
            else:
                t += 1
                root = (1 - 0.999**t) ** 0.5
                np.multiply(m, 0.9, out=m)
                np.multiply(grad, 0.1, out=scratch)
                np.add(m, scratch, out=m)
                np.multiply(v, 0.999, out=v)
                np.multiply(grad, grad, out=scratch)
                np.multiply(scratch, 0.001, out=scratch)
                np.add(v, scratch, out=v)
                np.sqrt(v, out=scratch)
                np.add(scratch, 1e-8 * root, out=scratch)
                np.divide(m, scratch, out=scratch)
                np.multiply(scratch, LR * root / (1 - 0.9**t), out=scratch)
            np.subtract(theta, scratch, out=theta)
        return total / len(X)

    return epoch


def scikit_learn(method: str, batch: int) -> Epoch:
    from sklearn.neural_network import MLPClassifier

    model = MLPClassifier(
        (128,), solver=method.lower(), alpha=0, batch_size=batch, learning_rate_init=LR, momentum=0
    )
    return lambda X, y: model.partial_fit(X, y, classes=range(10))


def torch_eager(method: str, batch: int, fused: bool = False, compiled: bool = False) -> Epoch:
    import torch

    torch.set_num_threads(1)
    network = torch.nn.Sequential(
        torch.nn.Linear(784, 128), torch.nn.ReLU(), torch.nn.Linear(128, 10)
    )
    make = {"SGD": torch.optim.SGD, "Adam": torch.optim.Adam}[method]
    update = make(network.parameters(), lr=LR, fused=fused)
    criterion = torch.nn.CrossEntropyLoss()

    def cost(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        return criterion(network(x), y)

    if compiled:
        torch._dynamo.reset()
        cost = torch.compile(cost, dynamic=False)

    def epoch(X: np.ndarray, y: np.ndarray) -> float:
        X, y = torch.from_numpy(X), torch.from_numpy(y)
        total, order = torch.zeros(()), torch.randperm(len(X))
        for start in range(0, len(X), batch):
            index = order[start : start + batch]
            whole = batch == len(X)
            x, labels = (X, y) if whole else (X[index], y[index])
            update.zero_grad()
            loss = cost(x, labels)
            loss.backward()
            update.step()
            total += loss.detach() * len(x)
        return float(total) / len(X)

    return epoch


def torch_fused(method: str, batch: int) -> Epoch:
    return torch_eager(method, batch, fused=True)


def torch_compile(method: str, batch: int) -> Epoch:
    return torch_eager(method, batch, fused=True, compiled=True)


def keras(method: str, batch: int) -> Epoch:
    import keras

    model = keras.Sequential(
        [
            keras.layers.Input((784,)),
            keras.layers.Dense(128, "relu"),
            keras.layers.Dense(10),
        ]
    )
    make = {"SGD": keras.optimizers.SGD, "Adam": keras.optimizers.Adam}[method]
    model.compile(make(LR), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return lambda X, y: model.fit(X, y, batch_size=batch, verbose=0)


CONTENDERS: dict[str, tuple[Make, str]] = {
    "nnlab": (nnlab, "nnlab"),
    "flat NumPy": (flat, "numpy"),
    "scikit-learn": (scikit_learn, "sklearn"),
    "torch": (torch_eager, "torch"),
    "torch fused": (torch_fused, "torch"),
    "torch.compile": (torch_compile, "torch"),
    "Keras": (keras, "keras"),
}
"""Each contender's name, its maker, and the package that it needs."""


def installed() -> dict[str, Make]:
    """The contenders whose package is here."""
    return {name: make for name, (make, needs) in CONTENDERS.items() if find_spec(needs)}
