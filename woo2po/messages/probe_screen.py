"""How the questions of `check --probe` turn out, and what stands around them."""

from woo2po.messages.message import Message

_OUTCOMES: dict[str, Message] = {
    "probe_o_accepted": Message(
        "accepted (HTTP {status}).",
        "",
        "godtatt (HTTP {status}).",
        "",
    ),
    "probe_o_refused": Message(
        "refused (HTTP {status}): {said}",
        "",
        "avvist (HTTP {status}): {said}",
        "",
    ),
    "probe_o_kept": Message(
        "kept as it was sent.",
        "",
        "beholdt slik det ble sendt.",
        "",
    ),
    "probe_o_kept_as": Message(
        'kept as "{kept}".',
        "",
        "beholdt som «{kept}».",
        "",
    ),
    "probe_o_kept_length": Message(
        "accepted, but something else stands there ({n} characters).",
        "",
        "godtatt, men det står noe annet der ({n} tegn).",
        "",
    ),
    "probe_o_unknown": Message(
        "it does not exist (HTTP {status}).",
        "",
        "det finnes ikke (HTTP {status}).",
        "",
    ),
    "probe_o_found": Message(
        "found.",
        "",
        "funnet.",
        "",
    ),
    "probe_o_not_found": Message(
        "not found.",
        "",
        "ikke funnet.",
        "",
    ),
    "probe_o_ignored": Message(
        "accepted and ignored.",
        "",
        "godtatt og oversett.",
        "",
    ),
    "probe_o_done": Message(
        "carried out.",
        "",
        "utført.",
        "",
    ),
    "probe_o_yes": Message(
        "yes.",
        "",
        "ja.",
        "",
    ),
    "probe_o_no": Message(
        "no.",
        "",
        "nei.",
        "",
    ),
    "probe_o_value": Message(
        "it is {value}.",
        "",
        "det er {value}.",
        "",
    ),
    "probe_o_amount": Message(
        "it is {amount}.",
        "",
        "det er {amount}.",
        "",
    ),
    "probe_o_at_least": Message(
        "at least {value}.",
        "",
        "minst {value}.",
        "",
    ),
    "probe_o_at_most": Message(
        "at most {value}.",
        "",
        "høyst {value}.",
        "",
    ),
    "probe_o_no_body": Message(
        "HTTP {status} without a body.",
        "",
        "HTTP {status} uten innhold.",
        "",
    ),
    "probe_o_brackets": Message(
        "HTTP {status} with [].",
        "",
        "HTTP {status} med [].",
        "",
    ),
    "probe_o_rows": Message(
        "HTTP {status} with rows.",
        "",
        "HTTP {status} med rader.",
        "",
    ),
    "probe_o_filters": Message(
        "these exist: {there}; these do not: {missing}.",
        "",
        "disse finnes: {there}; disse finnes ikke: {missing}.",
        "",
    ),
    "probe_o_adopted": Message(
        "the first one came back as the answer (HTTP {status}).",
        "",
        "den første kom tilbake som svar (HTTP {status}).",
        "",
    ),
    "probe_o_seconds": Message(
        "after {seconds} s.",
        "",
        "etter {seconds} s.",
        "",
    ),
    "probe_o_never": Message(
        "not within {seconds} s.",
        "",
        "ikke innen {seconds} s.",
        "",
    ),
    "probe_o_seconds_off": Message(
        "{seconds} s.",
        "",
        "{seconds} sek.",
        "",
    ),
    "probe_o_amounts": Message(
        "VAT rate {rate}, total {total}.",
        "",
        "mva-sats {rate}, total {total}.",
        "",
    ),
    "probe_o_ways": Message(
        "{ways} (totals {totals}).",
        "",
        "{ways} (totaler {totals}).",
        "",
    ),
    "probe_o_no_ground": Message(
        "not tried, since no customer or no product could be made.",
        "",
        "ikke prøvd, siden ingen kunde eller ingen produkt lot seg lage.",
        "",
    ),
    "probe_o_not_tried": Message(
        "not tried ({why}).",
        "",
        "ikke prøvd ({why}).",
        "",
    ),
}

