"""What can be wrong between us and PowerOffice Go, and what to do about it.

Written for the shop owner and the accountant. Where to click, and which right opens what:
PowerOffice facts, sections 0, 1, 9 and 12.
"""

from woo2po.messages.message import Message

POWEROFFICE: dict[str, Message] = {
    "poweroffice_not_reached": Message(
        en="PowerOffice Go could not be reached at {host} ({why}); nothing was sent.",
        en_remedy=(
            "Nothing is lost: the next run goes on. If it lasts, check the network, the firewall,"
            " poweroffice.base_url and poweroffice.token_url."
        ),
        nb="PowerOffice Go på {host} var ikke til å nå ({why}); ingenting ble sendt.",
        nb_remedy=(
            "Ingenting er tapt: neste kjøring fortsetter. Varer det ved, sjekk nettverket,"
            " brannmuren, poweroffice.base_url og poweroffice.token_url."
        ),
    ),
    "poweroffice_no_answer": Message(
        en="PowerOffice Go gave no usable answer: {why} ({what}).",
        en_remedy=(
            "The next run first looks up what PowerOffice has of it, so that nothing is made"
            " twice. If it lasts, PowerOffice may be out of order: try to log in at"
            " go.poweroffice.net."
        ),
        nb="PowerOffice Go ga ikke noe brukbart svar: {why} ({what}).",
        nb_remedy=(
            "Neste kjøring slår først opp hva PowerOffice har fått med seg, slik at ingenting"
            " lages to ganger. Varer det ved, kan PowerOffice være nede: prøv å logge inn på"
            " go.poweroffice.net."
        ),
    ),
    "poweroffice_busy": Message(
        en="PowerOffice Go asked us to wait, for longer than one run does ({what}).",
        en_remedy=(
            "The next run goes on. The limit of ten requests a second belongs to the subscription"
            " key: if several machines, or several users of one, share that key, give the shops"
            " on each a lower poweroffice.requests_per_second."
        ),
        nb="PowerOffice Go ba oss vente, lenger enn én kjøring gjør ({what}).",
        nb_remedy=(
            "Neste kjøring fortsetter. Grensen på ti forespørsler i sekundet gjelder per"
            " abonnementsnøkkel: deler flere maskiner, eller flere brukere av én, den nøkkelen,"
            " gi butikkene på hver av dem en lavere poweroffice.requests_per_second."
        ),
    ),
    "poweroffice_refused": Message(
        en="PowerOffice Go refused the request: {title} {detail} (HTTP {status}).",
        en_remedy="Put right in PowerOffice Go what it says; the next run tries again. If it "
        "stays, report this sentence.",
        nb="PowerOffice Go avviste forespørselen: {title} {detail} (HTTP {status}).",
        nb_remedy="Rett opp det meldingen sier, i PowerOffice Go; neste kjøring prøver igjen. Blir "
        "det stående, meld fra om denne setningen.",
    ),
    "poweroffice_too_large": Message(
        en="PowerOffice Go's answer is larger than any that makes sense, and was not read to its "
        "end ({what}).",
        en_remedy="Nothing is lost: the next run goes on. If it lasts, a proxy or another program "
        "may stand in between: check poweroffice.base_url and poweroffice.token_url, or remove "
        "them.",
        nb="Svaret fra PowerOffice Go er større enn noe som gir mening, og ble ikke lest til ende "
        "({what}).",
        nb_remedy="Ingenting er tapt: neste kjøring fortsetter. Varer det, kan en proxy eller et "
        "annet program stå imellom: sjekk poweroffice.base_url og poweroffice.token_url, eller "
        "fjern dem.",
    ),
    "poweroffice_redirected": Message(
        en="{host} sends us on to another address instead of answering ({what}: {why}).",
        en_remedy=(
            "The keys were not sent there. Check poweroffice.base_url and poweroffice.token_url,"
            " or remove them: poweroffice.environment sets both."
        ),
        nb="{host} sender oss videre til en annen adresse i stedet for å svare ({what}: {why}).",
        nb_remedy=(
            "Nøklene ble ikke sendt dit. Sjekk poweroffice.base_url og poweroffice.token_url,"
            " eller fjern dem: poweroffice.environment setter begge."
        ),
    ),
    "poweroffice_wrong_address": Message(
        en="{host} does not know this address: it is not where PowerOffice's API is ({what}).",
        en_remedy=(
            "Check poweroffice.base_url and poweroffice.token_url, or remove them:"
            " poweroffice.environment sets both."
        ),
        nb="{host} kjenner ikke adressen: dette er ikke der PowerOffice har API-et sitt ({what}).",
        nb_remedy=(
            "Sjekk poweroffice.base_url og poweroffice.token_url, eller fjern dem:"
            " poweroffice.environment setter begge."
        ),
    ),
    "poweroffice_not_json": Message(
        en="The answer is not what PowerOffice Go answers: a web page, or cut off ({what}).",
        en_remedy=(
            "Nothing is lost: the next run goes on. If it lasts, a proxy or a firewall may stand"
            " in between, or PowerOffice is being maintained."
        ),
        nb="Svaret er ikke slik PowerOffice Go svarer: en nettside, eller avkuttet ({what}).",
        nb_remedy=(
            "Ingenting er tapt: neste kjøring fortsetter. Varer det ved, kan det stå en proxy"
            " eller brannmur imellom, eller PowerOffice har vedlikehold."
        ),
    ),
    "poweroffice_not_understood": Message(
        en="PowerOffice Go's answer lacks {field}, or has it in an unknown form ({what}).",
        en_remedy=(
            "PowerOffice may have changed its API. Look for a newer version of woo2po; if there"
            " is none, report this sentence."
        ),
        nb="Svaret fra PowerOffice Go mangler {field}, eller har det i ukjent form ({what}).",
        nb_remedy=(
            "PowerOffice kan ha endret API-et sitt. Se etter en nyere versjon av woo2po; finnes"
            " den ikke, meld fra med denne setningen."
        ),
    ),
    "poweroffice_wrong_keys": Message(
        en="PowerOffice Go ({host}) does not accept the application key and the client key.",
        en_remedy=(
            "Look in PowerOffice Go under Menu > Settings > Extensions whether the extension is"
            " there and switched on, and copy its client key into poweroffice.client_key (only"
            " an administrator sees it). Both keys and poweroffice.environment must belong"
            " together: keys from demo do not work in production, nor the other way round."
        ),
        nb="PowerOffice Go ({host}) godtar ikke applikasjonsnøkkelen og klientnøkkelen.",
        nb_remedy=(
            "Se i PowerOffice Go under Meny > Innstillinger > Utvidelser om utvidelsen finnes og"
            " er slått på, og kopier klientnøkkelen derfra til poweroffice.client_key (bare en"
            " administrator ser den). Begge nøklene og poweroffice.environment må høre sammen:"
            " nøkler fra demo virker ikke i produksjon, og omvendt."
        ),
    ),
    "poweroffice_wrong_subscription_key": Message(
        en="PowerOffice Go ({host}) does not accept the subscription key.",
        en_remedy=(
            "Copy the key from your profile at developer.poweroffice.net into"
            " poweroffice.subscription_key. Demo and production have different keys; the"
            " subscription must be active."
        ),
        nb="PowerOffice Go ({host}) godtar ikke abonnementsnøkkelen.",
        nb_remedy=(
            "Kopier nøkkelen fra profilen din på developer.poweroffice.net til"
            " poweroffice.subscription_key. Demo og produksjon har hver sin nøkkel; abonnementet"
            " må være aktivt."
        ),
    ),
    "poweroffice_login_refused": Message(
        en="PowerOffice Go ({host}) refused the login: {said} (HTTP {status}).",
        en_remedy=(
            "Check poweroffice.application_key, poweroffice.client_key and"
            " poweroffice.subscription_key, and in PowerOffice Go under Menu > Settings >"
            " Extensions whether the extension is switched on. If all is right, ask PowerOffice's"
            " support, with this sentence."
        ),
        nb="PowerOffice Go ({host}) avviste innloggingen: {said} (HTTP {status}).",
        nb_remedy=(
            "Sjekk poweroffice.application_key, poweroffice.client_key og"
            " poweroffice.subscription_key, og i PowerOffice Go under Meny > Innstillinger >"
            " Utvidelser om utvidelsen er slått på. Er alt riktig, spør PowerOffices brukerstøtte,"
            " med denne setningen."
        ),
    ),
    "poweroffice_token_rejected": Message(
        en="PowerOffice Go ({host}) gave us access and then denied it, twice in a row.",
        en_remedy=(
            "Check that poweroffice.base_url and poweroffice.token_url belong to the same"
            " environment (or remove them), and in PowerOffice Go under Menu > Settings >"
            " Extensions that the extension is still switched on."
        ),
        nb="PowerOffice Go ({host}) ga oss tilgang og nektet den så, to ganger på rad.",
        nb_remedy=(
            "Sjekk at poweroffice.base_url og poweroffice.token_url hører til samme miljø (eller"
            " fjern dem), og i PowerOffice Go under Meny > Innstillinger > Utvidelser at"
            " utvidelsen fortsatt er slått på."
        ),
    ),
    "poweroffice_blocked": Message(
        en="The gateway in front of PowerOffice Go ({host}) turned us away: {said} ({what}).",
        en_remedy=(
            "The subscription key may have used up its quota or lack access to this API: see"
            " your profile at developer.poweroffice.net, or ask PowerOffice's support."
        ),
        nb="Portalen foran PowerOffice Go ({host}) avviste oss: {said} ({what}).",
        nb_remedy=(
            "Abonnementsnøkkelen kan ha brukt opp kvoten sin eller mangle tilgang til dette"
            " API-et: se profilen din på developer.poweroffice.net, eller spør PowerOffices"
            " brukerstøtte."
        ),
    ),
    "missing_privilege": Message(
        en="The integration lacks the privilege {role} in PowerOffice Go ({what}).",
        en_remedy=(
            "Ask PowerOffice to give the integration the privilege {role}. If it has it already,"
            " the company lacks the Go module that the privilege belongs to: switch it on under"
            " Menu > Settings > System > Subscription. If PowerOffice asks for it, remove the"
            " extension and add it again under Menu > Settings > Extensions; the next run logs in"
            " anew."
        ),
        nb="Integrasjonen mangler tilgangen {role} i PowerOffice Go ({what}).",
        nb_remedy=(
            "Be PowerOffice gi integrasjonen tilgangen {role}. Har den det allerede, mangler"
            " firmaet Go-modulen som tilgangen hører til: slå den på under Meny > Innstillinger >"
            " System > Abonnement. Ber PowerOffice om det, fjern utvidelsen og legg den til igjen"
            " under Meny > Innstillinger > Utvidelser; neste kjøring logger inn på nytt."
        ),
    ),
    "may_not_send": Message(
        en="The integration may not send invoices in PowerOffice Go: the orders stay drafts.",
        en_remedy=(
            "Ask PowerOffice to give the integration the right to send invoices"
            " (AllowSendInvoice). It is granted to each integration by itself, and is not part of"
            " SalesOrders_Full, which is needed as well. What waits is then sent within an hour;"
            " drafts that a person sends in PowerOffice Go meanwhile are recognised. To leave"
            " that to people for good, set invoices.create to false."
        ),
        nb="Integrasjonen får ikke sende fakturaer i PowerOffice Go: ordrene forblir utkast.",
        nb_remedy=(
            "Be PowerOffice gi integrasjonen rett til å sende fakturaer (AllowSendInvoice). Den"
            " gis hver integrasjon for seg og følger ikke med SalesOrders_Full, som også trengs."
            " Det som venter, sendes da innen en time; utkast som noen imens sender i PowerOffice"
            " Go, blir gjenkjent. Skal dere alltid fakturere selv, sett invoices.create til false."
        ),
    ),
    "may_not_post_vouchers": Message(
        en="The integration may not post payments in PowerOffice Go: it lacks {role}.",
        en_remedy=(
            "Ask PowerOffice to give the integration the privilege {role}; posting vouchers is"
            " something that they approve separately. The payments that wait are then posted within"
            " an hour. To register payments by hand instead, set payments.register to false."
        ),
        nb="Integrasjonen får ikke bokføre betalinger i PowerOffice Go: den mangler {role}.",
        nb_remedy=(
            "Be PowerOffice gi integrasjonen tilgangen {role}; bokføring av bilag er noe de"
            " må godkjenne særskilt. Betalingene som venter, føres da innen en time. Skal"
            " betalinger heller registreres for hånd, sett payments.register til false."
        ),
    ),
    "may_not_read_ledger": Message(
        en="The integration may not read the customer ledger in PowerOffice Go: it lacks {role}.",
        en_remedy=(
            "Ask PowerOffice to give the integration the privilege {role}. It is needed where a"
            " payment was left without an answer: only the ledger shows whether it was posted."
            " Until then such a payment waits, and is not posted a second time."
        ),
        nb="Integrasjonen får ikke lese kundereskontroen i PowerOffice Go: den mangler {role}.",
        nb_remedy=(
            "Be PowerOffice gi integrasjonen tilgangen {role}. Den trengs når en betaling er"
            " blitt stående uten svar: bare reskontroen viser om den ble bokført. Til da venter"
            " en slik betaling, og bokføres ikke på nytt."
        ),
    ),
    "may_not_read_transactions": Message(
        en="The integration may not read the general ledger in PowerOffice Go: it lacks {role}.",
        en_remedy=(
            "Ask PowerOffice to give the integration the privilege {role}. Without it the proof"
            " judges payments by the invoices' balances alone, and no clearing account is proved."
        ),
        nb="Integrasjonen får ikke lese hovedboken i PowerOffice Go: den mangler {role}.",
        nb_remedy=(
            "Be PowerOffice gi integrasjonen tilgangen {role}. Uten den bedømmer avstemmingen"
            " betalingene bare etter fakturaenes saldo, og ingen oppgjørskonto blir avstemt."
        ),
    ),
}
