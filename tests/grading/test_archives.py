"""Archives of learning platforms come out as nbgrader's folders; and the command says what is wrong with a call."""

import io
import os
import re
import zipfile

import pytest
import tiny
from test_batch import scores
from typer.testing import CliRunner

from nnlab.cli.app import app
from nnlab.grading.archives import unpack
from nnlab.grading.submission import LARGEST

pytestmark = pytest.mark.slow

RIGHT = tiny.as_bytes(tiny.submission())
WRONG = tiny.as_bytes(tiny.submission(tiny.WRONG))


def archive(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return path


def found(target):
    return {p.parts[-3]: p.read_bytes() for p in target.rglob("*.ipynb")}


def test_moodle(tmp_path):
    made = archive(tmp_path / "m.zip", {
        "Ada Lovelace_4711_assignsubmission_file_/tiny (1).ipynb": RIGHT,
        "O'Neil, Jür_12_assignsubmission_file_/deep/er/Untitled.ipynb": WRONG,
        "__MACOSX/x_13_assignsubmission_file_/._tiny.ipynb": b"",
    })  # fmt: skip
    unpack(made, tmp_path / "submitted", "tiny")
    assert found(tmp_path / "submitted") == {"4711": RIGHT, "12": WRONG}


def test_canvas_takes_the_last_attempt(tmp_path):
    made = archive(tmp_path / "c.zip", {
        "lovelaceada_88_1000_tiny.ipynb": WRONG,
        "lovelaceada_LATE_88_1001_tiny-1.ipynb": WRONG,
        "lovelaceada_LATE_88_1001_tiny-2.ipynb": RIGHT,
    })  # fmt: skip
    report = unpack(made, tmp_path / "submitted", "tiny")
    assert found(tmp_path / "submitted") == {"88": RIGHT}
    took = (
        "88: took 'lovelaceada_LATE_88_1001_tiny-2.ipynb', not 'lovelaceada_88_1000_tiny.ipynb', '"
    )
    assert any(line.startswith(took) for line in report), report


@pytest.mark.parametrize(
    ("names", "students"),
    [
        (["class/ada.zip"], ["ada"]),
        (["class/ada.zip", "class/bob.zip"], ["ada", "bob"]),
        (["class/ada.ipynb", "class/bob.ipynb"], ["ada", "bob"]),
        (["ada.ipynb", "bob.zip"], ["ada", "bob"]),
        (["class/ada_tiny.ipynb", "class/bob_tiny.ipynb"], ["ada_tiny", "bob_tiny"]),
        (["ada/tiny.ipynb"], ["ada"]),
        (["ada/Untitled.ipynb"], ["ada"]),
        (["class/ada/tiny (1).ipynb", "class/bob.zip"], ["ada", "bob"]),
        (["class/ada/week1/tiny.ipynb", "class/bob/week1/tiny.ipynb"], ["ada", "bob"]),
        (["class/ada/work.zip", "class/bob/work.zip"], ["ada", "bob"]),
        (["submitted/ada/tiny/tiny.ipynb", "submitted/bob/tiny/tiny.ipynb"], ["ada", "bob"]),
        (["submitted/ada/tiny/tiny.ipynb"], ["ada"]),
        (["ada/M_88_assignsubmission_file_/tiny.ipynb", "88/tiny.ipynb"], ["88", "ada"]),
        (["ada/victim_88_9_tiny.ipynb", "88/tiny.ipynb"], ["88", "ada"]),
    ],
)
def test_students_of_other_archives_are_known_by_folder_or_file(names, students, tmp_path):
    inner = zipped({"notes/eve.ipynb": RIGHT})
    made = {name: RIGHT if name.endswith("ipynb") else inner for name in names}
    unpack(archive(tmp_path / "x.zip", made), tmp_path / "submitted", "tiny")
    assert found(tmp_path / "submitted") == dict.fromkeys(students, RIGHT)


def zipped(members):
    inner = io.BytesIO()
    archive(inner, members)
    return inner.getvalue()


def test_nobody_hands_in_for_somebody_else(tmp_path):
    for n, members in enumerate((
        {"victim_88_1_tiny.ipynb": RIGHT, "mallory_13_5_work.zip": zipped({"victim_88_9_tiny.ipynb": WRONG})},
        {"Victim V_88_assignsubmission_file_tiny.ipynb": RIGHT,
         "M_13_assignsubmission_file_z_88_assignsubmission_file_tiny.ipynb": WRONG},
        {"88/tiny.ipynb": RIGHT, "13/88.zip": zipped({"88/tiny.ipynb": WRONG})},
    )):  # fmt: skip
        unpack(archive(tmp_path / "x.zip", members), tmp_path / str(n), "tiny")
        assert found(tmp_path / str(n)) == {"88": RIGHT, "13": WRONG}


def test_a_group_above_its_students_is_suspected_aloud(tmp_path):
    groups = {
        "red/ada/tiny.ipynb": RIGHT,
        "red/bob/tiny.ipynb": WRONG,
        "blue/eve/tiny.ipynb": RIGHT,
    }
    report = unpack(archive(tmp_path / "x.zip", groups), tmp_path / "submitted", "tiny")
    [red, advice, total] = report
    assert red.startswith("red: took 'red/bob/tiny.ipynb', not 'red/ada/tiny.ipynb'")
    assert "if 'red' is a group" in advice and total.startswith("2 students")
    parts = {f"red/{name}/tiny.ipynb": RIGHT for name in ("ada", "bob")}  # as advised
    unpack(archive(tmp_path / "red.zip", parts), tmp_path / "red", "tiny")
    assert found(tmp_path / "red") == {"ada": RIGHT, "bob": RIGHT}


def test_names_that_cannot_be_told_apart_or_written_are_left_out(tmp_path):
    made = archive(tmp_path / "x.zip", {
        "A b/tiny.ipynb": RIGHT, "A;b/tiny.ipynb": WRONG,
        f"{'x' * 300}/tiny.ipynb": RIGHT, "tiny-class.html/tiny.ipynb": RIGHT, "bob/tiny.ipynb": RIGHT,
    })  # fmt: skip
    report = "\n".join(unpack(made, tmp_path / "submitted", "tiny"))
    assert found(tmp_path / "submitted") == {"bob": RIGHT}
    assert "'A b', 'A;b' (they would be one student)" in report
    assert report.count("that is no student's id") == 2


def test_folders_with_impossible_names_are_named_and_stop_nobody(course, monkeypatch):
    monkeypatch.chdir(course)
    names = ("bob", "x" * 200, "a\nb", "tiny-class.html", os.fsdecode(b"bad\xff"))
    for name in names:
        tiny.hand_in(course, name, tiny.submission())
    done = CliRunner().invoke(app, ["grade", "tiny", "--course", str(course)])
    assert done.exit_code == 0, done.output
    assert scores(course) == {"bob": tiny.FULL}
    assert done.output.count("is no name for a student") == 4


def test_members_cannot_leave_the_folder_and_bombs_are_left_out(tmp_path):
    inner = io.BytesIO()
    archive(inner, {"tiny.ipynb": RIGHT})
    made = archive(tmp_path / "x.zip", {
        "../../evil/tiny.ipynb": RIGHT,
        "/etc/cron.d/tiny.ipynb": RIGHT,
        "bomb/tiny.ipynb": bytes(50_000_000),
        "zipped/hand-in.zip": inner.getvalue(),
        "broken/hand-in.zip": b"PK",
        "notes/readme.exe": b"MZ",
    })  # fmt: skip
    report = "\n".join(unpack(made, tmp_path / "submitted", "tiny"))
    assert set(found(tmp_path / "submitted")) == {"evil", "etc", "zipped"}
    assert sorted(p.name for p in tmp_path.iterdir()) == ["submitted", "x.zip"]
    assert "too large: 'bomb/tiny.ipynb'" in report
    assert "broken/hand-in.zip" in report


@pytest.mark.parametrize("packing", ["DEFLATED", "LZMA", "BZIP2"])
def test_a_damaged_archive_of_one_stops_no_other(packing, tmp_path):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", getattr(zipfile, f"ZIP_{packing}")) as made:
        made.writestr("tiny.ipynb", RIGHT)
    data, directory = inner.getvalue(), inner.getvalue().index(b"PK\x01\x02")
    newer = data[: directory + 6] + b"\xff" + data[directory + 7 :]  # of zip's versions
    made = archive(tmp_path / "x.zip", {
        "ada/tiny.ipynb": RIGHT,
        "bob/hand-in.zip": data[:60] + bytes(200) + data[260:],
        "eve/hand-in.zip": newer,
    })  # fmt: skip
    report = "\n".join(unpack(made, tmp_path / "submitted", "tiny"))
    assert set(found(tmp_path / "submitted")) == {"ada"}
    assert "bob/hand-in.zip" in report and "eve/hand-in.zip" in report


def test_many_large_notebooks_of_one_do_not_fill_the_memory(tmp_path):
    inner = io.BytesIO()
    archive(inner, {f"tiny-{n}.ipynb": bytes(LARGEST) for n in range(9)})
    made = archive(tmp_path / "x.zip", {"ada/tiny.ipynb": RIGHT, "eve/all.zip": inner.getvalue()})
    report = unpack(made, tmp_path / "submitted", "tiny")
    assert set(found(tmp_path / "submitted")) == {"ada"}
    assert (
        "left out: 'eve/all.zip' (the archive holds 9 files, or more than 64 MB of notebooks)"
        in report
    )


def test_the_command_grades_an_archive(course, monkeypatch):
    made = archive(course / "m.zip", {"A B_7_assignsubmission_file_/tiny.ipynb": RIGHT})
    monkeypatch.chdir(course)
    done = CliRunner().invoke(
        app, ["grade", "tiny", "--submissions", str(made), "--course", str(course)]
    )
    assert done.exit_code == 0, done.output
    assert scores(course) == {"7": tiny.FULL}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["nonesuch"], "no unit is called 'nonesuch'; there are tiny"),
        (["tiny", "--isolation", "hope"], "bubblewrap or process"),
        (["tiny", "--submissions", "nowhere"], "there is no nowhere"),
        (["tiny", "--submissions", "bad.zip"], "no zip archive"),
        (["--submissions", "bad.zip", "tiny", "adam"], "an archive holds one unit"),
    ],
)
def test_mistakes_in_the_call_are_explained(words, says, course, monkeypatch):
    (course / "bad.zip").write_bytes(b"no")
    (course / "submitted").mkdir()
    monkeypatch.chdir(course)
    done = CliRunner().invoke(app, ["grade", *words, "--course", str(course)])
    assert done.exit_code == 2, done.output
    assert says in " ".join(done.output.split())


def test_help_has_examples():
    for command in ("grade", "export"):
        text = re.sub(r"\x1b\[[0-9;]*m", "", CliRunner().invoke(app, [command, "--help"]).output)
        assert f"nnlab {command} adam" in text