_SCREEN: dict[str, Message] = {
    "probe_report_head": Message(
        "woo2po {version}: what a probe of PowerOffice Go found out",
        "",
        "woo2po {version}: det en prøve av PowerOffice Go fant ut",
        "",
    ),
    "needs_probe": Message(
        "{option} goes with --probe.",
        "Add --probe, or leave {option} out.",
        "{option} hører til --probe.",
        "Legg til --probe, eller utelat {option}.",
    ),
    "probe_h_lists": Message(
        "Lists and look-ups",
        "",
        "Lister og oppslag",
        "",
    ),
    "probe_h_customers": Message(
        "Customers",
        "",
        "Kunder",
        "",
    ),
    "probe_h_products": Message(
        "Products",
        "",
        "Produkter",
        "",
    ),
    "probe_h_orders": Message(
        "Drafts",
        "",
        "Utkast",
        "",
    ),
    "probe_h_lines": Message(
        "Lines",
        "",
        "Linjer",
        "",
    ),
    "probe_h_rounding": Message(
        "Rounding",
        "",
        "Avrunding",
        "",
    ),
    "probe_assumed": Message(
        "We assumed: {what}",
        "",
        "Vi antok: {what}",
        "",
    ),
    "probe_either": Message(
        "Either is fine: {what}",
        "",
        "Begge deler går: {what}",
        "",
    ),
    "probe_found": Message(
        "Found: {what}",
        "",
        "Funnet: {what}",
        "",
    ),
    "probe_left": Message(
        "Still there of what the probe made: {n}.",
        'Delete them in PowerOffice Go by hand. They are called "woo2po probe, can be deleted".',
        "Dette står igjen av det prøven laget: {n}.",
        'Slett dem for hånd i PowerOffice Go. De heter "woo2po probe, can be deleted".',
    ),
    "probe_left_customer": Message(
        "customer {number}, under Contacts ({why})",
        "",
        "kunde {number}, under Kontakter ({why})",
        "",
    ),
    "probe_left_product": Message(
        "product {number}, under Products ({why})",
        "",
        "produkt {number}, under Produkter ({why})",
        "",
    ),
    "probe_left_order": Message(
        "sales order {number}, a draft ({why})",
        "",
        "salgsordre {number}, et utkast ({why})",
        "",
    ),
    "probe_all_gone": Message(
        "All {n} things that the probe made are taken away again.",
        "",
        "Alle {n} tingene som prøven laget, er tatt bort igjen.",
        "",
    ),
    "probe_called_off": Message(
        "The probe was called off; what stands above was found out before that.",
        "",
        "Prøven ble avbrutt; det som står over, ble funnet ut før det.",
        "",
    ),
    "probe_ends": Message(
        "As the job assumes: {as_assumed}. Otherwise than it assumes: {otherwise}. Either "
        "way is fine: {either}. Not tried: {not_tried}. Requests to PowerOffice: {asked}.",
        "Please send us what was found out: `woo2po check --probe --report FILE` writes it "
        "without your keys, names and numbers.",
        "Slik jobben antar: {as_assumed}. Annerledes enn den antar: {otherwise}. Like godt "
        "på begge måter: {either}. Ikke prøvd: {not_tried}. Forespørsler til PowerOffice: "
        "{asked}.",
        "Send oss gjerne det som ble funnet ut: «woo2po check --probe --report FIL» skriver "
        "det uten nøklene, navnene og numrene dine.",
    ),
    "probe_left_out": Message(
        "Left out, since it cannot be taken away again: sending an invoice, posting a payment.",
        "",
        "Utelatt, siden det ikke kan tas bort igjen: å sende en faktura, å føre en betaling.",
        "",
    ),
    "probe_report_written": Message(
        "The report is in {path}: no keys, no names, no numbers of yours. Read it, and send "
        "it to us.",
        "",
        "Rapporten er i {path}: ingen nøkler, ingen navn, ingen av numrene dine. Les den, og "
        "send den til oss.",
        "",
    ),
    "probe_in_production": Message(
        "These keys are for {name}, in production. The probe makes two customers, some "
        "products and drafts there and deletes them; it sends nothing and posts nothing. "
        "Customer and order numbers are used up by it.",
        "",
        "Disse nøklene er til {name}, i produksjon. Prøven lager to kunder, noen produkter "
        "og utkast der og sletter dem; den sender ingenting og fører ingenting. Kunde- og "
        "ordrenumre blir brukt opp.",
        "",
    ),
    "probe_type_the_name": Message(
        "Type the company's name to go on",
        "",
        "Skriv navnet på selskapet for å fortsette",
        "",
    ),
    "probe_another_name": Message(
        '"{typed}" is not the company that the keys are for. Nothing was made.',
        "",
        "«{typed}» er ikke selskapet som nøklene er til. Ingenting ble laget.",
        "",
    ),
    "probe_refused": Message(
        "In production the probe wants a typed yes, and there is no terminal. Nothing was "
        "made. Use the keys of a demo company, or --yes-in-production with the company's "
        "name.",
        "",
        "I produksjon vil prøven ha et skrevet ja, og her er ingen terminal. Ingenting ble "
        "laget. Bruk nøklene til et demoselskap, eller --yes-in-production med navnet på "
        "selskapet.",
        "",
    ),
    "probe_begins": Message(
        "Trying PowerOffice out; that takes about half a minute. Ctrl-C ends it and takes "
        "away what was made.",
        "",
        "Prøver ut PowerOffice; det tar omtrent et halvt minutt. Ctrl-C avslutter og tar "
        "bort det som ble laget.",
        "",
    ),
    "probe_cut_short": Message(
        "Ended at once. What the probe had made may still be there.",
        "",
        "Avsluttet med en gang. Det prøven hadde laget, kan stå igjen.",
        "",
    ),
}

PROBE_TEXTS: dict[str, Message] = {**_OUTCOMES, **_SCREEN}
