"""`sandbox` by hand: what is typed there is done, and the job finds it."""

import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from after import HOUR, PAID
from served import invoked, served
from world import World

from woo2po.desk import PROMPT, Desk
from woo2po.messages import say
from woo2po.messages.message import Language
from woo2po.status import retry

NEW = r"Order (\d+): (\S+), (\S+) by (\S+), (not paid|paid)\."


class Office:
    """A job with its shop and its PowerOffice, and the desk at which both are changed."""

    def __init__(self, folder: Path, when: str = "completed") -> None:
        refunds = {"register_payment": "always"}
        invoices = {"create": True, "when": when}
        self.world = World(folder, invoices=invoices, payments=PAID, refunds=refunds)
        self.desk = Desk(self.world.shop, self.world.go, "en")

    def types(self, line: str) -> str:
        """Type a line; return what is answered, on one line."""
        self.world.wait(300)
        return " ".join(self.desk.answer(line).replace("\xa0", "").split())

    def types_and_runs(self, *lines: str) -> None:
        """Type lines, and let the job run until it is quiet."""
        for line in lines:
            self.types(line)
        self.world.settle()

    def new(self, words: str = "") -> str:
        """Let a customer order something; return the order's number."""
        found = re.fullmatch(NEW, self.types(f"new {words}"))
        assert found is not None
        return found[1]

    def documents(self) -> list[str]:
        """Return what stands in PowerOffice: order, credits or not, total, account, open."""
        row = r"(?m)^ +\d{5} +(\d*)  shop_\S+ +\S+ +\S+ +(\S+) +(\d*) +(\S+)$"
        found = re.findall(row, self.desk.answer("documents").replace("\xa0", ""))
        return [" ".join(filter(None, one)) for one in found]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Invoices when an order is completed; payments are posted."""
    return Office(tmp_path)


# -- the stories of an order -----------------------------------------------------------------------


def test_an_order_is_paid_completed_and_refunded_in_two_parts(office: Office) -> None:
    """Draft, invoice and payment, two credit notes; nothing is open in the end."""
    number = office.new()
    office.types_and_runs()
    assert "Drafts" in office.types("documents")
    office.types_and_runs(f"status {number} completed")
    assert office.documents() == ["1398.00 1903 0.00"]
    office.types_and_runs(f"refund {number} 100")
    assert office.types(f"refund {number}").startswith(f"Order {number}: refunded")
    office.types_and_runs()
    assert office.documents() == [
        "1398.00 1903 0.00",
        "10001 -100.00 1903 0.00",
        "10001 -1298.00 1903 0.00",
    ]
    assert "sum 5592.00 5592.00 0.00" in office.types("ledger")


def test_a_refund_of_all_is_one_of_lines(office: Office) -> None:
    """Goods and freight go back as they were sold, so nothing has to be spread."""
    number = office.new("klarna")
    office.types_and_runs(f"refund {number}")
    (refund,) = office.world.shop.refunds[int(number)]
    assert [line["quantity"] for line in refund["line_items"]] == [-1]
    assert [line["total"] for line in refund["shipping_lines"]] == ["-79.200000"]
    assert (refund["amount"], refund["refunded_payment"]) == ("1398.000000", True)


def test_an_order_is_cancelled_before_it_is_invoiced(office: Office) -> None:
    """The draft goes."""
    number = office.new()
    office.types_and_runs()
    office.types_and_runs(f"status {number} cancelled")
    assert office.types("documents") == "Nothing of that stands in PowerOffice."


def test_an_order_is_cancelled_after_it_is_invoiced(office: Office) -> None:
    """It is credited, and what the customer paid is owed."""
    number = office.new()
    office.types_and_runs(f"status {number} completed")
    office.types_and_runs(f"status {number} cancelled")
    assert office.documents() == ["1398.00 1903 0.00", "10001 -1398.00 -1398.00"]
    assert "Open: -1398.00 on credit note 10002." in office.types("ledger")


def test_the_right_to_send_is_missing_and_then_given(office: Office) -> None:
    """The order waits as a draft; an hour after PowerOffice grants the right it is invoiced."""
    assert office.types("revoke send").endswith("Missing: send.")
    number = office.new()
    office.types_and_runs(f"status {number} completed")
    assert office.documents() == []
    assert office.types("grant send").endswith("Missing: -.")
    office.world.wait(HOUR)
    office.types_and_runs()
    assert office.documents() == ["1398.00 1903 0.00"]


def test_a_missing_voucher_privilege_holds_back_the_payment_alone(office: Office) -> None:
    """The invoice stands, unpaid, until the privilege is given."""
    office.types("revoke bank")
    office.types(f"status {office.new()} completed")
    office.world.run()
    assert office.documents() == ["1398.00 1398.00"]
    assert "The order is paid, and the payment not posted here." in office.types("ledger")
    office.types("grant bank")
    office.world.wait(HOUR)
    office.types_and_runs()
    assert office.documents() == ["1398.00 1903 0.00"]


def test_what_a_customer_and_an_administrator_change_is_in_the_draft(office: Office) -> None:
    """One more of the first product, another address: the draft follows."""
    number = office.new("250")
    office.types_and_runs()
    assert office.types(f"edit {number}").startswith(f"Order {number}: processing, 500.00")
    office.types_and_runs(f"address {number}")
    (draft,) = office.world.company.sales_orders.values()
    assert draft.totals().total == 500
    cities = [place.city for place in office.world.company.delivery_addresses.values()]
    assert cities == ["Bergen"]


def test_an_order_by_invoice_is_paid_to_the_bank(tmp_path: Path) -> None:
    """On hold until an administrator lets it go on; the bank's money closes the invoice."""
    office = Office(tmp_path, "processing")
    number = office.new("bacs 500,50")
    assert office.types(f"orders {number}").endswith(f"{number} on-hold 500.50 bacs")
    office.types_and_runs(f"status {number} processing")
    assert office.documents() == ["500.50 500.50"]
    assert office.types("receive 10001 100") == "100.00 came in for invoice 10001; 400.50 is open."
    office.types("receive 10001")
    assert office.documents() == ["500.50 1920 0.00"]
    assert office.types("receive 10001") == "Nothing is open on invoice 10001."


