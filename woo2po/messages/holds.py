"""Why an order is held or skipped, and what was noticed about one that went."""

from woo2po.messages.message import Message

# Orders that never go: there is nothing to do.
_SKIPS: dict[str, Message] = {
    "refund_not_made": Message(
        "The refund was taken back in the shop before anything of it was booked.",
        "",
        "Refusjonen er tatt tilbake i butikken før noe av den ble bokført.",
        "",
    ),
    "test_order": Message(
        "A test order: the payment method ran in test mode ({key}), so no money was paid.",
        "",
        "En testordre: betalingsmåten kjørte i testmodus ({key}), så ingen penger ble betalt.",
        "",
    ),
    "vendor_suborder": Message(
        "A vendor's share of order {parent} in a marketplace: its lines stand on that order.",
        "",
        "En selgers del av ordre {parent} i en markedsplass: linjene står på den ordren.",
        "",
    ),
}

# Orders that cannot be booked as they stand.
_SPECIAL: dict[str, Message] = {
    "child_order": Message(
        "The order belongs to order {parent}, and the same sale may stand on both.",
        "Look at both orders. If this one is no sale of its own: "
        "woo2po skip NUMBER --reason; else book it by hand.",
        "Ordren hører til ordre {parent}, og det samme salget kan stå på begge.",
        "Se på begge ordrene. Er dette ikke et eget salg: woo2po skip NUMMER --reason; "
        "ellers før den for hånd.",
    ),
    "deposit": Message(
        "The order is paid in parts (a deposit), so what was paid is not what was sold.",
        "Book the deposit by hand; woo2po skip NUMBER --reason takes the order out.",
        "Ordren er betalt i deler (depositum), så det som er betalt, er ikke det som er solgt.",
        "Før depositumet for hånd; woo2po skip NUMMER --reason tar ordren ut.",
    ),
    "currency_unreadable": Message(
        "The order's currency ({currency}) is not a code of three letters.",
        "Correct the currency in the shop (NOK, say): a plugin may have put the sign in its place.",
        "Ordrens valuta ({currency}) er ikke en kode på tre bokstaver.",
        "Rett valutaen i butikken (for eksempel NOK): en utvidelse kan ha satt tegnet i stedet.",
    ),
    "no_lines": Message(
        "The order has no lines; its total is {total}.",
        "Add the goods to the order in the shop, or take it out: woo2po skip NUMBER --reason.",
        "Ordren har ingen linjer; totalen er {total}.",
        "Legg varene på ordren i butikken, eller ta den ut: woo2po skip NUMMER --reason.",
    ),
    "two_organisation_numbers": Message(
        "Two different valid organisation numbers stand in the order ({fields}).",
        "Remove the wrong one from the order in the shop.",
        "To ulike gyldige organisasjonsnumre står på ordren ({fields}).",
        "Fjern det gale fra ordren i butikken.",
    ),
}

_SUMS: dict[str, Message] = {
    "total_negative": Message(
        "The order's total is below zero ({total}).",
        "Correct the order in the shop; money that was paid back belongs in a refund.",
        "Ordrens total er under null ({total}).",
        "Rett ordren i butikken; penger som er betalt tilbake, hører hjemme i en refusjon.",
    ),
    "lines_do_not_sum": Message(
        "The lines come to {lines} (gift cards: {cards}), but the total is {total}. "
        "Rounding explains at most {bound}.",
        "Open the order in the shop, press Recalculate, or correct the lines.",
        "Linjene blir {lines} (gavekort: {cards}), men totalen er {total}. "
        "Avrunding forklarer høyst {bound}.",
        "Åpne ordren i butikken og trykk Beregn på nytt, eller rett linjene.",
    ),
    "total_below_lines": Message(
        "The lines come to {lines}, but the total is {total}: {difference} less, "
        "and the order does not say why. Most likely a gift card paid the rest.",
        'If it was a gift card: set gift_cards.hidden = "gift_card" and gift_cards.product, '
        "and such orders get a line for the card. Else correct the order in the shop.",
        "Linjene blir {lines}, men totalen er {total}: {difference} mindre, og ordren sier ikke "
        "hvorfor. Trolig betalte et gavekort resten.",
        'Var det et gavekort: sett gift_cards.hidden = "gift_card" og gift_cards.product, '
        "så får slike ordrer en linje for kortet. Ellers rett ordren i butikken.",
    ),
    "rounding_too_large": Message(
        "PowerOffice comes to {computed}, the customer paid {total}. "
        "The difference of {difference} is more than rounding explains ({bound}).",
        "Compare the lines in both systems: an amount or a VAT rate was changed by hand.",
        "PowerOffice kommer til {computed}, kunden betalte {total}. "
        "Forskjellen på {difference} er mer enn avrunding forklarer ({bound}).",
        "Sammenlign linjene i begge systemer: et beløp eller en mva-sats er endret for hånd.",
    ),
}

