"""The questions of `init` about the two systems and their keys, and from which day on.

`..._said` stands below a question, `..._more` is what ? explains; the others are choices.
"""

from woo2po.messages.message import Message


def _only(en: str, nb: str) -> Message:
    """Return a message with nothing to do about it."""
    return Message(en, "", nb, "")


CONNECT_TALK: dict[str, Message] = {
    # -- the shop ----------------------------------------------------------------------------------
    "init_url": _only("What is the shop's address?", "Hva er adressen til butikken?"),
    "init_url_said": _only(
        "As in the browser, such as www.example.no",
        "Som i nettleseren, for eksempel www.example.no",
    ),
    "init_url_more": _only(
        "The address of the shop's front page, with its folder if WordPress is in one "
        "(www.example.no/shop). It is tried at once; no key is sent yet. Keys go over https only.",
        "Adressen til forsiden av butikken, med mappe hvis WordPress ligger i en "
        "(www.example.no/shop). Den prøves med en gang; ingen nøkkel sendes ennå. Nøkler går bare "
        "over https.",
    ),
    "init_open_page": _only(
        "woo2po needs a key of the shop that may read. Open WooCommerce's page for making one in "
        "your browser?",
        "woo2po trenger en nøkkel til butikken som kan lese. Åpne WooCommerce-siden der du lager "
        "en, i nettleseren?",
    ),
    "init_consumer_key": _only("Consumer key (ck_...)", "Consumer key, kundenøkkelen (ck_...)"),
    "init_key_said": _only(
        "Make the key on this page of the shop (log in as administrator):",
        "Lag nøkkelen på denne siden i butikken (logg inn som administrator):",
    ),
    "init_key_boxes": _only(
        "Description: woo2po. User: a shop manager or an administrator. Permissions: Read. Press "
        '"Generate API key", then copy both keys from there: the secret is shown only this once.',
        "Beskrivelse: woo2po. Bruker: en butikksjef eller administrator. Rettigheter: Les. Trykk "
        "«Generer API-nøkkel», og kopier begge nøklene derfra: hemmeligheten vises bare denne ene "
        "gangen.",
    ),
    "init_key_more": _only(
        "The same page by the menu: WooCommerce > Settings > Advanced > REST API > Add key. woo2po "
        "never writes to the shop, so Read is enough.",
        "Samme side via menyen: WooCommerce > Innstillinger > Avansert > REST API > Legg til "
        "nøkkel. woo2po skriver aldri i butikken, så Les er nok.",
    ),
    "init_consumer_secret": _only(
        "Consumer secret (cs_...)", "Consumer secret, hemmeligheten (cs_...)"
    ),
    "init_secret_said": _only(
        "It stands below the key on the same page.", "Den står under nøkkelen på den samme siden."
    ),
    # -- PowerOffice -------------------------------------------------------------------------------
    "init_environment": _only(
        "Which environment of PowerOffice are your keys for?",
        "Hvilket miljø i PowerOffice er nøklene dine til?",
    ),
    "init_environment_more": _only(
        "Keys of one environment do not work in the other. PowerOffice gives out keys for demo "
        "first, and for production when they have looked at the integration.",
        "Nøkler til det ene miljøet virker ikke i det andre. PowerOffice gir først ut nøkler til "
        "demo, og til produksjon når de har sett på integrasjonen.",
    ),
    "init_production": _only("the company's real books", "firmaets virkelige regnskap"),
    "init_demo": _only("PowerOffice's demo environment", "demomiljøet til PowerOffice"),
    "init_sandbox": _only(
        "the one of `woo2po sandbox` on this machine", "den fra «woo2po sandbox» på denne maskinen"
    ),
    "init_sandbox_address": _only(
        "Where is the sandbox's PowerOffice?", "Hvor er PowerOffice i sandkassen?"
    ),
    "init_sandbox_key": _only("In the sandbox: {key}", "I sandkassen: {key}"),
    "init_application_key": _only("Application key", "Applikasjonsnøkkel"),
    "init_application_said": _only(
        "It names the integration. PowerOffice sent it when the integration was registered with "
        "them.",
        "Den navngir integrasjonen. PowerOffice sendte den da integrasjonen ble registrert hos "
        "dem.",
    ),
    "init_client_key": _only("Client key", "Klientnøkkel"),
    "init_client_said": _only(
        "It names your company. In PowerOffice Go, as administrator: Menu > Settings > Extensions "
        '> Add extension; choose the integration, or "Custom extension" and paste the '
        "application key. The client key is shown there.",
        "Den navngir firmaet ditt. I PowerOffice Go, som administrator: Meny > Innstillinger > "
        "Utvidelser > Legg til utvidelse; velg integrasjonen, eller «Egendefinert utvidelse» og "
        "lim inn applikasjonsnøkkelen. Klientnøkkelen vises der.",
    ),
    "init_subscription_key": _only("Subscription key", "Abonnementsnøkkel"),
    "init_subscription_said": _only(
        "On your profile at developer.poweroffice.net (log in there).",
        "På profilen din på developer.poweroffice.net (logg inn der).",
    ),
    "init_poweroffice_more": _only(
        "Three keys belong together, all of the same environment. If you have none yet, end here "
        "with Ctrl-C and ask PowerOffice to register an integration; the README says what to ask "
        "for.",
        "Tre nøkler hører sammen, alle til samme miljø. Har du ingen ennå, avslutt her med Ctrl-C "
        "og be PowerOffice registrere en integrasjon; README sier hva du skal be om.",
    ),
    "init_company": _only(
        'PowerOffice says that these keys are for "{name}". Is that the right company?',
        "PowerOffice sier at nøklene gjelder «{name}». Er det riktig firma?",
    ),
    "init_rights_lacking": _only(
        "The integration lacks rights in PowerOffice that woo2po cannot do without: {rights}. Ask "
        "PowerOffice to give it these. You can go on meanwhile.",
        "Integrasjonen mangler tilganger i PowerOffice som woo2po ikke klarer seg uten: {rights}. "
        "Be PowerOffice gi den dem. Du kan gå videre imens.",
    ),
    # -- from which day on -------------------------------------------------------------------------
    "init_orders_from": _only(
        "From which day on are orders transferred?", "Fra hvilken dag overføres ordrer?"
    ),
    "init_orders_from_said": _only(
        "Orders placed before that day are never transferred. Choose it so that none from then on "
        "has been booked in another way. You may type any other day.",
        "Ordrer fra før den dagen blir aldri overført. Velg den slik at ingen ordre fra da av er "
        "ført på annen måte. Du kan også skrive en annen dato.",
    ),
    "init_orders_from_more": _only(
        "For a trial with orders that are there already choose an earlier day: with question 3 at "
        "no only drafts are made, and a draft can be deleted in PowerOffice.",
        "Vil du prøve med ordrer som finnes alt, velg en tidligere dag: med nei på spørsmål 3 "
        "lages bare utkast, og et utkast kan slettes i PowerOffice.",
    ),
    "init_from_today": _only("today; orders so far: {n}", "i dag; ordrer så langt: {n}"),
    "init_from_week": _only("a week ago; orders since: {n}", "for en uke siden; ordrer siden: {n}"),
    "init_from_month": _only(
        "the first of this month; orders since: {n}", "den første denne måneden; ordrer siden: {n}"
    ),
    "init_from_last_month": _only(
        "the first of last month; orders since: {n}", "den første forrige måned; ordrer siden: {n}"
    ),
    "init_n_orders": _only("orders that have it: {n}", "ordrer som har det: {n}"),
    "init_status": _only('"{name}", orders: {n}', "«{name}», antall ordrer: {n}"),
}
