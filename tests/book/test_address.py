"""The built site says where it lies: each page its address, the sitemap all of them."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from bs4 import BeautifulSoup


@pytest.fixture(scope="module")
def address(root: Path) -> str:
    return str(yaml.safe_load((root / "_config.yml").read_text())["html"]["baseurl"])


def test_pages_say_where_they_belong(html: Path, page: str, address: str) -> None:
    soup = BeautifulSoup((html / f"{page}.html").read_text(encoding="utf-8"), "html.parser")
    said = {
        "canonical": [tag["href"] for tag in soup.select("link[rel=canonical]")],
        "og:url": [tag["content"] for tag in soup.select('meta[property="og:url"]')],
    }
    assert said == {key: [f"{address}{page}.html"] for key in said}


def test_search_engines_are_told_of_pages_that_exist(html: Path, address: str) -> None:
    robots = (html / "robots.txt").read_text().splitlines()
    assert f"Sitemap: {address}sitemap.xml" in robots
    listed = [node.text or "" for node in ElementTree.parse(html / "sitemap.xml").iter()]
    listed = [text.strip() for text in listed if text.strip()]
    assert listed and all(text.startswith(address) for text in listed)
    assert all((html / text.removeprefix(address)).is_file() for text in listed)
    assert not [text for text in listed if re.search(r"/(404|genindex|search|prf-prf)\.", text)]
