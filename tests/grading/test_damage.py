"""Damaged notebooks with right answers get their marks; what cannot be read says so and gets none."""

import base64
import contextlib
import os
import socket
import stat
from pathlib import Path

import pytest
import tiny
from damaged import CASES

from nnlab.grading.bench import without_marks
from nnlab.grading.handed import Handed, handed_in
from nnlab.grading.intake import notebook_of, read_job
from nnlab.grading.publish import _timestamp as timestamp
from nnlab.grading.sandbox import Settings
from nnlab.grading.submission import LARGEST, LARGEST_COMPANIONS, Unreadable, parse, read_submission


@pytest.mark.parametrize("make", CASES.values(), ids=CASES)
def test_damage_costs_nothing(make, grade):
    verdict = grade(make(tiny.submission()))
    failed = [(test.id, test.message) for test in verdict.tests if not test.passed]
    assert (verdict.score, verdict.status) == (tiny.FULL, "graded"), (failed, verdict.notes)


@pytest.mark.parametrize("make", CASES.values(), ids=CASES)
def test_damage_earns_nothing(make, grade):
    assert grade(make(tiny.submission(tiny.WRONG))).score == 0


def test_damage_is_reported(grade):
    notes = " ".join(grade(CASES["everything-twice"](tiny.submission())).notes)
    assert "'answer' is there 2 times" in notes
    assert "put back" in " ".join(grade(CASES["deleted-tests"](tiny.submission())).notes)


def test_an_answer_that_is_not_there_earns_nothing_and_is_named(grade):
    made = tiny.submission()
    del made["cells"][2]
    verdict = grade(made)
    assert verdict.score == 0
    assert any("'answer' is missing" in note for note in verdict.notes)


@pytest.mark.parametrize(
    ("data", "why"),
    {
        "empty": (b"", "empty"),
        "spaces": (b"  \n", "empty"),
        "cut-off": (tiny.as_bytes(tiny.submission())[:300], "cut off"),
        "merge-conflict": (
            b'{"cells": [\n<<<<<<< HEAD\n1\n=======\n2\n>>>>>>> b\n]}',
            "merge conflict",
        ),
        "deep": (b"[" * 100_000, "nested"),
        "a-list": (b"[1]", "not an object"),
        "a-number": (b"1e999", "not an object"),
        "no-cells": (b"{}", "no list of cells"),
        "cells-are-text": (b'{"cells": "many"}', "no list of cells"),
        "a-million-cells": (b'{"cells": [' + b"{}," * 5000 + b"{}]}", "5,001 cells"),
        "a-long-text": (tiny.as_bytes(tiny.submission("x" * 2_000_000)), "million characters"),
        "a-picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), "damaged"),
        "a-zip": (b"PK\x03\x04" + bytes(100), "damaged"),
        "python": (b"import numpy as np", "damaged"),
        "huge-number": (b'{"cells": [' + b"9" * 10_000 + b"]}", "damaged"),
    }.values(),
)
def test_what_cannot_be_read_says_why(data, why, grade):
    verdict = grade(data)
    assert (verdict.status, verdict.score) == ("unreadable", 0)
    assert why in verdict.reason


