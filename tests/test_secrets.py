"""No key, and no customer's name, address, e-mail or telephone, is left behind anywhere.

Marked values stand in the keys and in every personal field of the orders; both systems quote them
back in whatever goes wrong. Then all that the job leaves is searched: what its commands print, and
every byte of the state database and the files beside it.
"""

import base64
import sqlite3
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from click.testing import Result
from served import Served, served
from thoroughly import thorough

from woo2po.config import keys
from woo2po.logs import impersonal, redacted

KEYS = {
    "consumer_key": "ck_geheimplanted1", "consumer_secret": "cs_geheimplanted2",
    "application_key": "app-geheimplanted3", "client_key": "cli-geheimplanted4",
    "subscription_key": "sub-geheimplanted5",
}  # fmt: skip
PERSON = {
    "first_name": "Karimerkt", "last_name": "Nordmerkt Ås", "company": "", "country": "NO",
    "address_1": "Merktegata 17B", "address_2": "c/o Permerkt", "city": "MERKTEVIK",
    "postcode": "0199", "state": "Merktefylke", "email": "merkt.person@eksempel.no",
    "phone": "+47 912 34 567",
}  # fmt: skip
MARKS = ("merkt", "912 34 567", "91234567", "geheimplanted", "203.0.113.77", "GO-NAVN")
ALL_SAID = " ".join((*PERSON.values(), "4791234567", *KEYS.values()))

ELSEWHERE = "http://elsewhere.example"


def person(order):
    """Write marked values into every personal field of an order."""
    for name in ("billing", "shipping"):
        order[name] = {**order[name], **{k: v for k, v in PERSON.items() if k in order[name]}}
    order |= {
        "customer_note": "Ring Karimerkt på 912 34 567", "customer_ip_address": "203.0.113.77",
        "customer_user_agent": "Merktleser/1", "transaction_id": "merkt-4791234567",
        "payment_method_title": "Vipps (Karimerkt)",
    }  # fmt: skip
    order["meta_data"].append({"id": 9, "key": "_billing_merkt", "value": "Karimerkt Nordmerkt"})


def quotes(site: Any) -> None:
    """Let a site answer some requests with their own words, and everybody's: by its `quoting`."""
    inner, site.quoting = site.answer, lambda _: None

    async def answer(request: httpx.Request) -> httpx.Response:
        return site.quoting(request) or await inner(request)

    site.answer = answer


def words(request: httpx.Request) -> str:
    """Return all that a careless system might quote: the request, its keys, the customer."""
    body = request.content.decode("utf-8", "replace")
    return f"{request.url.query.decode()} {' '.join(request.headers.values())} {body} {ALL_SAID}"


