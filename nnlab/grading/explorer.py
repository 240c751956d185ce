"""A picture with sliders where there is a front end for them, and the plain picture everywhere else."""

from collections.abc import Callable
from typing import Any


def explore(draw: Callable[..., Any], **ranges: Any) -> None:
    """Call `draw()` with its defaults, then put sliders over it: `explore(race, lr=(0.01, 1.0, 0.01))`.

    `draw` takes each slider's value by name and has a default for it. Ranges are ipywidgets abbreviations. A function
    that is not written yet gives a note instead of an error, so that an unfinished notebook still runs to its end.
    """
    try:
        draw()
    except NotImplementedError:
        print("The picture comes once the functions above are written.")
        return
    if _has_kernel():
        try:
            from ipywidgets import interact_manual
        except ImportError:
            print(
                "Install ipywidgets for sliders; or change the numbers in the call and run it again."
            )
        else:
            interact_manual(draw, **ranges)


def _has_kernel() -> bool:
    try:
        from IPython.core.getipython import get_ipython
    except ImportError:
        return False
    return getattr(get_ipython(), "kernel", None) is not None
