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
    "left_after_transfer": Message(
        "It was transferred (sales order {sales_order}) and is now «{status}» in the shop.",
        "If the sale is off, delete the sales order in PowerOffice and run `woo2po skip` with the "
        "reason; else set the order back to its status in the shop.",
        "Den er overført (salgsordre {sales_order}) og er nå «{status}» i butikken.",
        "Er salget opphevet, slett salgsordren i PowerOffice og kjør «woo2po skip» med grunnen; "
        "ellers sett ordren tilbake til sin status i butikken.",
    ),
    "sent_but_unwanted": Message(
        "It is already in PowerOffice, and now looks like an order that must not be booked.",
        "Decide in PowerOffice whether its sales order stays, then run `woo2po skip`.",
        "Den er allerede i PowerOffice, og ser nå ut som en ordre som ikke skal bokføres.",
        "Avgjør i PowerOffice om salgsordren skal stå, og kjør så «woo2po skip».",
    ),
    "changed_after_invoice": Message(
        "It was changed in the shop after it was invoiced (invoice {invoice}).",
        "An invoice is never rewritten: credit it or send an addition in PowerOffice, then "
        "`woo2po skip`; or change the order back in the shop.",
        "Den er endret i butikken etter at den ble fakturert (faktura {invoice}).",
        "En faktura skrives aldri om: krediter den eller send et tillegg i PowerOffice, og kjør "
        "«woo2po skip»; eller endre ordren tilbake i butikken.",
    ),
    "invoice_differs": Message(
        "Invoice {invoice} in PowerOffice is {total}, but the customer paid {paid}.",
        "Compare the invoice with the order, and credit or correct it in PowerOffice.",
        "Faktura {invoice} i PowerOffice er på {total}, men kunden betalte {paid}.",
        "Sammenlign fakturaen med ordren, og krediter eller rett den i PowerOffice.",
    ),
    "draft_gone": Message(
        "Sales order {sales_order} is gone from PowerOffice, and there is no invoice of it.",
        "If somebody deleted it on purpose, run `woo2po skip`. To send it anew, ask whoever "
        "deleted it first.",
        "Salgsordre {sales_order} er borte fra PowerOffice, og det finnes ingen faktura av den.",
        "Er den slettet med vilje, kjør «woo2po skip». Skal den sendes på nytt, spør først den "
        "som slettet den.",
    ),
    "draft_edited": Message(
        "The order changed in the shop, but somebody has edited sales order {sales_order} in "
        "PowerOffice, so it was left alone.",
        "Make the change by hand in PowerOffice and run `woo2po skip`; or delete the sales order "
        "there if the shop's version is to count.",
        "Ordren er endret i butikken, men noen har redigert salgsordre {sales_order} i "
        "PowerOffice, så den er ikke rørt.",
        "Gjør endringen for hånd i PowerOffice og kjør «woo2po skip»; eller slett salgsordren der "
        "hvis butikkens versjon skal gjelde.",
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
