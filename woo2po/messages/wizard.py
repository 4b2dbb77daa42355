"""What `init` says of what goes wrong, and around its questions; those are in wizard_*.py.

WIZARD are reasons to end or to ask again, each with what to do; WIZARD_TALK is the dialogue.
"""

import re

from woo2po.messages.message import Message

# Sentences of remedies that are about runs: here nothing has run yet.
OF_RUNS = re.compile(
    r"(Nothing is lost: the|The) next run [^.]*\. ?|(Ingenting er tapt: n|N)este kjøring [^.]*\. ?"
    r"|; (the next run|neste kjøring) [^.]*"
)


def _only(en: str, nb: str) -> Message:
    """Return a message with nothing to do about it."""
    return Message(en, "", nb, "")


WIZARD: dict[str, Message] = {
    "init_no_terminal": Message(
        "`woo2po init` asks questions, and there is no terminal to ask at.",
        "Run it in a terminal; or write the answers into a file of the same shape as config.toml "
        "and run `woo2po init --answers FILE`.",
        "«woo2po init» stiller spørsmål, og det er ingen terminal å spørre i.",
        "Kjør den i en terminal; eller skriv svarene i en fil med samme form som config.toml, og "
        "kjør «woo2po init --answers FIL».",
    ),
    "init_answers_unreadable": Message(
        "The answers in {path} cannot be read: {why}",
        "It should be a file of the same shape as config.toml, with a section [init] for what is "
        "only asked.",
        "Svarene i {path} lar seg ikke lese: {why}",
        "Det skal være en fil med samme form som config.toml, med en seksjon [init] for det som "
        "bare blir spurt om.",
    ),
    "init_answer_missing": Message(
        '{file} has no answer to "{question}": the key {key} is missing. {expected}',
        "Nothing was written. Add the key, and run it again.",
        "{file} har ikke svar på «{question}»: nøkkelen {key} mangler. {expected}",
        "Ingenting ble skrevet. Legg til nøkkelen, og kjør på nytt.",
    ),
    "init_answer_wrong": Message(
        '{file} answers "{question}" with {key} = {value}. {expected}',
        "Nothing was written. Correct the answer, and run it again.",
        "{file} svarer på «{question}» med {key} = {value}. {expected}",
        "Ingenting ble skrevet. Rett svaret, og kjør på nytt.",
    ),
    "init_answer_refused": Message(
        "{file} has {key} = {value}, which cannot be: {why}",
        "Nothing was written. Correct it, and run it again.",
        "{file} har {key} = {value}, og det går ikke: {why}",
        "Ingenting ble skrevet. Rett det, og kjør på nytt.",
    ),
    "init_answer_unknown": Message(
        "{file} has a key {key} that does not exist.",
        "Nothing was written. The README lists the keys; of [init] there are secrets, "
        "create_products, accounts, write, right_company, sandbox, start_anew, take_out and "
        "preview.",
        "{file} har en nøkkel {key} som ikke finnes.",
        "Ingenting ble skrevet. README viser nøklene; i [init] finnes secrets, create_products, "
        "accounts, write, right_company, sandbox, start_anew, take_out og preview.",
    ),
    "init_cannot_write": Message(
        "{path} cannot be read or written here ({why}); nothing was asked.",
        "Choose another place with --config PATH, or give yourself the right to write that folder.",
        "{path} kan ikke leses eller skrives her ({why}); ingenting ble spurt om.",
        "Velg et annet sted med --config STI, eller gi deg selv rett til å skrive i mappen.",
    ),
    "init_left_alone": Message(
        "{path} was left as it is.",
        "Mend it by hand, or answer yes the next time: a copy of it is kept.",
        "{path} ble stående som den er.",
        "Rett den for hånd, eller svar ja neste gang: det blir tatt vare på en kopi.",
    ),
    "init_not_loaded": Message(
        "{path} is written, but cannot be used as it is:",
        "",
        "{path} er skrevet, men kan ikke brukes slik den er:",
        "",
    ),
}

