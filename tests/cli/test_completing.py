"""The Tab key offers units, students and studies."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Program = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course with one unit, three students and verdicts, to stand in."""
    for place in (
        "solutions/tiny/tiny.md",
        "submitted/s1/tiny/tiny.ipynb",
        "verdicts/graded/s1.json",
    ):
        (tmp_path / place).parent.mkdir(parents=True)
        (tmp_path / place).touch()
    for student in ("s2", "t1"):
        (tmp_path / "submitted" / student).mkdir()
    (tmp_path / "verdicts" / ".units").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def offered(program: Program, line: str) -> list[str]:
    """What a shell is told to offer for the last word of a line."""
    done = program(_NNLAB_COMPLETE="complete_bash", _TYPER_COMPLETE_ARGS=line,
                   COMP_WORDS=line, COMP_CWORD=str(len(line.split(" ")) - 1))  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("nnlab release ", ["tiny"]),
        ("nnlab grade t", ["tiny"]),
        ("nnlab grade --student s", ["s1", "s2"]),
        ("nnlab export ", ["graded"]),
        ("nnlab study thesis-w", ["thesis-wine"]),
        ("nnlab course init mine --unit ba", ["backprop", "batch-size-study"]),
        ("nnlab doctor --for te", ["teach"]),
        ("nnlab rel", ["release"]),
    ],
)
def test_names_are_offered(program: Program, course: Path, line: str, names: list[str]) -> None:
    assert offered(program, line) == names


def test_another_course_is_looked_into_where_an_option_names_it(
    program: Program, course: Path
) -> None:
    shutil.copytree(course / "solutions", course / "other" / "solutions")
    (course / "other/solutions/tiny").rename(course / "other/solutions/more")
    (course / "other/solutions/more/tiny.md").rename(course / "other/solutions/more/more.md")
    assert offered(program, "nnlab grade --course other ") == ["more"]
    assert offered(program, "nnlab release --root other ") == ["more"]


def test_without_a_course_nothing_is_offered(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert offered(program, "nnlab grade ") == []
    assert offered(program, "nnlab grade --student ") == []
