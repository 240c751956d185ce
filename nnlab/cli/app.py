"""The commands of `nnlab`, one file each; what they need is imported when they run."""

import typer

from nnlab.cli import check, course, data, doctor, export, grade, read, release, study

app = typer.Typer(
    name="nnlab",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_show_locals=False,
    help="Neural networks from scratch: read the book, check and grade notebooks, rerun the studies.",
)

app.command(epilog=read.EPILOG)(read.read)
app.command(epilog=check.EPILOG)(check.check)
app.command(epilog=release.EPILOG)(release.release)
app.command(epilog=grade.EPILOG)(grade.grade)
app.command(epilog=export.EPILOG)(export.export)
app.command(epilog=study.EPILOG)(study.study)
app.command(epilog=doctor.EPILOG)(doctor.doctor)
app.add_typer(course.app, name="course")
app.add_typer(data.app, name="data")
