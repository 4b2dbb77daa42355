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
        "En testordre: betalingsmåten sto i testmodus ({key}), så ingen penger er betalt.",
        "",
    ),
    "vendor_suborder": Message(
        "A vendor's share of order {parent} in a marketplace: its lines stand on that order.",
        "",
        "En selgers del av ordre {parent} på en markedsplass: linjene står på den ordren.",
        "",
    ),
}

# Orders that cannot be booked as they stand.
_SPECIAL: dict[str, Message] = {
    "child_order": Message(
        "The order belongs to order {parent}, and the same sale may stand on both.",
        "Look at both orders in the shop. If this one is no sale of its own: "
        '`woo2po skip {order} --reason "..."`. Else book it by hand, then skip it likewise.',
        "Ordren hører til ordre {parent}, og det samme salget kan stå på begge.",
        "Se på begge ordrene i butikken. Er dette ikke et eget salg: "
        '«woo2po skip {order} --reason "..."». Ellers bokfør den for hånd, og ta den ut på samme '
        "måte.",
    ),
    "deposit": Message(
        "The order is paid in parts (a deposit), so what was paid is not what was sold.",
        'Book it by hand, then take it out: `woo2po skip {order} --reason "..."`.',
        "Ordren betales i deler (depositum), så det som er betalt, er ikke det som er solgt.",
        'Bokfør den for hånd, og ta den så ut: «woo2po skip {order} --reason "..."».',
    ),
    "currency_unreadable": Message(
        "The order's currency ({currency}) is not a code of three letters.",
        "Correct the currency of the order in the shop (NOK, say): a plugin may have put the sign "
        "in its place.",
        "Ordrens valuta ({currency}) er ikke en kode på tre bokstaver.",
        "Rett valutaen på ordren i butikken (til NOK, for eksempel): en utvidelse kan ha satt "
        "valutategnet i stedet.",
    ),
    "no_lines": Message(
        "The order has no lines; its total is {total}.",
        "Add the goods to the order in the shop, or take it out: "
        '`woo2po skip {order} --reason "..."`.',
        "Ordren har ingen linjer; totalen er {total}.",
        'Legg varene på ordren i butikken, eller ta den ut: «woo2po skip {order} --reason "..."».',
    ),
    "two_organisation_numbers": Message(
        "Two different valid organisation numbers stand on the order ({fields}).",
        "Remove the wrong one from the order in the shop.",
        "To ulike, gyldige organisasjonsnumre står på ordren ({fields}).",
        "Fjern det som er feil, fra ordren i butikken.",
    ),
}

_SUMS: dict[str, Message] = {
    "total_negative": Message(
        "The order's total is below zero ({total}).",
        "Correct the order in the shop; money that was paid back belongs in a refund there.",
        "Ordrens total er under null ({total}).",
        "Rett ordren i butikken; penger som er betalt tilbake, skal registreres som en refusjon "
        "der.",
    ),
    "lines_do_not_sum": Message(
        "The lines come to {lines} (gift cards: {cards}), but the total is {total}. "
        "Rounding explains at most {bound}.",
        "Open the order in the shop and press Recalculate, or correct the lines.",
        "Linjene blir {lines} (gavekort: {cards}), men totalen er {total}. "
        "Avrunding forklarer høyst {bound}.",
        "Åpne ordren i butikken og trykk Beregn på nytt (Recalculate), eller rett linjene.",
    ),
    "total_below_lines": Message(
        "The lines come to {lines}, but the total is {total}: {difference} less, "
        "and the order does not say why. Most likely a gift card paid the rest.",
        'If it was a gift card: set gift_cards.hidden = "gift_card" and gift_cards.product, '
        "and such orders get a line for the card. Else correct the order in the shop.",
        "Linjene blir {lines}, men totalen er {total}: {difference} mindre, og ordren sier ikke "
        "hvorfor. Trolig er resten betalt med et gavekort.",
        'Var det et gavekort: sett gift_cards.hidden = "gift_card" og gift_cards.product, '
        "så får slike ordrer en linje for kortet. Ellers rett ordren i butikken.",
    ),
    "rounding_too_large": Message(
        "PowerOffice comes to {computed}, the customer paid {total}. "
        "The difference of {difference} is more than rounding explains ({bound}).",
        "Look at the order's lines in the shop: an amount or a VAT rate was probably changed by "
        "hand. Press Recalculate there, or correct the lines.",
        "PowerOffice kommer til {computed}, kunden betalte {total}. "
        "Forskjellen på {difference} er mer enn avrunding kan forklare ({bound}).",
        "Se på ordrens linjer i butikken: et beløp eller en mva-sats er trolig endret for hånd. "
        "Trykk Beregn på nytt (Recalculate) der, eller rett linjene.",
    ),
}

