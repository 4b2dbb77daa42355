"""What `reconcile` says: what differs, with a remedy; what is explained; its headings."""

from woo2po.messages.message import Message

RECONCILE: dict[str, Message] = {
    # -- orders ----------------------------------------------------------------------------------
    "reconcile_missing": Message(
        "Order {number} of {shop_day}, {shop}, is nowhere in PowerOffice.",
        "If no reason stands here: `woo2po run --order {order}`.",
        "Ordre {number} fra {shop_day}, {shop}, finnes ikke i PowerOffice.",
        "Står det ingen grunn her: «woo2po run --order {order}».",
    ),
    "reconcile_draft": Message(
        "Order {number} of {shop_day}, {shop}, is a draft in PowerOffice, not an invoice.",
        "Invoice the draft in PowerOffice; until then the sale is in nobody's books.",
        "Ordre {number} fra {shop_day}, {shop}, er et utkast i PowerOffice, ikke en faktura.",
        "Fakturer utkastet i PowerOffice; før det er salget ikke bokført.",
    ),
    "reconcile_draft_left": Message(
        "Order {number} is invoiced, and a draft of it for {books} stands beside the invoice.",
        "Delete the draft in PowerOffice.",
        "Ordre {number} er fakturert, og et utkast av den på {books} står ved siden av fakturaen.",
        "Slett utkastet i PowerOffice.",
    ),
    "reconcile_amount": Message(
        "Order {number}: {shop} in the shop, {books} on document {invoice} of {books_day}.",
        "Changed after it was invoiced? `woo2po show {order}` lists the lines that differ. "
        "Credit the difference in PowerOffice, or set the order right in the shop.",
        "Ordre {number}: {shop} i butikken, {books} på dokument {invoice} fra {books_day}.",
        "Endret etter fakturering? «woo2po show {order}» viser linjene som er ulike. Krediter "
        "forskjellen i PowerOffice, eller rett ordren i butikken.",
    ),
    "reconcile_vat": Message(
        "Order {number}: the total is the same, but VAT is {shop_vat} in the shop and "
        "{books_vat} on document {invoice}.",
        "See in PowerOffice which sales accounts the products of the invoice use; then credit it "
        "and invoice anew.",
        "Ordre {number}: totalen er lik, men mva. er {shop_vat} i butikken og {books_vat} på "
        "dokument {invoice}.",
        "Se i PowerOffice hvilke salgskontoer produktene på fakturaen bruker; krediter så og "
        "fakturer på nytt.",
    ),
    "reconcile_twice": Message(
        "Order {number} is invoiced once more: document {invoice} of {books_day}, {books}.",
        "Credit one of the two in PowerOffice.",
        "Ordre {number} er fakturert en gang til: faktura {invoice} fra {books_day}, {books}.",
        "Krediter en av de to i PowerOffice.",
    ),
    "reconcile_trashed_invoice": Message(
        "Order {number} lies in the shop's trash; document {invoice} of {books_day}, {books}, "
        "stands.",
        "Take the order out of the trash, or credit the invoice in PowerOffice.",
        "Ordre {number} ligger i papirkurven i butikken; dokument {invoice} fra {books_day}, "
        "{books}, står.",
        "Hent ordren ut av papirkurven, eller krediter fakturaen i PowerOffice.",
    ),
    "reconcile_trashed_draft": Message(
        "Order {number} lies in the shop's trash; its draft for {books} stands.",
        "Take the order out of the trash, or delete the draft in PowerOffice.",
        "Ordre {number} ligger i papirkurven i butikken; utkastet på {books} står.",
        "Hent ordren ut av papirkurven, eller slett utkastet i PowerOffice.",
    ),
    "reconcile_off_invoice": Message(
        'Order {number} is "{status}" in the shop; document {invoice} of {books_day}, {books}, '
        "stands.",
        "`woo2po run` credits what was cancelled; else credit it in PowerOffice, or set the "
        "order's status right.",
        "Ordre {number} har status «{status}» i butikken; dokument {invoice} fra {books_day}, "
        "{books}, står.",
        "«woo2po run» krediterer det som er kansellert; ellers krediter i PowerOffice, eller "
        "rett ordrens status i butikken.",
    ),
    "reconcile_off_draft": Message(
        'Order {number} is "{status}" in the shop; its draft for {books} stands.',
        "Delete the draft in PowerOffice unless the order goes on.",
        "Ordre {number} har status «{status}» i butikken; utkastet på {books} står.",
        "Slett utkastet i PowerOffice, med mindre ordren likevel skal leveres.",
    ),
    "reconcile_deleted_invoice": Message(
        "No order in the shop explains document {invoice} of {books_day}, {books} ({number}): it "
        "was deleted for good, or never there.",
        "Credit it in PowerOffice if the sale was called off; else keep its papers.",
        "Ingen ordre i butikken forklarer dokument {invoice} fra {books_day}, {books} "
        "({number}): den er slettet for godt, eller har aldri vært der.",
        "Krediter det i PowerOffice hvis salget er avlyst; ta ellers vare på dokumentasjonen.",
    ),
    "reconcile_deleted_draft": Message(
        "The order of a draft for {books} ({number}) was deleted for good in the shop.",
        "Delete the draft in PowerOffice.",
        "Ordren til et utkast på {books} ({number}) er slettet for godt i butikken.",
        "Slett utkastet i PowerOffice.",
    ),
    "reconcile_stranger": Message(
        "Document {invoice} of {books_day}, {books}, bears a reference like ours ({reference}), "
        "but is not this shop's.",
        "Do two shops use one prefix? Give each its own orders.number_prefix.",
        "Dokument {invoice} fra {books_day}, {books}, har en referanse som ligner våre "
        "({reference}), men er ikke denne butikkens.",
        "Bruker to butikker samme prefiks? Gi hver sin orders.number_prefix.",
    ),
    "reconcile_unreadable": Message(
        "Order {number} in the shop cannot be read: something of it has no sense.",
        "Open it in the shop, look through its lines, and save it.",
        "Ordre {number} i butikken lar seg ikke lese: noe i den gir ingen mening.",
        "Åpne den i butikken, se gjennom linjene, og lagre den.",
    ),
    # -- refunds ---------------------------------------------------------------------------------
    "reconcile_not_credited": Message(
        "Refund {refund} of {shop_day} on order {number}, {shop}, has no credit note.",
        "If no reason stands here: `woo2po run --order {order}`.",
        "Refusjon {refund} fra {shop_day} på ordre {number}, {shop}, har ingen kreditnota.",
        "Står det ingen grunn her: «woo2po run --order {order}».",
    ),
    "reconcile_credit_draft": Message(
        "A credit note on order {number} is a draft in PowerOffice.",
        "Send the draft in PowerOffice, or let `woo2po run` do it.",
        "En kreditnota på ordre {number} er et utkast i PowerOffice.",
        "Send utkastet i PowerOffice, eller la «woo2po run» gjøre det.",
    ),
    "reconcile_credit_odd": Message(
        "Credit note {invoice} of {books_day}, {books}, credits order {number} whole, but no "
        "invoice of that amount is there.",
        "See in PowerOffice which invoice it names.",
        "Kreditnota {invoice} fra {books_day}, {books}, krediterer hele ordre {number}, men det "
        "er ingen faktura på det beløpet.",
        "Se i PowerOffice hvilken faktura den gjelder.",
    ),
    "reconcile_taken_back": Message(
        "Credit note {invoice} of {books_day}, {books}: its refund on order {number} was deleted "
        "in the shop.",
        "Invoice the amount anew in PowerOffice, or enter the refund again in the shop.",
        "Kreditnota {invoice} fra {books_day}, {books}: refusjonen på ordre {number} er slettet "
        "i butikken.",
        "Fakturer beløpet på nytt i PowerOffice, eller legg inn refusjonen igjen i butikken.",
    ),
    "reconcile_hand_credit": Message(
        "Somebody credited order {number} by hand: {invoice} of {books_day}, {books}. The shop "
        "has no such refund.",
        "Enter the refund in the shop, or cancel the order there.",
        "Noen har kreditert ordre {number} for hånd: {invoice} fra {books_day}, {books}. "
        "Butikken har ingen slik refusjon.",
        "Legg inn refusjonen i butikken, eller kanseller ordren der.",
    ),
    # -- money -----------------------------------------------------------------------------------
    "reconcile_payment_missing": Message(
        "Order {number} was paid on {shop_day}, {shop}; no payment is posted on account {account}.",
        "`woo2po run` posts it; `woo2po show {order}` tells what it waits for.",
        "Ordre {number} ble betalt {shop_day}, {shop}; ingen betaling er ført på konto {account}.",
        "«woo2po run» fører den; «woo2po show {order}» forteller hva den venter på.",
    ),
    "reconcile_payback_missing": Message(
        "{shop} went back on {shop_day} for order {number}; it is not posted on account {account}.",
        "`woo2po run` posts it; `woo2po show {order}` tells what it waits for.",
        "{shop} gikk tilbake {shop_day} for ordre {number}; det er ikke ført på konto {account}.",
        "«woo2po run» fører det; «woo2po show {order}» forteller hva det venter på.",
    ),
    "reconcile_payment_amount": Message(
        "Order {number}: {shop} moved on {shop_day}; {books} is posted on account {account}.",
        "Post the difference in PowerOffice.",
        "Ordre {number}: {shop} ble betalt {shop_day}; {books} er ført på konto {account}.",
        "Før forskjellen i PowerOffice.",
    ),
    "reconcile_account": Message(
        "The money of order {number}, {shop} on {shop_day}, belongs on account {wanted} and "
        "stands on {account}.",
        "Was payments.accounts changed? Move it in PowerOffice.",
        "Pengene for ordre {number}, {shop} den {shop_day}, hører til på konto {wanted} og står "
        "på {account}.",
        "Er payments.accounts endret? Flytt pengene til riktig konto i PowerOffice.",
    ),
    "reconcile_payment_odd": Message(
        "{books} posted on account {account} on {books_day} names order {number}, which explains "
        "no such amount.",
        "Compare the voucher with the order in the shop, and reverse it if it is wrong.",
        "{books} ført på konto {account} den {books_day} nevner ordre {number}, som ikke "
        "forklarer et slikt beløp.",
        "Sammenlign bilaget med ordren i butikken, og tilbakefør (reverser) det hvis det er feil.",
    ),
    "reconcile_paid_but_off": Message(
        'Order {number} is "{status}", but {shop} was paid on {shop_day} and is not refunded.',
        "Pay it back, or set the order's status right in the shop.",
        "Ordre {number} har status «{status}», men {shop} ble betalt {shop_day} og er ikke "
        "refundert.",
        "Betal det tilbake, eller rett ordrens status i butikken.",
    ),
    "reconcile_returned_outside": Message(
        "Refund {refund} on order {number}, {shop} on {shop_day}, was not returned by the "
        "payment method; its credit note is open.",
        "Find how the money went back (bank, cash, a new gift card) and post it in PowerOffice.",
        "Refusjon {refund} på ordre {number}, {shop} den {shop_day}, ble ikke betalt tilbake av "
        "betalingsmåten; kreditnotaen er åpen.",
        "Finn ut hvordan pengene gikk tilbake (bank, kontant, nytt gavekort), og før det i "
        "PowerOffice.",
    ),
}

