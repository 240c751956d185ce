"""Unit `gd-variants`: learning rates that fall with the updates."""

import math

from nnlab._types import Rng
from nnlab.grading.specification import Aspect, Case, Function, Specification, call
from nnlab.schedules import exponential, hyperbolic, linear


def _update(rng: Rng) -> Case:
    tau = int(rng.integers(20, 300))
    return call(
        int(rng.integers(1, 2 * tau)), lr=float(f"{rng.uniform(0.01, 1):.3g}"), tau=float(tau)
    )


def _specify(name: str, reference: Function) -> Specification:
    cases = [call(k, lr=0.1, tau=100.0) for k in (0, 50, 100, 250)]
    return Specification(
        name,
        reference,
        "book/gd-variants.html#src-r-sched",
        {"values": Aspect("the rate of a few updates", cases, _update)},
    )


HYPERBOLIC = _specify("hyperbolic", hyperbolic)
LINEAR = _specify("linear", linear)
EXPONENTIAL = _specify("exponential", exponential)

for _spec, _id, _message, _rate in (
    (
        HYPERBOLIC,
        "counts-from-one",
        "Your k is one ahead: updates count from 0, and update 0 has the full rate.",
        lambda k, lr, tau: lr * tau / (tau + k + 1),
    ),
    (
        HYPERBOLIC,
        "no-tau",
        "lr / (1 + k) falls at once; tau / (tau + k) waits until k is of the order of tau.",
        lambda k, lr, tau: lr / (1 + k),
    ),
    (
        HYPERBOLIC,
        "rises",
        "Your rate rises with k: divide by 1 + k/tau, do not multiply by it.",
        lambda k, lr, tau: lr * (1 + k / tau),
    ),
    (
        HYPERBOLIC,
        "root",
        "Yours falls like 1/sqrt(k): there is no root in this one.",
        lambda k, lr, tau: lr / math.sqrt(1 + k / tau),
    ),
    (
        HYPERBOLIC,
        "tau-not-above",
        "tau is missing above the line: lr tau / (tau + k), which is lr at k = 0.",
        lambda k, lr, tau: lr / (tau + k),
    ),
    (
        LINEAR,
        "negative",
        "Beyond tau your rate is negative, and the steps go uphill: stay at 0 from there on.",
        lambda k, lr, tau: lr * (1 - k / tau),
    ),
    (
        LINEAR,
        "rises-again",
        "Beyond tau your rate rises again: no absolute value, but 0 from there on.",
        lambda k, lr, tau: lr * abs(1 - k / tau),
    ),
    (
        LINEAR,
        "rises",
        "Your rate begins at 0 and rises: 1 - k/tau, not k/tau.",
        lambda k, lr, tau: lr * min(1.0, k / tau),
    ),
    (
        LINEAR,
        "rate-not-factored",
        "You subtract k/tau from lr; it is lr times (1 - k/tau).",
        lambda k, lr, tau: max(0.0, lr - k / tau),
    ),
    (
        LINEAR,
        "brackets",
        "lr * 1 - k / tau is lr - k / tau: put brackets around 1 - k / tau.",
        lambda k, lr, tau: lr * 1 - k / tau if k <= tau else 0.0,
    ),
    (
        LINEAR,
        "counts-from-one",
        "Your k is one ahead: updates count from 0, and update 0 has the full rate.",
        lambda k, lr, tau: lr * max(0.0, 1 - (k + 1) / tau),
    ),
    (
        EXPONENTIAL,
        "no-rate",
        "Update 0 has the rate lr: multiply the exponential by it.",
        lambda k, lr, tau: math.exp(-k / tau),
    ),
    (
        EXPONENTIAL,
        "rises",
        "The minus is missing in the exponent: your rate explodes.",
        lambda k, lr, tau: lr * math.exp(k / tau),
    ),
    (
        EXPONENTIAL,
        "half-life",
        "You halve the rate every tau updates; here it falls by the factor e, to 37 %.",
        lambda k, lr, tau: lr * 2 ** (-k / tau),
    ),
    (
        EXPONENTIAL,
        "product",
        "You multiply k by tau in the exponent; it is k / tau.",
        lambda k, lr, tau: lr * math.exp(-k * tau),
    ),
    (
        EXPONENTIAL,
        "compound",
        "(1 - 1/tau)^k is only nearly the same: use the exponential, exp(-k / tau).",
        lambda k, lr, tau: lr * (1 - 1 / tau) ** k,
    ),
    (
        EXPONENTIAL,
        "counts-from-one",
        "Your k is one ahead: updates count from 0, and update 0 has the full rate.",
        lambda k, lr, tau: lr * math.exp(-(k + 1) / tau),
    ),
):
    _spec.mistake(_id, _message)(_rate)
