"""What happened in training, and when it is time to stop."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from nnlab import _checks
from nnlab.network import Network


@dataclass
class History:
    """What happened, a number an epoch: losses and accuracies, updates and seconds so far, and why
    training stopped.

    loss and accuracy are means over the epoch's batches, as they were when each batch was seen.
    """

    METRICS = ("loss", "accuracy", "validation_loss", "validation_accuracy")

    loss: list[float] = field(default_factory=list)
    accuracy: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    validation_accuracy: list[float] = field(default_factory=list)
    updates: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    stopped: str = "epochs"
    best_epoch: int | None = None

    @property
    def epochs(self) -> int:
        """The number of epochs trained."""
        return len(self.loss)


@dataclass
class EarlyStopping:
    """Stop when the watched number has not improved by min_delta for `patience` epochs; go back to
    the best epoch.

    monitor is a column of the history: "loss", "accuracy", "validation_loss" or
    "validation_accuracy".
    """

    monitor: str = "validation_loss"
    min_delta: float = 0.0
    patience: int = 3
    restore_best: bool = True

    def __post_init__(self) -> None:
        _checks.choice("monitor", self.monitor, History.METRICS)
        _checks.whole("patience", self.patience, least=0)
        if not self.min_delta >= 0:  # NaN too
            raise ValueError(f"min_delta must not be negative, got {self.min_delta}")


class Watch:
    """Early stopping at work: remembers the best epoch and its weights."""

    def __init__(self, rule: EarlyStopping | None, network: Network) -> None:
        self.rule, self.network = rule, network
        self.best, self.best_epoch = math.inf, 0
        self.weights = network.theta.copy() if rule else None

    def stop(self, history: History) -> bool:
        if self.rule is None:
            return False
        value = getattr(history, self.rule.monitor)[-1]
        value = -value if self.rule.monitor.endswith("accuracy") else value
        if value < self.best - self.rule.min_delta:
            self.best, self.best_epoch = value, history.epochs
            if self.rule.restore_best:
                self.weights = self.network.theta.copy()
        return history.epochs - self.best_epoch >= max(1, self.rule.patience)

    def restore(self) -> int | None:
        """Put the best weights back, whatever ended the training."""
        if self.rule is None:
            return None
        if self.rule.restore_best and self.weights is not None:
            self.network.theta[:] = self.weights
        return self.best_epoch
