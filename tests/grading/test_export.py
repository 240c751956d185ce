"""Exports say what the verdicts and people said, and change nothing else in an instructor's file."""

import csv
import io
import json

import pytest
from typer.testing import CliRunner

from nnlab.cli.app import app
from nnlab.grading.export import Mark, safe, to_csv, to_json
from nnlab.grading.gradebook import Marks
from nnlab.grading.sheets import ExportError, fill_canvas, fill_moodle, read_text
from nnlab.grading.store import Store
from nnlab.grading.verdict import TestResult, Verdict, WrittenAnswer


def mark(student="s01", given=None, penalty=0.0):
    verdict = Verdict(student, "adam", "graded", max_score=10.0)
    verdict.tests = [
        TestResult("t1", 3.0, 3.0, True),
        TestResult("t2", 0.0, 2.0, False, mistake="adam/x"),
    ]
    verdict.written = [WrittenAnswer("why", 5.0, "because")]
    return Mark(verdict, Marks(given or {}, {}, penalty))


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_a_mark_is_checks_and_people_less_penalty():
    assert (mark().score, mark().is_final) == (3.0, False)
    assert (mark(given={"why": 4.0}).score, mark(given={"why": 4.0}).is_final) == (7.0, True)
    assert mark(given={"t2": 1.5}).score == 4.5
    assert mark(penalty=100.0).score == 0.0


def test_csv_has_a_row_for_each_check():
    found = rows(to_csv([mark(given={"why": 4.0}, penalty=1.0)]))
    assert [(row["check"], row["points"], row["max_points"]) for row in found] == [
        ("t1", "3", "3"), ("t2", "0", "2"), ("why", "4", "5")
    ]  # fmt: skip
    assert {row["total"] for row in found} == {"6"}
    assert found[1]["mistake"] == "adam/x"


@pytest.mark.parametrize(
    "name", ["weird,id", 'O"Neil', "=cmd|x", "+1", "@x", "-2", "ünï", "a;b\tc"]
)
def test_names_keep_their_columns_and_are_no_formulas(name):
    [row, *_] = rows(to_csv([mark(name)]))
    assert row["student"] == safe(name)
    assert row["student"][0] not in "=+-@"
    assert row["total"] == "3"


def test_json_holds_everything():
    [found] = json.loads(to_json([mark(given={"why": 4.0})]))
    assert found["score"] == 7.0
    assert [check["id"] for check in found["checks"]] == ["t1", "t2"]
    assert found["written"] == [{"id": "why", "points": 4.0, "max_points": 5.0}]


CANVAS = (
    "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Adam (123),Other (5),Final\r\n"
    "    Points Possible,,,,,10,10,(read only)\r\n"
    '"Doe, ""J""",1,u1,s01,A,1,7,x\r\n'
    "=X,2,u2,s02,A,,7,x\r\n"
)


def test_canvas_is_filled_in_place():
    text, left = fill_canvas(CANVAS, {"s01": 7.5, "2": 3.0, "ghost": 1.0}, "Adam")
    assert left == ["ghost"]
    assert text == CANVAS.replace("s01,A,1,7", "s01,A,7.5,7").replace("s02,A,,7", "s02,A,3,7")


def test_canvas_makes_no_new_column():
    with pytest.raises(ExportError, match="0 columns are called 'Adan'"):
        fill_canvas(CANVAS, {}, "Adan")
    with pytest.raises(ExportError, match="no gradebook of Canvas"):
        fill_canvas("Name,Adam\r\nx,1\r\n", {}, "Adam")


@pytest.mark.parametrize(
    ("head", "sep"),
    [
        ("Identifier,Full name,Email address,Grade,Maximum grade", ","),
        ("ID;Vollständiger Name;E-Mail-Adresse;Bewertung;Höchstbewertung", ";"),
        ("Identifiant;Nom complet;Adresse;Note;Note maximale", ";"),
        ("識別子,氏名,メール,成績,最高", ","),
    ],
)
def test_moodle_is_filled_in_place_whatever_its_language(head, sep):
    sheet = head + "\r\n" + sep.join(["Teilnehmer/in4711", '"A, B; C"', "a@x", "", "10"]) + "\r\n"
    text, left = fill_moodle(sheet, {"4711": 7.5, "9": 1.0})
    value = "7,5" if sep == ";" else "7.5"
    [_, row] = csv.reader(io.StringIO(text), delimiter=sep)
    assert row == ["Teilnehmer/in4711", "A, B; C", "a@x", value, "10"]
    assert left == ["9"]


def test_moodle_asks_for_the_column_it_does_not_know():
    with pytest.raises(ExportError, match="--column"):
        fill_moodle("Kuka,Mitä\r\nx 1,\r\n", {"1": 2.0})
    assert fill_moodle("Kuka,Mitä\r\nx 1,\r\n", {"1": 2.0}, "Mitä")[0] == "Kuka,Mitä\r\nx 1,2\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_files_of_other_programs_can_be_read(encoding, tmp_path):
    (tmp_path / "x.csv").write_bytes("Größe,1".encode(encoding))
    assert read_text(tmp_path / "x.csv").removeprefix("\ufeff") == "Größe,1"


GRADEBOOK = "Student,ID,SIS Login ID,adam (12)\n    Points Possible,,,{}\nLovelace,7,{},\n\n"
WORKSHEET = "Identifier,Email address,Grade,Maximum Grade\nParticipant {},{},-,{}\n"


@pytest.fixture
def graded(tmp_path):
    for student in ("s01", "s02"):
        Store(tmp_path / "verdicts").put(mark(student).verdict)
    return tmp_path


def export(graded, format, sheet):
    (graded / "sheet.csv").write_text(sheet)
    words = ["export", "adam", "--from", str(graded), "--format", format]
    return CliRunner().invoke(app, [*words, "--into", str(graded / "sheet.csv")])


@pytest.mark.parametrize(
    ("format", "sheet"),
    [("canvas", GRADEBOOK.format(10, "s01")), ("moodle", WORKSHEET.format(1, "s01", "10,00"))],
)
def test_the_command_says_how_many_it_filled_in_and_who_is_not_there(format, sheet, graded):
    done = export(graded, format, sheet)
    assert done.exit_code == 0, done.output
    assert "1 of 2 filled in." in done.stderr
    assert "sheet.csv: s02." in done.stderr
    assert "not scaled" not in done.stderr
    assert "s01" in done.stdout and ",3" in done.stdout


@pytest.mark.parametrize(
    ("format", "sheet"),
    [("canvas", GRADEBOOK.format(10, "ada")), ("moodle", WORKSHEET.format(1, "ada@x.org", 10))],
)
def test_a_sheet_that_knows_nobody_is_an_error_that_helps(format, sheet, graded):
    done = export(graded, format, sheet)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "is one of those graded (s01, s02)" in done.stderr


@pytest.mark.parametrize(
    ("format", "sheet"),
    [("canvas", GRADEBOOK.format(100, "s01")), ("moodle", WORKSHEET.format(1, "s01", '"100,00"'))],
)
def test_another_maximum_is_named(format, sheet, graded):
    assert "there the most is 100 points, here it is 10" in export(graded, format, sheet).stderr
