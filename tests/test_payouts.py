"""Settlement reports: a month in every format, each payout one voucher; what must be refused."""

import io
import json
import re
import sqlite3
import zipfile
from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

import pytest
from payout_month import *

from woo2po.config import load
from woo2po.payouts.booking import lines_of
from woo2po.payouts.columns import Unreadable, ore_of
from woo2po.payouts.matching import OrdersMatched
from woo2po.payouts.payout import Kind, Payout, ReportRow
from woo2po.payouts.reading import read, reports_in
from woo2po.sandbox.records import VatCode
from woo2po.store import Store

OVERLAP = "vipps-portal-nb-overlap.csv"


def test_a_month_is_booked_once_in_any_order_and_format(month):
    """Twenty payouts, each with its lines, its orders and the day on the bank: twice, named twice,
    in another format, with the database lost.
    """
    first = told(month, *reversed(ALL))
    assert len(first["payouts"]) == len(month.go.books.vouchers) == 20
    waits = [(one["provider"], one["order_id"], one["amount"]) for one in first["open"]]
    assert waits == [("nexi", 2128, 109900)]
    stands = vouchers(month)
    assert stands[1920] == 2579042
    for name, files in FORMATS.items():
        found = told(month, *files, *files)["payouts"]
        ids = [one["id"].replace("512345-", "412345-") for one in found]  # XML has no ledger
        wanted = EXPECTED[name.partition("-")[0]]["payouts"]
        assert sorted(ids) == sorted(one["id"] for one in wanted)
        assert all(same({**one, "id": id_}) for id_, one in zip(ids, found, strict=True)), name
        assert {one["state"] for one in found} == {"booked"}
    assert {*states(month, OVERLAP)} == {"booked"}
    month.state.unlink()
    again = told(month, *ALL)
    assert {one["state"] for one in again["payouts"]} == {"booked"}
    assert again["open"] == first["open"]
    assert (len(month.go.books.vouchers), vouchers(month)) == (20, stands)
    with Store.open(month.state, read_only=True) as store:
        assert len(store.payouts()) == 20


def test_a_report_that_begins_in_the_middle_needs_the_one_before(month, tmp_path):
    """Its first payout is incomplete by 149.00 alone, and what there is to do stands on the page
    too; with the earlier rows it is whole.
    """
    page = tmp_path / "payouts.html"
    held, *others = told(month, OVERLAP, OVERLAP, "--html", page, code=1)["payouts"]
    assert (held["id"], held["code"]) == ("412345-2000103", "payout_begun")
    assert "149.00" in held["reason"]
    assert [one["state"] for one in others] == ["booked"] * 2
    text = page.read_text("utf-8")
    assert 'class="conclusion waits"' in text  # amber: it waits, and nothing is wrong
    assert ("2000104" in text, "the report for the days before too." in text) == (True, True)
    assert "<script" not in text  # nothing of a file is more than text
    lines = (MONTH / ALL[0]).read_text("utf-8").splitlines(keepends=True)
    half = put(tmp_path / "half.csv", "".join(lines[:11]))
    assert {*states(month, OVERLAP, half)} == {"booked"}
    assert len(month.go.books.vouchers) == 5


def test_answers_that_overlap_or_are_of_a_day_each_are_one_account(month, tmp_path):
    """The later ones named first; and a day that has a refund alone names its ledger nowhere."""
    days = document("vipps-report-funds")
    parts = [dict(sorted(days.items())[2:]), dict(sorted(days.items())[:3])]
    for documents in (parts, [*days.values()]):
        files = [put(tmp_path / f"{n}.json", part) for n, part in enumerate(documents)]
        assert states(month, "vipps-ledgers.json", *files) == ["booked"] * 5


def test_nexis_fees_may_stand_with_their_vat_or_alone(month, tmp_path):
    """No source says whether they do: the sum decides, and the voucher is the same. A payout of
    fees alone has no rows, and says so.
    """
    details, file = document("nexi-payout-details"), tmp_path / "nexi.json"
    for payout in details:
        payout["fees"] += payout["feeTaxAmount"]
    assert all(map(same, told(month, put(file, details))["payouts"]))
    fees = {"amount": -500, "fees": 400, "feeTaxAmount": 100, "id": "n9", "reference": "n9"}
    put(file, {"payouts": [{**details[0], "paymentActions": [], "chargedAmount": 0, **fees}]})
    for _ in ("at first", "nothing of it stands on the clearing account"):
        (found,) = told(month, file)["payouts"]
        said = [found[name] for name in ("state", "net", "fee", "fee_vat")]
        assert said == ["booked", -500, 400, 100]
        month.state.unlink()


@pytest.mark.parametrize("how", ["in the fees", "beside them", "in rows of its own too"])
def test_vat_on_klarnas_fees_is_read_from_its_column(month, tmp_path, how):
    """Whether it stands in the fees or beside them, the sum decides; rows of its own count."""
    head, values, empty, names, *rows = (MONTH / KLARNA[0]).read_text("utf-8").splitlines()
    fees = [row for row in rows if row.startswith("FEE")]
    rows = [f"{row};{'-2.00' if row in fees else ''}" for row in rows]
    vat, within = 200 * len(fees), how == "in the fees"
    net = 246338 - vat * (not within)
    values = values.replace("2463.38", f"{net / 100:.2f}")
    if how == "in rows of its own too":
        rows.append(f"TAX{fees[0][3:].replace('-26.87', f'-{vat / 100:.2f}')};")
        said = dict(zip(head.split(";"), values.split(";"), strict=True))
        said["total_tax_amount"] = f"{vat / 100:.2f}"
        values = ";".join(said.values())
    lines = [head, values, empty, f"{names};vat_amount", *rows]
    (found,) = told(month, put(tmp_path / "klarna.csv", "\n".join(lines)))["payouts"]
    assert (found["state"], found["net"], found["fee_vat"]) == ("booked", net, vat)
    assert found["fee"] == 8212 - vat * within


