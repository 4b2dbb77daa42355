"""Under both clients: spacing of requests, safe repeats, and errors named by what can be done.

RemoteError
├── NeverLeft       nothing reached the other side: may be tried again as it is
├── NoAnswer        it may have been carried out: look before anything is repeated
├── Refused         the other side said no, and why (status, title, detail)
├── CannotLogIn     keys or rights are wrong: nothing more can be done in this run
└── NotUnderstood   an answer came that is not what the interface says
"""


class RemoteError(Exception):
    """Something between us and a remote system. `system` is "shop" or "poweroffice"."""

    def __init__(self, system: str, code: str, **facts: str) -> None:
        super().__init__(f"{system}: {code}")
        self.system = system
        self.code = code
        self.facts = facts


class NeverLeft(RemoteError):
    """The request never reached the other side, so it may be repeated."""


class NoAnswer(RemoteError):
    """The request may or may not have been carried out; for a read: it could not be read."""


class Refused(RemoteError):
    """A clear refusal: a 4xx answer with PowerOffice's (or the shop's) own words."""

    def __init__(self, system: str, status: int, title: str, detail: str) -> None:
        super().__init__(system, "refused", status=str(status), title=title, detail=detail)
        self.status = status
        self.title = title
        self.detail = detail


class CannotLogIn(RemoteError):
    """Wrong keys, or rights that are missing: the run stops."""


class NotUnderstood(RemoteError):
    """An answer that is not what the interface says: HTML, cut-off JSON, a wrong type."""
