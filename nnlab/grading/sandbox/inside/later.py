"""Matplotlib is loaded when it is first used: every notebook imports it, and hardly one draws while it is graded."""

import sys
import types
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from typing import Any

LATER = ("matplotlib", "matplotlib.pyplot")


class Later(types.ModuleType):
    """A module that has not run yet; it does when something is looked up that only then is there."""

    def __getattr__(self, name: str) -> Any:
        spec = self.__spec__
        if spec is None or spec.loader is None or name.startswith("__"):
            raise AttributeError(name)
        load(self)
        return getattr(self, name)


def load(module: types.ModuleType | None) -> None:
    """Run such a module, if it has not run yet."""
    if isinstance(module, Later):
        module.__class__ = types.ModuleType  # type: ignore[assignment]
        assert module.__spec__ is not None and module.__spec__.loader is not None
        try:
            module.__spec__.loader.loader.exec_module(module)  # type: ignore[attr-defined]
        except BaseException:  # as an import that fails: the next one tries again
            module.__class__ = Later
            raise


def has_run() -> bool:
    """Whether Matplotlib's pyplot was used."""
    module = sys.modules.get(LATER[-1])
    return module is not None and not isinstance(module, Later)


class Loader:
    """Makes a module without running it."""

    def __init__(self, loader: Any) -> None:
        self.loader = loader

    def create_module(self, spec: ModuleSpec) -> types.ModuleType:
        return Later(spec.name)

    def exec_module(self, module: types.ModuleType) -> None: ...


class Finder:
    """Finds the modules that may wait; others of their package come after it, as always."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: Any = None
    ) -> ModuleSpec | None:
        if name not in LATER:
            load(sys.modules.get(name.partition(".")[0]))
            return None
        spec = PathFinder.find_spec(name, path)
        if spec is not None:
            spec.loader = Loader(spec.loader)  # type: ignore[assignment]
        return spec


def install() -> None:
    """Let these modules wait from now on."""
    sys.meta_path.insert(0, Finder())
