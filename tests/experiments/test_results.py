"""A results file is whole at every moment, and refuses what is not its own."""

import numpy as np
import pytest

from nnlab.experiments import ResultsError, curve, read_results
from nnlab.experiments.results import Results

PLAN = [{"lr": 0.1 * 3, "batch_size": size, "seed": 0} for size in (1, 32, "full")]


def new(path, plan=PLAN):
    return Results(path, "a title", plan)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "study.csv"


def test_what_was_added_is_read_back(path):
    results = new(path)
    added = {**PLAN[2], "loss": 1 / 3, "curve": np.array([1.5, 2.0]), "why": 'slow, and "so"\non'}
    results.add(added)
    (row,) = read_results(path)
    assert row["batch_size"] == "full"
    assert row["loss"] == pytest.approx(1 / 3, rel=1e-5)
    assert row["why"] == added["why"]
    np.testing.assert_array_equal(curve(row, "curve"), [1.5, 2])
    assert "missing" not in row


def test_rows_stand_in_the_plans_order_whatever_finished_first(path):
    one, other = new(path), new(path.with_name("other.csv"))
    for row in PLAN:
        one.add({**row, "loss": 1.0})
    for row in reversed(PLAN):
        other.add({**row, "loss": 1.0})
    assert path.read_bytes() == other.path.read_bytes()


def test_a_file_is_resumed_and_only_the_rest_is_missing(path):
    new(path).add({**PLAN[1], "loss": 1.0})
    resumed = new(path)
    assert resumed.missing == [PLAN[0], PLAN[2]]
    resumed.add({**PLAN[0], "loss": 2.0})
    assert [row["loss"] for row in read_results(path)] == [2.0, 1.0]


def test_more_seeds_are_the_same_plan_gone_on(path):
    new(path).add({**PLAN[0], "loss": 1.0})
    more = [*PLAN, *({**row, "seed": 1} for row in PLAN)]
    assert len(new(path, more).missing) == 5


def test_rows_of_another_plan_are_not_mixed_in(path):
    new(path).add({**PLAN[0], "loss": 1.0})
    before = path.read_bytes()
    with pytest.raises(ResultsError, match=r"not in this plan(.|\n)*lr=0\.3(.|\n)*lr=0\.5"):
        new(path, [{**row, "lr": 0.5} for row in PLAN])
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:-20],
        lambda text: text.replace("0.25", "0.75"),
        lambda text: "",
        lambda text: text[10:],
        lambda text: "\0" * len(text),
    ],
    ids=["truncated", "a number changed", "empty", "head lost", "zeros"],
)
def test_a_damaged_file_is_refused_and_left_alone(path, spoil):
    new(path).add({**PLAN[0], "loss": 0.25, "test_loss": 0.123456789})
    path.write_text(spoil(path.read_text()))
    before = path.read_bytes()
    with pytest.raises(ResultsError, match="damaged"):
        new(path)
    assert path.read_bytes() == before


def test_bytes_that_are_no_text_are_refused(path):
    path.write_bytes(b"# \xff\xfe\n")
    with pytest.raises(ResultsError, match="damaged"):
        read_results(path)


def test_line_ends_of_another_system_are_no_damage(path):
    new(path).add({**PLAN[0], "loss": 0.25})
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert read_results(path)[0]["loss"] == 0.25


def test_a_full_disk_costs_no_row(path):
    """/dev/full is a disk that is always full: writing to it fails as on a real one."""
    results = new(path)
    results.add({**PLAN[0], "loss": 0.25})
    before = path.read_bytes()
    path.with_name(f".{path.name}.part").symlink_to("/dev/full")
    with pytest.raises(ResultsError, match=r"No space left(.|\n)*full,0,0\.75") as error:
        results.add({**PLAN[2], "loss": 0.75})
    assert "run the same command again" in str(error.value)
    assert path.read_bytes() == before
    assert new(path).missing == PLAN[1:]


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ResultsError, match="could not be written"):
        new(tmp_path / "file" / "study.csv").write()


def test_two_writers_do_not_overwrite_each_other(path):
    one = new(path)
    one.write()
    other = new(path)
    other.add({**PLAN[1], "loss": 2.0})
    before = path.read_bytes()
    with pytest.raises(ResultsError, match=r"something else(.|\n)*0\.125"):
        one.add({**PLAN[0], "loss": 0.125})
    assert path.read_bytes() == before


def test_setting_aside_never_overwrites(path):
    for loss in (1.0, 2.0):
        new(path).add({**PLAN[0], "loss": loss})
        Results.set_aside(path)
    old = sorted(path.parent.glob("study.old-*.csv"))
    assert [read_results(file)[0]["loss"] for file in old] == [1.0, 2.0]
    assert not path.exists()