_VAT: dict[str, Message] = {
    "vat_detail_missing": Message(
        "VAT of {vat} was charged (line: {line}), but the order does not say at which rate.",
        "Open the order in the shop and press Recalculate. If many orders are so, "
        "a plugin or the web host removes the tax details from the shop's answers.",
        "Kunden er belastet {vat} i mva. (linje: {line}), men ordren sier ikke etter hvilken sats.",
        "Åpne ordren i butikken og trykk Beregn på nytt (Recalculate). Gjelder det mange ordrer, "
        "fjerner en utvidelse eller webhotellet avgiftsdetaljene fra butikkens svar.",
    ),
    "two_rates_at_once": Message(
        "{line} was charged with two taxes at once ({vat} on {net}), which is not Norwegian VAT.",
        "Correct the tax rates in the shop (a second one with another priority adds to the "
        "first), then open this order there and press Recalculate.",
        "{line} er belastet to avgifter samtidig ({vat} av {net}); det er ikke norsk mva.",
        "Rett avgiftssatsene i butikken (en til med annen prioritet kommer oppå den første), åpne "
        "så denne ordren der og trykk Beregn på nytt (Recalculate).",
    ),
    "vat_does_not_fit": Message(
        "The VAT of {line} ({vat} on {net}) is more than its rate gives.",
        "Open the order in the shop and press Recalculate, or correct the line.",
        "Mva. på {line} ({vat} av {net}) er mer enn satsen gir.",
        "Åpne ordren i butikken og trykk Beregn på nytt (Recalculate), eller rett linjen.",
    ),
    "rate_unknown": Message(
        "The VAT rate of {line} ({vat} on {net}) cannot be told: the order does not name it, "
        "and it fits none of PowerOffice's rates.",
        "Open the order in the shop and press Recalculate, or correct the line.",
        "Mva-satsen for {line} ({vat} av {net}) er ukjent: ordren oppgir den ikke, og den "
        "passer ikke med noen av satsene i PowerOffice.",
        "Åpne ordren i butikken og trykk Beregn på nytt (Recalculate), eller rett linjen.",
    ),
    "foreign_vat": Message(
        "The order has VAT of {country} at {rate} %, and no product is named for it.",
        'Book it by hand, then: `woo2po skip {order} --reason "..."`. Or name a product under '
        'vat.foreign: {{ "{name}" = "..." }}, on an account without VAT or with a VAT code of the '
        "company's own.",
        "Ordren har mva. fra {country} på {rate} %, og det er ikke oppgitt noe produkt for den.",
        'Bokfør den for hånd, og kjør så «woo2po skip {order} --reason "..."». Eller oppgi et '
        'produkt i vat.foreign: {{ "{name}" = "..." }}, på en konto uten mva. eller med en egen '
        "mva-kode i firmaet.",
    ),
    "foreign_product_unfit": Message(
        "Product {code} cannot carry VAT of {country} at {rate} %. VAT of its sales accounts: "
        "{has}.",
        "Put the product on an account without VAT, or on one with a VAT code of the company's "
        "own (C...) of that rate.",
        "Produkt {code} kan ikke brukes for mva. fra {country} på {rate} %. Mva. på "
        "salgskontoene: {has}.",
        "Legg produktet på en konto uten mva., eller på en med en egen mva-kode (C...) med den "
        "satsen.",
    ),
}

_PRODUCTS: dict[str, Message] = {
    "sku_unknown": Message(
        "PowerOffice has no product {sku} ({line}).",
        'Create the product in PowerOffice, or set products.unknown to "fallback" or "create".',
        "PowerOffice har ikke noe produkt {sku} ({line}).",
        'Opprett produktet i PowerOffice, eller sett products.unknown til "fallback" '
        'eller "create".',
    ),
    "no_product_for_rate": Message(
        "No product carries {line} (SKU {sku}) at {rate} % VAT. VAT of the SKU's own product: "
        "{has}.",
        "Give the product an account with that rate in PowerOffice, or name a product for "
        'the rate: {key} = {{ "{rate}" = "..." }}.',
        "Det finnes ikke noe produkt for {line} (varenummer {sku}) med {rate} % mva. "
        "Mva. på varens eget produkt: {has}.",
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
        "Create it in PowerOffice, take it out of the archive there, or name another one under "
        "{key}.",
        "Produkt {code} ({key}) finnes ikke i PowerOffice, eller er arkivert.",
        "Opprett det i PowerOffice, hent det ut av arkivet der, eller oppgi et annet i {key}.",
    ),
    "product_unfit": Message(
        "Product {code} ({key}) cannot carry {rate} % VAT. VAT of its sales accounts: {has}.",
        "Put it on an account of that rate in PowerOffice, or name another product under {key}.",
        "Produkt {code} ({key}) kan ikke brukes med {rate} % mva. Mva. på salgskontoene: {has}.",
        "Legg det på en konto med den satsen i PowerOffice, eller oppgi et annet produkt i {key}.",
    ),
    "gift_card_with_vat": Message(
        "The gift card {line} was sold with VAT ({vat}); it is owed to its holder, "
        "and the VAT is due when it is used.",
        "Make the gift card a product without VAT in the shop, and correct this order.",
        "Gavekortet {line} er solgt med mva. ({vat}); det er gjeld til innehaveren, "
        "og mva. skal først betales når det brukes.",
        "Gjør gavekortet til en vare uten mva. i butikken, og rett denne ordren.",
    ),
    "department_missing": Message(
        "Account {account} (product {code}) requires a department.",
        "Name one under dimensions.department, or lift the requirement in PowerOffice.",
        "Konto {account} (produkt {code}) krever avdeling.",
        "Oppgi en avdeling i dimensions.department, eller fjern kravet i PowerOffice.",
    ),
    "project_missing": Message(
        "Account {account} (product {code}) requires a project.",
        "Name one under dimensions.project, or lift the requirement in PowerOffice.",
        "Konto {account} (produkt {code}) krever prosjekt.",
        "Oppgi et prosjekt i dimensions.project, eller fjern kravet i PowerOffice.",
    ),
}

