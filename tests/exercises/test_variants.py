"""Honest code that looks different (loops, lists, float32, views, helpers, another formula) passes every check."""

from collections import Counter


def test_the_variant_passes(unit, name, variant, workbook):
    function, _, _ = name.partition("__")
    names = [cell.source for cell in workbook(unit).kind("test")]
    assert any(f'check("{function}.' in source for source in names), (
        f"{function} is not checked here"
    )
    assert workbook(unit).failures(only=function, **{function: variant}) == {}


def test_each_unit_has_ten_variants(unit, variants):
    assert len(variants(unit)) >= 10, Counter(name.partition("__")[0] for name in variants(unit))
