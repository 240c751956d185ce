"""Every released notebook has its page, and each way to open it leads to a notebook that exists."""

import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parents[2]
UNITS = sorted(path.stem for path in (ROOT / "exercises").glob("*/*.ipynb"))


def links(html: Path, unit: str) -> dict[str, str]:
    page = html / "exercises" / unit / f"{unit}.html"
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    return {a.get_text(): str(a["href"]) for a in soup.select(".exercise-links a")}


def test_every_exercise_is_in_the_book() -> None:
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text())
    part = next(part for part in toc["parts"] if part["caption"] == "Exercises")
    assert sorted(Path(c["file"]).name for c in part["chapters"]) == UNITS


@pytest.mark.parametrize("unit", UNITS)
def test_every_way_leads_to_the_notebook(html: Path, unit: str) -> None:
    found = links(html, unit)
    released = json.loads((ROOT / "exercises" / unit / f"{unit}.ipynb").read_text())
    page = html / "exercises" / unit
    assert json.loads((page / found["Download"]).read_text()) == released
    lite = urlsplit(found["Open in the browser"])
    assert (page / lite.path).is_file()
    asked = parse_qs(lite.query)["path"][0]
    assert json.loads((html / "lite" / "files" / asked).read_text()) == released
    listed = json.loads((html / "lite" / "api" / "contents" / unit / "all.json").read_text())
    assert asked in [entry["path"] for entry in listed["content"]]
    on_github = f"nnlab-course/nnlab/blob/main/exercises/{unit}/{unit}.ipynb"
    assert found["Colab"] == f"https://colab.research.google.com/github/{on_github}"
    binder = parse_qs(urlsplit(found["Binder"]).query)["urlpath"][0]
    assert (ROOT / binder.removeprefix("notebooks/")).is_file()


@pytest.mark.parametrize("unit", UNITS)
def test_a_page_says_how_long_it_takes_and_what_to_read(html: Path, unit: str) -> None:
    text = (html / "exercises" / unit / f"{unit}.html").read_text(encoding="utf-8")
    soup = BeautifulSoup(text, "html.parser").select_one("article")
    assert soup
    words = soup.get_text()
    assert "Time:" in words and "Points:" in words
    assert soup.select("a[href*='/book/']"), "no link to a page of the book"
    assert not soup.select(".cell_output"), "a released notebook has no outputs"
