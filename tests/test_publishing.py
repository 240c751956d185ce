"""What publishes the book: workflows, Binder, the address of the site."""

import json
import re
import shlex
import subprocess
import sys
import tomllib
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import yaml

from nnlab._folders import cache
from nnlab.datasets.files import folders

ROOT = Path(__file__).resolve().parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
WRITES = {
    ("publish", "deploy"): {"pages": "write", "id-token": "write"},
    ("release", "index"): {"id-token": "write"},
    ("release", "notes"): {"contents": "write"},
}
"""The jobs that may change anything, and what; all others only read."""


@pytest.fixture(params=WORKFLOWS, ids=lambda file: file.stem)
def workflow(request: pytest.FixtureRequest) -> tuple[str, dict[str, Any]]:
    return request.param.stem, yaml.safe_load(request.param.read_text(encoding="utf-8"))


def steps(content: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for job in content["jobs"].values() for step in job["steps"]]


def test_workflows_follow_their_schema() -> None:
    for kind, files in {
        "vendor.github-workflows": WORKFLOWS,
        "vendor.dependabot": [ROOT / ".github" / "dependabot.yml"],
    }.items():
        check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", kind, *files]
        done = subprocess.run(check, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr


def test_a_workflow_may_do_no_more_than_it_must(workflow: tuple[str, dict[str, Any]]) -> None:
    name, content = workflow
    assert content["permissions"] == {"contents": "read"}
    for job, what in content["jobs"].items():
        writes = {key: "write" for key, may in what.get("permissions", {}).items() if may != "read"}
        assert writes == WRITES.get((name, job), {}), job
    text = (ROOT / ".github" / "workflows" / f"{name}.yml").read_text()
    assert "secrets." not in text, "trusted publishing and the job's own token need no secret"


def test_a_workflow_ends_and_is_repeatable(workflow: tuple[str, dict[str, Any]]) -> None:
    _, content = workflow
    assert content["concurrency"]["group"]
    assert all(job["timeout-minutes"] <= 60 for job in content["jobs"].values())
    assert not [job for job in content["jobs"].values() if job["runs-on"].endswith("latest")]
    used = [step["uses"] for step in steps(content) if "uses" in step]
    assert not [name for name in used if not re.fullmatch(r"[\w-]+/[\w-]+@v\d+\.\d+\.\d+", name)]


def test_what_a_workflow_runs_is_here(workflow: tuple[str, dict[str, Any]]) -> None:
    _, content = workflow
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.M))
    scripts = {file.name for file in Path(sys.executable).parent.iterdir()}
    for line in (step["run"] for step in steps(content) if "run" in step):
        for command in re.split(r"&&|\|\||;", line):
            words = shlex.split(command)
            if words[0] == "make":
                assert targets >= set(words[1:]), f"no such target: {command}"
            elif words[0].startswith(".venv/bin/"):
                assert Path(words[0]).name in scripts, f"not in the lock: {command}"
            elif words[0].startswith("."):
                assert (
                    words[0].split("/")[0] in {".newest", "..", ".wheel"}
                    or (ROOT / words[0]).is_file()
                ), command
            for word in words[1:]:
                if word.startswith((".ci/", "tests/", "book/")):
                    assert (ROOT / word).exists(), f"no such file: {command}"


def test_workflows_know_the_system_programs_that_the_tests_need() -> None:
    needed = re.search(r"needed=\(([^)]*)\)", (ROOT / ".ci" / "run").read_text())
    assert needed
    there = {"chromium", "git", "make", "python3", "python3-venv"}  # or as good, on the machine
    line = next(line for line in WORKFLOWS[2].read_text().splitlines() if "apt-get install" in line)
    assert WORKFLOWS[2].stem == "test"
    assert set(needed[1].split()) - there <= set(line.split())


def test_caches_follow_the_lock(workflow: tuple[str, dict[str, Any]]) -> None:
    for step in steps(workflow[1]):
        options = step.get("with", {})
        if "cache" in options:
            assert options["cache-dependency-path"] == "requirements/lock.txt"
        if "jupyter_cache" in options.get("path", "") and "key" in options:
            assert "requirements/lock.txt" in options["key"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep caches elsewhere")
def test_data_that_tests_download_is_kept_for_the_next_run(monkeypatch: pytest.MonkeyPatch) -> None:
    job = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text())["jobs"]["test"]
    caches = [step["with"]["path"] for step in job["steps"] if "actions/cache" in str(step)]
    assert job["env"]["NNLAB_DATA"] in " ".join(caches).split()
    monkeypatch.setenv("NNLAB_DATA", job["env"]["NNLAB_DATA"])
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert set(folders()) == {cache()}, "downloads go elsewhere"


