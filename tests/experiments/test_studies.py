"""The quick form of each study shows what the sources claim, or what we found against them."""

from functools import cache
from statistics import mean

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from nnlab.experiments import (
    STUDIES,
    Options,
    SettingsError,
    curve,
    find,
    published,
    read_results,
)
from nnlab.experiments.fractals import correlation_dimension
from nnlab.experiments.results import Results
from nnlab.experiments.shared import unit_columns_of_images

pytestmark = pytest.mark.slow

NEEDS_WINE = {"thesis-data", "thesis-wine", "thesis-models"}


@pytest.fixture(scope="session")
def quick(tmp_path_factory):
    """A study's quick form, run here, written and read back."""
    folder = tmp_path_factory.mktemp("quick")

    @cache
    def rows(name):
        study = find(name)
        results = Results(folder / f"{name}.csv", study.question, study.rows(quick=True))
        for row in results.plan:
            results.rows[results.key(row)] = row | study.run(row) | {"cpu": 1.0}
        results.write()
        return read_results(results.path)

    with threadpool_limits(1):  # as in a worker
        yield rows


def pick(rows, **settings):
    found = [row for row in rows if all(row[key] == value for key, value in settings.items())]
    assert found, settings
    return found


def one(rows, name, **settings):
    (row,) = pick(rows, **settings)
    return row[name]


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_draws_its_table_and_figure(name, quick, request):
    if name in NEEDS_WINE:
        request.getfixturevalue("wine")
    rows, study = quick(name), find(name)
    table = study.table(rows)
    assert table.rows
    assert {len(row) for row in table.rows} == {len(table.columns)}
    assert study.figure(rows).axes
    for part in (rows[:1], rows[-1:]):  # an interrupted study is shown as far as it got
        assert study.table(part).rows
        assert study.figure(part) is not None


@pytest.mark.parametrize("name", STUDIES)
def test_every_row_of_a_plan_has_its_own_settings(name):
    for form in (False, True):
        rows = find(name).rows(quick=form)
        assert len({str(row) for row in rows}) == len(rows)
        assert all("seed" in row for row in rows)


def test_a_batch_size_in_words_is_refused():
    with pytest.raises(SettingsError, match="a batch size other than full must be a whole number"):
        find("elbow").rows(Options(batch_sizes=("all",)))


def test_the_lectures_networks_are_validated_however_few_their_iterations():
    study = find("lecture")
    row = study.rows(Options(batch_sizes=("full",), epochs=2), quick=True)[0]
    outcome = study.run(row)
    assert outcome["iterations"] == 2 and len(outcome["validation_error"]) == 1


def test_the_thesis_tables_have_sixteen_rows_each():
    for name, table in (
        ("thesis-mnist", published.THESIS_MNIST),
        ("thesis-wine", published.THESIS_WINE),
    ):
        rows = pick(find(name).rows(), seed=0)
        planned = {(row["optimizer"], row["batch_size"]) for row in rows}
        assert planned - {("gd", 4898)} == set(table)  # what that one is for, its table says
        assert len(table) == 16


def test_t_f21_one_sample_a_batch_trains_on_ten_thousand_and_the_others_on_all():
    rows = find("thesis-mnist").rows()
    assert {row["samples"] for row in rows if row["batch_size"] == 1} == {10_000}
    assert {row["samples"] for row in rows if row["batch_size"] != 1} == {60_000}


def test_t_f21_adam_is_below_sgd_and_smaller_batches_below_larger(quick):
    rows = quick("thesis-mnist")
    losses = {name: [row["loss"] for row in pick(rows, optimizer=name)] for name in ("gd", "adam")}
    assert all(a < g for a, g in zip(losses["adam"], losses["gd"], strict=True))
    for values in losses.values():
        assert values == sorted(values)


def test_t_f23_scaled_rows_hide_what_standardised_columns_show(quick, wine):
    rows = pick(quick("thesis-wine"), optimizer="gd", batch_size=64)
    baseline = one(rows, "baseline", scaling="rows")
    assert one(rows, "loss", scaling="rows") > 0.9 * baseline
    assert one(rows, "loss", scaling="columns") < 0.75 * baseline


def test_t_f23_all_wines_at_once_is_the_worst_batch(quick, wine):
    for scaling in ("rows", "columns"):
        for name in ("gd", "adam"):
            part = pick(quick("thesis-wine"), scaling=scaling, optimizer=name)
            assert max(part, key=lambda row: row["loss"])["batch_size"] == "full"


