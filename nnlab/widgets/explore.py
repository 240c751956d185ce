"""Sliders in a notebook over the same functions that the book's live pages draw with."""

from collections.abc import Callable
from typing import Any

from nnlab.plots import Figure
from nnlab.widgets.control import Picture, minus, parameters


def explore(function: Callable[..., Picture]) -> Any:
    """Put sliders over an explorer: a widget that shows its picture and its words.

    Where nothing can move, the default picture is shown instead: without ipywidgets installed the
    figure is all there is, and a notebook read without a kernel shows the picture in the widget's
    place.
    """
    first = function()
    try:
        import ipywidgets
    except ModuleNotFoundError:
        return first.figure
    return _box(ipywidgets, function, first)


def _box(widgets: Any, function: Callable[..., Picture], first: Picture) -> Any:
    controls = {}
    for name, control, start in parameters(function):
        numbers = not isinstance(control.values[0], str)
        kind = widgets.SelectionSlider if numbers else widgets.Dropdown
        controls[name] = kind(
            options=[
                (minus(f"{value:g}") if numbers else value, value) for value in control.values
            ],
            value=control.values[start],
            description=control.label,
            style={"description_width": "initial"},
        )
    picture = widgets.HTML(first.figure.svg())
    words = widgets.Label(first.words)

    def redraw(_: object) -> None:
        seen = function(**{name: widget.value for name, widget in controls.items()})
        picture.value, words.value = seen.figure.svg(), seen.words

    for widget in controls.values():
        widget.observe(redraw, "value")

    class Explorer(widgets.VBox):  # type: ignore[misc]
        """The sliders, the picture and the words; as a still picture where nothing can move."""

        def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
            bundle = super()._repr_mimebundle_(**_) or {}
            figure: Figure = first.figure
            return {**bundle, "image/svg+xml": figure.svg()}

    return Explorer([*controls.values(), picture, words])
