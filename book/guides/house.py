"""The house is nnlab as its imports make it: floors of rooms, and arrows from those who import to those they need.

The rules and the reading of imports are the tests' own, so picture and rule cannot differ.
"""

import ast
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from nnlab import plots

ROOT = Path(__file__).resolve().parents[2]
RULES = runpy.run_path(str(ROOT / "tests" / "test_repository.py"))
FLOORS: dict[str, int] = RULES["FLOORS"]
NAMES = ("functions and slopes", "one step, one network", "training", "for people", "commands")
COLORS = (plots.BLUE, plots.GREEN, plots.ORANGE, plots.PINK, plots.BROWN)
ACROSS = 3
"""Rooms beside each other, so that a phone can show their names."""


def needs() -> dict[str, set[str]]:
    """Return the rooms that each room imports from."""
    found: dict[str, set[str]] = {name: set() for name in FLOORS}
    for file in RULES["modules"](ROOT):
        here = RULES["room"](ROOT, file)
        if here in found:
            found[here] |= (set(RULES["imported_rooms"](ROOT, file)) & set(FLOORS)) - {here}
    return found


def stairs() -> set[tuple[int, int]]:
    """Return the pairs of floors, from and to, between which somebody imports."""
    pairs = {(FLOORS[here], FLOORS[there]) for here, all in needs().items() for there in all}
    return {(here, there) for here, there in pairs if here != there}


def rooms(floor: int) -> list[str]:
    """Return the rooms on a floor, by name."""
    return sorted((name for name in FLOORS if FLOORS[name] == floor), key=lambda n: n.strip("_"))


def first_sentence(room: str) -> str:
    """Return how a room's docstring begins: what it is."""
    place = ROOT / "nnlab" / room
    file = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
    text = " ".join((ast.get_docstring(ast.parse(file.read_text("utf-8"))) or "").split())
    return text.partition(". ")[0].rstrip(".").replace("|", "\\|")


def draw() -> Any:
    """Draw the floors as bands, the rooms as boxes, and an arrow for each pair of `stairs`."""
    figure, ax = plots.figure(height=6.8)
    ax.set_axis_off()
    bands = list(_bands())
    ax.set(xlim=(0, 5.6), ylim=(0, bands[-1][1]))
    for floor, (low, high) in enumerate(bands):
        color = COLORS[floor]
        flat = {"boxstyle": "round,pad=0,rounding_size=0.08", "alpha": 0.13, "lw": 0}
        ax.add_patch(FancyBboxPatch((0, low), 4.55, high - low - 0.12, color=color, **flat))
        title = f"{floor}  {NAMES[floor]}"
        ax.text(0.12, high - 0.31, title, color=color, size=11, weight="bold", va="center")
        for place, name in enumerate(rooms(floor)):
            row, column = divmod(place, ACROSS)
            x, y = 0.78 + 1.5 * column, high - 0.66 - 0.38 * row
            ax.text(x, y, name, size=12, ha="center", va="center", gid=f"room-{name}")
    for lane, (here, there) in enumerate(sorted(stairs(), key=lambda s: (s[0] - s[1], s))):
        x = 4.68 + 0.115 * lane
        ends = (x, sum(bands[here]) / 2), (x, bands[there][1] - 0.32)
        style = {"arrowstyle": "-|>", "mutation_scale": 11, "shrinkA": 0, "shrinkB": 0, "lw": 1.6}
        arrow = FancyArrowPatch(*ends, color=COLORS[here], **style)
        arrow.set_gid(f"stairs-{here}-{there}")
        ax.add_patch(arrow)
        ax.plot(x, ends[0][1], "o", color=COLORS[here])
    return figure


def _bands() -> Iterator[tuple[float, float]]:
    """Yield the lower and upper edge of each floor, from the ground up."""
    low = 0.0
    for floor in range(len(NAMES)):
        high = low + 0.62 + 0.38 * -(-len(rooms(floor)) // ACROSS)
        yield low, high
        low = high


def table() -> str:
    """Return the rooms from the top floor down, what each is, and what it imports, as Markdown."""
    lines = ["| room | what it is, and what it imports |", "|---|---|"]
    wanted = needs()
    for floor in reversed(range(len(NAMES))):
        for name in rooms(floor):
            others = " ".join(f"`{n}`" for n in sorted(wanted[name], key=lambda n: n.strip("_")))
            lines.append(f"| **{name}** | {first_sentence(name)}. {others} |")
    return "\n".join(lines)