RECONCILE_TEXTS: dict[str, Message] = {
    # -- what is explained -----------------------------------------------------------------------
    "reconcile_other_period": Message(
        "Order {number}: {shop} of {shop_day} in the shop, on document {invoice} of {books_day}.",
        "",
        "Ordre {number}: {shop} fra {shop_day} i butikken, datert {books_day} på dokument "
        "{invoice}.",
        "",
    ),
    "reconcile_called_off": Message(
        "Order {number} was called off: document {invoice} of {books_day}, {books}, is outweighed.",
        "",
        "Ordre {number} ble avlyst: dokument {invoice} fra {books_day}, {books}, er utlignet.",
        "",
    ),
    "reconcile_returned_before": Message(
        "Order {number}: {shop} of {shop_day} was returned whole before it was invoiced.",
        "",
        "Ordre {number}: {shop} fra {shop_day} ble betalt helt tilbake før fakturering.",
        "",
    ),
    "reconcile_skipped": Message(
        "Order {number} of {shop_day}, {shop}, was taken out.",
        "",
        "Ordre {number} fra {shop_day}, {shop}, er tatt ut.",
        "",
    ),
    "reconcile_hand_credited": Message(
        "Order {number}: the refund of {shop_day}, {shop}, was credited by hand ({invoice}).",
        "",
        "Ordre {number}: refusjonen fra {shop_day}, {shop}, er kreditert for hånd ({invoice}).",
        "",
    ),
    # -- the conclusion and the notes ------------------------------------------------------------
    "reconcile_agrees": Message(
        "Everything agrees: {orders} orders and {refunds} refunds, {shop} in the shop, stand in "
        "PowerOffice to the øre.",
        "",
        "Alt stemmer: {orders} ordrer og {refunds} refusjoner, {shop} i butikken, står i "
        "PowerOffice på øret.",
        "",
    ),
    "reconcile_differs": Message(
        "{n} differences: the shop has {shop}, of which {explained} is explained otherwise, "
        "PowerOffice has {books}: {difference} too much or too little.",
        "",
        "{n} avvik: butikken har {shop}, hvorav {explained} er forklart på annen måte, "
        "PowerOffice har {books}: {difference} for mye eller for lite.",
        "",
    ),
    "reconcile_unfinished": Message(
        "{n} orders, {amount}, are not completed and have no invoice date yet: they belong to "
        "the month in which they will be.",
        "",
        "{n} ordrer, {amount}, er ikke fullført og har ingen fakturadato ennå: de hører til "
        "måneden da de blir det.",
        "",
    ),
    "reconcile_unnamed": Message(
        "Nothing that is posted on the clearing accounts names an order: payments are judged by "
        "the invoices' balances, and what is posted there stands under other postings.",
        "",
        "Ingenting som er ført på oppgjørskontoene, nevner en ordre: betalingene bedømmes etter "
        "fakturaenes saldo, og det som er ført der, står under andre posteringer.",
        "",
    ),
    "reconcile_more": Message(
        "... and {n} more of this kind; --html and --csv list them all.",
        "",
        "... og {n} til av samme slag; --html og --csv viser alle.",
        "",
    ),
    "reconcile_period_wrong": Message(
        "The period begins on {first} and ends on {last}: it must not end before it begins.",
        "Give both days, in this order: `woo2po reconcile --from {last} --to {first}`.",
        "Perioden begynner {first} og slutter {last}: den kan ikke slutte før den begynner.",
        "Oppgi begge dagene, i denne rekkefølgen: «woo2po reconcile --from {last} --to {first}».",
    ),
    "reconcile_title": Message(
        "Proof of {first} to {last}",
        "",
        "Avstemming {first} til {last}",
        "",
    ),
    "reconcile_how": Message(
        "A sale stands on the day of its invoice as question 4 sets it, a refund and a payment "
        'on their own days, in the shop\'s time zone. "Explained" is what is booked on another '
        'day, rounding, and what was called off; "differs" is what is left.',
        "",
        "Et salg står på fakturadagen slik spørsmål 4 setter den, en refusjon og en betaling på "
        "sin egen dag, i butikkens tidssone. «Forklart» er det som er bokført en annen dag, "
        "avrunding, og det som ble avlyst; «avvik» er resten.",
        "",
    ),
    "reconcile_settlement_how": Message(
        "What the payment methods took and returned, to be held against their payout reports; "
        "what they charge for it is not known here.",
        "",
        "Det betalingsmåtene tok imot og betalte tilbake, til å holde opp mot "
        "utbetalingsrapporten; gebyrene deres er ikke kjent her.",
        "",
    ),
    # -- headings --------------------------------------------------------------------------------
    "reconcile_h_differences": Message("What differs", "", "Avvik", ""),
    "reconcile_h_explained": Message("What is explained", "", "Forklart", ""),
    "reconcile_h_sum": Message("The period", "", "Perioden", ""),
    "reconcile_h_days": Message("Per day", "", "Per dag", ""),
    "reconcile_h_months": Message("Per month", "", "Per måned", ""),
    "reconcile_h_rates": Message("Per VAT rate", "", "Per mva-sats", ""),
    "reconcile_h_accounts": Message("Payments per account", "", "Betalinger per konto", ""),
    "reconcile_h_settlements": Message("Settlements", "", "Oppgjør", ""),
    "reconcile_h_settlement": Message(
        "Account {account}: {methods}",
        "",
        "Konto {account}: {methods}",
        "",
    ),
    "reconcile_h_notes": Message("Notes", "", "Merknader", ""),
    "reconcile_c_day": Message("day", "", "dag", ""),
    "reconcile_c_month": Message("month", "", "måned", ""),
    "reconcile_c_sum": Message("total", "", "sum", ""),
    "reconcile_c_shop": Message("shop", "", "butikk", ""),
    "reconcile_c_explained": Message("explained", "", "forklart", ""),
    "reconcile_c_differs": Message("differs", "", "avvik", ""),
    "reconcile_c_count": Message("count", "", "antall", ""),
    "reconcile_c_what": Message("what", "", "hva", ""),
    "reconcile_c_rate": Message("rate", "", "sats", ""),
    "reconcile_c_unknown": Message("unknown", "", "ukjent", ""),
    "reconcile_c_net": Message("net", "", "grunnlag", ""),
    "reconcile_c_vat": Message("VAT", "", "mva.", ""),
    "reconcile_c_account": Message("account", "", "konto", ""),
    "reconcile_c_other": Message("other postings", "", "andre posteringer", ""),
    "reconcile_c_payments": Message("payments", "", "betalinger", ""),
    "reconcile_c_refunds": Message("refunds", "", "refusjoner", ""),
    "reconcile_c_paid": Message("taken", "", "tatt imot", ""),
    "reconcile_c_returned": Message("returned", "", "tilbakebetalt", ""),
    "reconcile_c_left": Message("net", "", "netto", ""),
    "reconcile_c_order": Message("order", "", "ordre", ""),
    "reconcile_c_todo": Message("what to do", "", "hva du gjør", ""),
    "reconcile_c_kind": Message("table", "", "tabell", ""),
    "reconcile_none": Message("none set", "", "ingen satt", ""),
}
