"""Why an invoice, a payment or a credit note is held, as the order and its refunds say."""

from woo2po.messages.message import Message

_DAYS: dict[str, Message] = {
    "day_in_future": Message(
        "The day to book on, {day}, is still to come (today is {today}).",
        "Correct the date in the shop, and look at the clock of the shop and of this machine.",
        "Dagen det skal bokføres på, {day}, er ikke kommet ennå (i dag er {today}).",
        "Rett datoen i butikken, og se på klokken i butikken og på denne maskinen.",
    ),
    "period_locked": Message(
        "The day to book on, {day}, is in a period that is locked until {locked}.",
        'Open the period in PowerOffice, or set invoices.locked_period to "next_open_day".',
        "Dagen det skal bokføres på, {day}, er i en periode som er låst til og med {locked}.",
        'Åpne perioden i PowerOffice, eller sett invoices.locked_period til "next_open_day".',
    ),
    "locked_ahead": Message(
        "Nothing can be booked for {day}: PowerOffice is locked until {locked}, today or later.",
        "Move the lock date in PowerOffice back.",
        "Ingenting kan bokføres for {day}: PowerOffice er låst til og med {locked}, i dag eller "
        "senere.",
        "Flytt låsedatoen i PowerOffice tilbake.",
    ),
    "completed_without_day": Message(
        "The order is completed, but the shop does not say when, so the invoice has no date.",
        "Set the order to processing and to completed again in the shop, or invoice its draft by "
        "hand in PowerOffice.",
        "Ordren er fullført, men butikken sier ikke når, så fakturaen får ingen dato.",
        "Sett ordren til behandles og så til fullført igjen i butikken, eller fakturer utkastet "
        "for hånd i PowerOffice.",
    ),
    "invoice_email_missing": Message(
        "The order is to be paid by invoice, but has no e-mail to send it to "
        '(invoices.delivery = "{delivery}").',
        "Add the customer's e-mail to the order in the shop, or invoice its draft by hand in "
        "PowerOffice.",
        "Ordren skal betales etter faktura, men har ingen e-post å sende den til "
        '(invoices.delivery = "{delivery}").',
        "Legg inn kundens e-post på ordren i butikken, eller fakturer utkastet for hånd i "
        "PowerOffice.",
    ),
}

_PAYMENTS: dict[str, Message] = {
    "payment_account_not_set": Message(
        "No account is named for payments by {method}.",
        "Name the clearing account in config.toml: under [payments.accounts], say "
        "`{method} = 1903`; or payments.bank_account for every method that stands nowhere.",
        "Det er ikke oppgitt noen konto for betalinger med {method}.",
        "Oppgi oppgjørskontoen i config.toml: under [payments.accounts], for eksempel "
        "«{method} = 1903»; eller payments.bank_account for alle betalingsmåter som ikke står der.",
    ),
    "payment_method_missing": Message(
        "The order is paid, but the shop does not say by which method.",
        "Choose the payment method on the order in the shop, or name payments.bank_account "
        "for payments of unknown kind.",
        "Ordren er betalt, men butikken sier ikke på hvilken måte.",
        "Velg betalingsmåten på ordren i butikken, eller oppgi payments.bank_account "
        "for betalinger av ukjent slag.",
    ),
    "payment_account_missing": Message(
        "Account {account} ({key}) does not exist in PowerOffice.",
        "Create it in PowerOffice, or name another one under {key}.",
        "Konto {account} ({key}) finnes ikke i PowerOffice.",
        "Opprett den i PowerOffice, eller oppgi en annen i {key}.",
    ),
    "payment_account_inactive": Message(
        "Account {account} ({key}) is not active in PowerOffice.",
        "Make it active in PowerOffice, or name another one under {key}.",
        "Konto {account} ({key}) er ikke aktiv i PowerOffice.",
        "Gjør den aktiv i PowerOffice, eller oppgi en annen i {key}.",
    ),
    "payment_account_with_vat": Message(
        "Account {account} ({key}) has VAT code {code} ({rate} %), and a payment has no VAT.",
        "Name a balance account without VAT under {key}.",
        "Konto {account} ({key}) har mva-kode {code} ({rate} %), og en betaling har ikke mva.",
        "Oppgi en balansekonto uten mva. i {key}.",
    ),
    "payment_account_department": Message(
        "Account {account} ({key}) requires a department.",
        "Name an account under {key} that requires none, or lift the requirement in PowerOffice.",
        "Konto {account} ({key}) krever avdeling.",
        "Oppgi en konto i {key} som ikke krever det, eller fjern kravet i PowerOffice.",
    ),
    "payment_account_project": Message(
        "Account {account} ({key}) requires a project.",
        "Name an account under {key} that requires none, or lift the requirement in PowerOffice.",
        "Konto {account} ({key}) krever prosjekt.",
        "Oppgi en konto i {key} som ikke krever det, eller fjern kravet i PowerOffice.",
    ),
}

