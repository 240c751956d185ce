"""Similarity says which notebooks share unusual code: information for a person, never a penalty.

Code is compared as syntax trees, with names, constants and docstrings taken out. What many share (an exercise allows
few ways) weighs little, what two share weighs much.
"""

import ast
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from pathlib import Path

import nnlab
from nnlab.grading.verdict import Verdict

GRAM = 12
ENOUGH = 0.8
LEAST = 5.0
LONGEST = 100_000
"""Characters of code that are compared: a unit needs a tenth, and a million would take a minute."""


@dataclass(frozen=True)
class Pair:
    """Two who share code; `share` is the weighted part of the smaller one that is also in the other."""

    one: str
    other: str
    share: float


@lru_cache(2_000)
def prints(source: str) -> Counter[int]:
    """Return the fingerprints of code: every run of GRAM nodes of its syntax tree.

    >>> prints("def f(x): return x + 1") == prints("def g(weights): return weights + 7")
    True
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Counter()
    words: list[str] = []
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        kind = type(node)
        if kind is ast.Expr and type(node.value) is ast.Constant:  # type: ignore[attr-defined]
            continue
        words.append(kind.__name__ + getattr(node, "attr", ""))
        children: list[ast.AST] = []
        for field in kind._fields:
            value = getattr(node, field, None)
            if isinstance(value, ast.AST):
                children.append(value)
            elif type(value) is list:
                children += [part for part in value if isinstance(part, ast.AST)]
        waiting += reversed(children)
    if len(words) < GRAM:
        return Counter([hash(tuple(words))])
    return Counter(map(hash, zip(*(words[n:] for n in range(GRAM)), strict=False)))


def similar(sources: Mapping[str, str], most: int = 20) -> list[Pair]:
    """Return the pairs that share more unusual code than chance would have it, the most alike first."""
    found = {name: prints(source) for name, source in sources.items()}
    holders: dict[int, list[str]] = defaultdict(list)
    for name, grams in found.items():
        for gram in grams:
            holders[gram].append(name)
    total = max(len(found), 2)
    weight = {gram: math.log(total / len(names)) for gram, names in holders.items()}
    whole = {name: sum(weight[gram] for gram in grams) for name, grams in found.items()}
    shared: Counter[tuple[str, str]] = Counter()
    for gram, names in holders.items():
        if 1 < len(names) <= max(3, total // 10):
            for pair in combinations(sorted(names), 2):
                shared[pair] += weight[gram]  # type: ignore[assignment]
    pairs = []
    for (one, other), amount in shared.items():
        least = min(whole[one], whole[other])
        if least >= LEAST and amount / least >= ENOUGH:
            pairs.append(Pair(one, other, amount / least))
    return sorted(pairs, key=lambda pair: (-pair.share, pair.one, pair.other))[:most]


@dataclass(frozen=True)
class Report:
    """Who shares unusual code, and whose code is too long to be compared."""

    pairs: list[Pair]
    left_out: list[str]


def report(verdicts: Iterable[Verdict], asked: frozenset[str]) -> Report:
    """Compare the answers of a class with each other and with nnlab's own functions."""
    sources = {verdict.student: answers(verdict) for verdict in verdicts}
    sources["nnlab itself"] = own_source(asked)
    short = {name: source for name, source in sources.items() if len(source) <= LONGEST}
    pairs = similar({name: source for name, source in short.items() if source.strip()})
    return Report(pairs, sorted(sources.keys() - short.keys()))


def answers(verdict: Verdict) -> str:
    """Return the code of one notebook that is compared: the student's own, and not what everyone was handed."""
    own = (cell for cell in verdict.cells if cell.id and not cell.label.startswith("part "))
    return "\n".join(cell.source for cell in own if not cell.error)


def get_ready(source: str) -> None:
    """Do for a report what can be done before all code is there."""
    if len(source) <= LONGEST:
        prints(source)


@lru_cache(16)
def own_source(asked: frozenset[str]) -> str:
    """Return the source of nnlab's functions that an exercise asks for."""
    parts = []
    for path in sorted(Path(nnlab.__file__).parent.rglob("*.py")):
        if "grading" in path.parts:
            continue
        text = path.read_text("utf-8")
        if not any(f"def {name}(" in text for name in asked):
            continue
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef) and node.name in asked:
                parts.append(ast.unparse(node))
    return "\n".join(parts)
