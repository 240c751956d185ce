"""What `check` says: general diagnoses, messages of at most ten lines, and calls that another process may answer."""

import math
import runpy

import numpy as np
import pytest

from nnlab.grading import CheckFailed, check
from nnlab.grading.settings import BOOK, generator, secret
from nnlab.grading.specification import find, specifications

SCE = specifications()["softmax_cross_entropy_gradient"].reference
NUMERICAL = specifications()["numerical_gradient"].reference
ADAM = specifications()["adam_step"].reference
BACKWARD = specifications()["backward"].reference
LEARN = specifications()["learn"].reference


def _failure(name, function, **settings):
    with pytest.raises(CheckFailed) as caught:
        check(name, function, **settings)
    return caught.value


def _scribble(f, theta, h=1e-5):
    gradient = NUMERICAL(f, theta, h)
    theta[0] = 7
    return gradient


GENERAL = {
    "n": ("loss_and_gradient.regression", "n", lambda *a: _scaled(*a, factor=len(a[0]))),
    "1/n": ("softmax_cross_entropy_gradient.values", "1/n", lambda z, y: SCE(z, y) / len(z)),
    "2": ("softmax_cross_entropy_gradient.values", "2", lambda z, y: SCE(z, y) * 2),
    "1/2": ("softmax_cross_entropy_gradient.values", "1/2", lambda z, y: SCE(z, y) / 2),
    "factor": ("softmax_cross_entropy_gradient.values", "factor", lambda z, y: SCE(z, y) * 3.3),
    "sign": ("bias_correction.values", "sign", lambda a, beta, t: -a / (1 - beta**t)),
    "transposed": ("softmax_cross_entropy_gradient.values", "transposed", lambda z, y: SCE(z, y).T),
    "column": (
        "numerical_gradient.values",
        "shape",
        lambda f, t, h=1e-5: NUMERICAL(f, t, h)[:, None],
    ),
    "integers": (
        "numerical_gradient.values",
        "integers",
        lambda f, t, h=1e-5: NUMERICAL(f, t, h).astype(int),
    ),
    "nearly": (
        "binary_cross_entropy.values",
        "nearly",
        lambda p, y: -np.mean(y * np.log(p + 1e-9) + (1 - y) * np.log(1 - p + 1e-9)),
    ),
    "NaN": ("bias_correction.values", "overflow", lambda a, beta, t: a * np.nan),
}


def _scaled(X, y, layers, activations, loss, factor):
    value, gradient = specifications()["loss_and_gradient"].reference(
        X, y, layers, activations, loss
    )
    return value * factor, [(dW * factor, db * factor) for dW, db in gradient]


@pytest.mark.parametrize("case", GENERAL)
def test_a_general_diagnosis_is_made_for_any_function(case):
    name, id, function = GENERAL[case]
    assert _failure(name, function).mistake == f"general/{id}"


def test_a_changed_input_is_named():
    failure = _failure("numerical_gradient.step", _scribble)
    assert failure.reason == "changed" and "theta changed in place" in failure.message


def test_changing_an_input_costs_one_aspect_only():
    check("numerical_gradient.values", _scribble)


@pytest.mark.parametrize(
    ("name", "function", "reason", "words"),
    [
        ("relative_error.values", lambda a, b: None, "nothing", "is there a return at the end?"),
        ("relative_error.values", lambda a, b: "much", "type", "str 'much'"),
        (
            "relative_error.values",
            lambda a, b: 1 / 0,
            "raised",
            "ZeroDivisionError: division by zero",
        ),
        ("relative_error.values", lambda a: 0, "raised", "TypeError"),
        ("relative_error.values", lambda a, b: [0.1], "shape", "(1,)"),
        ("relu.values", lambda z: np.array([1, 2, 3]), "shape", "(3,)"),
        ("backward.hidden", lambda *a: BACKWARD(*a)[1:], "count", "2 results"),
        ("adam_step.state", lambda *a, **k: (ADAM(*a, **k)[0], {"t": 5}), "keys", "'m', 'v'"),
        ("adam_step.first_step", lambda *a, **k: ADAM(*a, **k)[0], "raised", "return two things"),
        ("learn.separable", lambda *a, **k: (*LEARN(*a, **k)[:3], False), "value", "converged = "),
        ("adam_step.first_step", 3, "type", "should be a function"),
    ],
)
def test_what_came_out_is_said(name, function, reason, words):
    failure = _failure(name, function)
    assert failure.reason == reason and words in failure.message


def test_the_students_line_is_shown_in_a_folder_of_any_name(tmp_path):
    """The repository's own folder is called nnlab, too, and people work in there."""
    path = tmp_path / "nnlab" / "mine.py"
    path.parent.mkdir()
    path.write_text("def relative_error(a, b):\n    return undefined_name\n")
    failure = _failure("relative_error.values", runpy.run_path(str(path))["relative_error"])
    assert "in the line `return undefined_name`" in failure.message


def test_the_students_line_is_shown():
    def relative_error(a, b):
        return undefined_name + a  # type: ignore[name-defined]  # noqa: F821

    assert (
        "in the line `return undefined_name + a"
        in _failure("relative_error.values", relative_error).message
    )


