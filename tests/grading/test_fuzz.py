"""The reader takes any bytes: it gives cells or says why not, and what it gives can be arranged and graded."""

import json
import random

import pytest
import tiny

from nnlab.grading.arrangement import arrange
from nnlab.grading.sandbox.inside.values import CannotCross, Packed, from_npy, read, to_npy
from nnlab.grading.submission import Unreadable, parse
from nnlab.grading.verdict import shorten

ODD = [
    None,
    True,
    -1,
    1e308,
    "",
    "\ud800\x00\x1b[31m",
    "nbgrader",
    [],
    {},
    [[]],
    {"a": []},
    "x" * 1000,
    float("nan"),
]


def mutated(rng: random.Random) -> bytes:
    """Return a notebook with a few things changed: values, keys, cells, bytes."""
    made = tiny.submission()
    for _ in range(rng.randint(1, 6)):
        where = made
        while isinstance(where, (dict, list)) and where:
            keys = list(where) if isinstance(where, dict) else list(range(len(where)))
            key = rng.choice(keys)
            if rng.random() < 0.3 or not isinstance(where[key], (dict, list)):
                action = rng.randrange(3)
                if action == 0:
                    where[key] = rng.choice(ODD)
                elif action == 1:
                    del where[key]
                elif isinstance(where, dict):
                    where[rng.choice(["cells", "metadata", "source", "id", "grade_id"])] = (
                        where.pop(key)
                    )
                else:
                    where.insert(key, where[key])
                break
            where = where[key]
    data = bytearray(json.dumps(made).encode())
    for _ in range(rng.choice([0, 0, 0, 1, 5, 50])):
        place = rng.randrange(len(data) or 1)
        data = data or bytearray(b"{")
        action = rng.randrange(3)
        if action == 0:
            data[place] = rng.randrange(256)
        elif action == 1:
            del data[place : place + rng.randint(1, 40)]
        else:
            data[place:place] = bytes(rng.choices(range(256), k=rng.randint(1, 10)))
    return bytes(data)


def test_ten_thousand_mutated_notebooks(unit):
    rng = random.Random(4)
    read = 0
    for _ in range(10_000):
        try:
            submission = parse(mutated(rng))
        except Unreadable as error:
            assert str(error)
            continue
        read += 1
        arrangement = arrange(unit, submission)
        tests = [step.cell.id for step in arrangement.steps if step.is_test]
        assert sorted(tests) == sorted(cell.id for cell in unit.cells if cell.kind == "test")
        json.dumps([step.source for step in arrangement.steps]).encode("utf-8")
        for step in arrangement.steps:
            step.source.encode("utf-8")
        for note in arrangement.notes:
            shorten(note).encode("utf-8")
    assert 2_000 < read < 9_500  # both ways were tried


def test_mutated_notebooks_get_a_verdict(grade):
    rng = random.Random(7)
    for _ in range(40):
        verdict = grade(mutated(rng))
        assert verdict.from_json(verdict.to_json()) == verdict
        assert 0 <= verdict.score <= tiny.FULL


def test_mutated_messages_are_values_or_errors():
    """What a process sends back is read, or refused in words or with a ValueError, and nothing else."""
    import numpy as np

    rng = random.Random(9)
    value = {"a": [1, 2.5, None, "x"], "b": (np.arange(6.0).reshape(2, 3), np.float32(1)), 3: 1j}
    for _ in range(20_000):
        packed = Packed(value, refuse)
        text = bytearray(packed.text)
        for _ in range(rng.randint(0, 3)):
            text[rng.randrange(len(text))] = rng.choice(b'0123456789{}[]",:abctuplearydisnf-e.')
        noise = [bytearray(blob) for blob in packed.blobs]
        for _ in range(rng.randint(0, 3)):
            blob = rng.choice(noise)
            blob[rng.randrange(min(len(blob), 120))] = rng.randrange(256)
        try:
            found, problem = read(text.decode(), b"".join(noise), revive)
        except ValueError:
            continue
        assert problem or plain(found)


def plain(value: object) -> bool:
    """Whether a value is of the kinds that may cross."""
    import numpy as np

    if isinstance(value, dict):
        return all(map(plain, value)) and all(map(plain, value.values()))
    if isinstance(value, (list, tuple)):
        return all(map(plain, value))
    if isinstance(value, (np.ndarray, np.generic)):
        return value.dtype.kind in "biufc"
    return value is None or isinstance(value, (bool, int, float, complex, str))


def test_texts_that_no_file_can_hold_and_long_ones_are_mended():
    text = json.dumps([{"tuple": ["\udc80", "Zoë"]}, {"dict": [["\ud83d"], ["x" * 200_000]]}])
    (halves, whole), longest = read(text, b"", revive)[0]
    assert (halves, whole) == ("?", "Zoë")
    assert list(longest) == ["?"]
    assert len(longest["?"]) == 100_000


@pytest.mark.parametrize(
    "text",
    [
        '{"tuple": {"array": 0}}',  # an object for each of its entries
        '{"dict": [{"array": 0}, {"array": 0}]}',
        '{"complex": {"array": 0}}',
        '{"kept": {"array": 0}}',
        '[{"array": 0}, {"array": 0}]',
        '{"array": 1}',
        '{"array": -1}',
        '{"dict": [[[]], [1]]}',
        '{"dict": [["a", "b"], [1]]}',
        '{"dict": {"kept": {"kind": "iterator", "number": 1, "name": "x"}}}',  # not to be iterated
        json.dumps({"dict": [list(range(2_000))] * 2}),
        json.dumps([0] * 300_000),
    ],
)
def test_values_that_are_no_values_are_refused(text):
    import numpy as np

    assert read(text, to_npy(np.arange(4.0)), revive)[1]


def refuse(value: object) -> dict:
    raise CannotCross("no")


def revive(words: dict) -> object:
    raise ValueError("no")


def test_arrays_of_every_kind_come_back_the_same():
    import numpy as np

    for kind in ("?", "i1", "u2", "<i8", ">i4", "f2", "f4", ">f8", "c8", "c16"):
        for array in (
            np.ones((2, 3), kind),
            np.zeros((0, 4), kind),
            np.array(1, kind),
            np.ones((2, 3), kind).T,
        ):
            back, after = from_npy(to_npy(array) + to_npy(np.ones(2)))
            np.testing.assert_array_equal(after, np.ones(2))
            assert back.dtype == array.dtype.newbyteorder("=")
            np.testing.assert_array_equal(back, array)
