"""Mutate a function, one small change at a time: operators, comparisons, constants, arguments, statements."""

import ast
import copy
from collections.abc import Iterator

OPERATORS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
}
COMPARISONS = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}


def mutants(source: str) -> Iterator[tuple[str, str]]:
    """Yield (what was changed, the changed source) for every single mutation of a cell."""
    tree = ast.parse(source)
    for number, node in enumerate(ast.walk(tree)):
        for word, change in _changes(node):
            mutated = copy.deepcopy(tree)
            twin = next(n for k, n in enumerate(ast.walk(mutated)) if k == number)
            change(twin)
            try:
                text = ast.unparse(ast.fix_missing_locations(mutated))
                compile(text, "mutant", "exec")
            except (SyntaxError, ValueError):
                continue
            if text != ast.unparse(tree):
                yield f"line {getattr(node, 'lineno', 0)}: {word}", text


def _changes(node: ast.AST) -> Iterator[tuple[str, object]]:
    if isinstance(node, (ast.BinOp, ast.AugAssign)) and type(node.op) in OPERATORS:
        new = OPERATORS[type(node.op)]
        yield f"{type(node.op).__name__} to {new.__name__}", lambda n: setattr(n, "op", new())
    if isinstance(node, ast.BinOp) and isinstance(
        node.op, (ast.Sub, ast.Div, ast.Pow, ast.MatMult)
    ):
        yield "operands swapped", _swap_operands
    if isinstance(node, ast.BinOp):
        yield "left operand alone", lambda n: _become(n, n.left)
        yield "right operand alone", lambda n: _become(n, n.right)
    if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARISONS:
        new = COMPARISONS[type(node.ops[0])]
        yield (
            f"{type(node.ops[0]).__name__} to {new.__name__}",
            lambda n: n.ops.__setitem__(0, new()),
        )
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.Not)):
        yield "sign or not dropped", lambda n: _become(n, n.operand)
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        for value in (node.value + 1, node.value - 1, 0 if node.value else 1):
            yield f"{node.value} to {value}", lambda n, v=value: setattr(n, "value", v)
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield "boolean turned", lambda n: setattr(n, "value", not n.value)
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield "transpose dropped", lambda n: _become(n, n.value)
    if isinstance(node, ast.Call):
        if len(node.args) == 1 and isinstance(node.func, (ast.Name, ast.Attribute)):
            yield "call dropped", lambda n: _become(n, n.args[0])
        for place in range(len(node.keywords)):
            yield "keyword dropped", lambda n, p=place: n.keywords.pop(p)
        if len(node.args) == 2:
            yield "arguments swapped", lambda n: n.args.reverse()
    if isinstance(node, ast.IfExp):
        yield "always the first", lambda n: _become(n, n.body)
        yield "always the second", lambda n: _become(n, n.orelse)
    if isinstance(node, ast.FunctionDef) and node.args.defaults:
        for place in range(len(node.args.defaults)):
            yield "default dropped", lambda n, p=place: n.args.defaults.__delitem__(slice(0, p + 1))
    for field in ("body", "orelse"):
        block = getattr(node, field, None)
        if isinstance(block, list) and not isinstance(node, ast.Module):
            yield from _statement_changes(block, field)


def _statement_changes(block: list[ast.stmt], field: str) -> Iterator[tuple[str, object]]:
    for place, statement in enumerate(block):
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            continue  # a docstring
        yield f"dropped `{ast.unparse(statement)[:40]}`", lambda n, p=place: _drop(n, field, p)
        if place + 1 < len(block) and not isinstance(block[place + 1], ast.Return):
            yield "statements swapped", lambda n, p=place: _swap(getattr(n, field), p)


def _become(node: ast.AST, other: ast.AST) -> None:
    node.__class__ = other.__class__
    node.__dict__.clear()
    node.__dict__.update(other.__dict__)


def _swap_operands(node: ast.BinOp) -> None:
    node.left, node.right = node.right, node.left


def _drop(node: ast.AST, field: str, place: int) -> None:
    getattr(node, field)[place] = ast.Pass()


def _swap(block: list[ast.stmt], place: int) -> None:
    block[place], block[place + 1] = block[place + 1], block[place]
