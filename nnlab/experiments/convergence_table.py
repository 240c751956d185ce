"""The report's Table I, ours beside it: what its counts are, and why its last column is a lottery."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nnlab.experiments import convergence, figures, published
from nnlab.experiments.study import Options, Row, Study
from nnlab.experiments.table import Table, column, groups, spread

SAME = {"moving average": "momentum", "adam, uncorrected": "adam"}
"""Which of the report's rows stands beside ours, if it has another name."""


def table(rows: Sequence[Row]) -> Table:
    """Passes over the data, ours by each rule beside the report's two columns."""
    cells = []
    for (gradient, method), same in groups(rows, "gradient", "method").items():
        by_rule = {rule: [r for r in same if r["rule"] == rule] for rule in convergence.RULES}
        passes = {rule: column(part, "passes") for rule, part in by_rule.items()}
        plain, stochastic = published.REPORT_STEPS[SAME.get(method, method)]
        xi, fair = _ratios(by_rule["lottery"], by_rule), _ratios(by_rule["epochs"], by_rule)
        cells.append(
            [
                f"{method}, {gradient}",
                spread(passes["plain"], 0),
                str(plain),
                spread(passes["lottery"], 1),
                f"{stochastic:.1f}",
                f"{min(xi):.2g} ... {max(xi):.2g}" if xi else "",
                f"{plain / stochastic:.2g}",
                spread(passes["epochs"], 1),
                spread(fair, 1),
            ]
        )
    columns = ["method, gradient", "plain", "report", "stochastic", "report", "Xi", "report"]
    return Table(
        f"Passes over the data to convergence, {len({row['seed'] for row in rows})} data sets",
        [*columns, "stochastic, by epochs", "Xi, by epochs"],
        cells,
        _note(rows),
    )


def _plain(rows: Sequence[Row], method: str, gradient: str) -> str:
    chosen = {"method": method, "gradient": gradient, "rule": "plain"}
    return spread(column([row for row in rows if row.items() >= chosen.items()], "passes"), 0)


def _ratios(stochastic: Sequence[Row], by_rule: dict[str, list[Row]]) -> list[float]:
    plain = {row["seed"]: row["passes"] for row in by_rule["plain"]}
    return [plain[row["seed"]] / row["passes"] for row in stochastic if row["seed"] in plain]


def _note(rows: Sequence[Row]) -> str:
    lottery = [r for r in rows if r["rule"] == "lottery" and r["method"] in ("gd", "momentum")]
    steps = np.array(column(lottery, "steps") or [np.nan])
    lost = sum(not row["converged"] for row in rows)
    return (
        "'stochastic' stops when two mini-batches in a row happen to cost the same within the "
        f"tolerance. That is a lottery: with one method the waiting time varies by its own size "
        f"(gd and momentum: mean {steps.mean():.0f} steps, standard deviation {steps.std():.0f}), "
        "as waiting for a rare event does, so Xi says little about the method. "
        "'by epochs' compares the cost of all samples once an epoch. 'half' takes half the "
        "gradient of the mean square error, which is what the report's plain counts fit. "
        f"Its momentum's {published.REPORT_STEPS['momentum'][0]} is near the moving average "
        f"({_plain(rows, 'moving average', 'half')}), not the heavy ball that its Eq. 28 states "
        f"({_plain(rows, 'momentum', 'half')}); its Adam's {published.REPORT_STEPS['adam'][0]} is "
        "nearer to Adam without bias correction, as its Eq. 38 is printed "
        f"({_plain(rows, 'adam, uncorrected', 'whole')}), than to Adam "
        f"({_plain(rows, 'adam', 'whole')}). "
        f"{lost} of {len(rows)} runs had not converged at their limit."
    )


CONVERGENCE = Study(
    "convergence",
    "How many steps does each method take to fit a straight line?",
    "r-tab1 r-f9 r-appA",
    convergence.plan,
    convergence.run,
    table,
    figures.paths,
    full=Options(epochs=5000, repeat=10),
    quick=Options(epochs=2000, repeat=1),
)
