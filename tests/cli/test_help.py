"""Every command says in a sentence what it does, and shows examples that it understands."""

import re
import shlex
from collections.abc import Callable, Iterator

import click
import pytest
import typer
from click.testing import Result

from nnlab.cli.app import app


def commands(group: click.Command, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The words of every command, groups too."""
    yield words
    for name, command in getattr(group, "commands", {}).items():
        yield from commands(command, (*words, name))


ROOT = typer.main.get_command(app)
COMMANDS = list(commands(ROOT))


def find(words: tuple[str, ...]) -> click.Command:
    command = ROOT
    for word in words:
        command = command.commands[word]  # type: ignore[attr-defined]
    return command


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_the_first_paragraph_is_one_sentence(words: tuple[str, ...]) -> None:
    first = (find(words).help or "").partition("\n\n")[0]
    assert re.fullmatch(r"[A-Z][^.]*(\.[a-z][^.]*)*\.", first.replace("\n", " ")), first


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_examples_are_understood(words: tuple[str, ...]) -> None:
    examples = re.findall(r"\[b\](.*?)\[/b\]", find(words).epilog or "")
    assert examples
    for example in examples:
        given = [word for word in shlex.split(example) if "=" not in word]
        assert given.pop(0) == "nnlab"
        command, taken = ROOT, []
        while given and given[0] in getattr(command, "commands", {}):
            taken.append(given.pop(0))
            command = command.commands[taken[-1]]  # type: ignore[attr-defined]
        assert tuple(taken[: len(words)]) == words, example
        if given not in (["--help"], ["--install-completion"]):
            parent = click.Context(ROOT, info_name="nnlab")
            command.make_context(" ".join(taken), given, parent)  # raises what a user would see


def test_a_slip_is_told_without_a_traceback(call: Callable[..., Result]) -> None:
    for words in (
        ["grdae"],
        ["grade", "--student"],
        ["doctor", "--for", "fun"],
        ["read", "--port", "x"],
    ):
        done = call(*words)
        assert done.exit_code == 2 and "Traceback" not in done.output, words
        assert "Error" in done.output
