"""The batch-size studies on paper: our rows beside the thesis's and the chapter's."""

from __future__ import annotations

from collections.abc import Sequence

from nnlab.experiments import batch_sizes, figures, published
from nnlab.experiments.study import Options, Row, Study
from nnlab.experiments.table import Table, column, duration, groups, spread

NAMES = {"gd": "SGD", "adam": "Adam"}


def table_images(rows: Sequence[Row]) -> Table:
    """Loss, accuracy and time for each optimizer and batch size, with the thesis's."""
    theirs_too = rows[0]["data"] == "mnist" and rows[0]["epochs"] == 100
    cells = []
    for (name, size), same in groups(rows, "optimizer", "batch_size").items():
        theirs = published.THESIS_MNIST.get((name, size)) if theirs_too else None
        cells.append(
            [
                f"{NAMES[name]} {size}",
                spread(column(same, "loss"), 3),
                f"{theirs[1]:.3f}" if theirs else "",
                spread(column(same, "accuracy"), 2, 100),
                f"{theirs[2]:.2%}"[:-1] if theirs else "",
                spread(column(same, "test_accuracy"), 2, 100),
                *_times(same, theirs[0] if theirs else None),
            ]
        )
    columns = ["batch", "loss", "thesis", "accuracy %", "thesis", "test %", *TIMES]
    note = " ".join(filter(None, [_the_full_row(rows), _divergences(rows)]))
    return Table(_title(rows), columns, cells, note)


def _the_full_row(rows: Sequence[Row]) -> str:
    """Say which batch the thesis's SGD row for all samples fits."""
    sgd = groups([row for row in rows if row["optimizer"] == "gd"], "batch_size")
    full, wines = sgd.get(("full",)), sgd.get((batch_sizes.ALL_WINES,))
    if not full or not wines:
        return ""
    loss, accuracy = published.THESIS_MNIST["gd", "full"][1:]
    return (
        f"One row does not fit: SGD on all samples at once takes {full[0]['updates']} updates and "
        f"comes to {spread(column(full, 'loss'))}, the thesis's to {loss} with "
        f"{100 * accuracy:.2f} %. Batches of {batch_sizes.ALL_WINES}, its number for wine, come to "
        f"{spread(column(wines, 'loss'))} with {spread(column(wines, 'accuracy'), 2, 100)} %: that "
        "seems to be what was run."
    )


def table_wine(rows: Sequence[Row]) -> Table:
    """Loss and time for each scaling, optimizer and batch size, with the thesis's and the
    baseline."""
    cells = []
    for (scaling, name, size), same in groups(rows, "scaling", "optimizer", "batch_size").items():
        theirs_too = scaling != "columns" and rows[0]["epochs"] == 250
        theirs = published.THESIS_WINE.get((name, size)) if theirs_too else None
        cells.append(
            [
                f"{scaling}: {NAMES[name]} {size}",
                spread(column(same, "loss"), 3),
                f"{theirs[1]:.3f}" if theirs else "",
                spread(column(same, "baseline")[:1], 3),
                spread(column(same, "test_loss"), 3) if scaling != "all rows" else "",
                spread(column(same, "test_baseline")[:1], 3) if scaling != "all rows" else "",
                *_times(same, theirs[0] if theirs else None),
            ]
        )
    columns = ["batch", "loss", "thesis", "mean wine", "test loss", "mean wine", *TIMES]
    redraws = [row for row in rows if row["scaling"] == "rows"]
    note = (
        "'rows' is the thesis's scaling and its ReLU output, 'columns' is each measurement "
        "standardised and a linear output; 'all rows' trains on all 4,898 wines, as the thesis's "
        "name for its full batch says and its numbers do not; 'mean wine' is the loss of answering with the training "
        f"part's mean. {sum(row.get('redraws', 0) for row in redraws)} dead networks were drawn "
        f"on the way to {len(redraws)} live ones. " + _divergences(rows)
    )
    return Table(_title(rows), columns, cells, note)


def table_elbow(rows: Sequence[Row]) -> Table:
    """Loss, accuracy and time after ten epochs for each batch size."""
    cells = []
    for (size,), same in groups(rows, "batch_size").items():
        theirs = published.ELBOW_SECONDS.get(size) if rows[0]["data"] == "mnist" else None
        cells.append(
            [
                str(size),
                str(same[0].get("updates", "")),
                spread(column(same, "loss"), 3),
                spread(column(same, "accuracy"), 2, 100),
                spread(column(same, "test_accuracy"), 2, 100),
                *_times(same, theirs)[:2],
                duration(theirs) if theirs else "",
            ]
        )
    columns = ["batch", "updates", "loss", "accuracy %", "test %", "time", "CPU", "chapter (GPU)"]
    return Table(_title(rows), columns, cells)


TIMES = ["time", "CPU", "thesis", "thesis / CPU"]


def _times(rows: Sequence[Row], theirs: float | None) -> list[str]:
    ours, cpu = column(rows, "seconds"), column(rows, "cpu")
    if not ours:
        return ["", "", duration(theirs) if theirs else "", ""]
    mean, cpu_mean = sum(ours) / len(ours), sum(cpu) / max(1, len(cpu))
    ratio = f"{theirs / cpu_mean:.0f}x" if theirs and cpu_mean else ""
    return [
        duration(mean),
        duration(cpu_mean),
        duration(theirs) if theirs else "",
        ratio,
    ]


def _title(rows: Sequence[Row]) -> str:
    first, seeds = rows[0], len({row["seed"] for row in rows})
    return f"{first['data']}, {first['epochs']} epochs, {seeds} seed{'s' if seeds > 1 else ''}"


def _divergences(rows: Sequence[Row]) -> str:
    count = sum(row.get("status") == "diverged" for row in rows)
    return f"{count} of {len(rows)} runs diverged." if count else ""


THESIS_MNIST = Study(
    "thesis-mnist",
    "MNIST: what does the batch size do to loss and time?",
    "t-f20 t-f21 t-disc",
    batch_sizes.plan_images,
    batch_sizes.run,
    table_images,
    figures.loss_curves,
    full=Options("mnist", batch_sizes.SIZES, epochs=100, repeat=3),
    quick=Options("digits", (1, 8, 64, "full"), epochs=20, repeat=1),
    data=("mnist", "digits"),
    weight=batch_sizes.weight,
)
THESIS_WINE = Study(
    "thesis-wine",
    "Wine: what does the batch size do to loss and time?",
    "t-f22 t-f23 t-disc",
    batch_sizes.plan_wine,
    batch_sizes.run,
    table_wine,
    figures.loss_curves,
    full=Options("wine", batch_sizes.SIZES, epochs=250, repeat=3),
    quick=Options("wine", (8, 64, "full"), epochs=10, repeat=1),
    data=("wine",),
    weight=batch_sizes.weight,
)
ELBOW = Study(
    "elbow",
    "Which batch size gives most for its running time?",
    "c-f15",
    batch_sizes.plan_elbow,
    batch_sizes.run,
    table_elbow,
    figures.elbow,
    full=Options("mnist", (1, 10, 50, 100, 500, 5000, 20000, "full"), epochs=10, repeat=3),
    quick=Options("digits", (1, 10, 100, "full"), epochs=10, repeat=1),
    data=("mnist", "digits"),
    weight=batch_sizes.weight,
)
