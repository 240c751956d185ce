"""A stub stands for an object of the other process: a function to call, an iterator to step, or just a name."""

from typing import TYPE_CHECKING, Any

from .values import CannotCross

if TYPE_CHECKING:
    from .peer import Call, Peer

ITEMS = 10_000


class Stub:
    """An object of the other process; it can be handed back, and nothing else."""

    def __init__(self, peer: "Peer", number: int, name: str) -> None:
        self._peer, self._number, self.__name__ = peer, number, name

    def __repr__(self) -> str:
        return f"<{self.__name__}>"

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise CannotCross(
            f"{self!r} is no array; arrays, numbers, tuples, lists and dicts can be checked"
        )


class StubFunction(Stub):
    """A function of the other process; it works on copies of its arguments."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._peer.call(self, args, kwargs)

    def writes_back(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function, and put what it did to its arguments into those given here."""
        return self._peer.call(self, args, kwargs, write_back=True)

    def for_each(self, calls: "list[Call]", memo: dict[str, Any]) -> list[Any]:
        """Call the function for each pair of args and kwargs; see `Peer.call_each` and `Peer.pack`."""
        return self._peer.call_each(self, calls, memo)


class StubIterator(Stub):
    """An iterator of the other process, such as a generator; it ends for good after a great many items."""

    items = 0

    def __iter__(self) -> "StubIterator":
        return self

    def __next__(self) -> Any:
        self.items += 1
        if self.items > ITEMS:
            raise RuntimeError(f"it gave {ITEMS:,} items and did not stop: does it ever end?")
        found = self._peer.ask({"do": "next", "number": self._number})
        if not isinstance(found, list) or not found:
            raise StopIteration
        return found[0]


KINDS = {"object": Stub, "function": StubFunction, "iterator": StubIterator}