WIZARD_TALK: dict[str, Message] = {
    # -- before and around -------------------------------------------------------------------------
    "init_hello": _only(
        "Hello! This sets woo2po up for one shop and one company in PowerOffice Go. First come "
        "the keys of both, which are tried at once; then thirteen questions and what your orders "
        "need besides, with answers read from both systems. It takes about ten minutes. Nothing "
        "is changed in the shop, and in PowerOffice nothing but what you say yes to at the end.\n"
        "Have at hand: a login to the shop as administrator, and PowerOffice's three keys.",
        "Hei! Dette setter opp woo2po for én butikk og ett firma i PowerOffice Go. Først kommer "
        "nøklene til begge, som prøves med en gang; så tretten spørsmål og det ordrene dine "
        "trenger utover dem, med svar hentet fra begge systemene. Det tar rundt ti minutter. "
        "Ingenting endres i butikken, og i PowerOffice bare det du sier ja til på slutten.\n"
        "Ha for hånden: innlogging i butikken som administrator, og de tre nøklene fra "
        "PowerOffice.",
    ),
    "init_how": _only(
        "Choose by number or word; Enter takes the answer in [brackets]. ? explains more, < goes "
        "one question back. Ctrl-C ends it, and then nothing is written.",
        "Velg med nummer eller ord; Enter tar svaret i [klammer]. ? forklarer mer, < går ett "
        "spørsmål tilbake. Ctrl-C avslutter, og da er ingenting skrevet.",
    ),
    "init_other_language": _only("På norsk: {command}", "In English: {command}"),
    "init_goes_to": _only(
        "The answers go to {path} (another place: --config PATH).",
        "Svarene havner i {path} (et annet sted: --config STI).",
    ),
    "init_starts_from": _only(
        "There is a configuration in {path}. Its answers are the ones in brackets, and its "
        "comments stay.",
        "Det finnes en konfigurasjon i {path}. Svarene der er de som står i klammer, og "
        "kommentarene blir stående.",
    ),
    "init_environment_fixed": _only(
        "Not asked, because the environment says it and outweighs the file: {names}. Whatever "
        "starts the runs (cron, say) must have these variables too.",
        "Blir ikke spurt om, fordi miljøvariablene sier det og veier tyngre enn filen: {names}. "
        "Det som starter kjøringene (cron, for eksempel), må også ha disse variablene.",
    ),
    "init_environment_strange": _only(
        "The environment has {names}, which is no key: every other command will refuse it. Take "
        "it out of the environment.",
        "Miljøet har {names}, som ikke er noen nøkkel: alle andre kommandoer vil si nei. Ta den "
        "bort fra miljøet.",
    ),
    "init_place": _only(
        "There is a configuration in your own folder already. Which one is it about?",
        "Det finnes allerede en konfigurasjon i din egen mappe. Hvilken gjelder det?",
    ),
    "init_place_users": _only("change that one", "endre den"),
    "init_place_here": _only("write a new one in this folder", "skriv en ny i denne mappen"),
    "init_broken": _only(
        "{path} is no TOML, so it cannot be read. Start anew?",
        "{path} er ikke TOML og kan ikke leses. Begynne på nytt?",
    ),
    "init_anew_no": _only("leave it alone and end here", "la den være og avslutt her"),
    "init_anew_yes": _only(
        "the old file is kept as a copy beside it", "den gamle filen blir liggende som en kopi"
    ),
    "init_wrong_keys": _only(
        "These keys in {path} cannot be used as they are. Leave them out?",
        "Disse nøklene i {path} kan ikke brukes slik de står. Utelate dem?",
    ),
    "init_take_out_no": _only("leave the file alone and end here", "la filen være og avslutt her"),
    "init_take_out_yes": _only(
        "the rest stays, and a copy of the old file is kept",
        "resten blir stående, og det tas vare på en kopi av den gamle filen",
    ),
    "init_help": _only(
        "Enter takes the answer in [brackets]. A choice is made by its number or its word. < goes "
        "back to the question before; Ctrl-C ends, and nothing is written.",
        "Enter tar svaret i [klammer]. Du velger med nummer eller ord. < går tilbake til "
        "spørsmålet før; Ctrl-C avslutter, og ingenting er skrevet.",
    ),
    "init_held": _only("- (held)", "- (holdes tilbake)"),
    "init_not_made": _only("- (not made)", "- (lages ikke)"),
    "init_first_question": _only(
        "There is no question before this one.", "Det er ikke noe spørsmål før dette."
    ),
    "init_yes": _only("yes", "ja"),
    "init_no": _only("no", "nei"),
    "init_heading_shop": _only("-- The shop --", "-- Butikken --"),
    "init_heading_poweroffice": _only("-- PowerOffice Go --", "-- PowerOffice Go, firmaet --"),
    "init_heading_answers": _only("-- What is transferred --", "-- Hva som overføres --"),
    "init_heading_end": _only("-- At the end --", "-- Til slutt --"),
    "init_question_number": _only("Question {number} of 13", "Spørsmål {number} av 13"),
    # -- answers that make no sense ----------------------------------------------------------------
    "init_needs_answer": _only("An answer is needed here.", "Her trengs det et svar."),
    "init_none_of_these": _only(
        "That is none of these: {known}. Type a number or a word.",
        "Det er ingen av disse: {known}. Skriv et nummer eller et ord.",
    ),
    "init_list_expected": _only(
        "A list of words was expected.", "Det skulle vært en liste med ord."
    ),
    "init_table_expected": _only(
        "A table was expected, such as the README shows for this key.",
        "Det skulle vært en tabell, slik README viser for denne nøkkelen.",
    ),
    "init_row_unclear": _only(
        "Type the number of a line and what it should be, such as {example}. Enter takes them all.",
        "Skriv nummeret på en linje og hva den skal være, for eksempel {example}. Enter tar alle.",
    ),
    "init_row_empty": _only(
        "{row} has none yet. Type {number}= and what it should be, or {number}=- for none.",
        "{row} har ingen ennå. Skriv {number}= og hva det skal være, eller {number}=- for ingen.",
    ),
    "init_row_missing": _only("Nothing is said for {row}.", "Det er ikke sagt noe for {row}."),
    "init_not_found_or_new": _only(
        'PowerOffice has no such product with "{text}" in code or name. If it is to be made '
        "under that code, type: new {text}",
        "PowerOffice har ikke noe slikt produkt med «{text}» i kode eller navn. Skal det lages "
        "med den koden, skriv: ny {text}",
    ),
    "init_no_address": _only(
        '"{text}" is no address of a shop: www.example.no was expected, say.',
        "«{text}» er ikke adressen til en butikk: den skulle vært som www.example.no.",
    ),
    "init_not_local": _only(
        '"{text}" is not on this machine: the sandbox is at 127.0.0.1.',
        "«{text}» er ikke på denne maskinen: sandkassen er på 127.0.0.1.",
    ),
    "init_no_key": _only(
        "That is no key: it has a blank or a strange sign in it, or is empty. Copy it once more.",
        "Det er ingen nøkkel: den har mellomrom eller rare tegn, eller er tom. Kopier den på nytt.",
    ),
    "init_other_key": _only(
        "That is another key: this one begins with {starts}",
        "Det er en annen nøkkel: denne begynner med {starts}",
    ),
    "init_no_day": _only(
        '"{text}" is no day: write 2026-11-01 or 1.11.2026.',
        "«{text}» er ingen dato: skriv 2026-11-01 eller 1.11.2026.",
    ),
    "init_unknown_status": _only(
        'The shop has no status "{text}". It has: {known}.',
        "Butikken har ingen status «{text}». Den har: {known}.",
    ),
    "init_unfit": _only('"{value}": {expected}', "«{value}»: {expected}"),
    "init_no_account": _only(
        '"{text}" is no account of the chart: type its number, such as 1903, or a part of its '
        "name to search.",
        "«{text}» er ingen konto i kontoplanen: skriv nummeret, for eksempel 1903, eller en del av "
        "navnet for å søke.",
    ),
    "init_no_code": _only(
        "That is no product code: at most {most} characters were expected.",
        "Det er ingen produktkode: den skal ha høyst {most} tegn.",
    ),
    "init_no_rate": _only(
        '"{text}" is no VAT rate: 25, 15, 12 or 0, say.',
        "«{text}» er ingen mva-sats: for eksempel 25, 15, 12 eller 0.",
    ),
    "init_account_unfit": _only(
        "Account {text} does not suit {code}: choose one of those that are listed.",
        "Konto {text} passer ikke for {code}: velg en av dem som står på listen.",
    ),
    # -- trials ------------------------------------------------------------------------------------
    "init_trying_address": _only("Looking for the shop ...", "Ser etter butikken ..."),
    "init_address_other": _only(
        "The shop itself is at {url}, so that is taken.",
        "Selve butikken er på {url}, så den adressen brukes.",
    ),
    "init_address_found": _only("Found: {name}, at {url}", "Funnet: {name}, på {url}"),
    "init_address_answers": _only(
        "WordPress answers at {url}; the keys will tell the rest.",
        "WordPress svarer på {url}; nøklene viser resten.",
    ),
    "init_no_browser": _only(
        "No browser opened: copy the address into one.",
        "Ingen nettleser åpnet seg: kopier adressen til en.",
    ),
    "init_reading_shop": _only(
        "Trying the key, and reading the newest orders ...",
        "Prøver nøkkelen, og leser de nyeste ordrene ...",
    ),
    "init_shop_read": _only(
        "The key works. Orders looked at: {orders}; payment methods: {methods}.",
        "Nøkkelen virker. Ordrer lest: {orders}; betalingsmåter: {methods}.",
    ),
    "init_shop_empty": _only(
        "The shop has no orders yet, so that fewer answers can be suggested. Run `woo2po init` "
        "again when it has some.",
        "Butikken har ingen ordrer ennå, så færre svar kan foreslås. Kjør «woo2po init» igjen når "
        "den har noen.",
    ),
    "init_reading_books": _only(
        "Trying the keys, and reading products and accounts ...",
        "Prøver nøklene, og leser produkter og kontoer ...",
    ),
    "init_books_read": _only(
        "The keys work. Products: {products}; accounts: {accounts}.",
        "Nøklene virker. Produkter: {products}; kontoer: {accounts}.",
    ),
    "init_books_empty": _only(
        "The company has no products yet. What woo2po needs can be made at the end.",
        "Firmaet har ingen produkter ennå. Det woo2po trenger, kan lages på slutten.",
    ),
    "init_other_company": _only(
        "Then the client key is another company's. Take it from the right one in PowerOffice Go.",
        "Da tilhører klientnøkkelen et annet firma. Hent den fra det rette i PowerOffice Go.",
    ),
    # -- the end -----------------------------------------------------------------------------------
    "init_file_head": _only(
        "The configuration of woo2po, written by `woo2po init`. Run that again to change it, or "
        "change it here. A line that begins with # and no space is a key at its default: to "
        "change it, take away the # and write another value. It holds keys: let nobody else read "
        "it.",
        "Konfigurasjonen til woo2po, skrevet av «woo2po init». Kjør den igjen for å endre noe, "
        "eller endre her. En linje som begynner med # uten mellomrom, er en nøkkel med "
        "standardverdien sin: ta bort # og skriv en annen verdi for å endre den. Filen inneholder "
        "nøkler: la ingen andre lese den.",
    ),
    "init_not_written": _only(
        "{path} could not be written ({why}). Nothing is lost: the answers are still here.",
        "{path} lot seg ikke skrive ({why}). Ingenting er tapt: svarene er her fortsatt.",
    ),
    "init_other_place": _only(
        "Where else? Enter tries the same place again.",
        "Hvor ellers? Enter prøver det samme stedet igjen.",
    ),
    "init_written": _only(
        "Written, and readable by you alone:", "Skrevet, og bare du kan lese det:"
    ),
    "init_kept": _only(
        "The file that was there is kept as {path}", "Filen som var der, ligger som {path}"
    ),
    "init_no_way_back": _only(
        "That is done already. `woo2po init` again changes any answer.",
        "Det er alt gjort. «woo2po init» på nytt endrer hvilket svar som helst.",
    ),
    "init_making": _only("Making products in PowerOffice:", "Lager produkter i PowerOffice:"),
    "init_made": _only("{code}: made.", "{code}: laget."),
    "init_made_found": _only(
        "{code}: PowerOffice's answer was lost, and the product is there.",
        "{code}: svaret fra PowerOffice ble borte, og produktet er der.",
    ),
    "init_made_lost": _only(
        "{code}: not known. {why} It is not there now, and was not made a second time: run "
        "`woo2po init` again in some minutes, which looks first.",
        "{code}: uvisst. {why} Det er ikke der nå, og ble ikke laget en gang til: kjør «woo2po "
        "init» igjen om noen minutter, den ser etter først.",
    ),
    "init_made_refused": _only("{code}: not made. {why}", "{code}: ikke laget. {why}"),
    "init_todo_products": _only(
        "Still to be made in PowerOffice, by hand or by `woo2po init` again. Until then orders "
        "that need them are held:",
        "Må ennå lages i PowerOffice, for hånd eller med «woo2po init» igjen. Til da holdes "
        "ordrer som trenger dem, tilbake:",
    ),
    "init_todo_products_no_right": _only(
        "Still to be made in PowerOffice by hand, since the integration lacks Product_Full. Until "
        "then orders that need them are held:",
        "Må ennå lages i PowerOffice for hånd, siden integrasjonen mangler Product_Full. Til da "
        "holdes ordrer som trenger dem, tilbake:",
    ),
    "init_todo_account": _only(
        "{code} {name}: first an account with VAT code {vat_code} ({rate} %), such as {account}, "
        "then the product on it",
        "{code} {name}: først en konto med mva-kode {vat_code} ({rate} %), for eksempel {account}, "
        "så produktet på den",
    ),
    "init_todo_rights": _only(
        "Ask PowerOffice to give the integration: {rights}",
        "Be PowerOffice gi integrasjonen: {rights}",
    ),
    "init_next": _only("What to type next:", "Dette skriver du nå:"),
    "init_next_said": _only(
        "The first tries everything, the second shows every order as it would be made, the third "
        "transfers three: look at them in PowerOffice before you go on.",
        "Den første prøver alt, den andre viser hver ordre slik den ville blitt, den tredje "
        "overfører tre: se på dem i PowerOffice før du går videre.",
    ),
    "init_next_invoices": _only(
        "You said yes to question 3: those three are invoiced then, and an invoice cannot be "
        "deleted, only credited. For a first look run `woo2po init` again and say no there.",
        "Du svarte ja på spørsmål 3: de tre blir da fakturert, og en faktura kan ikke slettes, "
        "bare krediteres. Vil du se på utkast først, kjør «woo2po init» igjen og svar nei der.",
    ),
    "init_timer_cron": _only(
        "When all is well, let it run every five minutes: `crontab -e`, and this line:",
        "Når alt er bra, la den kjøre hvert femte minutt: «crontab -e», og denne linjen:",
    ),
    "init_timer_windows": _only(
        "When all is well, let it run every five minutes. In a PowerShell that was started as "
        "administrator:",
        "Når alt er bra, la den kjøre hvert femte minutt. I et PowerShell-vindu som er startet "
        "som administrator:",
    ),
    "init_preview": _only(
        "Show now what would become of up to five orders? Nothing is sent.",
        "Vise nå hva som ville skjedd med inntil fem ordrer? Ingenting sendes.",
    ),
    "init_stopped": _only("Stopped. Nothing was written.", "Stoppet. Ingenting ble skrevet."),
    "init_stopped_after": _only(
        "Stopped. {path} was written whole before that.",
        "Stoppet. {path} var skrevet ferdig før det.",
    ),
    "init_stopped_made": _only(
        "In PowerOffice these products were made: {codes}.",
        "I PowerOffice ble disse produktene laget: {codes}.",
    ),
}
