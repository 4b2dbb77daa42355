"""What the screens say: the preview of a run, one order, what was noticed."""

from woo2po.messages.message import Message

SCREENS: dict[str, Message] = {
    # -- run --dry-run ---------------------------------------------------------------------------
    "preview_nothing": Message(
        "Nothing to transfer. (A preview: nothing was written.)",
        "",
        "Ingenting å overføre. (En forhåndsvisning: ingenting ble skrevet.)",
        "",
    ),
    "preview_end": Message(
        "A run would come to: {what}.\n"
        "This was a preview: nothing was written, neither there nor here.",
        "",
        "En kjøring ville gi: {what}.\n"
        "Dette var en forhåndsvisning: ingenting ble skrevet, verken der eller her.",
        "",
    ),
    "preview_invoice": Message("invoiced on {day}", "", "faktureres {day}", ""),
    "preview_dated": Message("dated {day}", "", "datert {day}", ""),
    "preview_moved": Message(
        "(its own day, {day}, is in a locked period)",
        "",
        "(den egentlige dagen, {day}, er i en låst periode)",
        "",
    ),
    "preview_payment": Message(
        "payment {amount} on account {account}, {day}",
        "",
        "betaling {amount} på konto {account}, {day}",
        "",
    ),
    "preview_later": Message("once it is invoiced", "", "når den er fakturert", ""),
    "preview_payback": Message(
        "{amount} goes back from account {account}, {day}",
        "",
        "{amount} tilbake fra konto {account}, {day}",
        "",
    ),
    "preview_credit_note": Message(
        "credit note for refund {refund}", "", "kreditnota for refusjon {refund}", ""
    ),
    "preview_credit_whole": Message(
        "credit note for the whole order", "", "kreditnota for hele ordren", ""
    ),
    "preview_deletes": Message(
        'is "{status}" in the shop: its draft, sales order {sales_order}, is deleted',
        "",
        "har status «{status}» i butikken: utkastet, salgsordre {sales_order}, slettes",
        "",
    ),
    "preview_credits": Message(
        'is "{status}" in the shop: invoice {invoice} is credited in full',
        "",
        "har status «{status}» i butikken: faktura {invoice} krediteres i sin helhet",
        "",
    ),
    "preview_waits": Message(
        "PowerOffice has not answered yet; a run looks first and then goes on",
        "",
        "PowerOffice har ikke svart ennå; en kjøring ser etter først og fortsetter så",
        "",
    ),
    "preview_invoice_stands": Message(
        "invoice {invoice} stands as it should", "", "faktura {invoice} står som den skal", ""
    ),
    "preview_unchanged": Message(
        "sales order {sales_order} stands as it should",
        "",
        "salgsordre {sales_order} står som den skal",
        "",
    ),
    "preview_changes": Message(
        "changes sales order {sales_order}", "", "endrer salgsordre {sales_order}", ""
    ),
    "preview_found": Message("is in PowerOffice already", "", "står allerede i PowerOffice", ""),
    "customer_known": Message(
        "a customer who has bought before", "", "en kunde som har handlet før", ""
    ),
    "customer_exists": Message(
        "customer {number} in PowerOffice", "", "kunde {number} i PowerOffice", ""
    ),
    "customer_new": Message("a new customer", "", "en ny kunde", ""),
    "refunded_before_transfer": Message(
        "refunded in full before it was transferred: nothing is sent",
        "",
        "refundert i sin helhet før den ble overført: ingenting sendes",
        "",
    ),
    "not_transferred": Message(
        'in status "{status}": not transferred',
        "",
        "har status «{status}»: overføres ikke",
        "",
    ),
    # -- show ------------------------------------------------------------------------------------
    "show_cancellation": Message(
        "credit note of the whole order", "", "kreditnota for hele ordren", ""
    ),
    "show_refund": Message("refund {id}", "", "refusjon {id}", ""),
    "show_equal": Message(
        "The draft in PowerOffice is equal to the order, to the øre.",
        "",
        "Utkastet i PowerOffice er likt ordren, på øret.",
        "",
    ),
    "show_behind": Message(
        "The order was changed in the shop since; a run brings the draft up to date.",
        "",
        "Ordren er endret i butikken siden; en kjøring retter utkastet etter den.",
        "",
    ),
    "show_gone": Message(
        "Its sales order is no longer in PowerOffice, and there is no invoice of it.",
        "The next run looks for it and says what to do.",
        "Salgsordren finnes ikke lenger i PowerOffice, og det er ingen faktura av den.",
        "Neste kjøring ser etter den og sier hva du gjør.",
    ),
    "show_invoice": Message(
        "Invoice {invoice} of {day} in PowerOffice: {total}, of which {balance} is not paid.",
        "",
        "Faktura {invoice} av {day} i PowerOffice: {total}, hvorav {balance} ikke er betalt.",
        "",
    ),
    "show_credit_note": Message(
        "Credit note {invoice} of {day} in PowerOffice: {total}, of which {balance} is open.",
        "",
        "Kreditnota {invoice} av {day} i PowerOffice: {total}, hvorav {balance} står åpent.",
        "",
    ),
    "show_invoice_gone": Message(
        "Invoice {invoice} is not found in PowerOffice.",
        "",
        "Faktura {invoice} finnes ikke i PowerOffice.",
        "",
    ),
    "show_credit_note_gone": Message(
        "Credit note {invoice} is not found in PowerOffice.",
        "",
        "Kreditnota {invoice} finnes ikke i PowerOffice.",
        "",
    ),
    "show_invoice_equal": Message(
        "The invoice is equal to the order in the shop, to the øre.",
        "",
        "Fakturaen er lik ordren i butikken, på øret.",
        "",
    ),
    "show_changed": Message(
        "The order in the shop is no longer what was invoiced:",
        "",
        "Ordren i butikken er ikke lenger det som ble fakturert:",
        "",
    ),
    "show_changed_head": Message(
        "The lines and the total are those of the invoice. What differs is the customer, an "
        "address, a reference, or a key of the configuration.",
        "",
        "Linjene og totalen er som på fakturaen. Det som er endret, er kunden, en adresse, en "
        "referanse eller en nøkkel i konfigurasjonen.",
        "",
    ),
    "show_off": Message(
        'In the shop the order is now "{status}". What was made of it is not taken back.',
        "",
        "I butikken har ordren nå status «{status}». Det som er laget av den, er ikke tatt "
        "tilbake.",
        "",
    ),
    "show_gone_from_shop": Message(
        "The order is gone from the shop. What was made of it is not taken back.",
        "",
        "Ordren er borte fra butikken. Det som er laget av den, er ikke tatt tilbake.",
        "",
    ),
    "show_unfit": Message(
        "As it is in the shop now, the order would be held:",
        "",
        "Slik ordren er i butikken nå, ville den bli holdt tilbake:",
        "",
    ),
    "show_not_credited": Message(
        "Refund {refund} of {amount} in the shop is not credited.",
        "`woo2po run --order {order}` credits it, or says why not.",
        "Refusjon {refund} på {amount} i butikken er ikke kreditert.",
        "«woo2po run --order {order}» krediterer den, eller sier hvorfor ikke.",
    ),
    # -- status ----------------------------------------------------------------------------------
    "noticed": Message(
        "Noticed about orders that went:", "", "Lagt merke til ved ordrer som gikk:", ""
    ),
    "noticed_some": Message(
        "Noticed about orders that went: {n} in the last {days} days; `woo2po status --all` shows "
        "them.",
        "",
        "Lagt merke til ved ordrer som gikk: {n} de siste {days} dagene; «woo2po status --all» "
        "viser dem.",
        "",
    ),
    "noticed_more": Message(
        "and {n} more in the last {days} days: `woo2po status --all`",
        "",
        "og {n} til de siste {days} dagene: «woo2po status --all»",
        "",
    ),
}