# What becomes of a draft that was deleted is looked for first: only then is it made anew.
_GONE_EN = (
    "Delete the draft in PowerOffice; once `woo2po status` says that it is gone, "
    "`woo2po retry {order}` makes it anew."
)
_GONE_NB = (
    "Slett utkastet i PowerOffice; når «woo2po status» sier at det er borte, lager "
    "«woo2po retry {order}» det på nytt."
)
_DELETE_EN = f"Somebody may have changed the draft. {_GONE_EN}"
_DELETE_NB = f"Noen kan ha endret utkastet. {_GONE_NB}"
_COMPARE_EN = f"`woo2po show {{order}}` lists what differs. {_GONE_EN}"
_COMPARE_NB = f"«woo2po show {{order}}» viser hva som er ulikt. {_GONE_NB}"

# The draft that PowerOffice answered is not the order that was sent.
_DRAFT: dict[str, Message] = {
    "draft_lines_differ": Message(
        "The draft has {seen} lines where {wanted} were sent (different: {lines}).",
        _DELETE_EN,
        "Utkastet har {seen} linjer der {wanted} ble sendt (ulike: {lines}).",
        _DELETE_NB,
    ),
    "draft_product_differs": Message(
        "Line {line} of the draft stands on another product than {code}.",
        _DELETE_EN,
        "Linje {line} i utkastet står på et annet produkt enn {code}.",
        _DELETE_NB,
    ),
    "draft_rate_differs": Message(
        "Line {line} of the draft (product {code}) has {seen} % VAT, and {wanted} % was charged.",
        "Look at the product's sales accounts and their VAT codes in PowerOffice, and whether the "
        "customer is free of VAT there; then: `woo2po retry {order}`.",
        "Linje {line} i utkastet (produkt {code}) har {seen} % mva., og kunden er belastet "
        "{wanted} %.",
        "Se på produktets salgskontoer og mva-kodene deres i PowerOffice, og om kunden er "
        "avgiftsfri der; kjør så «woo2po retry {order}».",
    ),
    "draft_total_differs": Message(
        "The draft comes to {seen}, and the customer paid {wanted}.",
        _COMPARE_EN,
        "Utkastet er på {seen}, og kunden betalte {wanted}.",
        _COMPARE_NB,
    ),
    "draft_vat_differs": Message(
        "The draft's VAT at {rate} % is {seen}, and the shop charged {wanted}.",
        _COMPARE_EN,
        "Mva. på {rate} % er {seen} i utkastet, og {wanted} i butikken.",
        _COMPARE_NB,
    ),
}

# The order goes; this is said beside it.
_NOTES: dict[str, Message] = {
    "organisation_number_wrong": Message(
        "The organisation number ({fields}) is not valid and was left out.",
        "Correct it on the customer in PowerOffice.",
        "Organisasjonsnummeret ({fields}) er ikke gyldig og ble utelatt.",
        "Legg inn det riktige på kunden i PowerOffice.",
    ),
    "email_left_out": Message(
        "The customer's e-mail is not an address and was left out.",
        "Correct it on the customer in PowerOffice.",
        "Kundens e-post er ikke en gyldig adresse og ble utelatt.",
        "Legg inn den riktige på kunden i PowerOffice.",
    ),
    "line_divided": Message(
        "{line} was charged with VAT of several rates, and became a line per rate.",
        "",
        "{line} er belastet mva. etter flere satser, og ble til en linje per sats.",
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
