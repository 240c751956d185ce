"""The tables of the page "Sources" hold the rows that have a place, and link to each by its kind."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

PAGE = """
(src-a-section)=
(src-a-second)=
## A heading

```{code-cell} ipython3
---
mystnb:
  figure: {name: src-a-figure, caption: A figure}
---
```

```{list-table} A table
:name: src-a-table
```

```{prf:algorithm} An algorithm
:label: src-an-algorithm
```

See {numref}`src-elsewhere` and {ref}`src-nowhere`.
"""


@pytest.fixture(scope="module")
def source_map(root: Path) -> ModuleType:
    file = root / "book" / "_ext" / "source_map.py"
    spec = importlib.util.spec_from_file_location("source_map", file)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_labels_are_places_and_references_are_not(source_map: ModuleType) -> None:
    assert source_map.places([PAGE]) == {
        "src-a-section": "ref",
        "src-a-second": "ref",
        "src-a-figure": "ref",
        "src-a-table": "ref",
        "src-an-algorithm": "prf:ref",
    }


def test_a_row_without_a_place_stays_away(source_map: ModuleType) -> None:
    rows = [
        {"id": "a-table", "there": "Table 9", "what": "Nine", "theirs": "9"},
        {"id": "an-algorithm", "there": "Algorithm 1", "what": "One"},
        {"id": "nowhere", "there": "Figure 0", "what": "Nothing"},
    ]
    text = "\n".join(source_map.table(rows, source_map.places([PAGE]), "Rows"))
    assert "{ref}`Nine <src-a-table>`" in text and "{glue:text}`ours-a-table`" in text
    assert "{prf:ref}`One <src-an-algorithm>`" in text and "ours-an-algorithm" not in text
    assert "nowhere" not in text


def test_only_pages_of_the_table_of_contents_count(source_map: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "_toc.yml").write_text("root: book/index\nparts:\n- chapters:\n  - file: book/a\n")
    (tmp_path / "book").mkdir()
    for name in ("index", "a", "draft"):
        (tmp_path / "book" / f"{name}.md").write_text(f"(src-{name})=\n# {name}\n")
    assert [file.stem for file in source_map.pages(tmp_path)] == ["index", "a"]