def test_a_person_invoices_a_draft_and_credits_the_invoice(office: Office) -> None:
    """By the draft's number or its reference; the invoice is closed by its credit note."""
    one, other = office.new("100"), office.new("200")
    office.types_and_runs()
    assert one != other
    assert office.types("invoice 1") == "Invoice 10001 is made, 100.00."
    assert office.types(f"invoice shop_{other}") == "Invoice 10002 is made, 200.00."
    assert office.types("credit 10001") == "Credit note 10003 credits invoice 10001."
    assert office.types(f"documents {other}").endswith(" 40.00 200.00 200.00")
    assert office.documents() == ["100.00 0.00", "200.00 200.00", "10001 -100.00 0.00"]


def test_a_person_changes_and_deletes_a_draft(office: Office) -> None:
    """What PowerOffice allows a person is allowed here."""
    office.new("100")
    office.types_and_runs()
    assert office.types("edit-draft 1") == "Draft 1 is now 200.00."
    assert office.types("delete-draft 1") == "Draft 1 is deleted."
    assert office.types("documents") == "Nothing of that stands in PowerOffice."


def test_an_order_is_taken_away(office: Office) -> None:
    """In the trash it is still there, and can be taken out; deleted it is not."""
    number = office.new()
    office.types_and_runs()
    assert office.types(f"trash {number}").startswith(f"Order {number}: trash")
    assert office.types(f"status {number} processing").startswith(f"Order {number}: processing")
    assert office.types(f"delete {number}") == f"Order {number} is gone for good."
    assert office.types(f"pay {number}").startswith(f"The shop has no order {number}.")
    assert office.new() != number, "a number is given once"


def test_a_refund_is_deleted(office: Office) -> None:
    """The newest one; what was credited for it is told to a person."""
    number = office.new()
    office.types_and_runs(f"status {number} completed")
    office.types_and_runs(f"refund {number} 100")
    assert "Refunded" not in office.types(f"delete-refund {number}")
    assert office.types(f"delete-refund {number}") == f"Order {number} has no refund."
    retry(office.world.settings, [number])
    office.types_and_runs(f"address {number}")
    assert len(office.documents()) == 2


# -- what is wrong ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("sing", 'There is no command "sing". `help` lists them.'),
        ("pay", "It is: pay NUMBER"),
        ("pay 101 now", "It is: pay NUMBER"),
        ("pay 999", "The shop has no order 999. `orders` lists them."),
        ("pay 101", "Order 101 is paid already."),
        ("status 101 lost", '"lost" is no status of the shop. There are: pending,'),
        ("orders 999", 'No order has the number, status or payment method "999".'),
        ("new gold", '"gold" is no payment method here. There are: vipps,'),
        *(
            (f"new {text}", f'"{text}" is no amount: write 100 or 99.50.')
            for text in ("0", "-1", "1e3", "1.999", "99999999")
        ),
        ("refund 101 1299.01", "Of order 101 only 1299.00 is left to refund."),
        ("refund 101 nan", '"nan" is no amount'),
        ("delete-refund 101", "Order 101 has no refund."),
        ("invoice 7", "PowerOffice has no draft 7. `documents` lists them."),
        ("credit 7", "PowerOffice has no invoice 7."),
        ("credit seven", '"seven" is no number.'),
        ("revoke all", '"all" is no privilege here. There are: send, orders,'),
        ("lock yesterday", '"yesterday" is no day: write 2026-10-31.'),
        ("ledger", "Nothing is posted yet."),
    ],
)
def test_what_makes_no_sense_is_said(office: Office, line: str, answer: str) -> None:
    """Plainly, and nothing is done."""
    office.world.sells(101)
    assert office.types(line).startswith(answer)
    assert office.types("orders").endswith("101 processing 1299.00 vipps 2026-10-05")