def test_status_tells_the_last_payout_and_what_its_reports_left(month):
    """What is captured and not paid out, and what is held, as of the last report."""
    assert of_status(month) == []
    told(month, *FORMATS["nexi"], OVERLAP, code=1)
    nexi, vipps = of_status(month)
    last = EXPECTED["nexi"]["payouts"][-1]
    assert nexi == {
        "provider": "nexi", "id": last["id"], "day": last["payout_date"],
        "net": f"{last['net'] / 100:.2f}", "open": "1099.00", "entries": 1, "held": 0,
    }  # fmt: skip
    assert (vipps["id"], vipps["held"]) == ("412345-2000105", 1)
    shown = " ".join(month.woo2po("status").output.split())
    assert "Vipps: last payout booked 412345-2000105" in shown
    assert "Captured and not paid out: 1" in shown


def test_check_says_per_provider_what_is_missing(month):
    """A timer for payouts is printed where there are keys."""
    assert "--fetch" not in month.woo2po("schedule", "cron").stdout
    sections = {
        "vipps": {"book": True, "clearing_account": 1903, "client_id": "a", "client_secret": "b"},
        "klarna": booked(1903, units={"K9": {"bank_account": 9999}}),
        "nexi": booked(1903, reverse_charge=True),
        "stripe": booked(1903, client_secret="sk"),
        "svea": booked(1903),
        "paypal": {"client_id": "a"},
    }
    month.configure({f"payouts.{name}": section for name, section in sections.items()})
    findings = json.loads(month.woo2po("check", "--json").stdout)["findings"]
    said = " ".join(one["text"] for one in findings)
    for sentence in (
        "payouts.vipps.bank_account.",
        "payouts.vipps.subscription_key is missing",
        "Account 9999 (payouts.klarna.units.K9.bank_account)",
        "no active VAT code 86",
        "Payouts of Stripe can be booked, from its interface.",
        "Payouts of Svea can be booked, from its files.",
    ):
        assert sentence in said
    line = month.woo2po("schedule", "cron").stdout.splitlines()[-1]
    assert line.split()[1:5] == ["7", "*", "*", "*"]
    assert "payouts --fetch > payouts.txt 2>&1 || cat payouts.txt" in line


def test_a_payout_that_is_held_for_good_can_be_set_aside(month, tmp_path):
    """It is named as before, and neither counted nor asked for; the same command brings it back."""
    told(month, OVERLAP, code=1)
    assert month.woo2po("payouts", "--skip", "no such").exit_code == 2
    assert month.woo2po("payouts", "--skip", "412345-2000103").exit_code == 0
    found = told(month, OVERLAP)["payouts"]
    assert [one["code"] for one in found] == ["payout_set_aside", "", ""]
    (known,) = of_status(month)
    assert (known["held"], known["id"]) == (0, "412345-2000105")
    head, *lines = (MONTH / OVERLAP).read_text("utf-8").splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if "Utb. 2000103" in line)
    later = put(tmp_path / "later.csv", "".join([head, *lines[at + 1 :]]))
    assert told(month, later)["open"] == []  # what was booked by hand is paid out
    assert month.woo2po("payouts", "--skip", "412345-2000103").exit_code == 0
    assert told(month, later)["open"] != []
    assert told(month, OVERLAP, code=1)["payouts"][0]["code"] == "payout_begun"


def test_payouts_without_their_rows_are_held_for_that(month, tmp_path):
    """Whoever named one file of two is told to name the other, not of amounts that differ; an
    interface may answer with an empty list.
    """
    said = document("stripe-payouts")
    empty = {"": said, **{one["id"]: {"data": []} for one in said["data"]}}
    for file in ("klarna-payouts.json", "nexi-payouts.json", "stripe-payouts.json",
                 put(tmp_path / "empty.json", empty)):  # fmt: skip
        assert {*states(month, file, code=1)} == {"payout_without_rows"}


HELD = {  # a change to the month's Vipps report, and why payouts are held
    "a row is missing": (".*47100000238,Demo2103.*\n", "", "payout_balance"),
    "a sign is wrong": ("449.00,1748.00", "-449.00,1748.00", "payout_wrong_sign"),
    "a type is unknown": ("Belastning,449.00", "Justering,449.00", "payout_row_unknown"),
    "a payout's type is unknown": ("planlagt,-1693.73", "sendt,-1693.73", "payout_row_unknown"),
    "an order is unknown": ("238,Demo2103", "238,Demo9999", "payout_unmatched"),
    "a row is in euro": ("NOK,,,,,47100000238", "EUR,,,,,47100000238", "payout_row_currency"),
    "all is in euro": ("NOK", "EUR", "payout_currency"),
    "the month is not over": ("2026-1", "2036-1", "payout_of_the_future"),
}  # fmt: skip


@pytest.mark.parametrize("name", HELD)
def test_what_does_not_hold_is_not_booked(month, tmp_path, name):
    old, new, code = HELD[name]
    text = (MONTH / ALL[0]).read_text("utf-8")
    file = put(tmp_path / "changed.csv", re.sub(old, new, text))
    found = states(month, file, code=1)
    assert {*found} - {"booked"} == {code}
    assert found.count(code) == (5 if name.startswith(("all", "the")) else 1)
    assert len(month.go.books.vouchers) == found.count("booked")
    if code == "payout_row_unknown":  # the command as it is to be typed
        printed = " ".join(month.woo2po("payouts", str(file)).output.split())
        (typed,) = re.findall("`woo2po (.*?--skip .*?)`", printed)
        assert month.woo2po(*typed.split()).exit_code == 0


@pytest.mark.parametrize(("provider", "at", "stated"), [
    ("klarna", "2545.50;82", "2545.60;82"),
    ("klarna-api", '"sale_amount": 254550', '"sale_amount": 1'),
    ("nexi", '"chargedAmount": 219000', '"chargedAmount": 219100')])  # fmt: skip