_REFUNDS: dict[str, Message] = {
    "refund_lines_do_not_sum": Message(
        "The lines of refund {refund} come to {lines}, but {amount} was returned. "
        "Rounding explains at most {bound}.",
        "Delete the refund in the shop and make it anew with lines of that sum. Or credit it by "
        'hand in PowerOffice, then: `woo2po skip {order} --reason "..."`.',
        "Linjene i refusjon {refund} blir {lines}, men {amount} er betalt tilbake. "
        "Avrunding forklarer høyst {bound}.",
        "Slett refusjonen i butikken og lag den på nytt med linjer som gir den summen. Eller "
        'krediter for hånd i PowerOffice, og kjør så «woo2po skip {order} --reason "..."».',
    ),
    "refund_not_told": Message(
        "The order names refund {refund}, but the shop does not tell what it is of.",
        "Open the order in the shop and look whether the refund is there. It is looked at again "
        "within the hour. If this stays, credit it by hand in PowerOffice, then: "
        '`woo2po skip {order} --reason "..."`.',
        "Ordren nevner refusjon {refund}, men butikken forteller ikke hva den gjelder.",
        "Åpne ordren i butikken og se om refusjonen er der. Den blir sett på igjen innen en time. "
        "Blir det stående, krediter for hånd i PowerOffice, og kjør så "
        '«woo2po skip {order} --reason "..."».',
    ),
    "refund_without_lines": Message(
        "Refund {refund} of {amount} has no lines, so it does not say what was returned.",
        'Make it anew in the shop with lines, or set refunds.amount_only to "spread". Or credit '
        'it by hand in PowerOffice, then: `woo2po skip {order} --reason "..."`.',
        "Refusjon {refund} på {amount} har ingen linjer og sier ikke hva som er returnert.",
        'Lag den på nytt i butikken med linjer, eller sett refunds.amount_only til "spread". '
        'Eller krediter for hånd i PowerOffice, og kjør så «woo2po skip {order} --reason "..."».',
    ),
    "refunds_exceed_total": Message(
        "{refunded} was refunded in all, but the order is only {total}.",
        "Delete the refund that is too much in the shop, or correct the order.",
        "{refunded} er refundert til sammen, men ordren er bare på {total}.",
        "Slett refusjonen som er for mye, i butikken, eller rett ordren.",
    ),
    "refund_exceeds_rate": Message(
        "Refund {refund} returns {over} too much at {rate} % VAT: {left} of the order's lines is "
        "left at that rate, less what refunds without lines took.",
        "Make the refund anew in the shop with the VAT of the order's own lines. Or credit it by "
        'hand in PowerOffice, then: `woo2po skip {order} --reason "..."`.',
        "Refusjon {refund} tilbakefører {over} for mye med {rate} % mva.: {left} av ordrens linjer "
        "står igjen med den satsen, minus det refusjoner uten linjer har tatt.",
        "Lag refusjonen på nytt i butikken med mva. som på ordrens egne linjer. Eller krediter "
        'for hånd i PowerOffice, og kjør så «woo2po skip {order} --reason "..."».',
    ),
    "cancelled_after_refunds": Message(
        "The order was cancelled after {refunded} of it had been refunded.",
        "Credit the rest of the invoice by hand in PowerOffice, then: "
        '`woo2po skip {order} --reason "..."`.',
        "Ordren er kansellert etter at {refunded} av den var refundert.",
        "Krediter resten av fakturaen for hånd i PowerOffice, og kjør så "
        '«woo2po skip {order} --reason "..."».',
    ),
    "refunded_in_part_after_cancellation": Message(
        "The cancelled order was credited in full ({total}), but {refunded} was returned.",
        "Book what was returned by hand in PowerOffice, then: "
        '`woo2po skip {order} --reason "..."`.',
        "Den kansellerte ordren er kreditert i sin helhet ({total}), men {refunded} er betalt "
        "tilbake.",
        "Bokfør det som er betalt tilbake, for hånd i PowerOffice, og kjør så "
        '«woo2po skip {order} --reason "..."».',
    ),
    "refund_of_cancelled": Message(
        "The refund of {amount} belongs to credit note {credit_note}, made when the order was "
        "cancelled.",
        "",
        "Refusjonen på {amount} hører til kreditnota {credit_note}, som ble laget da ordren ble "
        "kansellert.",
        "",
    ),
    "returned_outside": Message(
        "Refund {refund} of {amount} was not returned by the payment method: its credit note "
        "stays open until the money's way back is booked (refunds.register_payment).",
        "Book by hand in PowerOffice how the money went back, in cash or by bank.",
        "Refusjon {refund} på {amount} er ikke betalt tilbake av betalingsmåten: kreditnotaen "
        "står åpen til tilbakebetalingen er ført (refunds.register_payment).",
        "Før for hånd i PowerOffice hvordan pengene gikk tilbake, kontant eller over bank.",
    ),
    "cancelled_at_zero": Message(
        "The order was paid by gift card alone and then cancelled: there is no credit note of 0.",
        "Credit the goods and give the gift card its amount back by hand in PowerOffice, "
        'then: `woo2po skip {order} --reason "..."`.',
        "Ordren var betalt med bare gavekort og er kansellert: det finnes ingen kreditnota på 0.",
        "Krediter varene og før beløpet tilbake på gavekortet for hånd i PowerOffice, og kjør så "
        '«woo2po skip {order} --reason "..."».',
    ),
    "refund_spread": Message(
        "Refund {refund} of {amount} has no lines: it was spread over what was left of the "
        "order's VAT rates (refunds.amount_only).",
        "If it was for certain goods, move the amounts between the VAT rates by hand in "
        "PowerOffice.",
        "Refusjon {refund} på {amount} har ingen linjer: den er fordelt på det som sto igjen av "
        "ordrens mva-satser (refunds.amount_only).",
        "Gjaldt den bestemte varer, flytt beløpene mellom mva-satsene for hånd i PowerOffice.",
    ),
}

FOLLOWS: dict[str, Message] = {**_DAYS, **_PAYMENTS, **_REFUNDS}