def test_links_pipes_and_giants_are_not_read(tmp_path):
    secret = tmp_path / "gradebook.db"
    secret.write_text("{}")
    folder = tmp_path / "s01"
    folder.mkdir()
    (folder / "tiny.ipynb").symlink_to(secret)
    with pytest.raises(Unreadable, match="cannot be opened"):
        read_submission(notebook_of(folder, "tiny"))
    (folder / "tiny.ipynb").unlink()
    os.mkfifo(folder / "tiny.ipynb")
    with pytest.raises(Unreadable, match="no ordinary file"):
        read_submission(folder / "tiny.ipynb")
    (folder / "tiny.ipynb").unlink()
    with open(folder / "tiny.ipynb", "wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(Unreadable, match="too large"):
        read_submission(folder / "tiny.ipynb")


def link_to_another(folder):
    folder.symlink_to(tiny.hand_in(folder.parents[2], "other", tiny.submission()).parent)


def broken_link(folder):
    folder.symlink_to("nowhere")


def link_to_itself(folder):
    folder.symlink_to(folder)


def bound_socket(folder):
    with socket.socket(socket.AF_UNIX) as door, contextlib.chdir(folder.parent):
        door.bind(folder.name)


def device(folder):
    try:
        os.mknod(folder, stat.S_IFCHR | 0o666, os.makedev(1, 5))  # /dev/zero, which never ends
    except PermissionError:  # only root may
        os.mkfifo(folder)


THINGS = (link_to_another, broken_link, link_to_itself, os.mkfifo, bound_socket, device, Path.touch)


@pytest.mark.parametrize("make", THINGS, ids=lambda make: make.__name__)
@pytest.mark.parametrize("place", ["tiny", "tiny/tiny.ipynb", "tiny/timestamp.txt"])
def test_whatever_stands_in_the_place_of_a_folder_or_file_gets_one_verdict(
    make, place, tmp_path, unit
):
    path = tmp_path / "submitted" / "s01" / place
    path.parent.mkdir(parents=True)
    make(path)
    [handed] = [h for h in handed_in(tmp_path / "submitted", ["tiny"]) if h.student == "s01"]
    job = read_job(handed, unit, Settings(), "seed")
    assert job.data == (b"" if place.endswith("ipynb") and make is Path.touch else None)
    assert job.status == ("missing" if place.endswith("txt") else "unreadable" * (job.data is None))
    assert without_marks(job, job.status, job.reason).to_json()
    assert timestamp(handed.folder) is None


def test_a_student_whose_folder_is_a_link_hands_in_nothing_of_others(tmp_path, unit):
    other = tiny.hand_in(tmp_path, "other", tiny.submission())
    (other.parent / "timestamp.txt").write_text("2026-01-01 12:00:00 UTC")
    (tmp_path / "submitted" / "s01").symlink_to("other")
    _, handed = sorted(handed_in(tmp_path / "submitted", ["tiny"]), key=lambda one: one.student)
    job = read_job(handed, unit, Settings(), "seed")
    assert (job.student, job.status, job.reason) == (
        "s01",
        "unreadable",
        "'s01' is a link, and no folder",
    )
    assert timestamp(handed.folder) is None
    assert timestamp(other.parent) == "2026-01-01 12:00:00 UTC"


def test_companions_come_along_and_links_among_them_do_not(tmp_path):
    path = tiny.hand_in(tmp_path, "s01", tiny.submission())
    (path.parent / "data.csv").write_text("1,2")
    (path.parent / "leak.csv").symlink_to("/etc/passwd")
    (path.parent / "run.sh").write_text("rm -rf /")
    found = read_submission(path)
    assert found.files == {"data.csv": b"1,2"}
    assert any("leak.csv" in note for note in found.notes)


def test_large_companions_are_left_out_and_said_so(tmp_path):
    path = tiny.hand_in(tmp_path, "s01", tiny.submission())
    for n in range(12):
        (path.parent / f"d{n:02d}.csv").write_bytes(b"1,\n" * 333_333)
    found = read_submission(path)
    assert sum(map(len, found.files.values())) <= LARGEST_COMPANIONS
    assert len(found.files) == 8
    assert sum("left out: more than 8 MB" in note for note in found.notes) == 4


def test_thousands_of_odd_companions_are_one_note(tmp_path):
    path = tiny.hand_in(tmp_path, "s01", tiny.submission())
    for n in range(2_000):
        (path.parent / f"{n}.csv").symlink_to("/etc/passwd")
    notes = read_submission(path).notes
    assert len(notes) == 21
    assert notes[-1] == "1,980 more files beside the notebook were left out"


def test_a_companion_that_does_not_fit_is_a_note(grade):
    verdict = grade(tiny.submission(), {"a.csv": bytes(15 << 20), "b.csv": bytes(2 << 20)})
    assert (verdict.score, verdict.status) == (tiny.FULL, "graded")
    assert any("'b.csv' could not be put" in note for note in verdict.notes)


def test_folders_that_are_called_like_files_are_named(tmp_path, unit):
    path = tiny.hand_in(tmp_path, "s01", tiny.submission())
    (path.parent / "data.csv").mkdir()
    assert any("data.csv" in note for note in read_submission(path).notes)
    path.unlink()
    path.mkdir()
    handed = Handed("s01", "tiny", path.parent)
    job = read_job(handed, unit, Settings(), "seed")
    assert (job.status, job.reason) == ("unreadable", "it is no ordinary file")


def test_companions_cannot_stand_in_for_numpy_or_nnlab(grade):
    evil = b"raise SystemExit"
    files = {
        name: evil for name in ("numpy.py", "nnlab.py", "json.py", "inside.py", "sitecustomize.py")
    }
    assert grade(tiny.submission(), files).score == tiny.FULL
    helper = {"helpers.py": b"def two(X):\n    return 2 * X", "table.csv": b"1,2"}
    used = (
        tiny.RIGHT
        + "\nfrom helpers import two as double\nassert open('table.csv').read() == '1,2'\n"
    )
    verdict = grade(tiny.submission(used), helper)
    assert verdict.score == tiny.FULL
    assert not any(cell.error for cell in verdict.cells)


def test_pictures_are_kept_only_if_they_are_pictures():
    png = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(8)).decode()
    made = tiny.submission()
    for data in (png, "bm90IGEgcG5n", "<script>", 5, [png]):
        made["cells"][2]["outputs"].append(
            {"output_type": "display_data", "data": {"image/png": data}}
        )
    assert parse(tiny.as_bytes(made)).cells[2].pictures == (png, png)


def test_a_flood_of_output_is_kept_in_bounds(grade):
    made = tiny.submission()
    for _ in range(40):
        made["cells"].append({"cell_type": "code", "metadata": {}, "source": "print('x' * 10**6)"})
    verdict = grade(made)
    assert verdict.score == tiny.FULL
    assert 100_000 < sum(len(cell.output) for cell in verdict.cells) < 210_000