@dataclass
class Job:
    """The job between two systems that quote, and all that it said."""

    both: Served
    folder: Path  # where everything is left
    elsewhere: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def __call__(self, *arguments: str) -> Result:
        """Run a command, and keep what it says."""
        self.both.others[ELSEWHERE] = self._follows
        done = self.both.woo2po(*arguments)
        self.said += [done.stdout, done.stderr]
        return done

    async def _follows(self, request: httpx.Request) -> httpx.Response:
        self.elsewhere.append(request.url.path)
        return httpx.Response(200, text="[]")

    def process(self, *arguments: str, code: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command in a process of its own, and keep what it says."""
        done = self.both.process(*arguments, code=code)
        self.said += [done.stdout, done.stderr]
        return done

    def leaves(self) -> Iterator[tuple[str, bytes]]:
        """Yield all that is left behind, by where it was found."""
        for said in self.said:
            yield "said", said.encode()
        for file in self.folder.iterdir():
            if file.name != "config.toml":
                yield file.name, file.read_bytes()

    def assert_names_nobody(self) -> None:
        """Look for every mark in everything, however it is spelt."""
        for command in (["status"], ["status", "--json", "--all"], ["show", "30"]):
            self(*command)
        pair = base64.b64encode(f"{KEYS['consumer_key']}:{KEYS['consumer_secret']}".encode())
        other = base64.b64encode(f"{KEYS['application_key']}:{KEYS['client_key']}".encode())
        spelt = {form for mark in MARKS for form in (mark, quote(mark))}
        spelt |= {pair.decode(), other.decode(), "eyJ"}
        for where, content in self.leaves():
            text = content.decode("utf-8", "replace").lower()
            found = [mark for mark in spelt if mark.lower() in text]
            assert not found, (where, found, [text[max(0, text.find(m.lower()) - 200) :][:400]
                                              for m in found])  # fmt: skip
        assert self.elsewhere == []


@pytest.fixture
def job(tmp_path):
    """Orders of a marked customer; a reader keeps the WAL from being cleared away."""
    with served(tmp_path, ["b2c-vipps-simple", "different-delivery-address", "sweden-oss"]) as both:
        for order in both.shop.orders.values():
            person(order)
        for name, key in KEYS.items():
            setattr(both.shop if "consumer" in name else both.go, name, key)
        both.configure(
            {f"{'woocommerce' if 'consumer' in name else 'poweroffice'}.{name}": key
             for name, key in KEYS.items()} | {"invoices.when": "processing"}
        )  # fmt: skip
        quotes(both.shop)
        quotes(both.go)
        found = Job(both, tmp_path)
        found("run", "--order", "52")  # makes the database
        reader = sqlite3.connect(both.state)
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM runs").fetchall()
        yield found
        reader.close()


def test_a_run_in_which_all_goes_well_names_nobody(job, monkeypatch):
    """Orders are called by their number: with it a person finds the customer in the shop. A fee
    that is called by its buyer is told without the name. What is left is our own from its first
    byte: nobody else reads it, whatever the umask says; a backup that cp or unzip gave to everybody
    is taken back by the next run.
    """
    fee = {"id": 77, "name": "Gebyr for Karimerkt Nordmerkt", "total": "10.00", "total_tax": "3.33",
           "taxes": [{"id": 99, "total": "3.33"}], "meta_data": []}  # fmt: skip
    held = {"id": 152, "number": "152", "fee_lines": [fee]}
    job.both.shop.put(job.both.shop.orders[30] | held)
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    done = job.process("-v", "run")
    assert done.returncode == 1, "else it could not be reached: 3"
    assert '"order": "30"' in done.stderr
    assert "Gebyr for" in job("show", "152").stdout
    assert {name for name, _ in job.leaves()} >= {"woo2po.db", "woo2po.db-wal", "woo2po.db.lock"}
    assert {mode(file) for file in job.folder.iterdir()} == {0o600}
    job("retry")
    (job.folder / "woo2po.db").chmod(0o644)
    job("-v", "run", "--log-file", str(job.folder / "log"))
    assert mode(job.folder / "woo2po.db") == 0o600
    job("skip", "42", "--reason", "booked by hand")
    job.assert_names_nobody()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


CALLS = (
    "POST /OAuth/Token", "POST /Customers", "GET /Customers", "POST /ContactDeliveryAddresses",
    "POST /SalesOrders/Complete", "POST /SalesOrders/", "POST /Vouchers", "GET /Products",
)  # fmt: skip


def answers(status, shape, *calls):
    """Answer calls (all, where none is named) with everything that was told, in this shape."""

    def quoting(request):
        path = request.url.path.removeprefix("/Demo").removeprefix("/v2")
        asked = f"{request.method} {path}"
        if calls and not any(asked.startswith(one) for one in calls):
            return None
        said = words(request)
        if shape == "page":
            page = f"<html><title>Fatal error {said}</title>{said}</html>"
            return httpx.Response(status, html=page)
        quoted = {"status": status, "params": {"status": said, "search": said}}
        told = {
            "problem": {"title": "Validation error(s)", "detail": said},
            "message": {"message": said},
        }.get(shape, {"code": shape, "message": said, "data": quoted})  # as WordPress words it
        return httpx.Response(status, json=told)

    return quoting


@pytest.mark.parametrize("status", [400, *thorough(401, 403, 500)])
def test_poweroffice_quotes_whom_it_likes_and_we_do_not(job, status):
    """Its words are kept as far as they name nobody, whatever call it refuses."""
    for call in CALLS:
        job.both.go.quoting = answers(status, "problem", call)
        job("run")
        job("retry")
    job.both.go.quoting = lambda _: None
    job("run")
    job.assert_names_nobody()


QUOTED = [  # who speaks, how, and with which status
    ("go", ("page",), 400),  # a gateway's
    ("shop", ("woocommerce_rest_cannot_view", "rest_forbidden", "critical"), 400),
    ("shop", ("page",), 200),  # a crash, a firewall, a page for visitors
    *thorough(
        *(("go", ("page", "message"), status) for status in (400, 403, 502)),
        *(("shop", ("rest_forbidden", "critical"), status) for status in (401, 403, 404, 500, 503)),
        *(("shop", ("page",), status) for status in (202, 403, 500, 503)),
    ),
]


@pytest.mark.parametrize(("site", "shapes", "status"), QUOTED)
def test_what_stands_before_them_and_plugins_may_quote_too(job, site, shapes, status):
    """A gateway's page or message, a plugin's error, or PHP's, with a customer in it."""
    for shape in shapes:
        getattr(job.both, site).quoting = answers(status, shape, *(CALLS if site == "go" else ()))
        job("-v", "run")
        job("run", "--order", "30")
    job.assert_names_nobody()


@pytest.mark.parametrize("status", [302, *thorough(301, 307, 308)])
@pytest.mark.parametrize("site", ["shop", "go"])
def test_keys_do_not_follow_a_redirect(job, site, status):
    where = f"{ELSEWHERE}/konto/Karimerkt%20Nordmerkt/?k={KEYS['client_key']}"
    getattr(job.both, site).quoting = lambda _: httpx.Response(status, headers={"location": where})
    assert job("run").exit_code == 3
    job.assert_names_nobody()


DEFECT = """
import asyncio, gc, logging, sys, woo2po.mapping, woo2po.pull
from woo2po.__main__ import main
before = woo2po.pull.known_statuses
def broken(order, *_, **__):
    raise ValueError(f"cannot map {order!r}")
async def forgotten():
    raise ValueError("Karimerkt Nordmerkt")
async def noisy(*given, **named):
    asyncio.get_running_loop().create_task(forgotten())
    await asyncio.sleep(0.01)
    gc.collect()
    logging.getLogger("httpx").error("GET https://x/?consumer_secret=cs_geheimplanted2")
    return await before(*given, **named)
def fails(*_, **__):
    try:
        raise KeyError("merkt.person@eksempel.no cs_geheimplanted2")
    except KeyError as error:
        raise RuntimeError("Karimerkt Nordmerkt") from error
if sys.argv.pop(1) == "order":
    woo2po.mapping.documents_for, woo2po.pull.known_statuses = broken, noisy
else:
    woo2po.pull.known_statuses = fails
main()
"""


@pytest.mark.parametrize("where", ["order", "run"])
def test_the_text_of_an_exception_is_not_shown(job, where):
    """A defect says where it is, and never what it met; with -v it says so line by line. What
    asyncio and httpx log may hold anything: it is said that they spoke.
    """
    done = job.process(where, "-v", "run", code=DEFECT)
    assert done.returncode == (1 if where == "order" else 3)
    assert done.stderr.count("library_warning") == (2 if where == "order" else 0)
    said = "ValueError" if where == "order" else "RuntimeError"
    assert said in done.stderr
    job.assert_names_nobody()


def test_a_secret_in_a_file_that_others_can_read_is_warned_of(job):
    """The warning names the file and what to type, as for config.toml."""
    secret = job.folder / "client_key"
    secret.write_text(KEYS["client_key"] + "\n", "utf-8")
    secret.chmod(0o644)
    text = (job.folder / "config.toml").read_text("utf-8")
    before = f'client_key = "{KEYS["client_key"]}"'
    text = text.replace(before, f"client_key_file = {keys.toml(str(secret))}")
    (job.folder / "config.toml").write_text(text, "utf-8")
    done = job("run")
    assert f"chmod 600 {secret}" in " ".join(done.stderr.split())
    secret.chmod(0o600)
    assert "chmod" not in job("run").stderr
    secret.unlink()


KEPT = (
    "Kunden støtter ikke lenger EHF-faktura.", "The field CustomerNo is required.",
    "Out of call volume quota in 03:12:45.",
)  # fmt: skip
# A capital that systems do not use may be a name.
WORDS = {one: one for one in KEPT} | {
    "Kari Nordmann har ikke e-post": "… … har ikke e-post",
    "Ring +47 912 34 567 eller 91234567": "… … eller …",
    "sendt til kari@example.no": "sendt til …",
    "O'Brien og Anne-Marie på Storgata 5": "… og … på … 5",
}


def test_words_lose_their_names():
    """Of a customer that is known, whatever is the customer's."""
    assert {said: impersonal(said) for said in WORDS} == WORDS
    said = "NORDMANN, Kari: 47912 34567 finnes, Storgata 5 i oslo; VARE25 mangler"
    known = ("Kari Anne Nordmann", "+47 912 34 567", "Storgata 5", "Oslo")
    assert redacted(said, known) == "…, …: 47… finnes, … i …; VARE25 mangler"