def pins(file: Path) -> set[tuple[str, str, frozenset[str]]]:
    """Name, version and hashes of each entry of a lock; some packages differ by Python's version."""
    found = set()
    for entry in re.split(r"\n(?=[a-z0-9])", file.read_text(), flags=re.I):
        head = re.match(r"([\w.-]+)==([^\s;]+)", entry)
        if head:
            found.add((head[1], head[2], frozenset(re.findall(r"sha256:(\w+)", entry))))
    return found


def test_binder_has_the_versions_of_the_lock() -> None:
    ours, binder = pins(ROOT / "requirements/lock.txt"), pins(ROOT / ".binder/requirements.txt")
    assert {"numpy", "matplotlib", "ipywidgets", "notebook"} <= {name for name, _, _ in binder}
    assert not [f"{name} {version}" for name, version, _ in binder - ours]
    assert all(hashes for _, _, hashes in binder)


def test_binder_runs_a_python_that_is_tested() -> None:
    runtime = (ROOT / ".binder" / "runtime.txt").read_text().strip().removeprefix("python-")
    tested = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text())
    assert runtime in tested["jobs"]["test"]["strategy"]["matrix"]["python"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["requires-python"] == f">={runtime}"
    script = ROOT / ".binder" / "postBuild"
    assert script.stat().st_mode & 0o100, "Binder runs it only if it is executable"
    subprocess.run(["bash", "-n", script], check=True)


@pytest.fixture
def fetching() -> ModuleType:
    spec = spec_from_file_location("fetching", ROOT / ".ci" / "pyodide.py")
    assert spec and spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_pyodide_comes_with_all_that_pages_need(fetching: ModuleType) -> None:
    lock = json.loads((ROOT / "book/_ext/live/pyodide-lock.json").read_text())
    assert {"numpy", "matplotlib", "python-dateutil", "six", "prompt-toolkit"} <= fetching.closure(
        lock, fetching.WANTED
    )


def test_pyodide_is_fetched_whole_or_not_at_all(fetching: ModuleType, tmp_path: Path) -> None:
    host, folder = tmp_path / "host", tmp_path / "here"
    host.mkdir()
    (host / "pyodide.mjs").write_bytes(b"right")
    fetching.WANTED = ()
    hashes = {"pyodide.mjs": fetching.integrity(b"right")}
    cdn = {"core": f"{host.as_uri()}/", "packages": "none", "integrity": hashes}
    fetching.fetch(folder, cdn)
    (host / "pyodide.mjs").write_bytes(b"wrong")
    fetching.fetch(folder, cdn)  # what is there is right, and kept
    assert (folder / "pyodide.mjs").read_bytes() == b"right"
    (folder / "pyodide.mjs").unlink()
    with pytest.raises(SystemExit, match="hash differs"):
        fetching.fetch(folder, cdn)
    assert not (folder / "pyodide.mjs").exists()


# The address


def settled(monkeypatch: pytest.MonkeyPatch, **environment: str) -> SimpleNamespace:
    monkeypatch.syspath_prepend(str(ROOT / "book" / "_ext"))
    for name in ("NNLAB_SITE", "NNLAB_REPOSITORY", "NNLAB_BRANCH"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    theme = {"repository_url": "https://github.com/ours/nnlab", "repository_branch": "main"}
    config = SimpleNamespace(html_baseurl="https://ours.io/nnlab/", html_theme_options=theme)
    import_module("address").settle(None, config)
    return config


def test_a_fork_has_its_own_address(monkeypatch: pytest.MonkeyPatch) -> None:
    fork = settled(
        monkeypatch,
        NNLAB_SITE="https://her.io/course",  # as GitHub gives it, with no slash at the end
        NNLAB_REPOSITORY="https://github.com/her/course",
        NNLAB_BRANCH="next",
    )
    assert fork.html_baseurl == fork.ogp_site_url == "https://her.io/course/"
    assert fork.notfound_urls_prefix == "/course/"
    assert fork.html_theme_options["repository_url"] == "https://github.com/her/course"
    assert fork.html_theme_options["repository_branch"] == "next"


def test_without_a_word_the_address_is_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = settled(monkeypatch)
    assert ours.html_baseurl == ours.ogp_site_url == "https://ours.io/nnlab/"
    assert ours.notfound_urls_prefix == "/nnlab/"
    assert ours.html_theme_options["repository_branch"] == "main"


def test_a_page_at_the_root_of_its_host_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settled(monkeypatch, NNLAB_SITE="https://her.io").notfound_urls_prefix == "/"
