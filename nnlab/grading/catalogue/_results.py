"""What a driven function returns must come in as many parts as it should, before each can be looked at."""

from typing import Any

WORDS = {2: "two things", 3: "three things"}


def several(result: Any, *names: str) -> Any:
    """Return the result if it has a part for each name, and else raise an error that says what came instead."""
    if isinstance(result, (tuple, list)) and len(result) == len(names):
        return result
    got = f"one of type {type(result).__name__}"
    if result is None:
        got = "None: is there a return at the end?"
    elif isinstance(result, (tuple, list)):
        got = str(len(result))
    listed = f"{', '.join(names[:-1])} and {names[-1]}"
    raise TypeError(f"return {WORDS[len(names)]}, {listed}; got {got}")