def test_a_head_that_states_another_sum_than_its_rows_holds_its_payout(
    month, tmp_path, provider, at, stated
):
    """Though the rows are what was paid out."""
    files = [put(tmp_path / name, re.sub(at, stated, (MONTH / name).read_text("utf-8")))
             for name in FORMATS[provider]]  # fmt: skip
    found = states(month, *files, code=1)
    assert (found.count("payout_head"), found.count("booked")) == (1, 4)


def test_settings_that_are_missing_hold_what_needs_them(month):
    """An account set nowhere, one that PowerOffice lacks, one with VAT, one for two ends."""
    wrong = {"payout_no_account": {}, "payment_account_missing": {"bank_account": 1},
             "payment_account_with_vat": {"bank_account": 1920, "fee_account": 3000},
             "payout_same_account": {"bank_account": 1903}}  # fmt: skip
    for code, keys in wrong.items():
        month.configure({"payouts.vipps": {"book": True, "clearing_account": 1903, **keys}})
        for words in (["--dry-run"], []):
            assert {*states(month, ALL[0], *words, code=1)} == {code}
    month.configure({"payouts.vipps": {"clearing_account": 1903, "bank_account": 1903}})
    assert {*states(month, ALL[0])} == {"new"}  # it is only compared
    without = {"book": True, "clearing_account": 1901, "bank_account": 1920}  # an account for VAT
    month.configure({"payouts.nexi": without})
    assert {*states(month, *FORMATS["nexi"], code=1)} == {"payout_no_account"}
    assert month.go.books.vouchers == {}


@pytest.mark.parametrize("fault", ["500_after", "garbage", "503"])
def test_a_voucher_without_an_answer_is_looked_for_and_never_posted_twice(month, fault):
    """Whether PowerOffice made it or not, the same report books it once."""
    month.go.faults.at("POST", "*/Vouchers/BankJournals", 2, fault)
    for _ in ("tried", "too early to be looked for"):
        found = told(month, ALL[0], code=1)["payouts"]
        assert [one["code"] for one in found] == ["", "payout_unanswered", "", "", ""]
    month.configure({"poweroffice.settle_after": 0})
    assert {*states(month, ALL[0])} == {"booked"}
    assert len(month.go.books.vouchers) == 5
    assert vouchers(month)[1920] == 885131


@pytest.mark.parametrize("reference", ["refused", "accepted"])
def test_a_voucher_that_stands_otherwise_is_told_and_not_posted_again(month, reference):
    """Found after the database was lost: with another amount it is not taken as ours; under another
    account or text it stands on the bank account, whether or not its reference may be used again.
    """
    month.go.faults.duplicate_voucher_reference = reference
    told(month, ALL[0])
    month.state.unlink()
    posting = next(one for one in month.go.books.postings if one.account_no == 1903)
    posting.amount += 1
    codes = [one["code"] for one in told(month, ALL[0], code=1)["payouts"]]
    assert codes == ["payout_booked_otherwise", "", "", "", ""]
    month.state.unlink()
    month.configure({"payouts.vipps": booked(1905)})
    for _ in ("at first", "again"):
        assert {*states(month, ALL[0], code=1)} == {"payout_elsewhere"}
    month.state.unlink()
    month.configure({"payouts.vipps": booked(1903)})
    for one in month.go.books.postings:
        one.description, one.day = "Oppgjør", one.day + timedelta(days=5)  # as the bank has it
    assert {*states(month, ALL[0], code=1)} == {"payout_elsewhere"}
    assert len(month.go.books.vouchers) == 5


def test_what_was_done_before_poweroffice_failed_is_told(month):
    """The object is whole, with a note of what went wrong; a right that is lacking ends all."""
    for nth in range(2, 6):
        month.go.faults.at("GET", "*/AccountTransactions", nth, "500")
    found = told(month, *ALL, code=3)
    assert [one["state"] for one in found["payouts"]] == ["booked"] * 5
    assert [note["code"] for note in found["notes"]] == ["poweroffice_no_answer"]
    assert found["open"] == []  # it is not known
    assert of_status(month)[0]["open"] == "0.00"
    month.state.unlink()
    month.go.faults.privileges.discard("AccountTransaction_Full")
    found = told(month, ALL[0], code=3)
    (note,) = found["notes"]
    assert (found["payouts"], note["code"]) == ([], "payouts_not_allowed")
    assert "no payout is booked" in note["text"]


def test_what_poweroffice_refuses_is_held_and_tried_again(month):
    """A voucher, or what is in a closed period."""
    month.go.books.lock_date = date(2026, 10, 12)
    held = {one["date"]: one["code"] for one in told(month, ALL[0], code=1)["payouts"]}
    assert {*held.values()} == {"payout_locked", ""}
    assert all((day <= "2026-10-12") == (code != "") for day, code in held.items())
    month.go.books.lock_date = None
    month.go.faults.at("POST", "*/Vouchers/BankJournals", 1, "refuse", detail="No journal")
    first, *_ = told(month, ALL[0], code=1)["payouts"]
    assert (first["code"], "No journal" in first["reason"]) == ("payout_refused", True)
    assert {*states(month, ALL[0])} == {"booked"}
    assert len(month.go.books.vouchers) == 5


