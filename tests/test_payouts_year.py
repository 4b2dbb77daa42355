"""A year of five providers with everything that can happen, and what may be wrong with it."""

import random

import pytest
from payout_month import booked, told
from payout_years import WORDS, report, year
from served import served

from woo2po.payouts.reading import read, reports_in

CLEARING = {"vipps": 1903, "klarna": 1904, "nexi": 1901, "stripe": 1905, "woopayments": 1579}
OTHER_UNIT, CLEARING_OF_OTHER = "612345", 1900
SHARES = [3, pytest.param(60, marks=pytest.mark.thorough)]  # payouts of each
FAULTS = [50, pytest.param(1_000, marks=pytest.mark.thorough)]


def written(folder, made, *spoiled):
    path = folder / f"{made.provider} {made.unit}.report"
    path.write_text(report(made, *spoiled), "utf-8")
    return path


@pytest.mark.parametrize("count", SHARES)
def test_each_clearing_account_comes_to_what_is_captured_and_not_paid_out(tmp_path, count):
    """To the øre: captures less refunds, less what the payouts took, is what is listed as open."""
    years = [year(name, count, 1000 * place) for place, name in enumerate(WORDS, 1)]
    years.append(year("vipps", count, 9000, OTHER_UNIT))
    with served(tmp_path, []) as both:
        both.go.books.lock_date = None
        for order in (order for made in years for order in made.orders):
            both.shop.put(order, ())
        both.configure({f"payouts.{name}": booked(number) for name, number in CLEARING.items()})
        units = {"512345": {}, OTHER_UNIT: {"clearing_account": CLEARING_OF_OTHER}}
        both.configure({"payouts.vipps": booked(CLEARING["vipps"], units=units)})
        found = told(both, *(written(tmp_path, made) for made in years))
        postings = both.go.books.postings
        moved = {number: round(100 * sum(p.amount for p in postings if p.account_no == number))
                 for number in (1920, CLEARING_OF_OTHER, *CLEARING.values())}  # fmt: skip
    assert {one["state"] for one in found["payouts"]} == {"booked"}
    for provider, number in CLEARING.items():
        orders = [order for made in years if made.provider == provider for order in made.orders]
        captured = sum(round(100 * float(order["total"])) for order in orders)
        returned = sum(
            round(100 * float(refund["total"])) for order in orders for refund in order["refunds"]
        )
        left = sum(one["amount"] for one in found["open"] if one["provider"] == provider)
        paid = moved[number] + (moved[CLEARING_OF_OTHER] if provider == "vipps" else 0)
        assert captured + returned + paid == left, provider
    other, out_of_bank = years[-1], ("top_up", "payout_aborted")
    assert moved[CLEARING_OF_OTHER] == other.total(*out_of_bank) - other.total()
    aborted = sum(made.total(*out_of_bank) for made in years)
    assert moved[1920] == sum(paid.net for made in years for paid in made.payouts) - aborted


@pytest.mark.parametrize("count", FAULTS)
def test_each_fault_in_a_report_is_found_and_named(tmp_path, count):
    """A row that is missing, doubled or turned round: its payout is held, and the reason tells."""
    chance = random.Random(count)  # noqa: S311
    years = [year(name, 12, 1000) for name in WORDS]
    for made in years:
        payouts = read(reports_in([written(tmp_path, made)]))
        assert [fault for payout in payouts for fault in payout.wrong()] == [], made.provider
    for _ in range(count):
        made = chance.choice(years)
        at = chance.randrange(len(made.payouts))
        rows = [row for row in made.payouts[at].rows if row.kind in WORDS[made.provider]]
        place = chance.randrange(len(rows))
        # Klarna's and Nexi's signs are their types': there is none to turn. Nor is one of Vipps'
        # refunds, whose old description has no sign.
        signed = made.provider not in {"klarna", "nexi"} and rows[place].kind != "refund"
        how = chance.choice(["missing", "doubled", *(["turned"] if signed else [])])
        path = written(tmp_path, made, at, made.payouts[at].rows.index(rows[place]), how)
        payouts = [*read(reports_in([path]))]
        wrong = [one for payout in payouts for one in payout.wrong()]
        said = [str(fact) for one in wrong for fact in one.facts.values()]
        row = rows[place]
        amounts = {f"{sign * n * ore / 100:.2f}" for sign in (1, -1) for n in (1, 2)
                   for ore in (row.amount, row.amount - row.fee)}  # fmt: skip
        named = any(row.ref in fact for fact in said) or amounts & {*said}
        assert named, (made.provider, how, row, said)
        held = {payout.id.partition("/")[0] for payout in payouts if [*payout.wrong()]}
        assert len(held) == 1, (made.provider, how, row, held)
