"""The look at the data keeps what is there: the thesis's wines, and images as they are."""

import numpy as np
import pytest

from nnlab.datasets import load_digits
from nnlab.experiments import find


@pytest.fixture(scope="module")
def rows(wine: None) -> list:
    study = find("thesis-data")
    return [row | study.run(row) for row in study.rows(quick=True)]


def test_t_f15_the_wines_are_those_that_the_thesis_prints(rows):
    wines = {row["number"]: row["values"] for row in rows if row["what"] == "wine"}
    assert list(wines) == [0, 1, 2, 3, 4, 4893, 4894, 4895, 4896, 4897]
    printed = [7.0, 0.27, 0.36, 20.7, 0.045, 45, 170, 1.001, 3.00, 0.45, 8.8, 6]
    assert wines[0].tolist() == printed
    assert wines[4896].tolist()[-2:] == [12.8, 7]
    assert (wines[3] == wines[4]).all()  # the table repeats wines


def test_the_columns_describe_all_wines(rows):
    columns = {row["name"]: row for row in rows if row["what"] == "column"}
    assert len(columns) == 12
    quality = columns["quality"]
    assert quality["counts"].sum() == 4898
    assert quality["counts"] @ quality["values"] / 4898 == pytest.approx(quality["mean"])
    alcohol = columns["alcohol"]
    assert alcohol["correlation"] == pytest.approx(0.4356, abs=1e-4)
    assert abs(alcohol["correlation_in_unit_rows"]) < alcohol["correlation"] / 2


def test_the_images_are_different_ones_and_whole(rows):
    X, y = load_digits()
    images = [row for row in rows if row["what"] == "image"]
    assert len({row["number"] for row in images}) == 10
    for row in images:
        assert row["label"] == y[row["number"]]
        np.testing.assert_array_equal(np.asarray(row["values"]) / 16, X[row["number"]])
