"""`nnlab study` refuses what cannot work before anything runs, and shows what came out."""

import pytest
from typer.testing import CliRunner

from nnlab.cli.app import app
from nnlab.experiments import STUDIES
from nnlab.experiments.results import read_results
from nnlab.experiments.summary import write_summary


@pytest.fixture
def study(tmp_path):
    def run(*arguments):
        command = ["study", *arguments, "--output", str(tmp_path / "out")]
        return CliRunner().invoke(app, command, env={"COLUMNS": "200"})

    return run


def test_list_names_every_study_with_its_sources():
    listed = CliRunner().invoke(app, ["study", "list"], env={"COLUMNS": "200"})
    assert listed.exit_code == 0
    for name, one in STUDIES.items():
        assert name in listed.output
        assert one.sources.split()[0] in listed.output
    cells = [line.split("│") for line in listed.output.splitlines() if line.startswith("│")]
    named = [row for row in cells if row[1].strip()]
    assert len(named) == len(STUDIES)
    for column in (3, 4):  # how many runs: units below units
        assert len({len(row[column].rstrip()) for row in named}) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing"], "unknown study 'nothing'; choose one of"),
        (["lecture", "--data", "wine"], "unknown --data 'wine'; choose one of digits, mnist"),
        (["elbow", "--batch-sizes", "1,two"], "whole numbers and full, got 'two'"),
        (["elbow", "--batch-sizes", "0"], "must be at least 1, got 0"),
        (["elbow", "--batch-sizes", "8,8"], "without repetition"),
        (["elbow", "--batch-sizes", ""], "needs sizes"),
        (["elbow", "--quick", "--batch-sizes", "1348"], "more than the 1347 samples of digits"),
        (["fractal", "--batch-sizes", "8"], "the study fractal has no --batch-sizes"),
        (["lecture", "--batch-sizes", "8,16"], "takes one batch size"),
        (["lecture", "--epochs", "0"], "--epochs must be at least 1"),
        (["lecture", "--repeat", "-1"], "--repeat must be at least 1"),
        (["lecture", "--quick", "--workers", "0"], "--workers must be at least 1"),
        (["all", "--data", "digits"], "unknown --data 'digits'; choose one of wine"),
    ],
)
def test_bad_settings_are_refused_before_anything_is_written(arguments, said, study, tmp_path):
    refused = study(*arguments)
    assert refused.exit_code == 2
    assert said in " ".join(refused.output.replace("│", " ").split())
    assert not (tmp_path / "out").exists()


def test_a_quick_study_leaves_rows_a_figure_and_its_table(study, tmp_path):
    done = study("lecture", "--quick", "--epochs", "3", "--workers", "1")
    assert done.exit_code == 0, done.output
    assert "validation error" in done.output
    assert len(read_results(tmp_path / "out" / "lecture-quick.csv")) == 2
    assert (tmp_path / "out" / "lecture-quick.png").stat().st_size > 10_000
    again = study("lecture", "--quick", "--epochs", "3")
    assert "2 of 2 rows are there already" in again.output


def test_a_changed_plan_and_a_damaged_file_are_said_and_kept(study, tmp_path):
    path = tmp_path / "out" / "lecture-quick.csv"
    assert study("lecture", "--quick", "--epochs", "2", "--workers", "1").exit_code == 0
    before = path.read_bytes()
    changed = study("lecture", "--quick", "--epochs", "3")
    assert changed.exit_code == 1
    assert "not in this plan" in str(changed.exception) + changed.output
    assert path.read_bytes() == before
    path.write_bytes(before[:-5])
    damaged = study("lecture", "--quick", "--epochs", "2")
    assert damaged.exit_code == 1
    assert "damaged" in str(damaged.exception) + damaged.output
    assert path.read_bytes() == before[:-5]


def test_the_summary_says_what_each_file_is_and_when_it_was_made(root, tmp_path):
    """The committed results' page is what their rows give now."""
    folder = root / "book" / "results"
    for file in folder.glob("*.csv"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    made = write_summary(tmp_path)
    assert made is not None
    assert made.read_text() == (folder / "README.md").read_text()
    assert max(file.stat().st_size for file in folder.glob("*.csv")) < 300_000