def packed(*names, content):
    """Return a zip with files of one content."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return made.getvalue()


def test_files_that_are_none_are_refused_with_a_plain_message(month, tmp_path, monkeypatch):
    monkeypatch.setattr("woo2po.payouts.reading.LARGEST", 50_000)
    good, file = (MONTH / "vipps-portal-nb.csv").read_bytes(), tmp_path / "report.csv"
    bad = {
        "payouts_empty": b"", "payouts_unknown": "Bokført dato;Tekst;Beløp\n1;a;2\n".encode(),
        "payouts_cut_off": good[:-40], "payouts_zip": packed("a.csv", "b.csv", content=good),
        "payouts_too_large": packed("bomb.csv", content=bytes(50_001)),
        "payouts_xlsx": packed("[Content_Types].xml", "b.csv", content=good), "payouts_broken":
        b'<!DOCTYPE a [<!ENTITY b "c">]><SettlementReport xmlns='
        b'"http://vipps.no/xmlschema/SettlementReport-3.0.xsd"/>',
        "payouts_no_amount": good.replace(b"1299.00,1299.00", b'"=1299.00",1299.00'),
        "payouts_not_seen": b"<Report><SettlementReference>a</SettlementReference></Report>",
        "payouts_without_heads": (MONTH / "klarna-transactions.json").read_bytes(),
        "payouts_doctored": b"SettlementInfo,SalesUnitName,SettlementID,Gross\n",
        "payouts_not_all": b'{"items": [], "tryLater": true}',
    }  # fmt: skip
    for code, content in bad.items():
        file.write_bytes(content)
        with pytest.raises(Unreadable) as refused:
            list(read(reports_in([file])))
        assert refused.value.code == code
        done = month.woo2po("payouts", str(file))
        assert (done.exit_code, "report.csv" in done.output) == (2, True), done.output
    assert month.woo2po("payouts", str(tmp_path / "none.csv")).exit_code == 2
    assert month.go.books.vouchers == {}
    stripes = (MONTH / FORMATS["stripe"][0]).read_bytes()
    for end in range(-120, -1, 7):  # no sum of it tells that rows are missing
        file.write_bytes(stripes[:end])
        with pytest.raises(Unreadable, match="payouts_cut_off"):
            list(read(reports_in([file])))


def test_a_report_is_read_as_people_save_it(tmp_path):
    """A mark in front, other line ends, semicolons, decimal commas, Windows-1252, UTF-16, newest
    first, zipped, other columns in another order. Of comma and point the last is the decimals'.
    """
    said = {"1.234,50": 123450, "1,234.50": 123450, "1 234,5": 123450, "\u221212.5": -1250, "": 0}
    assert {text: ore_of(text) for text in said} == said
    with pytest.raises(Unreadable):  # thousands, or three decimals?
        ore_of("1.300")
    text, file = (MONTH / "vipps-portal-nb.csv").read_text("utf-8"), tmp_path / "report.csv"
    head, *rows = text.splitlines()
    turned = "\n".join([head, *reversed(rows)]) + "\n"
    cells = [["More", *reversed(line.split(","))] for line in (head, *rows)]
    europe = text.replace(",", ";").replace(".", ",").replace("NOK;;;;", f"NOK;;;{',' * 99};")
    for content in (
        ("\ufeff" + text).encode(), text.replace("\n", "\r\n").encode(), text.encode("utf-16"),
        text.encode("cp1252"), turned.encode(), europe.encode(), packed("a.csv", content=text),
        "\n".join(",".join(line) for line in cells).encode(),
    ):  # fmt: skip
        file.write_bytes(content)
        found = sorted(read(reports_in([file])), key=lambda payout: payout.first)
        assert [payout.net for payout in found] == [169373, 261339, 130221, 237086, 87112]
        assert not [fault for payout in found for fault in payout.wrong()]
    stripes = read(reports_in([MONTH / ALL[-1]], "woopayments"))
    assert {one.provider for one in stripes} == {"woopayments"}


SMALL = {  # what the month has no example of, and its payout's key, net, fee and day
    "sheet-2019.csv": ("2142-2000461", 39250, 750, date(2019, 12, 3)),
    "gross.xml": ("7-8", 7000, 0, date(2026, 10, 8)),  # the fees come as an invoice
    "paypal-stl.csv": ("B2", 8730, 270, date(2026, 10, 7)),
}


@pytest.mark.parametrize("name", SMALL)
def test_older_and_rarer_formats_are_read(name):
    (found,) = read(reports_in([MONTH / f"small-{name}"]))
    assert (found.key, found.net, found.cost(Kind.FEE), found.day) == SMALL[name]
    assert [*found.wrong()] == []


ACTIVITY = (  # of PayPal: two sales, and two withdrawals of what they brought
    ("28/10/2026", "Express Checkout Payment", "100.00", "-3.00", "97.00", "A1", "97.00"),
    ("29/10/2026", "Express Checkout Payment", "200.00", "-6.00", "194.00", "A2", "291.00"),
    ("30/10/2026", "General Withdrawal", "-142.00", "-8.00", "-150.00", "W1", "141.00"),
    ("31/10/2026", "General Withdrawal", "-141.00", "0", "-141.00", "W2", "0.00"),
)
EVENTS = (("A1", "T0006", "CR", 10000, 300), ("A2", "T0006", "CR", 20000, 600),
          ("B2", "T0400", "DR", 28300, 800))  # fmt: skip


@pytest.mark.parametrize("balance", [True, False])
@pytest.mark.parametrize("how", [1, -1])
def test_paypals_activity_is_read_whichever_way_it_stands(tmp_path, how, balance):
    """Oldest or newest first, with balances or without, days as Norwegians write them too."""
    head = "Date,Type,Status,Currency,Gross,Fee,Net,Transaction ID" + ",Balance" * balance
    lines = [",".join((*row[:2], "Completed", "NOK", *row[2 : 6 + balance])) for row in ACTIVITY]
    for slash in "/.":
        text = "\n".join([head, *lines[::how]]).replace("/", slash)
        first, second = read(reports_in([put(tmp_path / "activity.csv", text)]))
        assert [(one.net, one.cost(Kind.FEE), len(one.rows)) for one in (first, second)] == [
            (14200, 1700, 5), (14100, 0, 0)]  # fmt: skip
        assert [*first.wrong(), *second.wrong()] == []
    file = put(tmp_path / "activity.csv", "\n".join([head, *lines[1:][::how]]))
    wrong = [{one.code for one in payout.wrong()} for payout in read(reports_in([file]))]
    assert ["payout_begun" in codes for codes in wrong] == [True, not balance]


def test_a_payout_under_a_word_that_is_not_known_is_told(month, tmp_path):
    """As if none were there: it is in no payout, and none is its own."""
    for name, word, new in (
        ("vipps-portal-nb.csv", "Utbetaling planlagt", "Utbetaling sendt"),
        ("small-paypal-activity.csv", "General Withdrawal", "Transfer"),
    ):  # fmt: skip
        found = told(month, saved(tmp_path / name, name, word, new), code=1)
        last = found["notes"][-2]
        assert (found["payouts"], last["code"]) == ([], "payouts_row_unknown")
        assert f"{new}, -" in last["text"]


def test_reports_of_a_day_each_go_on_from_one_another(tmp_path):
    """PayPal's settlement reports have no balance: no row counts twice, and more than there was is
    not paid out.
    """
    head = (MONTH / "small-paypal-stl.csv").read_text("utf-8").splitlines()[1]
    lines = [f"SB,{id_},,{event},2026/10/{day:02},{side},{gross},NOK,DR,{fee},"
             for day, (id_, event, side, gross, fee) in enumerate(EVENTS, 6)]  # fmt: skip
    first, second, last, both = (
        put(tmp_path / f"{n}.csv", "\n".join(["RH,2026/10/06", head, *part]))
        for n, part in enumerate([lines[:1], lines[1:2], lines[2:], lines[:2]])
    )
    for files in ([last, second, first], [first, second, last] * 2, [both, first, last]):
        (payout,) = read(reports_in(files))
        assert (payout.net, payout.cost(Kind.FEE), [*payout.wrong()]) == (28300, 1700, [])
    (payout,) = read(reports_in([second, last]))
    (begun,) = payout.wrong()
    assert (begun.code, str(begun.facts["amount"])) == ("payout_begun", "97.00")


def test_money_that_no_order_explains_is_posted_where_that_is_wanted(month, tmp_path):
    """A sale outside the shop, beside others: held by default, and told either way."""
    file = saved(tmp_path / "report.csv", ALL[0], "Demo2103", "Demo9999")
    month.configure({"payouts.unmatched": "post"})
    found = told(month, file)["payouts"]
    assert {one["state"] for one in found} == {"booked"}
    assert [one["amount"] for one in found[0]["unmatched"]] == [44900]
    assert all(one["order_id"] for one in told(month, file)["open"])  # it is paid out
    assert len(month.go.books.vouchers) == 5


def test_an_order_in_the_trash_or_of_long_ago_is_paid_out_like_any_other(month):
    month.shop.set_status(2101, "trash")
    order = month.shop.orders[2103]
    order |= {name: "2026-07-20T10:00:00" for name in order if name.startswith("date_")}
    assert {*states(month, ALL[0])} == {"booked"}


def test_of_a_provider_that_is_only_compared_nothing_is_booked_or_remembered(month, tmp_path):
    """Nor by a look. Each report tells by itself what is open."""
    assert {*states(month, ALL[0], "--dry-run")} == {"new"}
    month.configure({"payouts.stripe": {"book": False, "clearing_account": 1905}})
    head, *lines = (MONTH / FORMATS["stripe"][0]).read_text("utf-8").splitlines(keepends=True)
    later = [line for line in lines if "po_1Demo0001" not in line]
    file = put(tmp_path / "later.csv", "".join([head, *later]))
    alone = told(month, file)["open"]
    assert {*states(month, *FORMATS["stripe"])} == {"new"}
    assert told(month, file)["open"] == alone
    assert month.go.books.vouchers == {}
    told(month, ALL[0])
    assert [one["provider"] for one in of_status(month)] == ["vipps"]


def november(folder, paid=50000, **more):
    """Save a later payout of Nexi's, with one row, which is more or other than a charge."""
    payout = document("nexi-payout-details")[0]
    action = {**payout["paymentActions"][0], "amount": abs(paid), "id": "nov1", **more}
    sums = {"chargedAmount": max(paid, 0), "refundedAmount": max(-paid, 0), "amount": paid}
    payout |= {"id": action["paymentId"], "reference": "nov", "date": "2026-11-13", **sums,
               "fees": 0, "feeTaxAmount": 0,
               "paymentActions": [action | {"timestamp": "2026-11-10T10:00:00Z"}]}  # fmt: skip
    return put(folder / "november.json", [payout])


