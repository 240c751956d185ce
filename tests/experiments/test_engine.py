"""The engine outlives rows that raise, workers that die, and its own end."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from nnlab.experiments import Listener, ResultsError, SettingsError, read_results, run_study
from nnlab.experiments.engine import WorkerDied
from nnlab.experiments.machine import measured

MEASURED = {"wall", "cpu", "load", "date", "seconds"}


def settled(path):
    """The columns that do not depend on the hour."""
    return [
        {name: str(value) for name, value in row.items() if name not in MEASURED}
        for row in read_results(path)
    ]


def test_rows_carry_results_times_and_origin(fakes, tmp_path):
    outcome = run_study(fakes.made_up("well", "well"), output=tmp_path, workers=2)
    assert [row["square"] for row in outcome.rows] == [0, 1]
    assert {"wall", "cpu", "load", "date", "versions", "machine"} <= set(outcome.rows[0])
    assert "1 thread" in outcome.rows[0]["machine"]
    assert [row["third"] for row in read_results(outcome.path)] == pytest.approx([0, 1 / 3])


def test_a_row_that_raises_stops_no_other_and_is_tried_again(fakes, tmp_path):
    study = fakes.made_up("well", "raises", "well")
    for _ in range(2):
        outcome = run_study(study, output=tmp_path, workers=1)
        ((row, error),) = outcome.failures
        assert row["seed"] == 1
        assert isinstance(error, ArithmeticError)
        assert [row["seed"] for row in read_results(outcome.path)] == [0, 2]


def test_a_worker_that_dies_once_costs_nothing(fakes, tmp_path):
    study = fakes.made_up("waits", "dies once", "well", "well", note=str(tmp_path / "met"))
    outcome = run_study(study, output=tmp_path, workers=2)
    assert not outcome.failures
    assert [row["seed"] for row in outcome.rows] == [0, 1, 2, 3]


def test_a_row_that_kills_its_workers_is_given_up_alone(fakes, tmp_path):
    study = fakes.made_up("waits", "dies", "waits", "well", "dies")
    outcome = run_study(study, output=tmp_path, workers=2)
    assert [row["seed"] for row in outcome.rows] == [0, 2, 3]
    assert sorted(row["seed"] for row, _ in outcome.failures) == [1, 4]
    assert all(isinstance(error, WorkerDied) for _, error in outcome.failures)


def test_a_full_disk_is_noticed_before_anything_runs(fakes, tmp_path):
    (tmp_path / ".made-up.csv.part").symlink_to("/dev/full")
    started = []
    with pytest.raises(ResultsError, match="No space left"):
        run_study(fakes.made_up("well"), output=tmp_path, listener=Listener(started=started.append))
    assert not started


def test_a_changed_plan_needs_fresh_which_keeps_the_old_rows(fakes, tmp_path):
    first = run_study(fakes.made_up("well", "well"), output=tmp_path, workers=1)
    changed = fakes.made_up("well", "well", shift=1)
    with pytest.raises(ResultsError, match="not in this plan"):
        run_study(changed, output=tmp_path, workers=1)
    again = run_study(changed, output=tmp_path, workers=1, fresh=True)
    assert {row["shift"] for row in again.rows} == {1}
    assert {row["shift"] for row in read_results(tmp_path / "made-up.old-1.csv")} == {0}
    assert first.path == again.path


def test_wrong_settings_are_refused_before_anything_is_written(fakes, tmp_path):
    with pytest.raises(SettingsError, match="--workers"):
        run_study(fakes.made_up("well"), output=tmp_path / "new", workers=0)
    assert not (tmp_path / "new").exists()


def test_cpu_is_what_was_computed_and_wall_what_passed():
    with measured() as record:
        time.sleep(0.1)
    assert record["wall"] >= 0.1 > record["cpu"]


STUDY = ["thesis-mnist", "--quick", "--batch-sizes", "8,16,32,64,128,256,full", "--epochs", "30"]


def command(*arguments):
    start = "from nnlab.cli import main; main()"
    return [sys.executable, "-c", start, "study", *map(str, arguments)]


def children(pid):
    """The processes that a process has started, by /proc."""
    found = []
    for task in os.listdir("/proc"):
        if task.isdigit():
            try:
                with open(f"/proc/{task}/stat") as file:
                    if int(file.read().rpartition(")")[2].split()[1]) == pid:
                        found.append(int(task))
            except (FileNotFoundError, ProcessLookupError):
                pass
    return found


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def until(true, seconds=60.0):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def rows_in(path):
    return len(read_results(path)) if path.exists() else 0


@pytest.mark.slow
@pytest.mark.skipif(not os.path.isdir("/proc"), reason="looks for processes in /proc")
def test_killed_in_the_middle_and_resumed_it_ends_in_the_same_table(tmp_path):
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    subprocess.run(command(*STUDY, "--output", whole), check=True, capture_output=True, timeout=120)
    path = killed / "thesis-mnist-quick.csv"
    process = subprocess.Popen(command(*STUDY, "--output", killed), stdout=subprocess.DEVNULL)
    until(lambda: rows_in(path) >= 3)
    workers = children(process.pid)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert workers
    try:
        until(lambda: not any(alive(worker) for worker in workers), seconds=20)
    finally:
        for worker in filter(alive, workers):
            os.kill(worker, signal.SIGKILL)
    before = rows_in(path)
    assert 3 <= before < 14
    resumed = subprocess.run(
        command(*STUDY, "--output", killed), check=True, capture_output=True, timeout=120, text=True
    )
    assert f"{before} of 14 rows are there already" in resumed.stdout
    assert settled(path) == settled(whole / path.name)


@contextmanager
def cluster(folder):
    """A Dask scheduler and two workers, on this machine's own address."""
    contact = folder / "scheduler.json"
    dask = [sys.executable, "-m", "dask"]
    local = ["--scheduler-file", str(contact), "--no-dashboard"]
    quiet = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    scheduler = [*dask, "scheduler", "--host", "127.0.0.1", "--port", "0", *local]
    worker = [*dask, "worker", "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", *local]
    processes = [subprocess.Popen(scheduler, **quiet)]
    try:
        until(lambda: contact.exists() and contact.read_text().strip().endswith("}"))
        processes += [subprocess.Popen(worker, **quiet) for _ in range(2)]
        yield json.loads(contact.read_text())["address"]
    finally:
        for process in processes:  # kindly asked, a worker looks for its scheduler for minutes
            process.kill()
            process.wait()


@pytest.mark.slow
def test_a_dask_cluster_gives_the_same_rows(tmp_path):
    small = ["elbow", "--quick", "--epochs", "2"]
    here, there = tmp_path / "here", tmp_path / "there"
    subprocess.run(command(*small, "--output", here), check=True, capture_output=True, timeout=120)
    with cluster(tmp_path) as address:
        subprocess.run(
            command(*small, "--output", there, "--dask", address),
            check=True,
            capture_output=True,
            timeout=120,
        )
    assert settled(there / "elbow-quick.csv") == settled(here / "elbow-quick.csv")


def test_no_scheduler_at_the_address_is_said(fakes, tmp_path):
    pytest.importorskip("distributed")
    with pytest.raises(SettingsError, match="no Dask scheduler answers"):
        run_study(fakes.made_up("well"), output=tmp_path, dask="not-an-address://")
