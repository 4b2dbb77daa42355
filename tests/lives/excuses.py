"""Which holds are right: a code, and what must have happened to the order (or to all) for it."""

from decimal import Decimal

from tests.lives.life import Life, Story

# Any one of the marks is enough; those of the life count for every order.
EXCUSES: dict[str, set[str]] = {
    "changed_after_invoice": {"edited"},
    "draft_edited": {"rewritten", "repriced"},
    "draft_edited_and_off": {"rewritten", "repriced"},
    "draft_confirmed": {"confirmed"},
    "draft_gone": {"draft deleted"},
    "sent_and_nowhere": {"draft deleted"},
    "invoice_differs": {"repriced", "edited", "invoiced by hand"},
    "off_after_invoice": {"switched refunds.credit_notes"},
    "off_and_changed": {"repriced", "edited", "invoiced by hand"},
    "cancelled_after_refunds": {"refunded"},
    "refunded_in_part_after_cancellation": {"refunded"},
    "credited_by_hand": {"credited by hand"},
    "credited_before_paid": {"credited by hand", "refunded"},
    "refund_taken_back": {"refund deleted"},
    "refund_of_deleted_order": {"gone"},
    "refunds_exceed_total": {"edited"},
    "paid_in_part": {"repriced", "paid by hand", "credited by hand"},
    "customer_archived": {"customer archived"},
    "product_missing": {"product archived"},
    "product_unfit": {"product archived"},
    "no_product_for_rate": {"product archived"},
    "sku_unknown": {"product archived"},
    "refused": {"product archived", "customer archived"},
    "voucher_refused": {"customer archived"},
    "payment_account_not_set": set(),
}


def excused(code: str, story: Story, life: Life) -> bool:
    """Tell whether an order may be held for this, after what happened to it."""
    if EXCUSES.get(code, set()) & (story.marks | life.marks):
        return True
    said = life.said
    match code:
        case "off_after_invoice":
            return not life.switched("refunds.credit_notes")
        case "cancelled_at_zero":
            return any(version.total == 0 for version in story.versions)
        case "period_locked":
            return "locked" in life.marks and said.get("locked_period") == "hold"
        case "payment_account_not_set":
            return story.method == "bambora"
        case "total_below_lines":
            return said.get("hidden", "hold") == "hold"
        case "rounding_too_large" | "refund_lines_do_not_sum":
            lost = "database lost" in story.marks and story.marks & {"edited", "repriced"}
            cut = said.get("price_decimals") == 2  # PowerOffice keeps two decimals of a price
            return life.kind.decimals == 0 or cut or bool(lost)
        case "refund_exceeds_rate":
            return not said.get("transfer_vat", True) or life.kind.decimals == 0
        case "changed_after_invoice":
            return len({version.total for version in story.versions}) > Decimal(1)
    return False
