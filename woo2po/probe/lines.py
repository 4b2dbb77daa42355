"""What a line may hold, tried on one draft: texts, quantities, prices, references.

Sources that leave it open: PowerOffice facts, sections 7 and 14 (points 3, 7 and 8).
"""

from collections.abc import AsyncIterator
from decimal import Decimal

from woo2po.poweroffice.probing import Reply
from woo2po.probe.bench import NAME, Bench
from woo2po.probe.learned import Learned, as_assumed, either, not_tried
from woo2po.probe.parties import open_outcome, outcome
from woo2po.probe.words import said

LONGEST_OF_OURS = 400  # characters that the job writes at most
_LENGTHS = (200, 400, 500, 1000)
# What texts of a shop hold, and whether the job relies on it.
_TEXTS = (
    ("probe_text_letters", "ÆØÅ æøå é ü ñ", True),
    ("probe_text_emoji", "\N{WRAPPED PRESENT} 5 \N{MULTIPLICATION SIGN} 3", True),
    ("probe_text_break", "one\ntwo", False),
    ("probe_text_control", "one\x07two", False),
    ("probe_text_tags", "<b>one</b> & two", True),
)


async def scratch(bench: Bench) -> str | None:
    """Return the id of a draft to try lines on, or None where none could be made."""
    draft = await bench.make_order()
    return draft.text("Id") if draft.ok else None


async def texts(bench: Bench) -> AsyncIterator[Learned]:
    """How long a description may be, and which signs it keeps."""
    order = await scratch(bench)
    if order is None:
        yield not_tried("probe_length", "-", length="-")
        return
    for length in _LENGTHS:
        text = f"{NAME} ".ljust(length, "x")
        reply = await bench.add_line(order, bench.line(Description=text))
        ours = length <= LONGEST_OF_OURS
        yield _text("probe_length", reply, text, relied_on=ours, length=str(length))
    for code, text, relied_on in _TEXTS:
        reply = await bench.add_line(order, bench.line(Description=text))
        yield _text(code, reply, text, relied_on=relied_on)


def _text(code: str, reply: Reply, text: str, *, relied_on: bool, **facts: str) -> Learned:
    kept = reply.text("Description")
    if reply.ok and kept == text:
        outcome_code, more = "probe_o_kept", {}
    elif reply.ok:
        outcome_code, more = "probe_o_kept_length", {"n": str(len(kept))}
    else:
        outcome_code, more = "probe_o_refused", {"status": str(reply.status), "said": said(reply)}
    if relied_on:
        return as_assumed(outcome_code == "probe_o_kept", code, outcome_code, **facts, **more)
    return either(code, outcome_code, **facts, **more)


async def quantities(bench: Bench) -> AsyncIterator[Learned]:
    """Quantities of 0 and below, prices of 0, text lines, and a line's reference used twice."""
    order = await scratch(bench)
    if order is None:
        yield not_tried("probe_quantity_zero", "-")
        return
    lines = (
        ("probe_quantity_zero", bench.line(Quantity=Decimal(0)), True),
        ("probe_quantity_negative", bench.line(Quantity=Decimal(-2)), True),
        ("probe_price_zero", bench.line(Decimal(0)), True),
        ("probe_text_line", {"LineType": "Text", "Description": NAME}, True),
    )
    for code, line, accepted in lines:
        yield outcome(code, await bench.add_line(order, line), accepted_is_fine=accepted)
    without = await bench.add_line(order, bench.line(ProductId=None))
    yield open_outcome("probe_line_without_product", without)
    twice = [await bench.add_line(order, bench.line(ExternalImportReference="1")) for _ in "12"]
    yield open_outcome("probe_line_reference_twice", twice[1])


async def prices(bench: Bench) -> AsyncIterator[Learned]:
    """How many decimals of a unit price count, and how half an øre is rounded."""
    order = await scratch(bench)
    if order is None:
        yield not_tried("probe_decimals_kept", "-")
        return
    price = Decimal("10.1234567891")
    reply = await bench.add_line(order, bench.line(price))
    yield _decimals(reply, price)
    six = await bench.add_line(order, bench.line(Decimal("0.000123"), Quantity=Decimal(10_000)))
    net = six.get("NetAmount")
    fits = six.ok and isinstance(net, int | Decimal) and Decimal(net) == Decimal("1.23")
    yield as_assumed(fits, "probe_decimals_count", "probe_o_amount", amount=net)
    for code, quantity in (("probe_half_up", 1), ("probe_half_down", -1)):
        half = await bench.add_line(order, bench.line(Decimal("0.125"), Quantity=Decimal(quantity)))
        net = half.get("NetAmount")
        away = isinstance(net, int | Decimal) and Decimal(net) == Decimal("0.13") * quantity
        yield as_assumed(away, code, "probe_o_amount", amount=net)


def _decimals(reply: Reply, price: Decimal) -> Learned:
    kept = reply.get("ProductUnitPrice")
    if not reply.ok or not isinstance(kept, int | Decimal):
        return open_outcome("probe_decimals_kept", reply)
    exact = Decimal(kept).normalize()
    exponent = exact.as_tuple().exponent
    n = -exponent if isinstance(exponent, int) else 0
    fits = n >= 6 and abs(exact - price) < Decimal("0.000001")
    return as_assumed(fits, "probe_decimals_kept", "probe_o_value", value=n)