def test_what_is_captured_and_never_paid_out_stays_open(month, tmp_path, monkeypatch):
    """Reports of later days do not take it away, however long ago it was; `status` tells it too."""
    waits = told(month, *FORMATS["nexi"])["open"]
    for how_long in ("NEAR", "FAR"):
        monkeypatch.setattr(f"woo2po.payouts.{how_long}", timedelta(0))
    changed = dict.fromkeys(("date_modified", "date_modified_gmt"), "2026-10-30T10:00:00")
    month.shop.orders[2128] |= changed
    file = november(tmp_path, paymentId="elsewhere", reference="")
    assert told(month, file, code=1)["open"] == waits != []
    assert of_status(month)[0]["open"] == "1099.00"


def test_what_is_open_in_another_currency_stands_apart(month):
    """100.00 EUR are no kroner, whatever is open beside them."""
    at = dict.fromkeys(("date_created_gmt", "date_paid_gmt"), "2026-10-29T08:00:00")
    keys = [{"key": "_stripe_charge_captured", "value": "yes"}]
    other = {"id": 9, "number": "9", "currency": "EUR", "total": "100.00", "meta_data": keys}
    base = next(one for one in document("orders") if one["payment_method"] == "stripe")
    month.shop.put({**base, **other, **at, "refunds": [], "transaction_id": "ch_9"}, ())
    (left,) = told(month, *FORMATS["stripe"])["open"]
    assert (left["order_id"], left["amount"], left["currency"]) == (9, 10000, "EUR")
    said = month.woo2po("payouts", str(MONTH / FORMATS["stripe"][0])).output
    assert "Stripe, EUR: captured and not paid out 100.00" in said
    assert of_status(month)[0]["open"] == "0.00"


