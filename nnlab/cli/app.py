"""The commands of `nnlab`, one file each; what they need is imported when they run."""

import typer

from nnlab.cli import check, course, data, doctor, export, grade, read, release, study

app = typer.Typer(
    name="nnlab",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_show_locals=False,
    help="Neural networks from scratch: read the book, check and grade notebooks, rerun the studies.",
    epilog=(
        "Examples of each: [b]nnlab grade --help[/b].   What is missing here: [b]nnlab doctor[/b].   "
        "Names of units, students and studies by the Tab key: [b]nnlab --install-completion[/b]"
    ),
)

READ, STUDY, TEACH = "Read", "Study", "Teach"

app.command(epilog=read.EPILOG, rich_help_panel=READ)(read.read)
app.command(epilog=doctor.EPILOG, rich_help_panel=READ)(doctor.doctor)
app.command(epilog=check.EPILOG, rich_help_panel=STUDY)(check.check)
app.command(epilog=study.EPILOG, rich_help_panel=STUDY)(study.study)
app.add_typer(data.app, name="data", rich_help_panel=STUDY)
app.add_typer(course.app, name="course", rich_help_panel=TEACH)
app.command(epilog=release.EPILOG, rich_help_panel=TEACH)(release.release)
app.command(epilog=grade.EPILOG, rich_help_panel=TEACH)(grade.grade)
app.command(epilog=export.EPILOG, rich_help_panel=TEACH)(export.export)
