"""Grade the same submissions by `nnlab grade` (isolated) and by stock `nbgrader autograde`, one after the other.

    python benchmarks/grading.py             # 30 submissions by both, 1,000 by ours, one from a cold start
    python benchmarks/grading.py --quick     # 6, 60 and one

Everything runs through the command line, start-up, gradebook and feedback included, in a folder that is
thrown away. Stock nbgrader comes before ours and after it. Beside what the clock showed stands what the
processors computed, for a machine that is not quiet. Memory is the peak of all processes together, shared
pages counted once. Nothing passes or fails here: read the table.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from keeping import keep

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent


def classroom(folder: Path, unit: str, count: int) -> Path:
    """Hand in: a third right, a third wrong, a third as handed out, and no two the same."""
    right = json.loads((ROOT / "solutions" / unit / f"{unit}.ipynb").read_text("utf-8"))
    empty = json.loads((ROOT / "exercises" / unit / f"{unit}.ipynb").read_text("utf-8"))
    for number in range(count):
        made = json.loads(json.dumps((right, right, empty)[number % 3]))
        for cell in made["cells"]:
            cell["source"] = "".join(cell["source"]).replace("{n}", str(number))
            if cell["cell_type"] == "code" and cell["metadata"].get("nbgrader", {}).get("solution"):
                cell["source"] += f"\n\nmine = {number}"
                if number % 3 == 1:
                    cell["source"] = cell["source"].replace(" - ", " + ")
        made["cells"][0]["source"] += f"\n\nStudent {number}"
        path = folder / "submitted" / f"s{number:04d}" / unit / f"{unit}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(made), "utf-8")
    return folder


@dataclass
class Cost:
    """What a command cost: seconds by the clock and of all processors, and megabytes at most."""

    clock: float
    cpu: float
    memory: float = 0.0


def measure(words: list, **about) -> Cost:
    """Run a command and everything below it."""
    begun, before = time.perf_counter(), os.times()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(words, **quiet, **about)
    cost = Cost(0.0, 0.0)
    zygotes: dict[int, float] = {}
    watcher = threading.Thread(target=watch, args=(process, cost, zygotes), daemon=True)
    watcher.start()
    if process.wait():
        sys.exit(f"this failed: {' '.join(map(str, words))}")
    after = os.times()
    cost.clock = time.perf_counter() - begun
    cost.cpu = sum(after[2:4]) - sum(before[2:4]) + sum(zygotes.values())
    return cost


def stock(folder: Path, unit: str) -> Cost:
    """Let `nbgrader autograde` grade the class."""
    for name in ("solutions", "exercises"):
        shutil.copytree(ROOT / name / unit, folder / name / unit, dirs_exist_ok=True)
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    forget(folder)
    about = {"cwd": folder, "env": os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}}
    measure([BIN / "nbgrader", "generate_assignment", unit, "--force"], **about)
    return measure([BIN / "nbgrader", "autograde", unit], **about)


def ours(folder: Path, unit: str, anew: bool = True) -> Cost:
    """Let `nnlab grade` grade the class."""
    if anew:
        forget(folder)
    where = ["--course", ROOT, "--submissions", folder / "submitted"]
    return measure([BIN / "nnlab", "grade", unit, *where])


def forget(folder: Path) -> None:
    """Remove what either made."""
    for name in ("verdicts", "autograded", "feedback"):
        shutil.rmtree(folder / name, ignore_errors=True)
    (folder / "gradebook.db").unlink(missing_ok=True)


def watch(process: subprocess.Popen, cost: Cost, zygotes: dict[int, float]) -> None:
    """Note the largest sum of the memory of a process and all below it, and what went on in sandboxes.

    Bubblewrap keeps the times of its children to itself; the zygotes in there know those of theirs.
    """
    while process.returncode is None:
        found = tree(process.pid)
        cost.memory = max(cost.memory, sum(map(proportional, found)))
        for pid, parent in found.items():
            if is_zygote(pid) and not is_zygote(parent):
                zygotes.setdefault(pid, 0.0)
        for _ in range(20):  # what comes after the last look at them is missed
            for pid in zygotes:
                zygotes[pid] = max(zygotes[pid], seconds_of(pid))
            time.sleep(0.01)


def tree(pid: int) -> dict[int, int]:
    """Return a process and its descendants, each with its parent."""
    children: dict[int, list[int]] = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(place.read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        children.setdefault(parent, []).append(int(place.parent.name))
    found, waiting = {pid: 0}, [pid]
    while waiting:
        parent = waiting.pop()
        found |= dict.fromkeys(children.get(parent, []), parent)
        waiting += children.get(parent, [])
    return found


def is_zygote(pid: int) -> bool:
    """Whether a process is, or was forked from, a sandbox's Python."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return b"-sPSB" in words and b"bwrap" not in words[0]


