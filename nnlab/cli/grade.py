"""`nnlab grade`: grade what was handed in, safely, and only what is new."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nnlab.cli.completing import students, units_here

if TYPE_CHECKING:
    from nnlab.grading.course import Outcome

EPILOG = """
Examples:

[b]nnlab grade adam[/b]   all of submitted/*/adam/, on all cores

[b]nnlab grade adam --student s07 --regrade[/b]   one student again, and what changed

[b]nnlab grade adam --submissions moodle.zip[/b]   what Moodle or Canvas gave you

[b]nnlab grade --dask tcp://10.0.0.5:8786[/b]   every unit, on a cluster

Exit codes: 0 every submission has a verdict; 1 something could not be written
(verdicts are safe: run it again); 2 a mistake in the call; 3 the sandbox does
not work; 130 interrupted (run it again, it goes on).
"""


def grade(
    units: Annotated[
        list[str] | None,
        typer.Argument(
            help="Units to grade; all by default.", show_default=False, autocompletion=units_here
        ),
    ] = None,
    submissions: Annotated[
        Path, typer.Option(help="nbgrader's folder, or a .zip from Moodle or Canvas.")
    ] = Path("submitted"),
    student: Annotated[
        str, typer.Option(help="Only this student; * and ? are wild.", autocompletion=students)
    ] = "*",
    regrade: Annotated[
        bool,
        typer.Option("--regrade", help="Grade again what is unchanged, and show what differs."),
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option(
            help="Where gradebook, feedback and verdicts go.", show_default="beside submissions"
        ),
    ] = None,
    course: Annotated[
        Path | None,
        typer.Option(help="The folder with solutions/ in it.", show_default="from here upwards"),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes at once.", show_default="all cores")
    ] = None,
    isolation: Annotated[
        str,
        typer.Option(
            help="bubblewrap, or process: weaker, only for people you trust, and said so in every report."
        ),
    ] = "bubblewrap",
    seconds: Annotated[
        float,
        typer.Option(
            min=1, max=86_400, help="For one submission; a cell or a call gets a sixth of it."
        ),
    ] = 60,
    memory: Annotated[int, typer.Option(min=256, help="Megabytes for one submission.")] = 1024,
    seed: Annotated[
        str | None,
        typer.Option(
            envvar="NNLAB_SECRET_SEED",
            help="Of the fresh inputs.",
            show_default="kept with the verdicts",
        ),
    ] = None,
    dask: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS", help="The scheduler of a Dask cluster.", show_default=False
        ),
    ] = None,
) -> None:
    """Grade notebooks: tests run here, the students' code in a sandbox, and every submission gets one verdict.

    Results go to gradebook.db (for nbgrader), autograded/ (for formgrader),
    feedback/ (a page for each student and one for you) and verdicts/.
    What is unchanged is not graded again: run this as often as you like.
    """
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")  # arrays are small, and the processes fill the cores
    from nnlab.cli.progress import bar
    from nnlab.grading.course import Request, all_units
    from nnlab.grading.course import run as run_course
    from nnlab.grading.nbgrader import GradebookError
    from nnlab.grading.release import course_root
    from nnlab.grading.sandbox import Limits, SandboxError, Settings
    from nnlab.grading.sandbox.folders import sweep

    if isolation not in ("bubblewrap", "process"):
        _stop(f"--isolation is bubblewrap or process, not {isolation!r}")
    try:
        root = course.resolve() if course else course_root()
    except FileNotFoundError as error:
        _stop(str(error))
    try:
        names = list(dict.fromkeys(units or all_units(root)))
        if not names:
            _stop(
                f"there are no units in {root}: name the folder with solutions/ in it with --course, "
                "or begin one there with `nnlab course new-unit NAME`"
            )
        home = output or (submissions.resolve().parent if submissions.is_dir() else Path.cwd())
        if submissions.is_file():
            submissions = _unpack(submissions, home, names, root)
        if not submissions.is_dir():
            _stop(f"there is no {submissions}: name the folder or the .zip with --submissions")
        limits = Limits(call=seconds / 6, total=seconds, memory=memory)
        request = Request(
            root, submissions, home, names, student, Settings(isolation, limits),  # type: ignore[arg-type]
            seed, workers, dask, regrade,
        )  # fmt: skip
        with bar() as watcher:
            outcome = run_course(request, watcher)
    except typer.Exit:  # a RuntimeError, too, but one that has said why
        raise
    except SandboxError as error:
        _stop(str(error), 3)
    except GradebookError as error:
        _stop(
            f"{error}\nThe verdicts are safe in {home / 'verdicts'}; mend this, and run it again.",
            1,
        )
    except OSError as error:
        _stop(f"{error}\nWhat was graded so far is kept; mend this, and run it again.", 1)
    except (ValueError, RuntimeError) as error:
        _stop(str(error))
    except KeyboardInterrupt:
        sweep(ours=True)
        _stop("interrupted; what was graded is kept, run it again to go on", 130)
    if student != "*" and not outcome.graded + outcome.kept:
        _stop(f"no student in {submissions} fits {student!r} and handed in {' or '.join(names)}")
    _summary(outcome, home, regrade)


def _unpack(archive: Path, home: Path, units: list[str], root: Path) -> Path:
    from nnlab.grading.archives import unpack

    if len(units) != 1:
        _stop(
            "an archive holds one unit: name it, as in `nnlab grade adam --submissions moodle.zip`"
        )
    target = home / "submitted"
    for line in unpack(archive, target, units[0]):
        typer.echo(line, err=True)
    return target


def _stop(message: str, status: int = 2) -> Any:
    typer.echo(f"nnlab grade: {message}", err=True)
    raise typer.Exit(status)


def _summary(outcome: "Outcome", home: Path, regrade: bool) -> None:
    from nnlab.grading.verdict import STATUSES

    for name, verdicts in outcome.units.items():
        if not verdicts:
            typer.echo(f"{name}: nothing was handed in")
            continue
        mean = sum(v.score for v in verdicts) / len(verdicts)
        look = sum(v.needs_look for v in verdicts)
        waiting = outcome.waiting[name]
        text = f"{name}: {len(verdicts)} submissions, mean {mean:.1f} of {verdicts[0].max_score:g} so far"
        text += f"; {waiting} with answers to mark in formgrader" if waiting else ""
        text += f"; {look} to look at" if look else ""
        typer.echo(f"{text}\n    {home / 'feedback' / (name + '-class.html')}")
        for status in (s for s in STATUSES if s != "graded"):
            who = [v.student for v in verdicts if v.status == status]
            more = f" and {len(who) - 5} more" if len(who) > 5 else ""
            if who:
                typer.echo(f"    {len(who)} {STATUSES[status]}: {', '.join(who[:5])}{more}")
    for student in outcome.refused:
        typer.echo(f"    NOT graded: {student} is no name for a student; rename this folder")
    for words in outcome.odd:
        typer.echo(f"    {words}", err=True)
    typer.echo(
        f"{outcome.graded} graded now, {outcome.kept} unchanged. Isolation: {outcome.isolation}."
    )
    if regrade or outcome.changes:
        count = len(outcome.changes)
        typer.echo(f"{count or 'No'} mark{'s' if count > 1 else ''} changed.")
    for change in outcome.changes:
        typer.echo(
            f"    {change.unit}, {change.student}: {change.before:g} -> {change.after:g} ({change.status})"
        )
