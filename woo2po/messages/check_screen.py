"""The headings of `check`, the first orders, and how it ends."""

from woo2po.messages.message import Message

_SCREEN: dict[str, Message] = {
    "check_h_configuration": Message(
        "Configuration and this machine",
        "",
        "Konfigurasjonen og denne maskinen",
        "",
    ),
    "check_h_shop": Message(
        "The shop",
        "",
        "Butikken",
        "",
    ),
    "check_h_poweroffice": Message(
        "The company in PowerOffice Go",
        "",
        "Selskapet i PowerOffice Go",
        "",
    ),
    "check_h_products": Message(
        "Products and accounts",
        "",
        "Produkter og kontoer",
        "",
    ),
    "check_h_twice": Message(
        "What could book an order twice",
        "",
        "Det som kunne føre en ordre to ganger",
        "",
    ),
    "check_h_orders": Message(
        "The first orders that would be transferred",
        "",
        "De første ordrene som ville bli overført",
        "",
    ),
    "check_ends_fine": Message(
        "Everything that a run needs is there.",
        "Next: `woo2po run --dry-run` shows what would be made, order by order.",
        "Alt en kjøring trenger, er på plass.",
        "Nå: «woo2po run --dry-run» viser hva som ville blitt laget, ordre for ordre.",
    ),
    "check_ends_warnings": Message(
        "A run would work; things to look at first: {n}.",
        'Next: read the lines marked "look"; `woo2po run --dry-run` then shows what would be made.',
        "En kjøring ville virket; ting å se på først: {n}.",
        "Nå: les linjene merket «se på»; så viser «woo2po run --dry-run» hva som ville blitt "
        "laget.",
    ),
    "check_ends_held": Message(
        "A run would work, and hold some orders back; reasons for that: {n}.",
        'Next: do what stands under the lines marked "held" and check again. What is not '
        "held can go meanwhile: `woo2po run --dry-run` shows it.",
        "En kjøring ville virket, men holdt noen ordrer tilbake; grunner til det: {n}.",
        "Nå: gjør det som står under linjene merket «holdt», og sjekk igjen. Det som ikke "
        "holdes tilbake, kan gå imens: «woo2po run --dry-run» viser det.",
    ),
    "check_ends_unreachable": Message(
        "A run would transfer nothing: a system is out of reach or turns us away (lines: {n}).",
        'Next: do what stands under the lines marked "STOP", then `woo2po check` again.',
        "En kjøring ville ikke overført noe: et system er utenfor rekkevidde eller avviser "
        "oss (linjer: {n}).",
        "Nå: gjør det som står under linjene merket «STOPP», og så «woo2po check» igjen.",
    ),
    "check_ends_wrong": Message(
        "A run would not even begin: the configuration is not right yet (lines: {n}).",
        'Next: do what stands under the lines marked "WRONG", then `woo2po check` again.',
        "En kjøring ville ikke engang begynt: konfigurasjonen er ikke riktig ennå (linjer: {n}).",
        "Nå: gjør det som står under linjene merket «FEIL», og så «woo2po check» igjen.",
    ),
    "check_asked": Message(
        "Requests for this: shop {shop}, PowerOffice {poweroffice}. Nothing was written in either.",
        "",
        "Forespørsler for dette: butikken {shop}, PowerOffice {poweroffice}. Ingenting ble "
        "skrevet noe sted.",
        "",
    ),
    "check_begins": Message(
        "Trying both systems; that takes some seconds ...",
        "",
        "Prøver begge systemer; det tar noen sekunder ...",
        "",
    ),
}

_ORDERS: dict[str, Message] = {
    "check_orders_not_tried": Message(
        "Not tried: it takes the shop's orders, and PowerOffice's products and accounts.",
        "",
        "Ikke prøvd: det trengs ordrene i butikken, og produktene og kontoene i PowerOffice.",
        "",
    ),
    "check_no_first_order": Message(
        "No order waits to be transferred.",
        "",
        "Ingen ordre venter på å bli overført.",
        "",
    ),
    "check_order_exact": Message(
        "{number}: {total}, exact.",
        "",
        "{number}: {total}, på øret.",
        "",
    ),
    "check_order_rounded": Message(
        "{number}: {total}, exact with a rounding line of {rounding}.",
        "",
        "{number}: {total}, på øret med en avrundingslinje på {rounding}.",
        "",
    ),
    "check_order_compared": Message(
        "{number}: {total}, exact once the draft is compared: PowerOffice may round this one "
        "in more than one way, and the job sets a rounding line right.",
        "",
        "{number}: {total}, på øret når utkastet er sammenlignet: PowerOffice kan runde av "
        "denne på mer enn én måte, og jobben retter med en avrundingslinje.",
        "",
    ),
    "check_order_held": Message(
        "{number}: {total}, held.",
        "",
        "{number}: {total}, holdes tilbake.",
        "",
    ),
    "check_order_skipped": Message(
        "{number}: {total}, left out.",
        "",
        "{number}: {total}, utelates.",
        "",
    ),
    "check_order_changed": Message(
        "{number}: {total}, its draft in PowerOffice is changed.",
        "",
        "{number}: {total}, utkastet i PowerOffice endres.",
        "",
    ),
    "check_order_invoiced": Message(
        "{number}: {total}, its draft in PowerOffice is invoiced.",
        "",
        "{number}: {total}, utkastet i PowerOffice faktureres.",
        "",
    ),
    "check_order_taken_back": Message(
        "{number}: {total}, called off in the shop, so it is taken back in PowerOffice.",
        "",
        "{number}: {total}, avlyst i butikken, så den tas tilbake i PowerOffice.",
        "",
    ),
    "check_order_waiting": Message(
        "{number}: {total}, waits for an answer from PowerOffice.",
        "",
        "{number}: {total}, venter på svar fra PowerOffice.",
        "",
    ),
    "check_order_not_transferred": Message(
        "{number}: {total}, refunded before it was transferred, so nothing is sent.",
        "",
        "{number}: {total}, refundert før den ble overført, så ingenting sendes.",
        "",
    ),
    "check_order_unchanged": Message(
        "{number}: {total}, stands in PowerOffice already.",
        "",
        "{number}: {total}, står allerede i PowerOffice.",
        "",
    ),
}

CHECK_TEXTS: dict[str, Message] = {**_SCREEN, **_ORDERS}