def seconds_of(pid: int) -> float:
    """Return the seconds that a process and its ended children computed."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def proportional(pid: int) -> float:
    """Return a process's memory in MB, with its share of what it shares."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def main() -> None:
    """Run everything and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--unit", default="backprop")
    parser.add_argument("--quick", action="store_true", help="a fifth of everything, or less")
    parser.add_argument("--keep", action="store_true", help="write benchmarks/results.json")
    options = parser.parse_args()
    few, many = (6, 60) if options.quick else (30, 1000)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed for good keeps its bytecode
    unit = options.unit
    subprocess.run(
        [BIN / "nnlab", "release", unit], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
    )
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        both = classroom(room / "both", unit, few)
        shutil.copytree(both / "submitted", room / "ours" / "submitted")
        first = stock(both, unit)
        mine = ours(room / "ours", unit)
        second = stock(both, unit)
        print(f"{unit}, {few} submissions: start, gradebook and feedback included")
        show("nbgrader autograde", few, first)
        show("nbgrader autograde", few, second)
        show("nnlab grade", few, mine)
        clock = (first.clock + second.clock) / 2 / few
        cpu = (first.cpu + second.cpu) / 2 / few
        print(
            f"  nnlab is {clock * few / mine.clock:.0f} times as fast, with 1/{cpu * few / mine.cpu:.0f} of the work"
        )

        one = classroom(room / "one", unit, 1)
        fresh = ours(one, unit)
        path = next(one.glob("submitted/*/*/*.ipynb"))
        path.write_text(path.read_text("utf-8").replace("Student 0", "Student 0, again"), "utf-8")
        cold = ours(one, unit, anew=False)
        print("one submission, from a cold start")
        show("new gradebook", 1, fresh)
        show("gradebook there", 1, cold)

        large = classroom(room / "many", unit, many)
        seconds = ours(large, unit)
        again = ours(large, unit, anew=False)
        print(f"{many} submissions")
        show("nnlab grade", many, seconds)
        show("again, unchanged", many, again)
        by_clock = (seconds.clock - fresh.clock) / (many - 1)
        by_cpu = (seconds.cpu - fresh.cpu) / (many - 1)
        print(
            f"  once it runs: {clock / by_clock:.0f} times as fast as stock, with 1/{cpu / by_cpu:.0f} of the work"
        )
    if options.keep:
        stock_cost = Cost(clock * few, cpu * few, max(first.memory, second.memory))
        costs = [
            (f"stock nbgrader, {few} submissions", few, stock_cost),
            (f"`nnlab grade`, {few} submissions", few, mine),
            (f"`nnlab grade`, {many:,} submissions", many, seconds),
            (f"the same {many:,} again, unchanged", many, again),
            ("`nnlab grade`, one, from a cold start", 1, cold),
        ]
        rows = [{"what": what, "count": count, **asdict(cost)} for what, count, cost in costs]
        keep("grading", {"unit": unit, "rows": rows})


def show(name: str, count: int, cost: Cost) -> None:
    """Print one line."""
    speed = f"{cost.clock:8.2f} s  {cost.cpu:8.2f} s of processors  {count / cost.clock:7.2f} /s"
    print(f"  {name:20} {speed}  {cost.memory:5.0f} MB", flush=True)


if __name__ == "__main__":
    main()