def test_of_an_order_that_was_paid_out_before_only_a_dispute_is_open(month, tmp_path):
    """Its refund is no capture; what an order in another currency brought leaves nothing open."""
    old = document("orders")[0]
    old |= {"payment_method": "dibs_easy", "total": "800.00", "refunds": [],
            "meta_data": [{"key": "_dibs_charge_id", "value": "c"}]}  # fmt: skip
    old |= {name: "2025-11-06T10:00:00" for name in old if name.startswith("date_")}
    old["date_modified_gmt"] = "2026-11-10T10:00:00"
    refund = {"id": 70, "reason": "", "total": "-500.00"}
    for id_, paid, more in (
        (7, -50000, {"paymentAction": "REFUND"}), (8, 50000, {}), (9, 50000, {}),  # a part
    ):  # fmt: skip
        own = {"id": id_, "number": str(id_), "transaction_id": f"t{id_}"}
        own |= {"currency": "EUR" if id_ == 8 else "NOK", "refunds": [refund] * (paid < 0)}
        month.shop.put({**old, **own}, ())
        found = told(month, november(tmp_path, paid, paymentId=f"t{id_}", **more))
        assert ([one["state"] for one in found["payouts"]], found["open"]) == (["booked"], [])


@pytest.mark.parametrize("back", ["149.00", "1299.00"])
def test_what_was_captured_in_the_portal_and_refunded_is_not_open(month, tmp_path, back):
    """The shop knows the reservation alone; the payout tells the capture, and the refund of it."""
    order = document("orders")[0]
    order |= {name: "2026-10-06T10:00:00" for name in order if name.startswith("date_")}
    reserved = [*order["meta_data"][:5], {"key": "_vipps_status", "value": "RESERVED"}]
    refund = {"id": 7, "reason": "", "total": f"-{back}"}
    month.shop.put({**order, "meta_data": reserved, "refunds": [refund]}, ())
    ore = round(100 * float(back))
    taken, paid = ("refund", -ore, "2", "Demo2101"), ("payout-scheduled", ore - 174800, "412345-1")
    found = told(month, funds(tmp_path / "a.json", CAPTURE, taken, OTHER, paid))
    assert [one for one in found["open"] if one["order_id"] == 2101] == []


@pytest.mark.parametrize("by_provider", [True, False])
def test_what_was_given_back_by_hand_is_not_the_providers_to_take(month, by_provider):
    """As the refund itself tells; until a payout takes it all the same."""
    order = {**document("orders")[0], "refunds": [{"id": 7, "reason": "", "total": "-100.00"}]}
    refund = {"id": 7, "amount": "100.00", "refunded_payment": by_provider, "meta_data": []}
    month.shop.put(order, [refund | {"date_created_gmt": "2026-10-05T08:00:00"}])
    left = [one["amount"] for one in told(month, ALL[0])["open"] if one["order_id"] == 2101]
    assert left == ([-10000] if by_provider else [])


def test_sales_units_have_accounts_of_their_own_and_another_merchants_report_is_held(month):
    """By unit or ledger; where units are set, any other is no report of this shop. A currency has
    its own before: euro never go to the account of a unit's kroner.
    """
    own = {"clearing_account": 1905, "bank_account": 1579, "fee_account": 7740}
    month.configure({"payouts.vipps": {"book": True, "units": {"512345": own}}})
    assert {*states(month, ALL[0])} == {"booked"}
    assert {posting.account_no for posting in month.go.books.postings} == {*own.values()}
    month.configure({"payouts.klarna": booked(1904, units={"K999": own})})
    assert {*states(month, *KLARNA, code=1)} == {"payout_unit"}
    month.configure({"payouts.klarna": booked(1904, units={"K1234567": own})})
    file = saved(month.state.parent / "klarna.csv", KLARNA[0], "NOK", "EUR")
    assert states(month, file, code=1) == ["payout_currency"]
    month.configure(
        {"payouts.vipps": {"units": {"512345": own, "EUR": {"clearing_account": 1906}}}}
    )
    payout = Payout("vipps", "p", "p", 100, None, "EUR", unit="512345")
    assert lines_of(load(month.config), payout)[-1] == ("clearing", 1906, -100)


def test_the_number_of_a_payout_may_stand_in_the_banks_text_alone(month, tmp_path):
    """Without any, it is held: all that have none would be one."""
    text = (MONTH / FORMATS["vipps-en"][0]).read_text("utf-8")
    text = re.sub(r"412345-\d+(?=,Utb)", "", text)
    assert {*states(month, put(tmp_path / "a.csv", text))} == {"booked"}
    assert (len(month.go.books.vouchers), vouchers(month)[1920]) == (5, 885131)
    text = re.sub(r"Utb\. \d+ ", "Paid out ", text)
    assert {*states(month, put(tmp_path / "b.csv", text), code=1)} == {"payout_without_number"}


@pytest.mark.parametrize("own", [False, True])
def test_fees_with_reverse_charge_bear_its_vat_code(month, own):
    """Where the accountant says so; the other lines bear none. The account may have it too."""
    books = month.go.books
    named = {"code": "86", "name": "Innkjøp av tjenester fra utlandet", "rate": Decimal("0.25")}
    vat, fee = VatCode(books, id=books.number("vat"), **named).put(), books.account(7770)
    month.configure({"payouts.stripe": booked(1905, reverse_charge=True)})
    if own:
        fee.vat_code_id = vat.id
        assert "payouts.stripe.fee_account" not in month.woo2po("check").output
    told(month, *FORMATS["stripe"])
    lines = [line for voucher in books.vouchers.values() for line in voucher.lines]
    assert {(line.account_id == fee.id, line.vat_id == vat.id) for line in lines} == {
        (True, True), (False, False)}  # fmt: skip


CAPTURE, OTHER = ("capture", 129900, "1", "Demo2101"), ("capture", 44900, "2", "Demo2103")
PAID, ABORTED = ("payout-scheduled", -129900, "412345-1"), ("payout-aborted", 129900, "412345-1")


def funds(file, *rows, day="2026-10-06"):
    """Save an answer of Vipps' Report API: type, amount, reference and order of each entry."""
    ledger = {"ledgerDate": day, "currency": "NOK", "recipientHandle": "api:512345"}
    items, balance = [], 0
    for kind, amount, psp, *order in rows:
        items.append({**ledger, "entryType": kind, "amount": amount, "pspReference": psp,
                      "reference": "".join(order), "balanceBefore": balance,
                      "balanceAfter": balance + amount})  # fmt: skip
        balance += amount
    return put(file, {"items": items})


