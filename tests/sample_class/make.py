"""Make a class of 24: for each unit, notebooks as students hand them in, right, half done, mistaken, careless, damaged.

`python tests/sample_class/make.py DIR` writes nbgrader's layout, DIR/s01/<unit>/<unit>.ipynb and so on.
"""

import copy
import json
import random
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(Path(__file__).parent))

from slips import Slip, own_ways, slips  # noqa: E402

from nnlab.grading.course import all_units, find_unit  # noqa: E402
from nnlab.grading.unit import Unit  # noqa: E402

MISTAKEN = range(6, 17)
TEXTS = [
    "At the start the averages are zero, so without the correction the first steps would be too small.",
    "Because the gradient points uphill, and we walk against it: $\\theta \\leftarrow \\theta - \\eta g$.",
    "I tried three learning rates. The largest one **diverged**, the smallest was slow.",
    "It follows from the chain rule, see the book. I think <b>both</b> agree if n & m are large.",
    "not sure",
]


class Notebook:
    """A student's copy of the exercise."""

    def __init__(self, unit: Unit, released: dict[str, Any], rng: random.Random) -> None:
        self.unit, self.rng = unit, rng
        self.made = copy.deepcopy(released)
        self.answers = [c for c in unit.cells if c.kind == "answer" and c.type == "code"]

    def cell(self, id: str) -> dict[str, Any]:
        """Return a cell by its grade id."""
        return next(c for c in self.made["cells"] if c["id"] == id)

    def solve(self, count: int | None = None) -> "Notebook":
        """Fill in the first `count` answers, or all, rightly, and write the texts."""
        for answer in self.answers[:count]:
            lines = answer.source.splitlines(keepends=True)
            self.cell(answer.id)["source"] = "".join(line for line in lines if "### " not in line)
        for cell in self.unit.cells:
            if cell.kind == "written" and (count is None or count > 1):
                self.cell(cell.id)["source"] = self.rng.choice(TEXTS)
        return self

    def replace(self, slip: Slip) -> "Notebook":
        """Put another source into an answer."""
        self.cell(slip.cell)["source"] = slip.source
        return self

    def insert(self, place: int, source: str) -> "Notebook":
        """Add a cell of the student's own."""
        cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
        self.made["cells"].insert(place, {**cell, "id": f"own-{place}", "source": source})
        return self

    def text(self) -> str:
        """Return the file's content."""
        return json.dumps(self.made, indent=1)


def notebooks(unit: Unit, released: dict[str, Any]) -> dict[str, str]:
    """Return the class's files for one unit, by student."""
    found, ways = slips(unit, len(MISTAKEN) + 1), own_ways(ROOT, unit)
    made: dict[int, Notebook | str] = {}

    def fresh(n: int) -> Notebook:
        return Notebook(unit, released, random.Random(f"{unit.name}{n}"))

    last = len(unit.cells)
    made[1] = fresh(1).solve()
    made[2] = fresh(2).solve()
    for way in ways:
        made[2].replace(way)
    made[3] = (
        fresh(3)
        .solve()
        .insert(last, "print('it runs!')\nimport matplotlib.pyplot as plt\nplt.plot([1, 2, 3])")
    )
    made[4] = fresh(4).solve().insert(2, "%matplotlib inline\nnp.log(np.zeros(2))  # warns")
    made[5] = fresh(5).solve()
    for cell in unit.cells:
        if cell.kind == "written":
            made[5].cell(cell.id)["source"] = cell.released
    for place, n in enumerate(MISTAKEN):
        made[n] = fresh(n).solve()
        for slip in found[place : place + (2 if n == MISTAKEN[-1] else 1)]:
            made[n].replace(slip)
    made[17] = fresh(17).solve(max(1, len(made[1].answers) // 2))
    made[18] = fresh(18).solve(1)
    made[19] = fresh(19)
    made[20] = fresh(20).solve()
    broken = made[20].cell(made[20].answers[-1].id)
    broken["source"] = broken["source"].replace("return ", "retrun ", 1)
    made[21] = fresh(21).solve()
    copied = made[21].cell(made[21].answers[0].id)
    made[21].made["cells"].insert(4, copy.deepcopy(copied))
    tests = {c.id for c in unit.cells if c.kind == "test"}
    first = min(tests)
    made[21].made["cells"] = [c for c in made[21].made["cells"] if c["id"] != first]
    made[22] = fresh(22).solve().insert(last, "while True:\n    pass  # waits for the loss to fall")
    made[23] = fresh(23).solve()
    for cell in made[23].made["cells"]:
        cell["metadata"] = {}
        cell["id"] = cell["id"] if cell["id"] not in tests else cell["id"][::-1]
    made[24] = fresh(24).solve().text()[:2000]
    return {f"s{n:02d}": m if isinstance(m, str) else m.text() for n, m in sorted(made.items())}


def main(target: Path) -> None:
    """Write the whole class; leave files that are right already untouched."""
    for name in all_units(ROOT):
        unit = find_unit(ROOT, name, target.parent / "units")
        released = json.loads((ROOT / "exercises" / name / f"{name}.ipynb").read_text("utf-8"))
        for student, text in notebooks(unit, released).items():
            folder = target / student / name
            folder.mkdir(parents=True, exist_ok=True)
            file = "my solution (2).ipynb" if student == "s21" else f"{name}.ipynb"
            if not (folder / file).is_file() or (folder / file).read_text("utf-8") != text:
                (folder / file).write_text(text, "utf-8")
        print(f"{name}: 24 submissions", file=sys.stderr)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "_build/sample_class/submitted").resolve())