def test_poweroffices_own_refusal_is_shown(office: Office) -> None:
    """In its words."""
    office.new()
    office.types_and_runs()
    office.types("lock 2026-12-31")
    assert office.types("invoice 1").startswith("PowerOffice says no: The date 2026-11-23 is in a")


def test_an_empty_line_and_a_remark_do_nothing(office: Office) -> None:
    """So that a file of commands can be read by people."""
    assert [office.types(line) for line in ("", "   ", "# a remark")] == ["", "", ""]


@pytest.mark.parametrize("language", ["en", "nb"])
def test_help_lists_every_command_within_a_terminals_width(
    office: Office, language: Language
) -> None:
    """Whatever can be typed, with what follows it and what it does."""
    text = Desk(office.world.shop, office.world.go, language).answer("HELP")
    assert max(map(len, text.splitlines())) < 80
    listed = set(re.findall(r"(?m)^  ([a-z-]+) ", text))
    assert len(listed) == 22
    for name in listed - {"help", "quit"}:
        assert say(f"help_{name.replace('-', '_')}", language)[:20] in text


# -- as a process ----------------------------------------------------------------------------------


@contextmanager
def sandbox(**streams: int | None) -> Iterator[subprocess.Popen[str]]:
    """Start `woo2po sandbox` on free ports; kill it in the end if it still runs."""
    words = ["sandbox", "--language", "en", "--shop-port", "0", "--go-port", "0"]
    with subprocess.Popen(
        [sys.executable, "-m", "woo2po", *words],
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "TERM": "dumb"},
        **{"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, **streams},  # type: ignore[call-overload]
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def read_until(process: subprocess.Popen[str], end: str) -> str:
    """Return what is printed up to the line in which something stands, that line included."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if end in line:
            break
    return "".join(lines)


def test_a_pipe_drives_the_sandbox_and_the_job_finds_it(tmp_path: Path) -> None:
    """What it prints is a configuration; what is piped in is done; afterwards it serves on."""
    with sandbox(stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        config = tmp_path / "config.toml"
        config.write_text(read_until(process, "ends the sandbox"), "utf-8")
        config.chmod(0o600)
        process.stdin.write("new\n")
        process.stdin.flush()
        assert re.fullmatch(NEW, read_until(process, "Order").strip().replace("\xa0", ""))
        process.stdin.close()
        done = invoked("run", "--order", "3035", "--config", str(config))
        assert (done.exit_code, done.stdout) == (0, "1 transferred\n")
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


@pytest.mark.parametrize("stdin", [subprocess.DEVNULL, None], ids=["nothing", "closed"])
def test_without_input_it_serves_on(stdin: int | None) -> None:
    """As a service starts it: with nothing to read, or with no standard input at all."""
    closing = {} if stdin else {"preexec_fn": lambda: os.close(0)}
    with sandbox(**({"stdin": stdin} if stdin else closing)) as process:  # type: ignore[arg-type]
        url = re.search(r"shop is at (\S+), ", read_until(process, "# The shop is at"))
        assert url is not None
        time.sleep(0.5)
        assert process.poll() is None
        assert httpx.get(url[1]).status_code == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0


@pytest.mark.parametrize("last", [b"\x04", b"quit\n"], ids=["end of input", "quit"])
def test_at_a_terminal_there_is_a_prompt_and_an_end(last: bytes) -> None:
    """What is typed is answered below its prompt; Ctrl-D and `quit` end the sandbox."""
    import pty  # noqa: PLC0415 (not on Windows)

    terminal, its = pty.openpty()
    with sandbox(stdin=its, stdout=its) as process:
        assert seen(terminal, PROMPT).endswith(PROMPT)
        os.write(terminal, b"revoke send\n")
        assert "Missing: send." in seen(terminal, "\n" + PROMPT)
        os.write(terminal, last)
        assert process.wait(20) == 0
    os.close(terminal)
    os.close(its)


def seen(terminal: int, text: str) -> str:
    """Return what a terminal shows until a text comes; give up after some seconds."""
    shown = ""
    until = time.monotonic() + 20
    while text not in shown and time.monotonic() < until:
        if select.select([terminal], [], [], 1)[0]:
            shown += os.read(terminal, 65536).decode("utf-8", "replace")
    return shown


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    """In a sentence, with what to do; exit code 2, as for any call that cannot be."""
    with served(tmp_path) as both:
        port = both.shop.url.rpartition(":")[2]
        done = invoked("sandbox", "--shop-port", port, "--language", "en")
    assert done.exit_code == 2
    assert f"Port {port} of this machine cannot be used" in done.stderr
