"""`sandbox` by hand: what is typed is done in the shop or the books, and the job finds it."""

import os
import signal
import subprocess
import sys
from contextlib import ExitStack

import pytest
from served import invoked, served
from terminals import AtTerminal
from thoroughly import thorough

from woo2po.demo import make_sandbox
from woo2po.sandbox.console import HELP, PROMPT, Console
from woo2po.sandbox.orders import SalesOrder
from woo2po.sandbox.records import Customer


@pytest.fixture
def both():
    """A shop with the recorded orders, a company with a draft of 1299.00, and a console."""
    shop, go = make_sandbox()
    books = go.books
    values = {
        "customer_id": Customer.made(books, {"name": "Kari"}).id,
        "external_import_reference": "shop_1",
    }
    line = {"product_id": books.product("GEN-001").id, "quantity": 1, "product_unit_price": 1000}
    line["external_import_reference"] = "7"
    SalesOrder.made(books, {**values, "sales_order_lines": [line]})
    return shop, go, Console(shop, go).answer


# What is typed, line by line, and how the answer begins. Orders are placed, paid, changed, refunded
# in parts and whole, trashed and deleted; a number is given once.
TALK = [
    ("new bacs 500,50", "3035  on-hold  500.50  bacs"),
    ("pay 3035", "3035  processing  500.50  bacs  paid"),
    ("edit 3035", "3035  processing  1001.00"), ("refund 3035 100", "3035  processing  1001.00"),
    ("delete-refund 3035", "3035  processing  1001.00  bacs  paid"),
    ("refund 3035", "3035  refunded  1001.00  bacs  paid  refunded 1001.00"),
    ("status 3035 trash", "3035  trash"), ("delete 3035", "It is gone."),
    ("new klarna", "3038  processing  1398.00  klarna  paid"),
    # Money is reserved, captured in parts and called off; with more than is left nothing is done.
    ("reserve 30", "30  processing"), ("capture 30 100", "30  processing"),
    ("capture 30 98,50", "30  processing"),
    ("capture 30 1199.51", "Of order 30 1199.50 is left to capture."),
    ("void 30", "30  cancelled"), ("reserve 35 klarna_payments", "35  processing"),
    ("capture 35 1", "Of order 35 1399.00 is left to capture."), ("capture 35", "35  completed"),
    ("new cod", "3039  processing"), ("reserve 3039", "cod reserves nothing."),
    ("capture 3039", "cod reserves nothing."),
    # A person works in the books: a draft is changed, invoiced, paid in parts and credited.
    ("documents", "draft  1  shop_1  1250.00"), ("edit-draft shop_1", "draft  1  shop_1  2500.00"),
    ("lock 2099-12-31", "The period up to 2099-12-31 is locked."),
    ("invoice 1", "PowerOffice says no: The date "), ("lock 2020-12-31", "The period up to 2020"),
    ("invoice 1", "invoice  10001  shop_1  2500.00"),
    ("receive 10001 100", "invoice  10001  shop_1  2500.00"),
    ("receive 10001", "invoice  10001  shop_1  2500.00"),
    ("receive 10001", "Nothing is open on invoice 10001."),
    ("credit 10001", "invoice        10001  shop_1  2500.00"),
    # What the integration may do is taken and given; a planned fault is the next one's.
    ("revoke send", "Missing: send."), ("revoke bank", "Missing: bank, send."),
    ("grant bank", "Missing: send."), ("grant send", "Missing: nothing."),
    ("fault POST /Customers 500_after", "The next POST /Customers meets 500_after."),
]  # fmt: skip


def test_what_is_typed_is_done(both):
    """Money is reserved as the gateway's plugin writes it; a bank transfer goes back by hand."""
    shop, go, types = both
    for line, answer in TALK:
        assert types(line).startswith(answer), line
        if line == "refund 3035":
            (refund,) = shop.refunds[3035]
            quantities = [line["quantity"] for line in refund["line_items"]]
            assert (quantities, refund["refunded_payment"]) == ([-2], False)
        if line == "revoke bank":
            assert "BankVoucher_Full" not in go.faults.privileges
    meta = {one["key"]: one["value"] for one in shop.orders[30]["meta_data"]}
    assert (meta["_vipps_captured"], meta["_vipps_cancelled"]) == ("19850", "139800")
    assert {3035, 3038} & {*shop.orders} == {3038}
    assert [one.balance for one in go.books.outgoing_invoices.values()][:1] == [0]
    assert sum(posting.amount for posting in go.books.postings) == 0
    assert go.faults.may_send
    assert go.faults.met("POST", "/Customers", {"500_after"}).fault == "500_after"


