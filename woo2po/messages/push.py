"""Why an order is held that the mapping had nothing against: found out on the way."""

from woo2po.messages.message import Message

_SKIP_EN = '`woo2po skip {order} --reason "..."`'
_SKIP_NB = '«woo2po skip {order} --reason "..."»'
_THEN_SKIP_EN = f"then: {_SKIP_EN}."
_THEN_SKIP_NB = f"og kjør så {_SKIP_NB}."
_THEN_RETRY_EN = "then: `woo2po retry {order}`."
_THEN_RETRY_NB = "og kjør så «woo2po retry {order}»."

PUSH: dict[str, Message] = {
    # -- found out on the way to PowerOffice -----------------------------------------------------
    "unreadable": Message(
        "The shop's answer for this order cannot be read: {where} should be {expected}.",
        "Open the order in WooCommerce and save it. If it stays so, a plugin damages the answer: "
        "ask whoever looks after the shop to look in WooCommerce > Status > Logs.",
        "Butikkens svar for denne ordren lar seg ikke lese: {where} skulle vært {expected}.",
        "Åpne ordren i WooCommerce og lagre den. Blir det stående, ødelegger en utvidelse svaret: "
        "be den som steller butikken, om å se i WooCommerce > Status > Logger.",
    ),
    "refused": Message(
        "PowerOffice refused to {what}: {title}: {detail}.",
        f"Mend what PowerOffice names, in the order or in PowerOffice, {_THEN_RETRY_EN}",
        "PowerOffice nektet å {what}: {title}: {detail}.",
        f"Rett det PowerOffice nevner, på ordren eller i PowerOffice, {_THEN_RETRY_NB}",
    ),
    "never_arrives": Message(
        "PowerOffice has left this order without an answer {attempts} times, and it is not there.",
        "Look in PowerOffice whether the order can be made by hand. `woo2po retry {order}` tries "
        "again.",
        "PowerOffice har latt denne ordren stå ubesvart {attempts} ganger, og den er ikke der.",
        "Se i PowerOffice om ordren kan lages for hånd. «woo2po retry {order}» prøver igjen.",
    ),
    "sent_but_unwanted": Message(
        "It is already in PowerOffice, and now looks like an order that must not be booked.",
        f"Decide in PowerOffice whether its sales order stays, {_THEN_SKIP_EN}",
        "Den er allerede i PowerOffice, og ser nå ut som en ordre som ikke skal bokføres.",
        f"Avgjør i PowerOffice om salgsordren skal bli stående, {_THEN_SKIP_NB}",
    ),
    "changed_after_invoice": Message(
        "It was changed in the shop after it was invoiced: invoice {invoice} is {was}, the order "
        "now comes to {now}.",
        "`woo2po show {order}` lists what differs. An invoice is never rewritten: credit it or "
        f"send an additional one in PowerOffice, {_THEN_SKIP_EN} Or change the order back in the "
        "shop.",
        "Den er endret i butikken etter at den ble fakturert: faktura {invoice} er på {was}, "
        "ordren er nå på {now}.",
        "«woo2po show {order}» viser hva som er endret. En faktura skrives aldri om: krediter den "
        f"eller send en tilleggsfaktura i PowerOffice, {_THEN_SKIP_NB} Eller endre ordren tilbake "
        "i butikken.",
    ),
    "invoice_differs": Message(
        "Invoice {invoice} in PowerOffice is {total}, but the customer paid {paid}.",
        "`woo2po show {order}` lists what differs. Credit the invoice or correct it in "
        f"PowerOffice, {_THEN_SKIP_EN}",
        "Faktura {invoice} i PowerOffice er på {total}, men kunden betalte {paid}.",
        "«woo2po show {order}» viser hva som er ulikt. Krediter fakturaen eller rett den i "
        f"PowerOffice, {_THEN_SKIP_NB}",
    ),
    "draft_gone": Message(
        "Sales order {sales_order} is gone from PowerOffice, and there is no invoice of it.",
        f"If somebody deleted it on purpose: {_SKIP_EN}. To have it made anew, under a new "
        "reference: `woo2po retry {order}`.",
        "Salgsordre {sales_order} er borte fra PowerOffice, og det finnes ingen faktura av den.",
        f"Er den slettet med vilje: {_SKIP_NB}. Skal den lages på nytt, med en ny referanse: "
        "«woo2po retry {order}».",
    ),
    "draft_edited": Message(
        "The order changed in the shop, but somebody has edited sales order {sales_order} in "
        "PowerOffice, so it was left alone.",
        f"Make the change by hand in PowerOffice, {_THEN_SKIP_EN} If the shop's version is to "
        "count: delete the sales order there; once `woo2po status` says that it is gone, "
        "`woo2po retry {order}` makes it anew.",
        "Ordren er endret i butikken, men noen har redigert salgsordre {sales_order} i "
        "PowerOffice, så den er ikke rørt.",
        f"Gjør endringen for hånd i PowerOffice, {_THEN_SKIP_NB} Skal butikkens versjon gjelde: "
        "slett salgsordren der; når «woo2po status» sier at den er borte, lager "
        "«woo2po retry {order}» den på nytt.",
    ),
    "draft_confirmed": Message(
        "Sales order {sales_order} is confirmed in PowerOffice and cannot be edited.",
        "Set it back to draft in PowerOffice; the job goes on within the hour.",
        "Salgsordre {sales_order} er bekreftet i PowerOffice og kan ikke endres.",
        "Sett den tilbake til utkast i PowerOffice; jobben fortsetter innen en time.",
    ),
    "under_another_prefix": Message(
        "This order is already in PowerOffice as {reference}; now it would be {otherwise}.",
        f"Set orders.number_prefix back to what it was. If it is to stay as it is: {_SKIP_EN}.",
        "Denne ordren er allerede i PowerOffice som {reference}; nå ville den bli {otherwise}.",
        f"Sett orders.number_prefix tilbake til det den var. Skal den stå som den er: {_SKIP_NB}.",
    ),
    "prefix_of_another_shop": Message(
        "{reference} in PowerOffice is another shop's order: two shops share a prefix.",
        "Give this shop an orders.number_prefix of its own.",
        "{reference} i PowerOffice er en annen butikks ordre: to butikker deler prefiks.",
        "Gi denne butikken sin egen orders.number_prefix.",
    ),
    "found_twice": Message(
        "PowerOffice has this order twice: {numbers}.",
        "Delete (or credit) the one too many in PowerOffice; the job looks again within the hour.",
        "PowerOffice har denne ordren to ganger: {numbers}.",
        "Slett (eller krediter) den overtallige i PowerOffice; jobben ser etter igjen innen en "
        "time.",
    ),
    "id_used_again": Message(
        "Order id {id} was another order before: was the shop set back to a backup?",
        f"Compare the order in the shop with what is in PowerOffice, {_THEN_SKIP_EN}",
        "Ordre-id {id} var en annen ordre før: er butikken satt tilbake til en sikkerhetskopi?",
        f"Sammenlign ordren i butikken med det som står i PowerOffice, {_THEN_SKIP_NB}",
    ),
    "collective_missing": Message(
        "PowerOffice has no customer number {number} (customers.collective_number).",
        "Create that customer in PowerOffice, or correct the number in the configuration.",
        "PowerOffice har ingen kunde med nummer {number} (customers.collective_number).",
        "Opprett kunden i PowerOffice, eller rett nummeret i konfigurasjonen.",
    ),
    "customer_archived": Message(
        "The order's customer (number {number}) is archived in PowerOffice.",
        "Take the customer out of the archive in PowerOffice; the order goes within the hour.",
        "Ordrens kunde (nummer {number}) er arkivert i PowerOffice.",
        "Hent kunden ut av arkivet i PowerOffice; ordren går innen en time.",
    ),
    # -- after the draft -------------------------------------------------------------------------
    "off_after_invoice": Message(
        'It was invoiced (invoice {invoice}) and is now "{status}" in the shop; '
        "refunds.credit_notes is off.",
        f"Credit the invoice in PowerOffice if the sale is off, {_THEN_SKIP_EN}",
        "Den er fakturert (faktura {invoice}) og er nå «{status}» i butikken; "
        "refunds.credit_notes er av.",
        f"Krediter fakturaen i PowerOffice hvis salget er hevet, {_THEN_SKIP_NB}",
    ),
    "off_and_changed": Message(
        'It was invoiced (invoice {invoice}), then changed in the shop and is now "{status}": the '
        "invoice is not what the order says, so it was not credited.",
        f"Credit the invoice in PowerOffice if the sale is off, {_THEN_SKIP_EN}",
        "Den er fakturert (faktura {invoice}), så endret i butikken og nå «{status}»: fakturaen er "
        "ikke det ordren sier, så den ble ikke kreditert.",
        f"Krediter fakturaen i PowerOffice hvis salget er hevet, {_THEN_SKIP_NB}",
    ),
    "draft_edited_and_off": Message(
        'It is "{status}" in the shop, but somebody has edited sales order {sales_order} in '
        "PowerOffice, so it was not deleted.",
        "Delete the sales order in PowerOffice if the sale is off; the job notices it within the "
        f"hour. If it stays: {_SKIP_EN}.",
        "Den er «{status}» i butikken, men noen har redigert salgsordre {sales_order} i "
        "PowerOffice, så den ble ikke slettet.",
        "Slett salgsordren i PowerOffice hvis salget er hevet; jobben merker det innen en time. "
        f"Skal den stå: {_SKIP_NB}.",
    ),
    "never_sent": Message(
        "Sales order {sales_order} was sent for invoicing several times and is still a draft.",
        "Invoice it by hand in PowerOffice; the job notices it within the hour.",
        "Salgsordre {sales_order} er sendt til fakturering flere ganger og er fortsatt et utkast.",
        "Fakturer den for hånd i PowerOffice; jobben merker det innen en time.",
    ),
    "sending_failed": Message(
        "PowerOffice could not send the invoice: {detail}.",
        f"Mend what PowerOffice names (on the customer or the sales order), {_THEN_RETRY_EN}",
        "PowerOffice kunne ikke sende fakturaen: {detail}.",
        f"Rett det PowerOffice nevner (på kunden eller salgsordren), {_THEN_RETRY_NB}",
    ),
    "sent_and_nowhere": Message(
        "Sales order {sales_order} was sent for invoicing, and now neither it nor an invoice of "
        "it is found.",
        f"Look for it among the invoices in PowerOffice, {_THEN_RETRY_EN}",
        "Salgsordre {sales_order} er sendt til fakturering, og nå finnes verken den eller en "
        "faktura av den.",
        f"Se etter den blant fakturaene i PowerOffice, {_THEN_RETRY_NB}",
    ),
    "balance_unknown": Message(
        "PowerOffice does not tell the balance of invoice {invoice}; its payment was not posted.",
        f"Look whether the invoice stands in PowerOffice, {_THEN_RETRY_EN}",
        "PowerOffice oppgir ikke saldoen på faktura {invoice}, så betalingen er ikke ført.",
        f"Se om fakturaen finnes i PowerOffice, {_THEN_RETRY_NB}",
    ),
    "rate_of_invoice_unknown": Message(
        "PowerOffice does not tell the exchange rate of invoice {invoice}; its payment was not "
        "posted.",
        f"Post the payment by hand in PowerOffice, {_THEN_SKIP_EN}",
        "PowerOffice oppgir ikke valutakursen på faktura {invoice}, så betalingen er ikke ført.",
        f"Før betalingen for hånd i PowerOffice, {_THEN_SKIP_NB}",
    ),
    "credited_before_paid": Message(
        "Invoice {invoice} was closed by credit note {credit_note} before its payment was posted.",
        "See in PowerOffice what the customer is owed. If the money came, post it by hand; "
        f"{_THEN_SKIP_EN}",
        "Faktura {invoice} ble utlignet av kreditnota {credit_note} før betalingen var ført.",
        "Se i PowerOffice hva kunden har til gode. Kom pengene inn, før dem for hånd, "
        f"{_THEN_SKIP_NB}",
    ),
    "credited_by_hand": Message(
        "Invoice {invoice} has a credit note of {amount} in PowerOffice that was made by hand "
        "({credit_note}), so none is made for what was refunded or cancelled in the shop.",
        f"If that one covers it: {_SKIP_EN}. If not, credit the rest by hand first.",
        "Faktura {invoice} har i PowerOffice en kreditnota på {amount} som er laget for hånd "
        "({credit_note}), så det lages ingen for det som er refundert eller kansellert i butikken.",
        f"Dekker den det: {_SKIP_NB}. Hvis ikke, krediter resten for hånd først.",
    ),
    "invoice_gone": Message(
        "Invoice {invoice} is not found in PowerOffice any more, so it cannot be credited.",
        f"Look for it in PowerOffice; if it is really gone: {_SKIP_EN}.",
        "Faktura {invoice} finnes ikke lenger i PowerOffice og kan ikke krediteres.",
        f"Se etter den i PowerOffice; er den virkelig borte: {_SKIP_NB}.",
    ),
    "paid_in_part": Message(
        "Invoice {invoice} has {balance} left to pay, and the payment is {amount}: part of it is "
        "posted already.",
        f"Post the rest by hand in PowerOffice, {_THEN_SKIP_EN}",
        "Faktura {invoice} har {balance} igjen å betale, og betalingen er {amount}: en del er "
        "allerede ført.",
        f"Før resten for hånd i PowerOffice, {_THEN_SKIP_NB}",
    ),
    "no_vat_code_0": Message(
        "PowerOffice has no VAT code 0, which payments are posted with (invoice {invoice}).",
        "Activate VAT code 0 (no VAT treatment) in PowerOffice; the job goes on within the hour.",
        "PowerOffice mangler mva-kode 0, som betalinger føres med (faktura {invoice}).",
        "Aktiver mva-kode 0 (ingen mva-behandling) i PowerOffice; jobben fortsetter innen en time.",
    ),
    "no_subledger": Message(
        "The sub-ledger account of the customer of invoice {invoice} is not known.",
        f"Post the payment by hand in PowerOffice, {_THEN_SKIP_EN}",
        "Reskontrokontoen til kunden på faktura {invoice} er ikke kjent.",
        f"Før betalingen for hånd i PowerOffice, {_THEN_SKIP_NB}",
    ),
    "voucher_refused": Message(
        "PowerOffice refused the payment: {title}: {detail}.",
        f"Mend what PowerOffice names (the account, the period), {_THEN_RETRY_EN}",
        "PowerOffice avviste betalingen: {title}: {detail}.",
        f"Rett det PowerOffice nevner (kontoen, perioden), {_THEN_RETRY_NB}",
    ),
    "payment_unanswered": Message(
        "The payment of invoice {invoice} was sent without an answer, and PowerOffice does not "
        "show whether it was posted. It is never sent a second time by the job.",
        "Look at the customer's ledger in PowerOffice. If the payment is missing, post it by hand; "
        f"{_THEN_SKIP_EN}",
        "Betalingen av faktura {invoice} ble sendt uten svar, og PowerOffice viser ikke om den "
        "ble ført. Jobben sender den aldri en gang til.",
        "Se på kundens reskontro i PowerOffice. Mangler betalingen, før den for hånd, "
        f"{_THEN_SKIP_NB}",
    ),
    "refund_taken_back": Message(
        "The refund behind credit note {credit_note} was deleted in the shop.",
        f"If no money went back, correct the credit note in PowerOffice, {_THEN_SKIP_EN}",
        "Refusjonen bak kreditnota {credit_note} er slettet i butikken.",
        f"Gikk ingen penger tilbake, rett opp kreditnotaen i PowerOffice, {_THEN_SKIP_NB}",
    ),
    "refund_of_deleted_order": Message(
        "The order of invoice {invoice} was deleted in the shop, so its refund cannot be read.",
        f"Credit the invoice by hand in PowerOffice, {_THEN_SKIP_EN}",
        "Ordren bak faktura {invoice} er slettet i butikken, så refusjonen kan ikke leses.",
        f"Krediter fakturaen for hånd i PowerOffice, {_THEN_SKIP_NB}",
    ),
    "by_hand": Message(
        "Taken out by hand: {reason}.",
        "",
        "Tatt ut for hånd: {reason}.",
        "",
    ),
    "unexpected": Message(
        "The program itself failed on this order ({error} in {place}).",
        "Nothing was sent half. Please report it with this line; the order is tried again hourly.",
        "Programmet selv feilet på denne ordren ({error} i {place}).",
        "Ingenting ble halvsendt. Meld det gjerne med denne linjen; ordren prøves igjen hver time.",
    ),
}
