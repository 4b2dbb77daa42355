"""What the commands say: settings, state database, runs."""

from woo2po.messages.message import Message

COMMANDS: dict[str, Message] = {
    # -- configuration and calls ---------------------------------------------------------------
    "no_config": Message(
        "There is no configuration at {path}.",
        "`woo2po init` asks what is needed and writes one; or name another file: `woo2po --config "
        "PATH run`.",
        "Det finnes ingen konfigurasjon på {path}.",
        "«woo2po init» spør om det som trengs, og skriver en; eller oppgi en annen fil: «woo2po "
        "--config STI run».",
    ),
    "wrong_settings": Message(
        "The configuration cannot be used; nothing was tried:",
        "Correct it in {path} and try again.",
        "Konfigurasjonen kan ikke brukes; ingenting ble forsøkt:",
        "Rett det i {path} og prøv igjen.",
    ),
    "config_readable": Message(
        "Other users of this machine can read {path}, and it holds keys.",
        "Type: `chmod 600 {path}`.",
        "Andre brukere på denne maskinen kan lese {path}, og den inneholder nøkler.",
        "Skriv: «chmod 600 {path}».",
    ),
    "status_not_in_shop": Message(
        'woocommerce.statuses names "{status}", which the shop does not know; nothing was tried.',
        "Correct woocommerce.statuses. The shop's statuses are: {known}.",
        "woocommerce.statuses nevner «{status}», som butikken ikke kjenner; ingenting ble forsøkt.",
        "Rett woocommerce.statuses. Butikkens statuser er: {known}.",
    ),
    "no_such_order": Message(
        "The shop has no order {number}.",
        "Check the number in WooCommerce > Orders. An order in the trash has to be restored first.",
        "Butikken har ingen ordre {number}.",
        "Sjekk nummeret i WooCommerce > Ordrer. En ordre i papirkurven må gjenopprettes først.",
    ),
    "number_of_two_orders": Message(
        "More than one order bears the number {number}.",
        "Say which one is meant by its id: {ids}.",
        "Mer enn én ordre har nummeret {number}.",
        "Si hvilken du mener med id-en: {ids}.",
    ),
    "order_not_transferred": Message(
        'Order {number} is "{status}", or older than woocommerce.orders_from, and is not '
        "transferred.",
        "Change the order's status in the shop, or woocommerce.statuses and "
        "woocommerce.orders_from in the configuration.",
        "Ordre {number} har status «{status}», eller er eldre enn woocommerce.orders_from, og "
        "overføres ikke.",
        "Endre ordrens status i butikken, eller woocommerce.statuses og woocommerce.orders_from "
        "i konfigurasjonen.",
    ),
    "order_unknown_here": Message(
        "No order {number} is known here.",
        "`woo2po run --order {number}` transfers it; `woo2po status --all` lists those that are "
        "known.",
        "Ingen ordre {number} er kjent her.",
        "«woo2po run --order {number}» overfører den; «woo2po status --all» viser dem som er "
        "kjent.",
    ),
    # -- the state database ----------------------------------------------------------------------
    "state_locked": Message(
        "The state database {path} is in use by another program; nothing was sent.",
        "Nothing is lost: the next run goes on. If it lasts, close what has the file open (a "
        "database viewer, a backup).",
        "Tilstandsdatabasen {path} er i bruk av et annet program; ingenting ble sendt.",
        "Ingenting er tapt: neste kjøring fortsetter. Varer det, lukk det som har filen åpen (et "
        "databaseprogram, en sikkerhetskopiering).",
    ),
    "disk_full": Message(
        "The disk with the state database {path} is full or does not answer ({said}).",
        "Make room on it. What could not be recorded was not sent; the next run goes on.",
        "Disken med tilstandsdatabasen {path} er full eller svarer ikke ({said}).",
        "Frigjør plass på den. Det som ikke kunne noteres, ble ikke sendt; neste kjøring "
        "fortsetter.",
    ),
    "state_read_only": Message(
        "The state database {path} cannot be written; nothing was tried.",
        "Give the user that the job runs as the right to write the file and its folder.",
        "Tilstandsdatabasen {path} kan ikke skrives; ingenting ble forsøkt.",
        "Gi brukeren som jobben kjører som, rett til å skrive i filen og mappen dens.",
    ),
    "state_cannot_open": Message(
        "The state database {path} cannot be opened ({said}); nothing was tried.",
        "Check state.path in the configuration, that its folder exists and that the job's user "
        "may write there.",
        "Tilstandsdatabasen {path} kan ikke åpnes ({said}); ingenting ble forsøkt.",
        "Sjekk state.path i konfigurasjonen, at mappen finnes, og at jobbens bruker kan skrive "
        "der.",
    ),
    "state_cannot_lock": Message(
        "The disk with the state database {path} cannot lock files ({said}), so two runs could "
        "work at once; nothing was tried.",
        "Set state.path to a file on a disk of this machine; a network drive often cannot lock.",
        "Disken med tilstandsdatabasen {path} kan ikke låse filer ({said}), så to kjøringer "
        "kunne arbeidet samtidig; ingenting ble forsøkt.",
        "Sett state.path til en fil på en disk i denne maskinen; en nettverksdisk kan ofte ikke "
        "låse.",
    ),
    "state_corrupt": Message(
        "The state database {path} is damaged or not woo2po's ({said}); nothing was tried.",
        "Put back a backup. Without one, move the file away: a new one first looks up what is in "
        "PowerOffice, so that nothing is sent twice.",
        "Tilstandsdatabasen {path} er skadet eller ikke woo2pos ({said}); ingenting ble forsøkt.",
        "Legg tilbake en sikkerhetskopi. Har du ingen, flytt filen vekk: en ny slår først opp "
        "hva som står i PowerOffice, så ingenting sendes to ganger.",
    ),
    "state_newer": Message(
        "The state database {path} was made by a newer woo2po; nothing was tried.",
        "Bring woo2po up to date: `git pull`, then `pip install .` in its folder.",
        "Tilstandsdatabasen {path} er laget av en nyere woo2po; ingenting ble forsøkt.",
        "Oppdater woo2po: «git pull», så «pip install .» i mappen dens.",
    ),
    "state_older": Message(
        "The state database {path} was made by an older woo2po and is not brought up to date yet.",
        "The next `woo2po run` does that by itself; look again after it.",
        "Tilstandsdatabasen {path} er laget av en eldre woo2po og er ikke oppdatert ennå.",
        "Neste «woo2po run» gjør det av seg selv; se igjen etterpå.",
    ),
    "state_of_another": Message(
        "The state database {path} belongs to {was}, and the configuration says {now}; nothing "
        "was tried.",
        "Use another state.path for each shop and each company, also for a trial in the demo "
        "environment.",
        "Tilstandsdatabasen {path} tilhører {was}, og konfigurasjonen sier {now}; ingenting ble "
        "forsøkt.",
        "Bruk en egen state.path for hver butikk og hvert firma, også for en prøve i demomiljøet.",
    ),
    # -- runs ------------------------------------------------------------------------------------
    "another_run": Message(
        "Another run is under way; this one did nothing.",
        "",
        "En annen kjøring er i gang; denne gjorde ingenting.",
        "",
    ),
    "retried": Message(
        "Back in the queue: {n}. The next run takes them, or `woo2po run` at once.",
        "",
        "Lagt tilbake i køen: {n}. Neste kjøring tar dem, eller «woo2po run» med en gang.",
        "",
    ),
    "skipped_by_hand": Message(
        "Order {number} is taken out for good.",
        "",
        "Ordre {number} er tatt ut for godt.",
        "",
    ),
    "run_idle": Message("Nothing new.", "", "Ikke noe nytt.", ""),
    "run_interrupted": Message(
        "Stopped as told. Nothing is lost: the next run goes on where this one stopped.",
        "",
        "Stoppet som bedt om. Ingenting er tapt: neste kjøring fortsetter der denne stoppet.",
        "",
    ),
    "retried_none": Message(
        "No order that is held is among these: there is nothing to try again.",
        "",
        "Ingen av disse er holdt tilbake: det er ingenting å prøve igjen.",
        "",
    ),
    "program_failed": Message(
        "The program itself failed ({error}). Nothing is lost: the next run goes on.",
        "If it fails again, type `woo2po --verbose run` and report what it prints, without names "
        "and keys.",
        "Programmet selv feilet ({error}). Ingenting er tapt: neste kjøring fortsetter.",
        "Feiler det igjen, skriv «woo2po --verbose run» og meld fra om det som skrives ut, uten "
        "navn og nøkler.",
    ),
    "orders_held": Message(
        "Held back: {n}. `woo2po status` says why and what to do.",
        "",
        "Holdt tilbake: {n}. «woo2po status» sier hvorfor og hva du gjør.",
        "",
    ),
    "newly_held": Message(
        "Held now that were not before: {n} ({numbers}).",
        "",
        "Holdt tilbake nå, men ikke før: {n} ({numbers}).",
        "",
    ),
    "orders_waiting": Message(
        "Without an answer: {n}. The next run looks first what became of it and then goes on.",
        "",
        "Uten svar: {n}. Neste kjøring ser først etter hva det ble av det, og fortsetter så.",
        "",
    ),
    "orders_left": Message(
        "Left in the queue for the next run: {n}.",
        "",
        "Står i køen til neste kjøring: {n}.",
        "",
    ),
    "rows_without_id": Message(
        "The shop listed {n} orders that could not be read at all, not even their id.",
        "Look in the shop for orders without a number, and in WooCommerce > Status > Logs for "
        "errors of a plugin.",
        "Butikken viste {n} ordrer som ikke lot seg lese i det hele tatt, ikke engang id-en.",
        "Se i butikken etter ordrer uten nummer, og i WooCommerce > Status > Logger etter feil "
        "fra en utvidelse.",
    ),
    "port_taken": Message(
        "Port {port} of this machine cannot be used ({said}).",
        "If another sandbox runs, end it. Else choose other ports: `woo2po sandbox --shop-port 0 "
        "--go-port 0` finds free ones.",
        "Port {port} på denne maskinen kan ikke brukes ({said}).",
        "Går det en annen sandbox, avslutt den. Ellers velg andre porter: «woo2po sandbox "
        "--shop-port 0 --go-port 0» finner ledige.",
    ),
    # -- the demo ----------------------------------------------------------------------------------
    "demo_begins": Message(
        "A shop with {orders} recorded orders and an empty company in PowerOffice Go, both built "
        "in and on this machine.",
        "",
        "En butikk med {orders} innspilte ordrer og et tomt firma i PowerOffice Go, begge "
        "innebygd og på denne maskinen.",
        "",
    ),
    "demo_works": Message("Transferring", "", "Overfører", ""),
    "demo_ends": Message(
        "{n} orders and credit notes arrived in {requests} requests, {rest} more with the second "
        "run, {last} with the third: each arrives once. {off} orders were refunded before they "
        "were sent, and {others} are in a status that is not transferred.\n"
        "Next: `woo2po init` sets it up for your own shop, and `woo2po run --dry-run` then shows "
        "what would be made.",
        "",
        "{n} ordrer og kreditnotaer kom fram med {requests} forespørsler, {rest} til med andre "
        "kjøring, {last} med tredje: hver kommer én gang. {off} ordrer var refundert før de ble "
        "sendt, og {others} har en status som ikke overføres.\n"
        "Gå videre slik: «woo2po init» setter den opp for din egen butikk, og «woo2po run "
        "--dry-run» viser så hva som ville blitt laget.",
        "",
    ),
}