NONSENSE = [
    ("", ""), ("# a remark", ""), ("HELP", HELP),
    ("sing", 'There is no command "sing". `help` lists them.'),
    ("pay", "It is: pay NUMBER"), ("pay 30 now", "It is: pay NUMBER"),
    ("pay 999", "The shop has no order 999. `orders` lists them."),
    ("status 30 lost", '"lost" is no status. There are: pending,'),
    ("new gold", '"gold" is no payment method. There are: vipps,'),
    *((f"new vipps {text}", f'"{text}" is no amount: write 100 or 99.50.')
      for text in ("0", "-1", "1e3", "1.999", "99999999")),
    ("refund 30 1398.01", "Of order 30 only 1398.00 is left to refund."),
    ("refund 30 nan", '"nan" is no amount'), ("delete-refund 30", "Order 30 has no refund."),
    ("invoice 7", "PowerOffice has no draft 7. `documents` lists them."),
    ("credit 7", "PowerOffice has no invoice 7. `documents` lists them."),
    ("revoke all", '"all" is no privilege. There are: send, orders,'),
    ("lock yesterday", "Invalid isoformat string: 'yesterday'"),
    ("fault GET /VatCodes lost_after", '"lost_after" is no fault. There are: 429, 500,'),
]  # fmt: skip


def test_what_makes_no_sense_is_said(both):
    _, _, types = both
    before = types("orders")
    for line, answer in NONSENSE:
        assert types(line).startswith(answer), line
    assert types("orders") == before


# -- as a process ----------------------------------------------------------------------------------


WORDS = ("sandbox", "--language", "en", "--shop-port", "0", "--go-port", "0")


def read_until(process, end):
    """Return what is printed up to the line in which something stands, that line included."""
    lines = [""]
    while end not in lines[-1]:
        lines.append(next(process.stdout))
    return "".join(lines)


def test_a_pipe_drives_the_sandbox_and_the_job_finds_it(tmp_path):
    """What it prints is a configuration; what is piped in is done; afterwards it serves on."""
    streams = dict.fromkeys(("stdin", "stdout"), subprocess.PIPE)
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "woo2po", *WORDS]
    with (
        subprocess.Popen(command, encoding="utf-8", env=environment, **streams) as process,
        ExitStack() as ends,
    ):
        ends.callback(process.kill)
        config = tmp_path / "config.toml"
        config.write_text(read_until(process, "ends the sandbox"), "utf-8")
        config.chmod(0o600)
        process.stdin.write("new\n")
        process.stdin.flush()
        number = read_until(process, "vipps  paid").split()[0]
        process.stdin.close()
        done = invoked("run", "--order", number, "--config", str(config))
        assert (done.exit_code, done.stdout) == (0, "✓ 1 transferred\n")
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


@pytest.mark.parametrize("last", ["\x04", *thorough("quit")], ids=["end of input", "quit"])
def test_at_a_terminal_there_is_a_prompt_and_an_end(last):
    with AtTerminal(*WORDS, TERM="dumb") as sandbox:
        sandbox.waits_for(PROMPT)
        assert "Missing: send." in sandbox.types("revoke send", f"\n{PROMPT}")
        sandbox.types(last, "")
        assert sandbox.ends() == 0


def test_a_port_that_is_taken_is_said(tmp_path):
    with served(tmp_path) as both:
        both.listen()
        port = both.shop.url.rpartition(":")[2]
        done = invoked("sandbox", "--shop-port", port, "--language", "en")
    assert done.exit_code == 2
    assert f"Port {port} of this machine cannot be used" in done.stderr


@pytest.mark.parametrize(("language", "said"), [("en", "not installed"), ("nb", "ikke installert")])
def test_without_the_extra_it_says_how_to_install_it(monkeypatch, language, said):
    """uvicorn comes with woo2po[sandbox] alone; `demo` needs none of it."""
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    monkeypatch.delitem(sys.modules, "woo2po.sandbox.serve", raising=False)
    done = invoked("sandbox", "--language", language)
    assert done.exit_code == 2
    ways = (said, "pip install '.[sandbox]'", "pipx inject woo2po uvicorn", "uv tool install")
    assert all(words in " ".join(done.stderr.split()) for words in ways)
