"""Write fixtures.npz: fifty steps of each of PyTorch's optimizers that has a counterpart in nnlab.

    pip install torch==2.13.0
    python tests/optimizers/make_fixtures.py

Gradients are of size 1e-2 and of size 1e-8, where the place of epsilon decides. They fall to a
tenth half-way, so that a maximum (AMSGrad) differs from an average. Parameters start at zero, so
that a trajectory is nothing but its steps.
"""

import json
from pathlib import Path

import numpy as np

VERSION = "2.13.0"
STEPS, PARAMETERS = 50, 4
SIZES = (1e-2, 1e-8)

CASES = [
    # nnlab's name, its settings, PyTorch's class, its settings
    ("gd", {"lr": 0.1}, "SGD", {"lr": 0.1}),
    ("heavy_ball", {"lr": 0.1, "beta": 0.9}, "SGD", {"lr": 0.1, "momentum": 0.9}),
    ("heavy_ball", {"lr": 0.5, "beta": 0.3}, "SGD", {"lr": 0.5, "momentum": 0.3}),
    (
        "nesterov",
        {"lr": 0.1, "beta": 0.9},
        "SGD",
        {"lr": 0.1, "momentum": 0.9, "nesterov": True},
    ),
    ("adagrad", {}, "Adagrad", {"lr": 0.01, "eps": 1e-10}),
    ("adagrad", {"lr": 0.1, "eps": 1e-6}, "Adagrad", {"lr": 0.1, "eps": 1e-6}),
    ("adadelta", {}, "Adadelta", {"lr": 1.0, "rho": 0.95, "eps": 1e-6}),
    (
        "adadelta",
        {"lr": 0.5, "rho": 0.9, "eps": 1e-12},
        "Adadelta",
        {"lr": 0.5, "rho": 0.9, "eps": 1e-12},
    ),
    ("rmsprop", {}, "RMSprop", {"lr": 0.001, "alpha": 0.9, "eps": 1e-8}),
    (
        "rmsprop",
        {"lr": 0.1, "rho": 0.99, "eps": 1e-4},
        "RMSprop",
        {"lr": 0.1, "alpha": 0.99, "eps": 1e-4},
    ),
    ("adam", {}, "Adam", {"lr": 0.001, "betas": (0.9, 0.999), "eps": 1e-8}),
    (
        "adam",
        {"lr": 0.1, "beta1": 0.5, "beta2": 0.9, "eps": 1e-4},
        "Adam",
        {"lr": 0.1, "betas": (0.5, 0.9), "eps": 1e-4},
    ),
    (
        "adamw",
        {"lr": 0.1, "weight_decay": 0.2},
        "AdamW",
        {"lr": 0.1, "weight_decay": 0.2},
    ),
    ("amsgrad", {}, "Adam", {"lr": 0.001, "amsgrad": True}),
    (
        "amsgrad",
        {"lr": 0.1, "beta1": 0.5, "beta2": 0.6},
        "Adam",
        {"lr": 0.1, "betas": (0.5, 0.6), "amsgrad": True},
    ),
]


def trajectory(kind: str, settings: dict, gradients: np.ndarray) -> np.ndarray:
    import torch

    theta = torch.zeros(PARAMETERS, dtype=torch.float64, requires_grad=True)
    update = getattr(torch.optim, kind)([theta], **settings)
    points = []
    for gradient in gradients:
        theta.grad = torch.from_numpy(gradient)
        update.step()
        points.append(theta.detach().numpy().copy())
    return np.array(points)


def main() -> None:
    import torch  # here, so that the tests, which have no PyTorch, can read this file

    assert torch.__version__.split("+")[0] == VERSION, f"install torch=={VERSION}"
    rng = np.random.default_rng(2024)
    shape = rng.normal(0, 1, (STEPS, PARAMETERS))
    shape[STEPS // 2 :] *= 0.1
    arrays = {"gradients": shape, "sizes": np.array(SIZES)}
    for i, (_, _, kind, theirs) in enumerate(CASES):
        arrays[f"case{i}"] = np.array([trajectory(kind, theirs, size * shape) for size in SIZES])
    cases = [(name, ours) for name, ours, _, _ in CASES]
    path = Path(__file__).with_name("fixtures.npz")
    np.savez_compressed(path, cases=np.array(json.dumps(cases)), torch=VERSION, **arrays)
    print(f"{path.name}: {len(CASES)} cases, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
