"""Every catalogued mistake, put in place of the right code, fails in its unit, and the message names that mistake."""

from nnlab.grading.failure import CheckFailed


def test_the_mistake_fails_and_is_named(unit, spec, mistake, workbook):
    failed = workbook(unit).failures(**{spec.name: mistake.function})
    assert all(isinstance(failure, CheckFailed) for failure in failed.values()), failed
    named = [f for f in failed.values() if f.check.startswith(f"{spec.name}.")]
    assert named, "no check notices it"
    assert {failure.mistake for failure in named} == {f"{spec.name}/{mistake.id}"}
    for failure in named:
        assert mistake.message in " ".join(failure.message.split()), failure.message
        assert len(failure.message.splitlines()) <= 10
        assert failure.link.endswith(mistake.link) and mistake.link in failure.message
