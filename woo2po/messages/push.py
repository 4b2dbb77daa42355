"""Why an order is held that the mapping had nothing against: found out on the way."""

from woo2po.messages.message import Message

PUSH: dict[str, Message] = {
    # -- found out on the way to PowerOffice -----------------------------------------------------
    "unreadable": Message(
        "The shop's answer for this order is not an order: {where}: {expected}.",
        "Open and save the order in WooCommerce. If it stays, a plugin damages the answer: send "
        "its log to whoever looks after the shop.",
        "Butikkens svar for denne ordren er ikke en ordre: {where}: {expected}.",
        "Åpne og lagre ordren i WooCommerce. Blir det stående, ødelegger et tillegg svaret: send "
        "loggen til den som steller butikken.",
    ),
    "refused": Message(
        "PowerOffice refused it ({what}): {title}: {detail}",
        "Mend what PowerOffice names, in the order or in PowerOffice, then `woo2po retry`.",
        "PowerOffice avviste den ({what}): {title}: {detail}",
        "Rett det PowerOffice nevner, i ordren eller i PowerOffice, og kjør «woo2po retry».",
    ),
    "never_arrives": Message(
        "PowerOffice has left this order without an answer {attempts} times, and it is not there.",
        "Look in PowerOffice whether the order can be made by hand. `woo2po retry` tries again.",
        "PowerOffice har latt denne ordren være ubesvart {attempts} ganger, og den er ikke der.",
        "Se i PowerOffice om ordren kan lages for hånd. «woo2po retry» prøver igjen.",
    ),
    "sent_but_unwanted": Message(
        "It is already in PowerOffice, and now looks like an order that must not be booked.",
        "Decide in PowerOffice whether its sales order stays, then run `woo2po skip`.",
        "Den er allerede i PowerOffice, og ser nå ut som en ordre som ikke skal bokføres.",
        "Avgjør i PowerOffice om salgsordren skal stå, og kjør så «woo2po skip».",
    ),
    "changed_after_invoice": Message(
        "It was changed in the shop after it was invoiced: invoice {invoice} is {was}, the order "
        "now comes to {now}.",
        "`woo2po show NUMBER` lists what differs. An invoice is never rewritten: credit it or "
        "send an addition in PowerOffice, then `woo2po skip`; or change the order back in the "
        "shop.",
        "Den er endret i butikken etter at den ble fakturert: faktura {invoice} er på {was}, "
        "ordren er nå på {now}.",
        "«woo2po show NUMMER» viser hva som er endret. En faktura skrives aldri om: krediter den "
        "eller send et tillegg i PowerOffice, og kjør «woo2po skip»; eller endre ordren tilbake i "
        "butikken.",
    ),
    "invoice_differs": Message(
        "Invoice {invoice} in PowerOffice is {total}, but the customer paid {paid}.",
        "`woo2po show NUMBER` lists what differs. Credit the invoice or correct it in PowerOffice.",
        "Faktura {invoice} i PowerOffice er på {total}, men kunden betalte {paid}.",
        "«woo2po show NUMMER» viser hva som er ulikt. Krediter fakturaen eller rett den i "
        "PowerOffice.",
    ),
    "draft_gone": Message(
        "Sales order {sales_order} is gone from PowerOffice, and there is no invoice of it.",
        "If somebody deleted it on purpose, run `woo2po skip`. To have it made anew, under a new "
        "reference: `woo2po retry` with the order's number.",
        "Salgsordre {sales_order} er borte fra PowerOffice, og det finnes ingen faktura av den.",
        "Er den slettet med vilje, kjør «woo2po skip». Skal den lages på nytt, under en ny "
        "referanse: «woo2po retry» med ordrenummeret.",
    ),
    "draft_edited": Message(
        "The order changed in the shop, but somebody has edited sales order {sales_order} in "
        "PowerOffice, so it was left alone.",
        "Make the change by hand in PowerOffice and run `woo2po skip`. If the shop's version is to "
        "count, delete the sales order there; once it is said here to be gone, run `woo2po retry` "
        "with the order's number, and it is made anew.",
        "Ordren er endret i butikken, men noen har redigert salgsordre {sales_order} i "
        "PowerOffice, så den er ikke rørt.",
        "Gjør endringen for hånd i PowerOffice og kjør «woo2po skip». Skal butikkens versjon "
        "gjelde, slett salgsordren der; når det står her at den er borte, kjør «woo2po retry» med "
        "ordrens nummer, så lages den på nytt.",
    ),
    "draft_confirmed": Message(
        "Sales order {sales_order} is confirmed in PowerOffice and cannot be edited.",
        "Set it back to draft in PowerOffice; the next run goes on.",
        "Salgsordre {sales_order} er bekreftet i PowerOffice og kan ikke endres.",
        "Sett den tilbake til utkast i PowerOffice; neste kjøring fortsetter.",
    ),
    "under_another_prefix": Message(
        "This order is already in PowerOffice as {reference}; now it would be {wanted}.",
        "Set orders.number_prefix back to what it was; or run `woo2po skip` if it is to stay.",
        "Denne ordren er allerede i PowerOffice som {reference}; nå ville den bli {wanted}.",
        "Sett orders.number_prefix tilbake til det den var; eller kjør «woo2po skip» hvis den "
        "skal stå.",
    ),
    "prefix_of_another_shop": Message(
        "{reference} in PowerOffice is another shop's order: two shops share a prefix.",
        "Give this shop an orders.number_prefix of its own.",
        "{reference} i PowerOffice er en annen butikks ordre: to butikker deler prefiks.",
        "Gi denne butikken en egen orders.number_prefix.",
    ),
    "found_twice": Message(
        "PowerOffice has this order twice: {numbers}.",
        "Delete (or credit) the one too many in PowerOffice; it is looked at again within an hour.",
        "PowerOffice har denne ordren to ganger: {numbers}.",
        "Slett (eller krediter) den overtallige i PowerOffice; den sees på igjen innen en time.",
    ),
    "id_used_again": Message(
        "Order id {id} was another order before: was the shop set back to a backup?",
        "Compare the order in the shop with what is in PowerOffice, then run `woo2po skip`.",
        "Ordre-id {id} var en annen ordre før: butikken ser ut til å være satt tilbake til en "
        "sikkerhetskopi.",
        "Sammenlign ordren i butikken med PowerOffice før noe sendes, og kjør så «woo2po skip».",
    ),
    "collective_missing": Message(
        "PowerOffice has no customer number {number} (customers.collective_number).",
        "Create that customer in PowerOffice, or correct the number in the configuration.",
        "PowerOffice har ingen kunde nummer {number} (customers.collective_number).",
        "Opprett kunden i PowerOffice, eller rett nummeret i konfigurasjonen.",
    ),
    "customer_archived": Message(
        "The order's customer (number {number}) is archived in PowerOffice.",
        "Take it out of the archive in PowerOffice; the order goes within an hour.",
        "Ordrens kunde (nummer {number}) er arkivert i PowerOffice.",
        "Ta den ut av arkivet i PowerOffice; ordren går innen en time.",
    ),
    # -- after the draft -------------------------------------------------------------------------
    "off_after_invoice": Message(
        "It was invoiced (invoice {invoice}) and is now «{status}» in the shop; "
        "refunds.credit_notes is off.",
        "Credit the invoice in PowerOffice if the sale is off, then run `woo2po skip`.",
        "Den er fakturert (faktura {invoice}) og er nå «{status}» i butikken; "
        "refunds.credit_notes er av.",
        "Krediter fakturaen i PowerOffice hvis salget er opphevet, og kjør «woo2po skip».",
    ),
    "off_and_changed": Message(
        "It was invoiced (invoice {invoice}), then changed in the shop and is now «{status}»: the "
        "invoice is not what the order says, so it was not credited.",
        "Credit the invoice in PowerOffice if the sale is off, then run `woo2po skip`.",
        "Den er fakturert (faktura {invoice}), så endret i butikken og nå «{status}»: fakturaen er "
        "ikke det ordren sier, så den ble ikke kreditert.",
        "Krediter fakturaen i PowerOffice hvis salget er opphevet, og kjør «woo2po skip».",
    ),
    "draft_edited_and_off": Message(
        "It is «{status}» in the shop, but somebody has edited sales order {sales_order} in "
        "PowerOffice, so it was not deleted.",
        "Delete the sales order in PowerOffice if the sale is off; the next look notices it.",
        "Den er «{status}» i butikken, men noen har redigert salgsordre {sales_order} i "
        "PowerOffice, så den ble ikke slettet.",
        "Slett salgsordren i PowerOffice hvis salget er opphevet; neste gang merkes det.",
    ),
    "never_sent": Message(
        "Sales order {sales_order} was sent for invoicing several times and is still a draft.",
        "Invoice it by hand in PowerOffice; the job notices that within the hour.",
        "Salgsordre {sales_order} er sendt til fakturering flere ganger og er fortsatt et utkast.",
        "Fakturer den for hånd i PowerOffice; jobben merker det innen en time.",
    ),
    "sending_failed": Message(
        "PowerOffice could not send the invoice: {detail}",
        "Mend what PowerOffice names (on the customer or the sales order), then `woo2po retry`.",
        "PowerOffice kunne ikke sende fakturaen: {detail}",
        "Rett det PowerOffice nevner (på kunden eller salgsordren), og kjør «woo2po retry».",
    ),
    "sent_and_nowhere": Message(
        "Sales order {sales_order} was sent for invoicing, and now neither it nor an invoice of "
        "it is found.",
        "Look in PowerOffice among the invoices for it, then `woo2po retry`.",
        "Salgsordre {sales_order} er sendt til fakturering, og nå finnes verken den eller en "
        "faktura av den.",
        "Se etter den blant fakturaene i PowerOffice, og kjør «woo2po retry».",
    ),
    "balance_unknown": Message(
        "PowerOffice does not tell the balance of invoice {invoice}; its payment was not posted.",
        "Look whether the invoice stands in PowerOffice, then `woo2po retry`.",
        "PowerOffice oppgir ikke saldoen på faktura {invoice}, så betalingen ble ikke ført.",
        "Se om fakturaen står i PowerOffice, og kjør «woo2po retry».",
    ),
    "rate_of_invoice_unknown": Message(
        "PowerOffice does not tell the exchange rate of invoice {invoice}; its payment was not "
        "posted.",
        "Post the payment by hand in PowerOffice, then run `woo2po skip`.",
        "PowerOffice oppgir ikke valutakursen på faktura {invoice}, så betalingen ble ikke ført.",
        "Før betalingen for hånd i PowerOffice, og kjør «woo2po skip».",
    ),
    "credited_before_paid": Message(
        "Invoice {invoice} was closed by credit note {credit_note} before its payment was posted.",
        "See in PowerOffice what the customer is owed. If the money came, post it by hand; then "
        "run `woo2po skip`.",
        "Faktura {invoice} ble lukket av kreditnota {credit_note} før betalingen var ført.",
        "Se i PowerOffice hva kunden har til gode. Kom pengene inn, før dem for hånd; kjør så "
        "«woo2po skip».",
    ),
    "credited_by_hand": Message(
        "Invoice {invoice} has a credit note of {amount} in PowerOffice that was made by hand "
        "({credit_note}), so none is made for what was refunded or cancelled in the shop.",
        "If that one covers it, run `woo2po skip`. If not, credit the rest by hand first.",
        "Faktura {invoice} har i PowerOffice en kreditnota på {amount} som er laget for hånd "
        "({credit_note}), så det lages ingen for det som er refundert eller kansellert i butikken.",
        "Dekker den det, kjør «woo2po skip». Hvis ikke, krediter resten for hånd først.",
    ),
    "invoice_gone": Message(
        "Invoice {invoice} is not found in PowerOffice any more, so it cannot be credited.",
        "Look for it in PowerOffice; if it is really gone, run `woo2po skip`.",
        "Faktura {invoice} finnes ikke lenger i PowerOffice og kan ikke krediteres.",
        "Se etter den i PowerOffice; er den virkelig borte, kjør «woo2po skip».",
    ),
    "paid_in_part": Message(
        "Invoice {invoice} has {balance} left to pay, and the payment is {amount}: part of it is "
        "posted already.",
        "Post the rest by hand in PowerOffice, then run `woo2po skip`.",
        "Faktura {invoice} har {balance} igjen å betale, og betalingen er {amount}: en del er "
        "allerede ført.",
        "Før resten for hånd i PowerOffice, og kjør «woo2po skip».",
    ),
    "no_vat_code_0": Message(
        "PowerOffice has no VAT code 0, which payments are posted with (invoice {invoice}).",
        "Activate VAT code 0 (no VAT treatment) in PowerOffice.",
        "PowerOffice har ingen mva-kode 0, som betalinger føres med (faktura {invoice}).",
        "Aktiver mva-kode 0 (ingen mva-behandling) i PowerOffice.",
    ),
    "no_subledger": Message(
        "The sub-ledger account of the customer of invoice {invoice} is not known.",
        "Post the payment by hand in PowerOffice, then run `woo2po skip`.",
        "Reskontrokontoen til kunden på faktura {invoice} er ikke kjent.",
        "Før betalingen for hånd i PowerOffice, og kjør «woo2po skip».",
    ),
    "voucher_refused": Message(
        "PowerOffice refused the payment: {title}: {detail}",
        "Mend what PowerOffice names (the account, the period), then `woo2po retry`.",
        "PowerOffice avviste betalingen: {title}: {detail}",
        "Rett det PowerOffice nevner (kontoen, perioden), og kjør «woo2po retry».",
    ),
    "payment_unanswered": Message(
        "The payment of invoice {invoice} was sent without an answer, and PowerOffice does not "
        "show whether it was posted. It is never sent a second time by the job.",
        "Look at the customer's ledger in PowerOffice. If the payment is missing, post it by hand; "
        "then run `woo2po skip`.",
        "Betalingen av faktura {invoice} ble sendt uten svar, og PowerOffice viser ikke om den "
        "ble ført. Jobben sender den aldri en gang til.",
        "Se på kundens reskontro i PowerOffice. Mangler betalingen, før den for hånd; kjør så "
        "«woo2po skip».",
    ),
    "refund_taken_back": Message(
        "The refund behind credit note {credit_note} was deleted in the shop.",
        "If no money went back, correct the credit note in PowerOffice, then `woo2po skip`.",
        "Refusjonen bak kreditnota {credit_note} er slettet i butikken.",
        "Gikk ingen penger tilbake, rett kreditnotaen i PowerOffice, og kjør «woo2po skip».",
    ),
    "refund_of_deleted_order": Message(
        "The order of invoice {invoice} was deleted in the shop, so its refund cannot be read.",
        "Credit the invoice by hand in PowerOffice, then run `woo2po skip`.",
        "Ordren bak faktura {invoice} er slettet i butikken, så refusjonen kan ikke leses.",
        "Krediter fakturaen for hånd i PowerOffice, og kjør «woo2po skip».",
    ),
    "by_hand": Message(
        "Taken out by hand: {reason}",
        "",
        "Tatt ut for hånd: {reason}",
        "",
    ),
    "unexpected": Message(
        "The program itself failed on this order ({error} in {place}).",
        "Nothing was sent half. Please report it with this line; the order is tried again hourly.",
        "Programmet selv feilet på denne ordren ({error} i {place}).",
        "Ingenting ble halvsendt. Meld det gjerne med denne linjen; ordren prøves igjen hver time.",
    ),
}