def test_t_f16_the_mean_wine_nearly_equals_the_thesis_network(quick, wine):
    """The baselines are also known from the table alone: 0.916 and 0.789."""
    rows = quick("thesis-models")
    thesis = pick(rows, data="wine", scaling="rows")
    assert thesis[0]["baseline_rmse"] == pytest.approx(0.916, abs=5e-4)
    assert thesis[0]["test_baseline_rmse"] == pytest.approx(0.789, abs=5e-4)
    ours = mean(row["train_rmse"] for row in thesis)
    assert ours == pytest.approx(published.THESIS_MODELS["wine"]["train_rmse"], abs=0.01)
    columns = mean(row["train_rmse"] for row in pick(rows, scaling="columns"))
    assert columns < 0.8 * thesis[0]["baseline_rmse"]
    assert {row["stopped"] for row in thesis} == {"early stopping"}


def test_c_f15_more_updates_cost_time_and_buy_loss(quick):
    rows = quick("elbow")
    assert [row["loss"] for row in rows] == sorted(row["loss"] for row in rows)
    assert [row["updates"] for row in rows] == [13470, 1350, 140, 10]


def test_l_f68_the_hidden_layer_errs_less_and_every_iteration_is_kept(quick):
    rows = quick("lecture")
    errors = {row["model"]: row["last_validation_error"] for row in rows}
    assert errors["network"] < errors["logistic"] < 0.1
    for row in rows:
        assert len(curve(row, "cost")) == len(curve(row, "error")) == row["iterations"] == 30 * 14
        assert len(curve(row, "validation_error")) == 30 * 14 // row["validate_every"]


@pytest.mark.parametrize("method", ["gd", "adagrad", "rmsprop"])
def test_r_tab1_plain_steps_are_the_reports(method, quick):
    """gd meets the report's count with half the gradient of the mean square error."""
    gradient = "half" if method == "gd" else "whole"
    steps = one(quick("convergence"), "steps", method=method, rule="plain", gradient=gradient)
    assert steps == pytest.approx(published.REPORT_STEPS[method][0], rel=0.06)


def test_r_tab1_every_method_reaches_the_line(quick):
    for row in pick(quick("convergence"), rule="plain"):
        assert row["converged"]
        assert row["excess"] < 1e-3


def test_c_f18_high_rates_draw_a_fractal_and_low_rates_a_cloud(quick):
    rows = quick("fractal")
    for row in rows:
        if row["lr"] in (0.65, 0.7, 0.8, 0.9, 1.0):
            assert row["dimension"] < 1.75
        if row["lr"] <= 0.3:
            assert row["dimension"] > 1.9
    spreads = [row["spread"] for row in sorted(rows, key=lambda row: row["lr"])]
    assert spreads == sorted(spreads)
    assert max(row["distance"] for row in rows) < 0.05


def test_the_dimension_of_a_line_is_one_and_of_the_triangle_fractal_its_own():
    """The Sierpinski triangle has dimension log 3 / log 2, whichever way it is measured."""
    rng = np.random.default_rng(0)
    line = rng.uniform(size=(200_000, 1)) * [1.0, 0.5]
    assert correlation_dimension(line) == pytest.approx(1, abs=0.02)
    corners = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    digits = rng.integers(3, size=(200_000, 30))
    points = sum(corners[digits[:, k]] / 2.0 ** (k + 1) for k in range(30))
    assert correlation_dimension(points) == pytest.approx(np.log(3) / np.log(2), abs=0.02)


def test_r_f7_the_drop_is_the_split(quick):
    """In file order the validation part comes from other writers; shuffled, it does not."""

    def percent(split, part):
        rows = pick(quick("report-tuning"), split=split)
        return 100 * np.mean([curve(row, f"{part}_accuracy") for row in rows])

    assert percent("file order", "test") - percent("file order", "validation") > 4
    assert percent("shuffled", "test") - percent("shuffled", "validation") < 2.5
    assert percent("shuffled", "validation") - percent("file order", "validation") > 4


def test_r_relu_breaks_in_probabilities_and_never_from_logits(quick):
    rows = quick("report-relu")
    broken = [row for row in rows if "broke_at" in row]
    assert broken
    assert {row["activation"] for row in broken} == {"relu"}
    assert {row["form"] for row in broken} == {"plain softmax", "shifted softmax"}
    assert pick(broken, optimizer="gd", lr=4, initial="normal", form="plain softmax")
    cured = pick(rows, activation="relu", initial="he", form="logits", optimizer="gd", lr=1)
    assert all(row["accuracy"] > 0.9 for row in cured)


def test_image_columns_are_scaled_to_unit_length():
    """Axis 1 of (n, 28, 28) runs down a column: that is what the thesis's call normalises."""
    images = np.random.default_rng(0).uniform(size=(3, 4, 4))
    images[:, :, 2] = 0
    scaled = unit_columns_of_images(images.reshape(3, 16), 4).reshape(3, 4, 4)
    lengths = np.linalg.norm(scaled, axis=1)
    np.testing.assert_allclose(lengths, np.broadcast_to([1, 1, 0, 1], (3, 4)))
    np.testing.assert_allclose(scaled[0, :, 0], images[0, :, 0] / np.linalg.norm(images[0, :, 0]))
