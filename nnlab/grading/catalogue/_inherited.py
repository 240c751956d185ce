"""A function that calls another one takes over its mistakes; the message then says where to mend."""

from collections.abc import Callable, Sequence

from nnlab.grading.specification import Function, Specification


def inherit(
    spec: Specification,
    base: Specification,
    ids: Sequence[str],
    build: Callable[[Function], Function],
) -> None:
    """Catalogue for `spec` the mistakes `ids` of `base`; `build` puts a wrong variant of base into spec's function."""
    known = {mistake.id: mistake for mistake in base.mistakes}
    for id in ids:
        message = f"Inherited from {base.name}, if you call it: {known[id].message}"
        spec.mistake(f"{base.name}-{id}", message)(build(known[id].function))
