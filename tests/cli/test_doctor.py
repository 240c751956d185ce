"""`nnlab doctor`: what is missing is named with the line that brings it, and the exit code is the purpose's."""

import json
import tomllib
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from nnlab.cli import findings
from nnlab.grading.sandbox import bubblewrap

Call = Callable[..., Result]


@pytest.fixture
def packages(monkeypatch: pytest.MonkeyPatch) -> dict[str, str | None]:
    """Versions to pretend; None is not installed."""
    pretended: dict[str, str | None] = {}

    def pretend(name: str) -> str:
        found = pretended[name] if name in pretended else version(name)
        if found is None:
            raise PackageNotFoundError(name)
        return found

    monkeypatch.setattr(findings, "version", pretend)
    return pretended


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The programs to find, and a sandbox that works."""
    there = {"bwrap", "chromium", "git", "make", "apt-get"}
    monkeypatch.setattr(
        findings.shutil, "which", lambda name: f"/bin/{name}" if name in there else None
    )
    monkeypatch.setattr(findings, "_version", lambda path: "1.2")
    monkeypatch.setattr(bubblewrap, "available", lambda: None)
    return there


def named(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {finding["name"]: finding for finding in report["findings"]}


def told(call: Call, *words: str) -> tuple[int, dict[str, Any]]:
    done = call("doctor", "--json", *words)
    return done.exit_code, json.loads(done.output)


def test_every_extra_and_program_has_a_purpose_in_words(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    assert set(findings.EXTRAS) == set(project["optional-dependencies"])
    needed = {name for extras, programs in findings.NEEDS.values() for name in (*extras, *programs)}
    assert needed <= set(findings.EXTRAS) | set(findings.PROGRAMS)


def test_all_is_well_where_all_is_there(call: Call, programs: set[str]) -> None:
    code, report = told(call, "--for", "teach")
    assert (code, report["lacks"]) == (0, {"teach": []})
    packages = named(report)["[grading]"]["packages"]
    assert packages["nbgrader"] == version("nbgrader") and "numpy" not in packages
    assert named(report)["NumPy"]["packages"] == {"numpy": version("numpy")}
    assert report["machine"]["cores"] >= 1


def test_a_missing_package_spoils_its_purposes_alone(
    call: Call, programs: set[str], packages: dict[str, str | None]
) -> None:
    packages["nbgrader"] = None
    _, report = told(call)
    assert [p for p, names in report["lacks"].items() if names] == ["study", "teach", "develop"]
    found = named(report)["[grading]"]
    assert found["state"] == "missing" and "nbgrader" in found["about"]
    assert found["fix"] == "pip install --upgrade 'nnlab-course[grading]'"
    assert [told(call, "--for", p)[0] for p in ("read", "study", "teach", "develop")] == [
        0,
        1,
        1,
        1,
    ]
    shown = call("doctor", "--for", "study").output
    assert "✗" in shown and "nnlab-course[grading]" in shown and "lacks [grading]" in shown


def test_a_version_out_of_range_is_wrong(call: Call, packages: dict[str, str | None]) -> None:
    packages["numpy"] = "1.20.0"
    code, report = told(call, "--for", "read")
    found = named(report)["NumPy"]
    assert code == 1 and found["state"] == "wrong"
    assert "numpy 1.20.0 is not" in found["about"] and ">=1.26" in found["about"]


def test_a_sandbox_that_does_not_work_is_wrong(
    call: Call, programs: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bubblewrap, "available", lambda: "allow user namespaces")
    code, report = told(call, "--for", "teach")
    assert (code, report["lacks"]["teach"]) == (1, ["bubblewrap"])
    found = named(report)["bubblewrap"]
    assert found["state"] == "wrong" and found["fix"] == "allow user namespaces"


def test_a_missing_program_comes_with_this_systems_line(call: Call, programs: set[str]) -> None:
    programs -= {"bwrap", "chromium"}
    _, report = told(call)
    assert report["lacks"] == {
        "read": [],
        "study": [],
        "teach": ["bubblewrap"],
        "develop": ["bubblewrap", "Chromium"],
    }
    assert named(report)["bubblewrap"]["fix"] == "sudo apt-get install bubblewrap"
    programs.remove("apt-get")
    programs.add("brew")
    assert named(told(call)[1])["Chromium"]["fix"] == "brew install chromium"
    programs.remove("brew")
    assert "as your system installs programs" in named(told(call)[1])["Chromium"]["fix"]


def test_data_is_missing_damaged_or_there(
    call: Call, programs: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hashlib import sha256

    from nnlab.datasets import wine
    from nnlab.datasets.files import DataFile

    monkeypatch.setenv("NNLAB_DATA", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    monkeypatch.setattr(wine, "FILE", DataFile("w.csv", sha256(b"a;b").hexdigest(), ()))
    missing = named(told(call)[1])["wine"]
    assert missing["state"] == "missing" and "nnlab data get wine" in missing["fix"]
    (tmp_path / "w.csv").write_bytes(b"a;")
    damaged = named(told(call)[1])["wine"]
    assert damaged["state"] == "wrong" and str(tmp_path / "w.csv") in damaged["about"]
    (tmp_path / "w.csv").write_bytes(b"a;b")
    there = named(told(call)[1])["wine"]
    assert there["state"] == "there" and str(tmp_path) in there["about"] and not there["fix"]
    assert named(told(call)[1])["digits"]["about"].startswith("1797")


def test_the_course_around_is_shown(
    call: Call, programs: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert told(call)[1]["course"] is None
    call("course", "init", tmp_path, "--unit", "adam")
    for student in ("s1", "s2"):
        (tmp_path / "submitted" / student / "adam").mkdir(parents=True)
        (tmp_path / "submitted" / student / "adam/adam.ipynb").touch()
    monkeypatch.chdir(tmp_path / "submitted")
    course = {"units": 1, "released": 1, "students": 2, "gradebook": "not yet"}
    assert told(call)[1]["course"] == {"folder": str(tmp_path), **course}
    assert "1 unit, 1 released; submissions of 2 students" in " ".join(
        call("doctor").output.split()
    )


def test_it_runs_where_nnlab_is_not_installed(
    call: Call, programs: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(findings, "metadata", unknown)
    code, report = told(call)
    assert code == 1 and report["lacks"]["read"] == ["nnlab-course"]
