"""What follows from each answer to the thirteen questions; those themselves are in the settings.

`..._said` stands below a question, `..._more` is what ? explains; the others are choices.
"""

from woo2po.messages.message import Message


def _only(en: str, nb: str) -> Message:
    """Return a message with nothing to do about it."""
    return Message(en, "", nb, "")


THIRTEEN_TALK: dict[str, Message] = {
    # -- 1 to 4 ------------------------------------------------------------------------------------
    "init_statuses_said": _only(
        "One or more, with commas between. With processing an order goes as soon as it is paid "
        "(and if it is completed already); with completed alone when the goods are sent.",
        "En eller flere, med komma mellom. Med processing går en ordre så snart den er betalt "
        "(også om den alt er completed); med bare completed når varene er sendt.",
    ),
    "init_statuses_more": _only(
        "Do not choose pending, failed or cancelled: those are no sales. on-hold waits for a bank "
        "transfer; choose it only if the invoice from PowerOffice is what such customers pay by.",
        "Ikke velg pending, failed eller cancelled: det er ikke salg. on-hold venter på "
        "bankoverføring; velg den bare hvis slike kunder betaler med fakturaen fra PowerOffice.",
    ),
    "init_number_customer": _only(
        'into "your reference", which is printed on the invoice',
        "i «deres referanse», som står på fakturaen",
    ),
    "init_number_purchase": _only(
        "into the buyer's purchase order number", "i kjøperens bestillingsnummer"
    ),
    "init_number_none": _only("nowhere", "ingen steder"),
    "init_number_more": _only(
        "A number that is a whole number is kept as the imported order number in any case. The "
        "number gets the prefix of question 11 in front.",
        "Et nummer som er et helt tall, lagres uansett som importert ordrenummer. Foran nummeret "
        "kommer prefikset fra spørsmål 11.",
    ),
    "init_create_no": _only(
        "the order stays a draft that a person looks at and invoices in PowerOffice. The way to "
        "begin",
        "ordren blir et utkast som en person ser på og fakturerer i PowerOffice. Slik begynner man",
    ),
    "init_create_yes": _only(
        "woo2po makes the invoice; one cannot be deleted, only credited",
        "woo2po lager fakturaen; den kan ikke slettes, bare krediteres",
    ),
    "init_create_more": _only(
        "You can change this any day: run `woo2po init` again. PowerOffice grants the right to "
        "send invoices to each integration by itself.",
        "Dette kan du endre når som helst: kjør «woo2po init» igjen. PowerOffice gir hver "
        "integrasjon retten til å sende fakturaer for seg.",
    ),
    "init_may_not_send": _only(
        "The integration may not send invoices yet: ask PowerOffice for AllowSendInvoice. Until "
        "then the orders stay drafts.",
        "Integrasjonen har ikke lov til å sende fakturaer ennå: be PowerOffice om "
        "AllowSendInvoice. Til da forblir ordrene utkast.",
    ),
    "init_when_completed": _only(
        "invoiced when the order becomes completed, dated that day",
        "faktureres når ordren blir completed, datert den dagen",
    ),
    "init_when_processing": _only(
        "invoiced at once, dated the day it was paid (or placed, if unpaid)",
        "faktureres med en gang, datert dagen den ble betalt (eller bestilt, hvis ubetalt)",
    ),
    "init_when_later": _only(
        "It counts once question 3 is yes; Enter is fine until then.",
        "Det teller først når spørsmål 3 er ja; til da er Enter greit.",
    ),
    "init_when_more": _only(
        "Goods are usually invoiced when they are sent: in a shop that sets orders to completed "
        "when the parcel leaves, that is completed. Ask your accountant if in doubt.",
        "Varer faktureres som regel når de sendes: i en butikk som setter ordrer til completed når "
        "pakken går, er det completed. Spør regnskapsføreren om du er i tvil.",
    ),
    # -- 5 and 6 -----------------------------------------------------------------------------------
    "init_register_no": _only(
        "a person does that in PowerOffice", "det gjør en person i PowerOffice"
    ),
    "init_register_yes": _only(
        "woo2po posts each payment (Vipps, card, Klarna) on the provider's clearing account, as "
        "soon as there is an invoice",
        "woo2po fører hver betaling (Vipps, kort, Klarna) på oppgjørskontoen til leverandøren, så "
        "snart det finnes en faktura",
    ),
    "init_register_more": _only(
        "With yes you choose an account for each payment method next. When the payout comes to "
        "the bank, the clearing account is emptied against it. Invoices that a person makes from "
        "the drafts get their payments too.",
        "Med ja velger du straks en konto for hver betalingsmåte. Når utbetalingen kommer i "
        "banken, tømmes oppgjørskontoen mot den. Fakturaer som en person lager av utkastene, får "
        "også betalingene sine.",
    ),
    "init_type_bank": _only(
        "Vipps, card, Klarna and the like: a bank journal voucher",
        "Vipps, kort, Klarna og slikt: et bankbilag",
    ),
    "init_type_cash": _only(
        "paid in the store: a cash journal voucher", "betalt i butikken: et kassebilag"
    ),
    "init_type_later": _only(
        "It counts once question 5 is yes; Enter is fine until then.",
        "Det teller først når spørsmål 5 er ja; til da er Enter greit.",
    ),
    "init_type_more": _only(
        "For a web shop it is bank. Methods that are paid in cash are named apart.",
        "For en nettbutikk er det bank. Metoder som betales kontant, nevnes for seg.",
    ),
    "init_may_not_post": _only(
        "For that the integration lacks: {rights}. Ask PowerOffice for it; payments wait until "
        "then.",
        "Til det mangler integrasjonen: {rights}. Be PowerOffice om det; betalingene venter til "
        "da.",
    ),
    "init_method": _only("{name}, orders: {n}", "{name}, ordrer: {n}"),
    "init_unpaid": _only(
        "Which of these does the customer pay by the invoice, to your bank account?",
        "Hvilke av disse betaler kunden med fakturaen, til bankkontoen din?",
    ),
    "init_unpaid_said": _only(
        "Numbers or words with commas between, - for none. These are left to the bank's file.",
        "Nummer eller ord med komma mellom, - for ingen. Disse overlates til bankfilen.",
    ),
    "init_unpaid_more": _only(
        "bacs is WooCommerce's bank transfer, cheque its cheque. Klarna's or Svea's invoice does "
        "not belong here: they pay you, and the customer pays them.",
        "bacs er bankoverføring i WooCommerce, cheque er sjekk. Faktura fra Klarna eller Svea "
        "hører ikke hjemme her: de betaler deg, og kunden betaler dem.",
    ),
    "init_cash": _only("Which of these are paid in cash?", "Hvilke av disse betales kontant?"),
    "init_cash_said": _only(
        "Numbers or words with commas between, - for none. They go into the cash journal.",
        "Nummer eller ord med komma mellom, - for ingen. De føres i kassejournalen.",
    ),
    "init_accounts": _only(
        "On which account is each payment method settled?",
        "På hvilken konto gjøres hver betalingsmåte opp?",
    ),
    "init_accounts_said": _only(
        "The clearing account that the money passes through on its way to the bank. Enter takes "
        "them all; to change one, type its number and an account, 1=1903, or a part of a name to "
        "search, 1=vipps. 1=- holds such payments.",
        "Oppgjørskontoen som pengene går gjennom på vei til banken. Enter tar alle; for å endre "
        "en, skriv nummeret og en konto, 1=1903, eller en del av et navn for å søke, 1=vipps. 1=- "
        "holder slike betalinger tilbake.",
    ),
    "init_accounts_more": _only(
        "Each provider usually has an account of its own, 1903 for Vipps, say, so that its payouts "
        "can be held against it. If one is missing, have the accountant make it in PowerOffice, "
        "and run `woo2po init` again.",
        "Hver leverandør har gjerne sin egen konto, for eksempel 1903 for Vipps, så utbetalingene "
        "kan sjekkes mot den. Mangler en, be regnskapsføreren lage den i PowerOffice, og kjør "
        "«woo2po init» igjen.",
    ),
    "init_bank_account": _only(
        "An account for every other payment method, also ones that come later?",
        "En konto for alle andre betalingsmåter, også dem som kommer senere?",
    ),
    "init_bank_account_said": _only(
        "- for none: a payment by a method without an account is then held, and you are told. A "
        "part of a name searches.",
        "- for ingen: en betaling uten konto for metoden holdes da tilbake, og du får beskjed. En "
        "del av navnet søker.",
    ),
    # -- 7 to 12 -----------------------------------------------------------------------------------
    "init_product_said": _only(
        "It must have {rate} % VAT (which follows the product's account in PowerOffice). Choose "
        "by number or code, or type a part of a code or name to search.",
        "Det må ha {rate} % mva. (som følger kontoen til produktet i PowerOffice). Velg med "
        "nummer eller kode, eller skriv en del av kode eller navn for å søke.",
    ),
    "init_pick": _only("To take one, type: {example}", "For å ta en, skriv: {example}"),
    "init_more_found": _only(
        "... and {n} more: type a part of a code or name to search",
        "... og {n} til: skriv en del av kode eller navn for å søke",
    ),
    "init_product_more": _only(
        "Only products that can have the VAT rate are listed. `new CODE` names one that does not "
        "exist yet: at the end all such are listed with name and account, and made only if you "
        "say yes. - is for none: orders that need it are then held.",
        "Bare produkter som kan ha mva-satsen, står på listen. «ny KODE» navngir et som ikke "
        "finnes ennå: på slutten listes alle slike med navn og konto, og lages bare om du sier ja. "
        "- er for ingen: ordrer som trenger det, holdes da tilbake.",
    ),
    "init_product_to_make": _only(
        "{code} does not exist yet; it can be made at the end.",
        "{code} finnes ikke ennå; det kan lages på slutten.",
    ),
    "init_row_to_make": _only("(can be made at the end)", "(kan lages på slutten)"),
    "init_rate_orders": _only("{rate} % (orders: {n})", "{rate} % (ordrer: {n})"),
    "init_no_account_of_rate": _only(
        "Your chart has no sales account with {rate} % VAT. Make one in PowerOffice ({account}, "
        "say, with VAT code {vat_code}); until then orders that need it are held.",
        "Kontoplanen har ingen salgskonto med {rate} % mva. Lag en i PowerOffice ({account}, for "
        "eksempel, med mva-kode {vat_code}); til da holdes ordrer som trenger den, tilbake.",
    ),
    "init_by_rate_said": _only(
        "For the rates that your orders have. Enter takes them all; to change one, type its number "
        "and a code, or a part of a name to search: {example}",
        "For satsene som ordrene dine har. Enter tar alle; for å endre en, skriv nummeret og en "
        "kode, eller en del av et navn for å søke: {example}",
    ),
    "init_table_more": _only(
        "`1=new CODE` names a product that does not exist yet: at the end all such are listed, "
        "and made only if you say yes.",
        "«1=ny KODE» navngir et produkt som ikke finnes ennå: på slutten listes alle slike, og de "
        "lages bare om du sier ja.",
    ),
    "init_freight_rates": _only("Freight at other VAT rates", "Frakt med andre mva-satser"),
    "init_freight_text_said": _only(
        "It stands on the line of the invoice. - takes the shop's own name of the method.",
        "Den står på linjen i fakturaen. - tar butikkens eget navn på fraktmåten.",
    ),
    "init_freight_used": _only(
        "Those that your orders have: {names}", "De som ordrene dine har: {names}"
    ),
    "init_text_more": _only(
        "This text stands on the order's line and on the invoice.",
        "Denne teksten står på ordrelinjen og på fakturaen.",
    ),
    "init_discount_said": _only(
        "Goods go at list price, and what the customer saved as a line of its own on this product.",
        "Varer går til listepris, og det kunden sparte, som en egen linje på dette produktet.",
    ),
    "init_discount_text_said": _only(
        'The coupon\'s code follows it: "Rabatt SOMMER10".',
        "Kupongkoden kommer etter: «Rabatt SOMMER10».",
    ),
    "init_prefix_said": _only(
        "Order 1042 is then called shop_1042 in PowerOffice, for the prefix shop_. At most 20 "
        "signs; if two shops go into one company, each needs its own. - for none.",
        "Ordre 1042 heter da shop_1042 i PowerOffice, med prefikset shop_. Høyst 20 tegn; går to "
        "butikker inn i ett firma, trenger de hvert sitt. - for ingen.",
    ),
    "init_prefix_more": _only(
        "It is also how woo2po recognises what it has made. Orders that were transferred keep the "
        "prefix that they had.",
        "Det er også slik woo2po kjenner igjen det den har laget. Ordrer som er overført, beholder "
        "prefikset de fikk.",
    ),
    "init_prefix_taken": _only(
        "PowerOffice has orders of another shop or integration that begin with {prefix} already "
        "({example}). Go back with < and choose another prefix, unless that is a trial of yours.",
        "PowerOffice har alt ordrer fra en annen butikk eller integrasjon som begynner med "
        "{prefix} ({example}). Gå tilbake med < og velg et annet prefiks, om det ikke er en prøve "
        "du har gjort.",
    ),
    "init_transfer_no": _only(
        "the discount goes gross on a product without VAT: the total is the same, the VAT is that "
        "of the full price",
        "rabatten går brutto på et produkt uten mva.: summen er den samme, mva. er av full pris",
    ),
    "init_transfer_yes": _only(
        "the discount reduces the VAT, with a discount line for each VAT rate. What the law wants "
        "of an ordinary discount",
        "rabatten reduserer mva., med en rabattlinje for hver mva-sats. Det loven vil ha for en "
        "vanlig rabatt",
    ),
    "init_transfer_more": _only(
        "A discount that the shop gives reduces what VAT is owed on. No is for amounts that are "
        "a way of paying, a bonus that somebody else refunds to you, say.",
        "En rabatt som butikken gir, reduserer det det skal betales mva. av. Nei er for beløp som "
        "er en måte å betale på, for eksempel bonus som noen andre dekker.",
    ),
    "init_discount_rates": _only("Discounts at other VAT rates", "Rabatt med andre mva-satser"),
    # -- 13 ----------------------------------------------------------------------------------------
    "init_companies_no": _only(
        "a company becomes a company, with its organisation number where the order holds a valid "
        "one",
        "en bedrift blir en bedrift, med organisasjonsnummer der ordren har et gyldig",
    ),
    "init_companies_yes": _only("as a private person", "som en privatperson"),
    "init_companies_more": _only(
        "Companies with an organisation number can get their invoices as EHF.",
        "Bedrifter med organisasjonsnummer kan få fakturaen som EHF.",
    ),
    "init_org_fields": _only(
        "These fields of your orders hold organisation numbers. Which of them count?",
        "Disse feltene i ordrene dine har organisasjonsnumre. Hvilke skal telle?",
    ),
    "init_org_fields_said": _only(
        "Numbers or words with commas between, - for none. The usual fields count anyway.",
        "Nummer eller ord med komma mellom, - for ingen. De vanlige feltene teller uansett.",
    ),
}