@pytest.mark.parametrize(
    ("name", "function", "id", "words"),
    [
        (
            "numerical_gradient.step",
            lambda f, theta, h=1e-5: theta @ np.ones((9, 2)),
            "inner-sizes",
            "in the line `",  # which NumPy's own long message must not crowd out
        ),
        ("binary_cross_entropy.values", lambda p, y: p if y else 1 - p, "truth-value", "np.where"),
        ("sigmoid.values", lambda z, a=1.0: math.exp(-a * z), "math", "np.exp"),
        ("bias_correction.values", lambda m, beta, t: m / (1 - beta ^ t), "power", "**"),
        ("bias_correction.values", lambda m, beta, t: m + np.ones(9), "broadcast", "keepdims"),
        ("gd_step.state", lambda theta, g, state=None, lr=0.01: state["t"], "none", "first step"),
        ("neuron.batch", lambda x, w, b=0, activation="relu": activation(x), "name-called", "look"),
    ],
)
def test_an_error_that_numpy_words_for_experts_is_explained(name, function, id, words):
    failure = _failure(name, function)
    assert failure.mistake == f"general/{id}"
    assert words in failure.message and failure.link in failure.message


def test_one_number_is_no_evidence_of_a_factor():
    hidden = np.array([[2.0, 1.0], [1.0, 1.0]]), np.array([0.0, -1.0])
    output = np.array([[1.0], [-3.0]]), np.array([0.0])
    failure = _failure("xor_layers.table", lambda: [hidden, output])
    assert "output at (1, 0) = 2" in failure.message  # the other three are right
    assert failure.mistake is None


def test_nan_throughout_is_no_evidence_of_a_mistake_that_makes_nan():
    def from_elsewhere(*args, **settings):
        theta, state = ADAM(*args, **settings)
        return theta * np.nan, {**state, "v": -state["v"]}

    assert _failure("adam_step.first_step", from_elsewhere).mistake == "general/overflow"


def test_randomness_of_ones_own_is_noticed():
    def from_elsewhere(X, y, batch_size, rng):
        order = np.random.default_rng().permutation(len(X))
        starts = range(0, len(X), batch_size)
        chunks = [order[start : start + batch_size] for start in starts]
        return [(X[chunk], y[chunk]) for chunk in chunks]

    assert _failure("minibatches.order", from_elsewhere).mistake == "general/unsteady"


def test_numbers_that_print_alike_are_told_apart():
    message = _failure("relative_error.values", lambda a, b: 0.1 + 1e-7).message
    assert "off by 1e-07" in message


def test_the_worst_entry_and_its_place_are_shown():
    def wrong(f, theta, h=1e-5):
        gradient = NUMERICAL(f, theta, h)
        gradient[1] += 0.5
        return gradient

    message = _failure("numerical_gradient.values", wrong).message
    assert (
        "result[1] is 3.7525" in message and "off by 0.5" in message and "float64 (3,)" in message
    )


def test_a_message_has_at_most_ten_lines_and_jupyter_shows_it_alone():
    failure = _failure("backward.deep", lambda *a: [(np.ones((9, 9)), np.ones(9))] * 3)
    lines = failure._render_traceback_()
    assert len(lines) <= 10 and lines[0].startswith("backward, three and four layers:")
    assert all(len(line) <= 100 or BOOK in line for line in lines)


def test_a_stub_in_another_process_looks_like_a_function():
    class Remote(Exception):
        type_name, line = "ValueError", "return a + b"

    def raises(*args):
        raise Remote("operands do not fit")

    class NotWritten(Exception):
        type_name = "NotImplementedError"

    def unwritten(*args):
        raise NotWritten

    message = _failure("relative_error.values", raises).message
    assert "ValueError: operands do not fit" in message and "in the line `return a + b`" in message
    assert _failure("relative_error.values", unwritten).reason == "unanswered"


def test_warnings_and_prints_of_a_function_reach_nobody(capsys, recwarn):
    import sys
    import warnings

    def noisy(z, y):
        print("noise", file=sys.stderr)
        warnings.warn("noise", stacklevel=1)
        np.exp(np.array([1e4]))
        return SCE(z, y)

    check("softmax_cross_entropy_gradient.values", noisy)
    assert capsys.readouterr().err == "" and not recwarn.list


def test_visible_draws_are_the_same_and_fresh_ones_follow_the_secret():
    def draws(fresh):
        return generator("adam_step.first_step", fresh).random(3).tolist()

    assert draws(False) == draws(False)
    with secret("one"):
        one = draws(True)
        assert one == draws(True) != draws(False)
    with secret("two"):
        assert draws(True) != one


def test_an_unknown_check_is_the_authors_error_with_a_hint():
    with pytest.raises(ValueError, match=r"near it: adam_step\.first_step"):
        find("adam_step.fist_step")


def test_a_wrong_value_in_float32_fails_too():
    with pytest.raises(CheckFailed):
        check("bias_correction.values", lambda a, beta, t: np.float32(a / (1 - beta**t) * 1.001))


def test_a_failure_survives_pickling():
    import pickle

    failure = _failure("relative_error.values", lambda a, b: 1.0)
    twin = pickle.loads(pickle.dumps(failure))
    assert vars(twin) == vars(failure) and str(twin) == str(failure)


def test_every_mistake_of_the_catalogue_says_something_and_links_to_the_book():
    for spec in specifications().values():
        for mistake in spec.mistakes:
            assert mistake.message.endswith((".", "?")) and len(mistake.message) > 30
            assert mistake.link.startswith("book/") and "#" in mistake.link
