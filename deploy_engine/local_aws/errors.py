"""The one kind of refusal: an error as AWS words it, which the protocol layer puts on the wire."""


class AwsError(Exception):
    """An error that the caller receives with ``code`` and ``message``; ``status`` is the HTTP status."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


def unsupported(what: str) -> AwsError:
    """Refuse ``what`` because the local AWS does not have it: refused, never skipped."""
    return AwsError("UnsupportedOperation", f"The local AWS does not support {what}.")
