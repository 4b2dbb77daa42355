"""Under both clients: one engine, and errors that are named by what can be done.

RemoteError
├── NeverLeft       nothing was carried out: may be tried again as it is
├── NoAnswer        it may have been carried out: look before anything is repeated
├── Refused         the other side said no, and why (status, title, detail)
├── CannotLogIn     keys or rights are wrong: nothing more can be done in this run
├── NotAllowed      this one kind of call is not granted to us: nothing was done, others go on
└── NotUnderstood   an answer came that is not what the interface says

engine.py   one request, its repeats, an end to every answer
spacing.py  when the next request may start
"""

from woo2po.logs import impersonal


class RemoteError(Exception):
    """Something between us and a remote system: "shop", "poweroffice" or "payouts" (a provider).

    `code` finds the sentence in messages/, `facts` fill it. Facts may quote the other side's
    words, which may name a customer: they are shown to people and never logged. `retry_after`:
    the seconds that the other side asks for.
    """

    exit_code = 3
    retry_after = 0.0

    def __init__(self, system: str, code: str, **facts: str) -> None:
        super().__init__(f"{system}: {code}")
        self.system = system
        self.code = code
        self.facts = facts


class NeverLeft(RemoteError):
    """Nothing of the request was carried out, so it may be repeated."""


class NoAnswer(RemoteError):
    """The request may or may not have been carried out; for a read: it could not be read."""


class Refused(RemoteError):
    """A clear refusal: a 4xx answer with PowerOffice's (or the shop's) own words.

    `by_application` is False where the answer's body is not the application's: a gateway, a
    proxy or a web server said no, and perhaps the application was never asked.
    """

    def __init__(
        self, system: str, status: int, title: str, detail: str, *, by_application: bool = True
    ) -> None:
        facts = {"status": str(status), "title": impersonal(title), "detail": impersonal(detail)}
        super().__init__(system, f"{system}_refused", **facts)
        self.status = status
        self.title = title
        self.detail = detail
        self.by_application = by_application


class CannotLogIn(RemoteError):
    """Wrong keys, or rights that are missing: the run stops."""


class NotAllowed(RemoteError):
    """A call that is not granted: what waits for it waits, and everything else goes on."""


class NotUnderstood(RemoteError):
    """HTML, cut-off JSON, a wrong type: after a write it says as little as NoAnswer."""