_VAT: dict[str, Message] = {
    "vat_detail_missing": Message(
        "VAT of {vat} was charged (line: {line}), but the order does not say at which rate.",
        "Open the order in the shop and press Recalculate. If many orders are so, "
        "a plugin or the web host removes the tax details from the shop's answers.",
        "Mva. på {vat} er krevd (linje: {line}), men ordren sier ikke etter hvilken sats.",
        "Åpne ordren i butikken og trykk Beregn på nytt. Gjelder det mange ordrer, fjerner en "
        "utvidelse eller webhotellet avgiftsdetaljene fra butikkens svar.",
    ),
    "two_rates_at_once": Message(
        "{line} was charged with two taxes at once ({vat} on {net}), which is not Norwegian VAT.",
        "Correct the tax rates in the shop (a second one with another priority adds to the "
        "first), and this order by hand.",
        "{line} er krevd to avgifter samtidig ({vat} av {net}); det er ikke norsk mva.",
        "Rett avgiftssatsene i butikken (en til med annen prioritet kommer oppå den første), "
        "og denne ordren for hånd.",
    ),
    "vat_does_not_fit": Message(
        "The VAT of {line} ({vat} on {net}) is more than its rate gives.",
        "Open the order in the shop and press Recalculate, or correct the line.",
        "Mva. på {line} ({vat} av {net}) er mer enn satsen gir.",
        "Åpne ordren i butikken og trykk Beregn på nytt, eller rett linjen.",
    ),
    "rate_unknown": Message(
        "The VAT rate of {line} ({vat} on {net}) cannot be told: the order does not name it, "
        "and it fits none of PowerOffice's rates.",
        "Open the order in the shop and press Recalculate.",
        "Mva-satsen for {line} ({vat} av {net}) er ukjent: ordren oppgir den ikke, og den "
        "passer ikke med noen av satsene i PowerOffice.",
        "Åpne ordren i butikken og trykk Beregn på nytt.",
    ),
    "foreign_vat": Message(
        "The order has VAT of {country} at {rate} %, and no product is named for it.",
        'Book it by hand, or name a product under vat.foreign: {{ "{name}" = "..." }}, on an '
        "account without VAT or with a VAT code of the company's own.",
        "Ordren har mva. fra {country} på {rate} %, og det er ikke oppgitt noe produkt for den.",
        'Før den for hånd, eller oppgi et produkt i vat.foreign: {{ "{name}" = "..." }}, på en '
        "konto uten mva. eller med firmaets egen mva-kode.",
    ),
    "foreign_product_unfit": Message(
        "Product {code} cannot carry VAT of {country} at {rate} %: its accounts have {has}.",
        "Put the product on an account without VAT, or on one with a VAT code of the company's "
        "own (C...) of that rate.",
        "Produkt {code} kan ikke bære mva. fra {country} på {rate} %: kontoene har {has}.",
        "Legg produktet på en konto uten mva., eller på en med firmaets egen mva-kode (C...) "
        "med den satsen.",
    ),
}

_PRODUCTS: dict[str, Message] = {
    "sku_unknown": Message(
        "PowerOffice has no product {sku} ({line}).",
        'Create the product in PowerOffice, or set products.unknown to "fallback" or "create".',
        "PowerOffice har ikke produkt {sku} ({line}).",
        'Opprett produktet i PowerOffice, eller sett products.unknown til "fallback" '
        'eller "create".',
    ),
    "no_product_for_rate": Message(
        "No product carries {line} (SKU {sku}) at {rate} % VAT. The SKU's own product: {has}.",
        "Give the product an account with that rate in PowerOffice, or name a product for "
        'the rate: {key} = {{ "{rate}" = "..." }}.',
        "Ikke noe produkt bærer {line} (varenummer {sku}) med {rate} % mva. "
        "Varens eget produkt: {has}.",
        "Gi produktet en konto med den satsen i PowerOffice, eller oppgi et produkt for "
        'satsen: {key} = {{ "{rate}" = "..." }}.',
    ),
    "product_not_set": Message(
        "A product is needed at {rate} % VAT, and {key} names none.",
        "Name a product of that rate under {key}.",
        "Det trengs et produkt med {rate} % mva., og {key} oppgir ikke noe.",
        "Oppgi et produkt med den satsen i {key}.",
    ),
    "product_missing": Message(
        "Product {code} ({key}) does not exist in PowerOffice, or is archived.",
        "Create it in PowerOffice, or name another one under {key}.",
        "Produkt {code} ({key}) finnes ikke i PowerOffice, eller er arkivert.",
        "Opprett det i PowerOffice, eller oppgi et annet i {key}.",
    ),
    "product_unfit": Message(
        "Product {code} ({key}) cannot carry {rate} % VAT: its accounts have {has}.",
        "Put it on an account of that rate in PowerOffice, or name another product under {key}.",
        "Produkt {code} ({key}) kan ikke bære {rate} % mva.: kontoene har {has}.",
        "Legg det på en konto med den satsen i PowerOffice, eller oppgi et annet produkt i {key}.",
    ),
    "gift_card_with_vat": Message(
        "The gift card {line} was sold with VAT ({vat}); it is owed to its holder, "
        "and the VAT is due when it is used.",
        "Make the gift card a product without VAT in the shop, and correct this order.",
        "Gavekortet {line} er solgt med mva. ({vat}); det er gjeld til innehaveren, "
        "og mva. skal betales når det brukes.",
        "Gjør gavekortet til en vare uten mva. i butikken, og rett denne ordren.",
    ),
    "department_missing": Message(
        "Account {account} (product {code}) requires a department.",
        "Name one under dimensions.department, or lift the requirement in PowerOffice.",
        "Konto {account} (produkt {code}) krever avdeling.",
        "Oppgi en i dimensions.department, eller fjern kravet i PowerOffice.",
    ),
    "project_missing": Message(
        "Account {account} (product {code}) requires a project.",
        "Name one under dimensions.project, or lift the requirement in PowerOffice.",
        "Konto {account} (produkt {code}) krever prosjekt.",
        "Oppgi et i dimensions.project, eller fjern kravet i PowerOffice.",
    ),
}

