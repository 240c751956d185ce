"""The filter of system calls answers each as its tables say, on both machines; the sandbox tests try the real thing."""

import errno
import struct

import pytest

from nnlab.grading.sandbox.inside import seccomp


def answer(program: bytes, architecture: int, number: int) -> int:
    """Run the filter as the kernel does."""
    lines = list(struct.iter_unpack("HBBI", program))
    place, word = 0, 0
    while True:
        kind, yes, no, value = lines[place]
        place += 1
        if kind == seccomp.LOAD:
            word = {0: number, 4: architecture}[value]
        elif kind == seccomp.EQUAL:
            place += yes if word == value else no
        elif kind == seccomp.AT_LEAST:
            place += yes if word >= value else no
        else:
            assert kind == seccomp.RETURN
            return value


@pytest.mark.parametrize("machine", seccomp.MACHINES)
def test_every_call_gets_the_answer_of_its_table(machine):
    column, architecture = seccomp.MACHINES[machine]
    refused = {row[column] for row in seccomp.CALLS.values()}
    idle = {row[column] for row in seccomp.IDLE.values()}
    assert not refused & idle - {None}
    program = seccomp.program(machine)
    for number in range(1_000):
        expected = seccomp.ALLOW
        if number in refused:
            expected = seccomp.FAIL | errno.EPERM
        elif number in idle:
            expected = seccomp.FAIL
        assert answer(program, architecture, number) == expected, number
    for others in ((architecture, 0x40000000), (architecture ^ 1, 0)):
        assert answer(program, *others) == seccomp.FAIL | errno.EPERM
