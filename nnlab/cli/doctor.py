"""`nnlab doctor`: what is here, what is missing, and the line that brings it."""

import json
from dataclasses import asdict
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from nnlab.cli.findings import Finding

EPILOG = """
Examples:

[b]nnlab doctor[/b]   everything, and what each purpose lacks

[b]nnlab doctor --for teach[/b]   what releasing and grading need

[b]nnlab doctor --json[/b]   the same for programs

Exit codes: 0 what the purpose needs is there (--for read, if you name none), 1 something is missing, 2 no such purpose.
"""


class Purpose(StrEnum):
    """What someone wants to do with nnlab."""

    read = "read"
    study = "study"
    teach = "teach"
    develop = "develop"


def doctor(
    purpose: Annotated[
        Purpose | None,
        typer.Option("--for", help="Look only for what this needs.", show_default="all of them"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write it as JSON.")] = False,
) -> None:
    """Say what is installed, what is missing, who needs it, and how to get it."""
    from nnlab.cli import findings, surroundings

    looked = [f for f in findings.everything() if purpose is None or purpose in f.purposes]
    lacks = {
        one.value: [f.name for f in looked if one in f.purposes and f.state != "there"]
        for one in ([purpose] if purpose else Purpose)
    }
    course, machine = surroundings.course(), surroundings.machine()
    if as_json:
        report = {
            "version": _version(),
            "lacks": lacks,
            "findings": [asdict(f) for f in looked],
            "machine": machine,
            "course": course,
        }
        typer.echo(json.dumps(report, indent=1))
    else:
        _print(looked, lacks, machine, course)
    raise typer.Exit(1 if lacks[purpose or Purpose.read] else 0)


def _print(
    looked: "list[Finding]",
    lacks: dict[str, list[str]],
    machine: dict[str, int | None],
    course: dict[str, str | int] | None,
) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    for group in dict.fromkeys(f.group for f in looked):
        table = Table.grid(padding=(0, 2))
        table.add_column()
        table.add_column(no_wrap=True)
        table.add_column(ratio=1)
        for one in (f for f in looked if f.group == group):
            needed = any(purpose in lacks for purpose in one.purposes)
            mark, style = {"there": ("✓", "green")}.get(
                one.state, ("✗", "red") if needed else ("–", "yellow")
            )
            about = Text(one.about)
            about.append(f"\nfor {one.serves}" if one.fix else "", "dim")
            about.append(f"\n→ {one.fix}" if one.fix else "", "bold")
            table.add_row(Text(mark, style), one.name.replace("[", r"\["), about)
        console.print(f"[b]{group}[/b]")
        console.print(table)
        console.print()
    memory = f", {machine['memory'] / 1e9:.3g} GB of memory" if machine["memory"] else ""
    console.print(f"[b]Machine[/b]\n{machine['cores']} cores{memory}\n")
    if course:
        console.print(
            f"[b]Course[/b] {course['folder']}\n"
            f"{_counted(course['units'], 'unit')}, {course['released']} released; "
            f"submissions of {_counted(course['students'], 'student')}; gradebook: {course['gradebook']}",
            soft_wrap=True,
        )
    console.print()
    for purpose, missing in lacks.items():
        words = Text(f"lacks {', '.join(missing)}" if missing else "ready")
        console.print(Text.assemble((f"{purpose:8}", "bold"), words))


def _counted(count: str | int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    from nnlab.cli.findings import PROJECT

    try:
        return version(PROJECT)
    except PackageNotFoundError:
        return "not installed"