# The draft that PowerOffice answered is not the order that was sent.
_DRAFT: dict[str, Message] = {
    "draft_lines_differ": Message(
        "The draft has {seen} lines where {wanted} were sent (different: {lines}).",
        "Somebody may have changed the draft. Delete it in PowerOffice, then: woo2po retry NUMBER.",
        "Utkastet har {seen} linjer der {wanted} ble sendt (ulike: {lines}).",
        "Noen kan ha endret utkastet. Slett det i PowerOffice, deretter: woo2po retry NUMMER.",
    ),
    "draft_product_differs": Message(
        "Line {line} of the draft stands on another product than {code}.",
        "Somebody may have changed the draft. Delete it in PowerOffice, then: woo2po retry NUMBER.",
        "Linje {line} i utkastet står på et annet produkt enn {code}.",
        "Noen kan ha endret utkastet. Slett det i PowerOffice, deretter: woo2po retry NUMMER.",
    ),
    "draft_rate_differs": Message(
        "Line {line} of the draft (product {code}) has {seen} % VAT, and {wanted} % was charged.",
        "Look at the product's sales accounts and their VAT codes in PowerOffice, "
        "and whether the customer is free of VAT.",
        "Linje {line} i utkastet (produkt {code}) har {seen} % mva., og {wanted} % ble krevd.",
        "Se på produktets salgskontoer og mva-kodene deres i PowerOffice, "
        "og om kunden er avgiftsfri.",
    ),
    "draft_total_differs": Message(
        "The draft comes to {seen}, and the customer paid {wanted}.",
        "Compare the lines in both systems; delete the draft, then: woo2po retry NUMBER.",
        "Utkastet blir {seen}, og kunden betalte {wanted}.",
        "Sammenlign linjene i begge systemer; slett utkastet, deretter: woo2po retry NUMMER.",
    ),
    "draft_vat_differs": Message(
        "The draft's VAT at {rate} % is {seen}, and the shop charged {wanted}.",
        "Compare the lines in both systems; delete the draft, then: woo2po retry NUMBER.",
        "Mva. på {rate} % i utkastet er {seen}, og butikken krevde {wanted}.",
        "Sammenlign linjene i begge systemer; slett utkastet, deretter: woo2po retry NUMMER.",
    ),
}

# The order goes; this is said beside it.
_NOTES: dict[str, Message] = {
    "organisation_number_wrong": Message(
        "The organisation number ({fields}) is not valid and was left out.",
        "Correct it on the customer in PowerOffice.",
        "Organisasjonsnummeret ({fields}) er ikke gyldig og ble utelatt.",
        "Rett det på kunden i PowerOffice.",
    ),
    "email_left_out": Message(
        "The customer's e-mail is not an address and was left out.",
        "Correct it on the customer in PowerOffice.",
        "Kundens e-post er ikke en adresse og ble utelatt.",
        "Rett den på kunden i PowerOffice.",
    ),
    "line_divided": Message(
        "{line} was charged with VAT of several rates, and became a line per rate.",
        "",
        "{line} er krevd mva. etter flere satser, og ble en linje per sats.",
        "",
    ),
    "zero_rate_of_other_kind": Message(
        "Product {code} stands on an account whose VAT code is for exports where the goods stay "
        "in the country, or for domestic sales where they leave it.",
        "Name a product for the rate 0 on an account with the right VAT code "
        "(5 domestic, 52 export).",
        "Produkt {code} står på en konto med mva-kode for utførsel der varene blir i landet, "
        "eller for innenlands salg der de forlater det.",
        "Oppgi et produkt for satsen 0 på en konto med riktig mva-kode "
        "(5 innenlands, 52 utførsel).",
    ),
    "gift_card_inferred": Message(
        "The lines come to {lines}, the total is {total}: "
        "{difference} was taken for a used gift card (gift_cards.hidden).",
        "",
        "Linjene blir {lines}, totalen er {total}: "
        "{difference} ble regnet som brukt gavekort (gift_cards.hidden).",
        "",
    ),
}

HOLDS: dict[str, Message] = {
    **_SKIPS,
    **_SPECIAL,
    **_SUMS,
    **_VAT,
    **_PRODUCTS,
    **_DRAFT,
    **_NOTES,
}