def test_what_stands_twice_is_told_though_the_sum_holds(month, tmp_path):
    """But where balances bear it out."""
    rows = ReportRow(Kind.CAPTURE, 100, "a"), ReportRow(Kind.FEE, -1, "a")
    (fault,) = Payout("stripe", "p", "p", 198, None, rows=rows * 2).wrong()
    assert (fault.code, fault.facts) == ("payout_row_doubled", {"rows": "a"})
    retained = ("retained-disputed-capture", -129900, "1", "Demo2101")
    returned = ("returned-disputed-capture", 129900, "1", "Demo2101")
    paid = ("payout-scheduled", -44900, "412345-1")
    file = funds(tmp_path / "a.json", CAPTURE, OTHER, retained, returned, retained, paid)
    found = told(month, file)
    assert [(one["state"], one["net"]) for one in found["payouts"]] == [("booked", 44900)]
    assert ("dispute", 129900) in {(one["kind"], one["amount"]) for one in found["open"]}


def test_what_was_paid_in_to_come_to_nothing_goes_into_the_next_payout(month, tmp_path):
    """A fee of 20.00 took the ledger below 0: it is booked though the next day begins at 0."""
    fee, paid_in = ("fees-retained", -2000, "412345-1"), ("top-up", 2000, "2")
    first = funds(tmp_path / "0.json", fee, paid_in)
    second = funds(tmp_path / "1.json", CAPTURE, PAID, day="2026-10-08")
    assert [one["fee"] for one in told(month, first, second)["payouts"]] == [0, 2000]
    assert vouchers(month) == {1920: 129900 - 2000, 7770: 2000, 1903: -129900}


@pytest.mark.parametrize("number", ["412345-1", "412345-2"])
def test_money_the_other_way_waits_for_no_payout(month, tmp_path, number):
    """It is booked as it is read, and told as open until a payout takes it along, once; the bank
    may give back a payout that is paid again under its own number.
    """
    file = tmp_path / "funds.json"
    rows = CAPTURE, PAID, ABORTED, ("top-up", 500, "3")
    for _ in range(2):
        found = told(month, funds(file, *rows))
        assert [one["net"] for one in found["payouts"]] == [129900, -129900, -500]
        assert apart(found) == {"payout_aborted": 129900, "top_up": 500}
        assert vouchers(month) == {1920: -500, 1903: 500}
    proof = month.woo2po("reconcile", "--month", "2026-10").output
    assert re.search(r"given back by the bank, or paid in +1\s304.00\n", proof)
    funds(file, *rows, ("payout-scheduled", -130400, number))
    *_, last = json.loads(file.read_text("utf-8"))["items"]
    later = put(tmp_path / "later.json", {"items": [last | {"ledgerDate": "2026-10-08"}]})
    funds(file, *rows)
    for _ in range(2):
        found = told(month, file, later)
        assert [one["net"] for one in found["payouts"]] == [129900, -129900, -500, 130400]
        assert apart(found) == {}
        assert vouchers(month) == {1920: 129900, 1903: -129900}
    assert {one["state"] for one in found["payouts"]} == {"booked"}
    assert apart(told(month, file)) == {}  # named alone


def test_a_payout_may_be_given_back_and_paid_again_more_than_once(month, tmp_path):
    file = funds(tmp_path / "a.json", CAPTURE, *[PAID, ABORTED] * 2)
    items = json.loads(file.read_text("utf-8"))["items"]
    days = [one | {"ledgerDate": f"2026-10-0{day}"} for day, one in enumerate(items, 1)]
    found = told(month, put(file, {"items": days}))
    assert [one["net"] for one in found["payouts"]] == [129900, -129900, 129900, -129900]
    assert (len(month.go.books.vouchers), vouchers(month)) == (4, {})


def test_what_paypal_is_paid_in_waits_for_no_withdrawal(month, tmp_path):
    """Its reports tell no balance: it is booked as it is read all the same, as are withdrawals."""
    files, order, lines = OTHERS["paypal"]
    sold(month, "paypal", order)
    (found,) = told(month, *files)["payouts"]
    assert (found["state"], [line["amount"] for line in found["lines"]]) == ("booked", lines)
    assert [one["order_id"] for one in found["orders"]] == [9]
    text = (MONTH / "small-paypal-stl.csv").read_text("utf-8")
    kept = [line for line in text.splitlines() if "B2" not in line]
    paid_in = '"SB","B3","","T0300",2026/10/07 10:00:00 -0700,"CR",5000,"NOK","","",""'
    (found,) = told(month, put(tmp_path / "stl.csv", "\n".join([*kept, paid_in])))["payouts"]
    assert (found["state"], found["net"], found["date"]) == ("booked", -5000, "2026-10-07")


@pytest.mark.parametrize("lost", [True, False])
def test_money_the_other_way_that_is_booked_without_its_day_is_known(month, tmp_path, lost):
    """As an earlier version had it: by the state database, or else by the ledger."""
    file = funds(tmp_path / "a.json", CAPTURE, PAID, ABORTED)
    told(month, file)
    key = "512345/412345-1"
    day = " 2026-10-06"
    former, now = (str(uuid5(NAMESPACE_URL, f"payout|vipps|{key}{x}")) for x in ("", day))
    with closing(sqlite3.connect(month.state)) as db, db:
        db.execute("UPDATE writes SET reference = ? WHERE reference = ?", (former, now))
        sql = "UPDATE payouts SET reference = ?, key = ? WHERE reference = ?"
        db.execute(sql, (former, key, now))
    for posting in month.go.books.postings:
        posting.description = posting.description.removesuffix(day)
    if lost:
        month.state.unlink()
    assert {*states(month, file)} == {"booked"}
    assert (len(month.go.books.vouchers), vouchers(month)) == (2, {})


