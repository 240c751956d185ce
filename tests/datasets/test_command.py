"""`nnlab data`: where the files are, whether they are intact, and getting them."""

import pytest
import typer.testing

from nnlab._folders import cache


@pytest.fixture
def command(monkeypatch, mirror, places):
    """Run `nnlab data ...` on one small file that stands for wine, and one for MNIST."""
    from nnlab.cli.app import app
    from nnlab.datasets import mnist, wine

    monkeypatch.setattr(wine, "FILE", mirror.file("good", name="wine.csv"))
    monkeypatch.setattr(mnist, "FILES", {"X": mirror.file("wrong", name="images.gz")})
    return lambda *words: typer.testing.CliRunner().invoke(app, ["data", *words])


def test_the_command_lists_gets_and_refuses(command, mirror, places, monkeypatch):
    before = command("list")
    assert before.exit_code == 0
    assert "digits digits.csv.gz                intact, inside nnlab" in before.output
    assert "wine   wine.csv                     not here" in before.output
    assert "nnlab data get all" in before.output

    assert command("get", "wine").exit_code == 0
    assert f"wine   wine.csv                     intact, {cache()}" in command("list").output
    failed = command("get", "all")
    assert failed.exit_code == 1
    assert "nnlab data: images.gz could not be had" in failed.output

    monkeypatch.setenv("NNLAB_DATA", str(places / "mine"))
    (places / "mine").mkdir()
    (places / "mine" / "images.gz").write_bytes(mirror.packed[:50])
    assert f"DAMAGED, {places / 'mine' / 'images.gz'}" in command("list").output
    (places / "mine" / "images.gz").write_bytes(mirror.packed)
    complete = command("list").output
    assert "DAMAGED" not in complete
    assert "data get" not in complete


def test_the_command_knows_its_sets_and_shows_examples(command):
    assert command("get", "cifar").exit_code == 2
    assert "nnlab data get mnist" in " ".join(command("get", "--help").output.split())
