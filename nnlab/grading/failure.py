"""A failed check: a message of at most ten lines that a student can act on, and no stack of frames around it."""


class CheckFailed(AssertionError):
    """What `check` raises.

    check: the name of the check, "adam_step.first_step". reason: in one word, what went wrong (see REASONS).
    mistake: the id of the named mistake, or None. message: what the student reads. link: the paragraph of the book.
    """

    def __init__(
        self, check: str, reason: str, message: str, mistake: str | None = None, link: str = ""
    ) -> None:
        super().__init__(message)
        self.check, self.reason, self.message = check, reason, message
        self.mistake, self.link = mistake, link

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.check, self.reason, self.message, self.mistake, self.link)

    def _render_traceback_(self) -> list[str]:
        """Show the message alone in Jupyter and IPython: the frames are the checker's, not the student's."""
        return self.message.splitlines()


REASONS = {
    "unanswered": "not written yet",
    "raised": "stopped with an error",
    "nothing": "returned nothing",
    "type": "wrong kind of result",
    "count": "wrong number of results",
    "keys": "results missing",
    "shape": "wrong shape",
    "value": "wrong values",
    "nan": "not a number",
    "changed": "changed its inputs",
}