def test_what_came_back_and_was_taken_before_what_is_known_is_not_open(month):
    """A dispute's reversal, and what was held back, where the reports begin in between."""
    lines = (MONTH / FORMATS["stripe"][0]).read_text("utf-8").splitlines(keepends=True)
    later = [line for line in lines if "po_1Demo0004" in line or "po_1Demo0005" in line]
    file = put(month.state.parent / "stripe.csv", "".join([lines[0], *later]))
    assert told(month, file, *KLARNA[3:])["open"] == []


def test_a_ledger_of_two_sales_units_tells_not_whose_money_it_is(month, tmp_path):
    """Neither of a payout, nor of one that the bank gave back."""
    ledger = {"ledgerId": "412345", "settlesForRecipientHandles": ["api:512345", "api:512346"]}
    ledgers = put(tmp_path / "ledgers.json", {"items": [ledger]})
    file = funds(tmp_path / "funds.json", CAPTURE, PAID, ABORTED)
    assert states(month, ledgers, file, code=1) == ["payout_unit_unknown"] * 2
    assert vouchers(month) == {}


def test_a_number_names_an_order_where_exactly_one_fits(month):
    """Where amount, currency and method agree; not one of two that bear it."""
    good = document("orders")[0]
    odd = 5, None, [], {}, good | {"total": "much"}, good | {"refunds": 7}
    paypal = {**good, "payment_method": "ppcp-gateway"}
    for provider, number, amount, orders, by, known in (
        ("vipps", good["number"], 129900, [good], "number", [2101]),
        ("vipps", good["number"], 129900, [good, {**good, "id": 2}], "", [2101, 2]),
        ("vipps", good["number"], 129900, [*odd, good], "number", [2101]),
        ("paypal", "2101", 129900, [paypal], "number", [2101]),
        ("paypal", "2101", 55500, [paypal], "", [2101]),
    ):
        row, matching = ReportRow(Kind.CAPTURE, amount, "a", number=number), OrdersMatched(
            load(month.config))  # fmt: skip
        matching.add(orders)
        matching.match(Payout(provider, "p", "p", 0, None, rows=[row]))
        assert (row.matched_by, [*matching.by_id]) == (by, known)


def test_what_klarna_holds_back_has_no_day_of_capture(month, tmp_path):
    """Nor an order; the sum decides all the same, and which way round a correction is."""
    text = (MONTH / KLARNA[0]).read_text("utf-8")
    head, values = (line.split(";") for line in text.splitlines()[:2])
    values[head.index("total_holdback_amount")] = "100.00"
    values[head.index("total_settlement_amount")] = "2337.38"
    names = text.splitlines()[3].split(";")
    lines = [";".join(head), ";".join(values), *text.splitlines()[2:]]
    for kind, amount in (("HOLDBACK", "-100.00"), ("CORRECTION", "26.00")):
        row = {"type": kind, "amount": amount, "order_id": "9" if kind == "CORRECTION" else ""}
        lines.append(";".join(row.get(name, "") for name in names))
    month.configure({"payouts.unmatched": "post"})
    said = "\n".join(lines)
    other = re.sub("Z;[0-9a-f]{8}-", "Z;ffffffff-", re.sub(r"2026-(\d{4};)", r"1-\1", said))
    file = put(tmp_path / "klarna.csv", other)  # all of it is another shop's
    assert states(month, file, code=1) == ["payout_without_orders"]
    (found,) = told(month, put(file, said))["payouts"]
    assert (found["state"], found["net"]) == ("booked", 233738)


def test_a_settlement_that_moved_nothing_is_remembered(month, tmp_path):
    """Returns alone, carried over as a debt: what it took back is not open when another is read."""
    head, _, empty, names, row, *_ = (MONTH / KLARNA[2]).read_text("utf-8").splitlines()
    owed = ("total_return_amount", "total_deposit_amount", "closing_debt_balance")
    said = {**dict.fromkeys(owed, "1647.00"), "payment_reference": "KX7PAA09",
            "settlement_currency": "NOK", "payout_date": "2026-10-21T03:15:00Z"}  # fmt: skip
    values = ";".join(said.get(name, "0.00") for name in head.split(";"))
    file = put(tmp_path / "klarna.csv", "\n".join([head, values, empty, names, row]))
    found = told(month, KLARNA[0], file)["payouts"][-1]
    assert (found["id"], found["state"], found["lines"]) == ("KX7PAA09", "booked", [])
    assert [one for one in told(month, KLARNA[4])["open"] if one["amount"] < 0] == []


def test_a_report_of_sveas_under_another_name_is_the_same_payout(month, tmp_path):
    """The file tells no day of its own: whoever puts another one into its name books nothing.

    But of a monthly cost no row tells a day either; and a day without rows is nothing.
    """
    (report,), order, lines = OTHERS["svea"]
    sold(month, "svea", order)
    for name, code in (("2026-10-30", ""), ("2026-10-31", "payout_differs"), ("2026-10-30", "")):
        file = saved(tmp_path / f"svea-{name}.json", report, "", "")
        (found,) = told(month, file, code=bool(code))["payouts"]
        assert (found["state"], found["code"], found["date"]) == ("booked", code, name)
    month.state.unlink()
    (found,) = told(month, file)["payouts"]
    assert (found["state"], [line["amount"] for line in found["lines"]]) == ("booked", lines)
    assert [one["order_id"] for one in found["orders"]] == [9]
    assert vouchers(month)[1920] == 9750
    said = document("small-svea-2026-10-30")
    (client,) = said["clientReports"]
    cost = dict.fromkeys(client["rows"][0], None) | {"rowType": "Cost", "nominalAmount": -99}
    client["paymentReport"] |= {"sveaPaidAmountIncludingWithholding": 0, "closingBalanceDebt": 99}
    for day, rows in ((1, [cost]), (29, [cost]), (1, [cost]), (2, [])):
        client["rows"] = rows
        found = told(month, put(tmp_path / f"svea-2026-10-{day:02}.json", said))["payouts"]
    assert (found, vouchers(month)[7770]) == ([], 250 + 2 * 9900)
