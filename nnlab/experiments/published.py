"""The sources' own numbers, to stand beside ours."""

THESIS_MNIST = {
    # (optimizer, batch size): training time in seconds, training loss, training accuracy
    ("adam", 1): (2996, 0.0, 1.0),
    ("adam", 8): (2360, 0.001, 0.9998),
    ("adam", 16): (1254, 0.001, 0.9995),
    ("adam", 32): (645, 0.0, 1.0),
    ("adam", 64): (394, 0.0, 1.0),
    ("adam", 128): (197, 0.0, 1.0),
    ("adam", 256): (157, 0.0, 1.0),
    ("adam", "full"): (64, 0.331, 0.9081),
    ("gd", 1): (2136, 0.001, 1.0),
    ("gd", 8): (1596, 0.008, 0.9996),
    ("gd", 16): (921, 0.025, 0.9951),
    ("gd", 32): (538, 0.058, 0.9851),
    ("gd", 64): (317, 0.106, 0.9707),
    ("gd", 128): (205, 0.165, 0.9538),
    ("gd", 256): (140, 0.227, 0.9363),
    ("gd", "full"): (80, 0.71, 0.8405),
}
"""Thesis Figure 21: MNIST, 100 epochs; batch size 1 on 10,000 of the samples."""

THESIS_WINE = {
    # (optimizer, batch size): training time in seconds, training loss
    ("adam", 1): (1628, 0.567),
    ("adam", 8): (224, 0.576),
    ("adam", 16): (123, 0.577),
    ("adam", 32): (63, 0.578),
    ("adam", 64): (37, 0.583),
    ("adam", 128): (21, 0.627),
    ("adam", 256): (22, 0.675),
    ("adam", "full"): (4, 0.811),
    ("gd", 1): (1465, 0.671),
    ("gd", 8): (205, 0.679),
    ("gd", 16): (113, 0.684),
    ("gd", 32): (59, 0.691),
    ("gd", 64): (35, 0.74),
    ("gd", 128): (20, 0.759),
    ("gd", 256): (16, 0.772),
    ("gd", "full"): (46, 0.815),
}
"""Thesis Figure 23: white wine, 250 epochs."""

THESIS_MODELS = {
    # thesis Figures 13, 14, 16, 17
    "mnist": {
        "epochs": 129,
        "seconds": 734,
        "loss": 0.042,
        "accuracy": 0.9897,
        "test_loss": 0.084,
        "test_accuracy": 0.9739,
    },
    "wine": {
        "epochs": 42,
        "seconds": 15,
        "loss": 0.778,
        "train_rmse": 0.880,
        "test_rmse": 0.779,
    },
}

LECTURE = {"logistic": 0.08, "network": 0.02}
"""Lecture Example 6.2: misclassification on the 10,000 validation images, approximately."""

ELBOW_SECONDS = {10: 140.4, 1: 1150.8}
"""Chapter, "How to Choose the Right Mini-Batch Size": running times of ten epochs, on a GPU."""

REPORT_STEPS = {
    # report Table I: steps to convergence, plain and stochastic (there divided by 100 batches)
    "gd": (602, 213.88),
    "momentum": (562, 146.96),
    "adagrad": (1538, 62.29),
    "rmsprop": (61, 247.46),
    "adam": (93, 70.88),
}

REPORT_ACCURACY = {"logistic": 0.89, "network": 0.90, "test part": 0.97}
"""Report sections I and III.3: best validation accuracies, and the accuracy on its test part."""
