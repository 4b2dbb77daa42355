"""What is said of the sandbox's books, and to the person who changes the sandbox by hand."""

from woo2po.messages.message import Message


def _only(en: str, nb: str) -> Message:
    """Return a message with nothing to do about it."""
    return Message(en, "", nb, "")


SANDBOX: dict[str, Message] = {
    "sandbox_serves": _only(
        "The shop is at {shop}, PowerOffice at {go}. What stands above is a config.toml for them. "
        "Type help for what you can change here; quit or Ctrl-C ends the sandbox.",
        "Butikken er på {shop}, PowerOffice på {go}. Det som står over, er en config.toml for dem. "
        "Skriv help for det du kan endre her; quit eller Ctrl-C avslutter.",
    ),
    "sandbox_init": _only(
        "`woo2po init` in a second terminal can be tried against these: its shop is {shop}, "
        "with the keys {key} and {secret}; PowerOffice is the sandbox at {go}, with the keys "
        "{application}, {client} and {subscription}.",
        "«woo2po init» i en annen terminal kan prøves mot disse: butikken er "
        "{shop}, med nøklene {key} og {secret}; PowerOffice er sandkassen på {go}, med nøklene "
        "{application}, {client} og {subscription}.",
    ),
    # -- help ------------------------------------------------------------------------------------
    "help_shop": _only(
        "In the shop (NUMBER: the order's number, as in `orders`):",
        "I butikken (NUMBER: ordrens nummer, som i «orders»):",
    ),
    "help_orders": _only(
        "its orders: all, or those with this number, status or payment method",
        "ordrene: alle, eller de med dette nummeret, denne statusen eller betalingsmåten",
    ),
    "help_new": _only(
        "a new customer orders: by vipps (also klarna, cod, bacs), for 1398.00; vipps and klarna "
        "are paid at once",
        "en ny kunde bestiller: med vipps (også klarna, cod, bacs), for 1398,00; vipps og klarna "
        "er betalt med en gang",
    ),
    "help_pay": _only("an order is paid", "en ordre blir betalt"),
    "help_status": _only(
        "give it another status: completed, cancelled, on-hold ...",
        "gi den en annen status: completed, cancelled, on-hold ...",
    ),
    "help_edit": _only("one more of its first product", "én til av det første produktet"),
    "help_address": _only("it is to be delivered in Bergen", "den skal leveres i Bergen"),
    "help_refund": _only("refund so much, or all that is left", "refunder så mye, eller resten"),
    "help_delete_refund": _only("delete its newest refund", "slett den nyeste refusjonen"),
    "help_trash": _only("put it in the trash", "legg den i papirkurven"),
    "help_delete": _only("delete it for good", "slett den for godt"),
    "help_books": _only(
        "In PowerOffice (DRAFT, INVOICE: the number of one, as in `documents`):",
        "I PowerOffice (DRAFT, INVOICE: nummeret til en, som i «documents»):",
    ),
    "help_documents": _only(
        "its drafts, invoices and credit notes: all, or those of an order",
        "utkast, fakturaer og kreditnotaer: alle, eller de til en ordre",
    ),
    "help_ledger": _only(
        "the accounts, what customers owe, and why", "kontoene, hva kundene skylder, og hvorfor"
    ),
    "help_invoice": _only(
        "a person invoices a draft (its number or reference)",
        "en person fakturerer et utkast (nummer eller referanse)",
    ),
    "help_edit_draft": _only(
        "a person adds one more to its first line", "en person legger én til på første linje"
    ),
    "help_delete_draft": _only("a person deletes a draft", "en person sletter et utkast"),
    "help_credit": _only("a person credits a whole invoice", "en person krediterer en hel faktura"),
    "help_receive": _only(
        "money for it comes to the bank, account 1920", "pengene kommer i banken, konto 1920"
    ),
    "help_grant": _only(
        "give the integration a privilege: send, orders, invoices, bank, cash, ledger; without "
        "one: show them",
        "gi integrasjonen en rettighet: send, orders, invoices, bank, cash, ledger; uten: vis dem",
    ),
    "help_revoke": _only("take one away", "ta bort en"),
    "help_lock": _only(
        "lock the period up to this day (2026-10-31)",
        "lås perioden til og med denne dagen (2026-10-31)",
    ),
    "help_general": _only("And:", "Og:"),
    "help_help": _only("this list", "denne listen"),
    "help_quit": _only("end the sandbox", "avslutt"),
    # -- the shop --------------------------------------------------------------------------------
    "desk_paid": _only(
        "Order {number}: {status}, {total} by {method}, paid.",
        "Ordre {number}: {status}, {total} med {method}, betalt.",
    ),
    "desk_unpaid": _only(
        "Order {number}: {status}, {total} by {method}, not paid.",
        "Ordre {number}: {status}, {total} med {method}, ikke betalt.",
    ),
    "desk_refunded": _only("Refunded: {refunded}.", "Refundert: {refunded}."),
    "desk_deleted": _only("Order {number} is gone for good.", "Ordre {number} er borte for godt."),
    "desk_no_order": Message(
        "The shop has no order {number}.",
        "`orders` lists them.",
        "Butikken har ingen ordre {number}.",
        "«orders» viser dem.",
    ),
    "desk_no_orders": _only(
        'No order has the number, status or payment method "{word}".',
        "Ingen ordre har nummer, status eller betalingsmåte «{word}».",
    ),
    "desk_no_method": _only(
        '"{text}" is no payment method here. There are: {known}.',
        "«{text}» er ingen betalingsmåte her. Det finnes: {known}.",
    ),
    "desk_no_status": _only(
        '"{text}" is no status of the shop. There are: {known}.',
        "«{text}» er ingen status i butikken. Det finnes: {known}.",
    ),
    "desk_paid_already": _only(
        "Order {number} is paid already.", "Ordre {number} er allerede betalt."
    ),
    "desk_nothing_left": _only(
        "Nothing is left to refund on order {number}.",
        "Det er ikke noe igjen å refundere på ordre {number}.",
    ),
    "desk_too_much": _only(
        "Of order {number} only {left} is left to refund.",
        "På ordre {number} er det bare {left} igjen å refundere.",
    ),
    "desk_no_refund": _only("Order {number} has no refund.", "Ordre {number} har ingen refusjon."),
    # -- PowerOffice -----------------------------------------------------------------------------
    "desk_no_documents": _only(
        "Nothing of that stands in PowerOffice.", "Ingenting av det står i PowerOffice."
    ),
    "desk_no_postings": _only("Nothing is posted yet.", "Ingenting er bokført ennå."),
    "desk_invoiced": _only(
        "Invoice {invoice} is made, {total}.", "Faktura {invoice} er laget, {total}."
    ),
    "desk_draft_edited": _only("Draft {draft} is now {total}.", "Utkast {draft} er nå på {total}."),
    "desk_draft_deleted": _only("Draft {draft} is deleted.", "Utkast {draft} er slettet."),
    "desk_credited": _only(
        "Credit note {note} credits invoice {invoice}.",
        "Kreditnota {note} krediterer faktura {invoice}.",
    ),
    "desk_received": _only(
        "{paid} came in for invoice {invoice}; {balance} is open.",
        "{paid} kom inn på faktura {invoice}; {balance} er åpent.",
    ),
    "desk_nothing_open": _only(
        "Nothing is open on invoice {invoice}.", "Ingenting er åpent på faktura {invoice}."
    ),
    "desk_privileges": _only(
        "From the next run on the integration has: {held}. Missing: {missing}.",
        "Fra neste kjøring har integrasjonen: {held}. Mangler: {missing}.",
    ),
    "desk_no_privilege": _only(
        '"{text}" is no privilege here. There are: {known}.',
        "«{text}» er ingen rettighet her. Det finnes: {known}.",
    ),
    "desk_locked": _only(
        "Nothing can be posted on {day} or before.",
        "Ingenting kan bokføres {day} eller tidligere.",
    ),
    "desk_no_draft": Message(
        "PowerOffice has no draft {draft}.",
        "`documents` lists them.",
        "PowerOffice har ikke noe utkast {draft}.",
        "«documents» viser dem.",
    ),
    "desk_no_invoice": Message(
        "PowerOffice has no invoice {invoice}.",
        "`documents` lists them.",
        "PowerOffice har ingen faktura {invoice}.",
        "«documents» viser dem.",
    ),
    "desk_refused": _only("PowerOffice says no: {said}", "PowerOffice sier nei: {said}"),
    "open_not_paid": _only(
        "Open: {balance} of invoice {invoice}. The shop does not say that the order is paid.",
        "Åpent: {balance} på faktura {invoice}. Butikken sier ikke at ordren er betalt.",
    ),
    "open_not_posted": _only(
        "Open: {balance} of invoice {invoice}. The order is paid, and the payment not posted here.",
        "Åpent: {balance} på faktura {invoice}. Ordren er betalt, men betalingen er ikke ført her.",
    ),
    "open_credit": _only(
        "Open: {balance} on credit note {invoice}. The customer has not got this back, or the "
        "money's way back is not posted here.",
        "Åpent: {balance} på kreditnota {invoice}. Kunden har ikke fått dette tilbake, eller "
        "tilbakebetalingen er ikke ført her.",
    ),
    # -- what was typed --------------------------------------------------------------------------
    "desk_no_command": Message(
        'There is no command "{text}".',
        "`help` lists them.",
        "Det finnes ingen kommando «{text}».",
        "«help» viser dem.",
    ),
    "desk_usage": _only("It is: {usage}", "Det skrives: {usage}"),
    "typed_no_amount": _only(
        '"{text}" is no amount: write 100 or 99.50.',
        "«{text}» er ikke noe beløp: skriv 100 eller 99,50.",
    ),
    "typed_no_number": _only('"{text}" is no number.', "«{text}» er ikke noe nummer."),
    "typed_no_day": _only(
        '"{text}" is no day: write 2026-10-31.', "«{text}» er ingen dato: skriv 2026-10-31."
    ),
}
