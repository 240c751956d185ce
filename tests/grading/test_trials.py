"""Trials that a class shares: no student's function changes what the next one is tried on, or held against."""

import contextlib
import pickle

import pytest

from nnlab.grading import CheckFailed, check
from nnlab.grading.calling import attempt, quiet
from nnlab.grading.settings import secret
from nnlab.grading.specification import find, specifications
from nnlab.grading.trials import trials
from nnlab.layers import backward


def spoil(outputs, layers, activations, dA):
    """Overwrite whatever was given, and give it back."""
    dA[...] = 0
    for part in (*outputs, *(array for pair in layers for array in pair)):
        part[...] = 1e9
    outputs.clear(), layers.clear(), activations.clear()
    return outputs


@pytest.mark.parametrize("aspect", ["one_layer", "hidden", "deep"])
def test_a_function_that_spoils_its_inputs_spoils_nobody_elses(aspect):
    shared = trials(f"backward.{aspect}", fresh=False)
    before = pickle.dumps([(case.args, case.kwargs) for case in shared.cases])
    for function in (spoil, lambda *given: [(W * 0, b) for W, b in backward(*given)]):
        with pytest.raises(CheckFailed):
            check(f"backward.{aspect}", function)
    assert pickle.dumps([(case.args, case.kwargs) for case in shared.cases]) == before
    check(f"backward.{aspect}", backward)


ASPECTS = [f"{spec.name}.{key}" for spec in specifications().values() for key in spec.aspects]


@pytest.mark.parametrize("name", ASPECTS)
def test_no_reference_changes_what_it_was_given(name):
    """References are called without copies of their arguments."""
    spec, aspects = find(name)
    for fresh in (False, True):
        tried = trials(name, fresh)
        for case in tried.cases:
            with quiet():
                outcome = attempt(spec.reference, *aspects.values(), case)
            assert outcome.error is None
            assert outcome.changed == ()


def test_a_failure_reads_the_same_after_others_failed():
    def failure(function):
        with contextlib.suppress(AssertionError):
            check("backward.hidden", function)
            return ""
        with pytest.raises(CheckFailed) as caught:
            check("backward.hidden", function)
        return caught.value.message

    def no_slope(outputs, layers, activations, dA):
        return backward(outputs, layers, ["linear"] * len(layers), dA)

    first = failure(no_slope)
    assert failure(spoil) != first
    assert failure(no_slope) == first


def test_fresh_inputs_belong_to_one_submission():
    def drawn(seed):
        with secret(seed):
            return pickle.dumps([case.args for case in trials("backward.deep", fresh=True).cases])

    assert trials("backward.deep", fresh=False) is trials("backward.deep", fresh=False)
    assert drawn("one") == drawn("one") != drawn("other")
