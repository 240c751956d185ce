"""Experiments: the sources' studies, planned, run side by side, resumed when interrupted."""

from nnlab import _checks
from nnlab.experiments import published
from nnlab.experiments.batch_tables import ELBOW, THESIS_MNIST, THESIS_WINE
from nnlab.experiments.convergence_table import CONVERGENCE
from nnlab.experiments.early_stopping import THESIS_MODELS
from nnlab.experiments.fractals import FRACTAL
from nnlab.experiments.lecture import LECTURE
from nnlab.experiments.looking import THESIS_DATA
from nnlab.experiments.relu import REPORT_RELU
from nnlab.experiments.results import ResultsError, curve, read_results
from nnlab.experiments.running import Listener, Outcome, results_path, run_study
from nnlab.experiments.study import Options, Row, SettingsError, Study
from nnlab.experiments.table import Table
from nnlab.experiments.tuning_table import REPORT_TUNING

STUDIES = {
    study.name: study
    for study in [
        THESIS_DATA,
        THESIS_MODELS,
        THESIS_MNIST,
        THESIS_WINE,
        ELBOW,
        LECTURE,
        FRACTAL,
        CONVERGENCE,
        REPORT_TUNING,
        REPORT_RELU,
    ]
}


def find(name: str) -> Study:
    """Return a study by name, or list the names there are."""
    try:
        return STUDIES[_checks.choice("study", name, STUDIES)]
    except ValueError as error:
        raise SettingsError(str(error)) from None


__all__ = [
    "STUDIES",
    "Listener",
    "Options",
    "Outcome",
    "ResultsError",
    "Row",
    "SettingsError",
    "Study",
    "Table",
    "curve",
    "find",
    "published",
    "read_results",
    "results_path",
    "run_study",
]
