"""What `check` finds, line by line: what was tried, what is there, what to do about it."""

from woo2po.messages.message import Message

_CONFIGURATION: dict[str, Message] = {
    "check_config_read": Message(
        "The configuration {path} can be used.",
        "",
        "Konfigurasjonen {path} kan brukes.",
        "",
    ),
    "check_wrong_key": Message(
        "Not right: {key}{value}: {expected}",
        "Correct it in {path}; config.example.toml explains every key.",
        "Ikke riktig: {key}{value}: {expected}",
        "Rett den i {path}; config.example.toml forklarer hver innstilling.",
    ),
    "check_secrets_in_files": Message(
        "These keys come from files of their own: {keys}.",
        "",
        "Disse nøklene kommer fra egne filer: {keys}.",
        "",
    ),
    "check_environment_outweighs": Message(
        "Environment variables outweigh what stands in the file: {names}.",
        "Cron and systemd have an environment of their own: see that these stand there too.",
        "Miljøvariabler går foran det som står i filen: {names}.",
        "Cron og systemd har sitt eget miljø: se etter at de samme står der.",
    ),
    "check_state_new": Message(
        "The state database {path} does not exist yet; the first run can make it there.",
        "",
        "Tilstandsdatabasen {path} finnes ikke ennå; den første kjøringen kan lage den der.",
        "",
    ),
    "check_state_there": Message(
        "The state database {path} is this shop's and company's. Orders and refunds that it "
        "knows: {n}.",
        "",
        "Tilstandsdatabasen {path} hører til denne butikken og selskapet. Ordrer og "
        "refusjoner den kjenner: {n}.",
        "",
    ),
    "check_state_of_another": Message(
        "The state database {path} belongs to {was}, and the configuration says {now}.",
        "Use another state.path for each shop and each company, also for a trial in the demo "
        "environment.",
        "Tilstandsdatabasen {path} tilhører {was}, og konfigurasjonen sier {now}.",
        "Bruk en egen state.path for hver butikk og hvert selskap, også for en prøve i "
        "demomiljøet.",
    ),
    "check_state_locked": Message(
        "The state database {path} is in use by another program.",
        "Close what has the file open. If it is a copy or a backup at work, wait for it.",
        "Tilstandsdatabasen {path} er i bruk av et annet program.",
        "Lukk det som har filen åpen. Er det en sikkerhetskopi som tas, vent på den.",
    ),
    "check_disk_full": Message(
        "The disk with the state database {path} is full or does not answer ({said}).",
        "Make room there. A run that cannot write down what it does sends nothing.",
        "Disken med tilstandsdatabasen {path} er full eller svarer ikke ({said}).",
        "Frigjør plass der. En kjøring som ikke kan notere hva den gjør, sender ingenting.",
    ),
    "check_state_read_only": Message(
        "The state database {path} cannot be written.",
        "Give the user that runs woo2po the right to write it and its folder.",
        "Tilstandsdatabasen {path} kan ikke skrives.",
        "Gi brukeren som kjører woo2po, rett til å skrive den og mappen dens.",
    ),
    "check_state_cannot_open": Message(
        "The state database {path} can neither be opened nor made ({said}).",
        "Check state.path in the configuration, that its folder exists and that it may be written.",
        "Tilstandsdatabasen {path} kan verken åpnes eller lages ({said}).",
        "Sjekk state.path i konfigurasjonen, at mappen finnes og at den kan skrives.",
    ),
    "check_state_cannot_lock": Message(
        "The disk with the state database {path} cannot lock files ({said}), so two runs "
        "could work at once.",
        "Set state.path to a file on a disk of this machine; a network drive often cannot lock.",
        "Disken med tilstandsdatabasen {path} kan ikke låse filer ({said}), så to kjøringer "
        "kunne arbeidet samtidig.",
        "Sett state.path til en fil på en disk i denne maskinen; en nettverksdisk kan ofte "
        "ikke låse.",
    ),
    "check_state_corrupt": Message(
        "The state database {path} is damaged or not woo2po's ({said}).",
        "Put back a backup. Without one, move the file away: a new one first looks up what "
        "is in PowerOffice, so that nothing is sent twice.",
        "Tilstandsdatabasen {path} er skadet eller ikke woo2pos ({said}).",
        "Legg tilbake en sikkerhetskopi. Har du ingen, flytt filen vekk: en ny ser først "
        "etter hva som står i PowerOffice, så ingenting sendes to ganger.",
    ),
    "check_state_newer": Message(
        "The state database {path} was made by a newer woo2po than this one.",
        "Bring woo2po up to date: `git pull`, then `pip install .` in its folder.",
        "Tilstandsdatabasen {path} er laget av en nyere woo2po enn denne.",
        "Oppdater woo2po: «git pull», deretter «pip install .» i mappen.",
    ),
    "check_state_older": Message(
        "The state database {path} was made by an older woo2po; the next run brings it up to date.",
        "Back it up before that run.",
        "Tilstandsdatabasen {path} er laget av en eldre woo2po; neste kjøring oppdaterer den.",
        "Ta en sikkerhetskopi før den kjøringen.",
    ),
    "check_run_under_way": Message(
        "A run is at work just now.",
        "",
        "En kjøring er i gang akkurat nå.",
        "",
    ),
    "check_little_space": Message(
        "Only {mb} MB are free on the disk of {path}.",
        "Make room: a run that cannot write down what it does sends nothing.",
        "Det er bare {mb} MB ledig på disken med {path}.",
        "Frigjør plass: en kjøring som ikke kan notere hva den gjør, sender ingenting.",
    ),
    "check_clock_right": Message(
        "This machine's clock agrees with both systems' (at most {off} s apart).",
        "",
        "Klokken på denne maskinen stemmer med begge systemene (høyst {off} s fra).",
        "",
    ),
    "check_clock_shop": Message(
        "This machine's clock and the shop's are {off} apart (hours:minutes:seconds).",
        "Let both keep the time by the network (NTP). If this machine's is right, tell the host.",
        "Klokken på denne maskinen og butikkens er {off} fra hverandre (timer:minutter:sekunder).",
        "La begge stille seg etter nettet (NTP). Går denne riktig, si fra til webhotellet.",
    ),
    "check_clock_poweroffice": Message(
        "This machine's clock and PowerOffice's are {off} apart (hours:minutes:seconds).",
        "Let this machine keep the time by the network (NTP): `timedatectl set-ntp true`, say.",
        "Klokken på denne maskinen og PowerOffices er {off} fra hverandre "
        "(timer:minutter:sekunder).",
        "La maskinen stille klokken etter nettet (NTP): for eksempel «timedatectl set-ntp true».",
    ),
    "check_zone_same": Message(
        "Days are counted in {zone}, as in the shop.",
        "",
        "Dager regnes i {zone}, som i butikken.",
        "",
    ),
    "check_zone_differs": Message(
        "The configuration counts days in {ours}, and the shop in {shops}: an order placed "
        "around midnight may get another date in the books.",
        "Correct woocommerce.timezone, or the time zone under Settings > General in WordPress.",
        "Konfigurasjonen regner dager i {ours}, og butikken i {shops}: en ordre fra rundt "
        "midnatt kan få en annen dato i regnskapet.",
        "Rett woocommerce.timezone, eller tidssonen under Innstillinger > Generelt i WordPress.",
    ),
}

_SHOP: dict[str, Message] = {
    "check_shop_there": Message(
        'The shop "{name}" at {url} answers and accepts the keys. Orders read, the newest '
        "first: {n}.",
        "",
        "Butikken «{name}» på {url} svarer og godtar nøklene. Ordrer lest, de nyeste først: {n}.",
        "",
    ),
    "check_status_unknown": Message(
        'woocommerce.statuses names "{status}", which the shop does not know.',
        "Correct woocommerce.statuses. The shop's statuses are: {known}.",
        "woocommerce.statuses nevner «{status}», som butikken ikke kjenner.",
        "Rett woocommerce.statuses. Butikkens statuser er: {known}.",
    ),
    "check_statuses": Message(
        "The statuses of question 1 exist in the shop, with so many orders: {statuses}.",
        "",
        "Statusene i spørsmål 1 finnes i butikken, med så mange ordrer: {statuses}.",
        "",
    ),
    "check_orders_since": Message(
        "Placed on {day} (woocommerce.orders_from) or later: {n}. No older order is transferred.",
        "",
        "Fra {day} (woocommerce.orders_from) eller senere: {n}. Ingen eldre ordre overføres.",
        "",
    ),
    "check_no_orders_since": Message(
        "No order in these statuses was placed on {day} (woocommerce.orders_from) or later, "
        "so there is nothing to transfer yet.",
        "",
        "Ingen ordre med disse statusene er fra {day} (woocommerce.orders_from) eller "
        "senere, så det er ingenting å overføre ennå.",
        "",
    ),
    "check_prices_with_vat": Message(
        "The orders have prices with VAT.",
        "",
        "Ordrene har priser med mva.",
        "",
    ),
    "check_prices_without_vat": Message(
        "The orders have prices without VAT.",
        "",
        "Ordrene har priser uten mva.",
        "",
    ),
    "check_prices_both": Message(
        "Some orders have prices with VAT and some without; both go.",
        "",
        "Noen ordrer har priser med mva. og noen uten; begge deler går.",
        "",
    ),
    "check_currencies": Message(
        "Some orders are not in kroner: {used}. They are invoiced in their own currency.",
        "See that the currency is in use in PowerOffice Go; else PowerOffice refuses the order.",
        "Noen ordrer er ikke i kroner: {used}. De faktureres i sin egen valuta.",
        "Se etter at valutaen er i bruk i PowerOffice Go; ellers avviser PowerOffice ordren.",
    ),
    "check_unreadable": Message(
        "Orders that are not as WooCommerce makes them, and will be held: {n}. The first is "
        "{number}: its {where} should be {expected}.",
        "Look at the order in the shop: a plugin or an import wrote it.",
        "Ordrer som ikke er slik WooCommerce lager dem, og vil bli holdt tilbake: {n}. Den "
        "første er {number}: {where} skulle vært {expected}.",
        "Se på ordren i butikken: en utvidelse eller en import har skrevet den.",
    ),
    "check_test_orders": Message(
        "Test orders, whose payment method ran in test mode: {n} ({numbers}). They are left out.",
        "",
        "Testordrer, der betalingsmåten gikk i testmodus: {n} ({numbers}). De utelates.",
        "",
    ),
    "check_vendor_orders": Message(
        "Vendors' shares of other orders in a marketplace: {n} ({numbers}). Their lines "
        "stand on those orders, so they are left out.",
        "",
        "Selgeres deler av andre ordrer i en markedsplass: {n} ({numbers}). Linjene deres "
        "står på de ordrene, så de utelates.",
        "",
    ),
    "check_deposits": Message(
        "Orders paid in parts (deposits): {n} ({numbers}). Each is held for a person.",
        'Book these by hand in PowerOffice, then: `woo2po skip {order} --reason "..."`.',
        "Ordrer som betales i deler (depositum): {n} ({numbers}). Hver av dem holdes tilbake "
        "for et menneske.",
        "Bokfør disse for hånd i PowerOffice, og ta dem så ut: «woo2po skip {order} --reason "
        '"..."».',
    ),
    "check_child_orders": Message(
        "Orders that belong to another order, and nothing tells whether they repeat its "
        "lines: {n} ({numbers}). Each is held for a person.",
        "Compare each with the order that it belongs to. If it repeats it: `woo2po skip "
        '{order} --reason "..."`.',
        "Ordrer som hører til en annen ordre, uten at noe sier om de gjentar linjene i den: "
        "{n} ({numbers}). Hver av dem holdes tilbake for et menneske.",
        "Sammenlign hver med ordren den hører til. Gjentar den den: «woo2po skip {order} "
        '--reason "..."».',
    ),
    "check_no_orders_at_all": Message(
        "The shop has no orders yet: what it sells is not known.",
        "Place an order in the shop and run `woo2po check` again.",
        "Butikken har ingen ordrer ennå: hva den selger, er ikke kjent.",
        "Legg inn en ordre i butikken og kjør «woo2po check» igjen.",
    ),
    "check_freight": Message(
        "Freight in use: {used}; kinds that one order has: {n}.",
        "",
        "Frakt i bruk: {used}; slag som én ordre har: {n}.",
        "",
    ),
    "check_fees_and_coupons": Message(
        "Orders with fees: {fees}. Orders with coupons: {coupons}.",
        "",
        "Ordrer med gebyrer: {fees}. Ordrer med kuponger: {coupons}.",
        "",
    ),
    "check_org_number_fields": Message(
        "Fields of orders hold organisation numbers, and customers.org_number_fields does "
        "not name them: {used}.",
        'If that is what the field is for, add "{field}" to customers.org_number_fields; '
        "else companies go without their number.",
        "Felter på ordrer inneholder organisasjonsnumre, og customers.org_number_fields "
        "nevner dem ikke: {used}.",
        'Er det det feltet er til, legg "{field}" til i customers.org_number_fields; ellers '
        "går bedrifter uten nummeret sitt.",
    ),
    "check_payments_by_hand": Message(
        "Payments are not registered by the job (question 5). In use: {methods}.",
        "",
        "Betalinger registreres ikke av jobben (spørsmål 5). I bruk: {methods}.",
        "",
    ),
}

_TWICE: dict[str, Message] = {
    "check_twice_not_tried": Message(
        "Not tried: it takes the documents in PowerOffice and the orders of the shop.",
        "",
        "Ikke prøvd: det trengs både dokumentene i PowerOffice og ordrene i butikken.",
        "",
    ),
    "check_nobody_else": Message(
        "Drafts and invoices since the oldest order read: {n}. Nobody but the job books this "
        "shop's orders.",
        "",
        "Utkast og fakturaer siden den eldste ordren som ble lest: {n}. Ingen andre enn "
        "jobben fører denne butikkens ordrer.",
        "",
    ),
    "check_documents_not_all": Message(
        "PowerOffice has more drafts and invoices of that time than the {n} that were looked at.",
        "",
        "PowerOffice har flere utkast og fakturaer fra den tiden enn de {n} som ble sett på.",
        "",
    ),
    "check_shop_numbers_invoices": Message(
        "A plugin in the shop numbers invoices of its own ({field}; orders: {n}): the "
        "customer gets two invoices with two numbers for one sale.",
        "Let only one of the two number invoices. Switch the plugin's numbering off before "
        "PowerOffice invoices, or call its documents receipts; ask the accountant.",
        "En utvidelse i butikken nummererer egne fakturaer ({field}; ordrer: {n}): kunden "
        "får to fakturaer med to numre for ett salg.",
        "La bare én av de to nummerere fakturaer. Slå av utvidelsens nummerering før "
        "PowerOffice fakturerer, eller kall dokumentene dens kvitteringer; spør "
        "regnskapsføreren.",
    ),
    "check_others_book": Message(
        "Documents in PowerOffice that look like orders of this shop (same number, same "
        "total), and that the job did not make: {n}. Document = order: {documents}.",
        "If another program made them, stop it before the first run; and set "
        "woocommerce.orders_from to a day that nobody has booked. Otherwise these orders are "
        "booked twice.",
        "Dokumenter i PowerOffice som ser ut som ordrer fra denne butikken (samme nummer, "
        "samme sum), og som jobben ikke har laget: {n}. Dokument = ordre: {documents}.",
        "Er det et annet program som har laget dem, stopp det før første kjøring; og sett "
        "woocommerce.orders_from til en dag som ingen har ført. Ellers blir disse ordrene "
        "ført to ganger.",
    ),
    "check_other_prefix": Message(
        'Documents of this shop with the prefix "{other}": {n}. The configuration says "{prefix}".',
        "That is fine if the prefix was changed on purpose: orders that went keep theirs, "
        "and none goes twice. Otherwise correct orders.number_prefix.",
        "Dokumenter fra denne butikken med prefikset «{other}»: {n}. Konfigurasjonen sier "
        "«{prefix}».",
        "Det er i orden hvis prefikset er byttet med vilje: ordrer som har gått, beholder "
        "sitt, og ingen går to ganger. Rett ellers orders.number_prefix.",
    ),
    "check_prefix_shared": Message(
        'Another shop in this company uses the prefix "{prefix}" too (documents: {n}).',
        "Give each shop a prefix of its own (orders.number_prefix): as soon as both have an "
        "order of one number, the second is held.",
        "En annen butikk i dette selskapet bruker også prefikset «{prefix}» (dokumenter: {n}).",
        "Gi hver butikk sitt eget prefiks (orders.number_prefix): så snart begge har en "
        "ordre med samme nummer, holdes den andre tilbake.",
    ),
    "check_prefix_clashes": Message(
        "Orders whose references are taken in PowerOffice by documents that are not this "
        "shop's: {n} ({numbers}). Another shop, or another program, uses the prefix "
        '"{prefix}".',
        "Choose another orders.number_prefix before the first run.",
        "Ordrer med referanser som er opptatt i PowerOffice av dokumenter som ikke er denne "
        "butikkens: {n} ({numbers}). En annen butikk, eller et annet program, bruker "
        "prefikset «{prefix}».",
        "Velg en annen orders.number_prefix før første kjøring.",
    ),
    "check_probe_left": Message(
        "Drafts left from an earlier `woo2po check --probe`: {n}.",
        'Delete them in PowerOffice: they are called "woo2po probe, can be deleted".',
        "Utkast som er igjen etter en tidligere «woo2po check --probe»: {n}.",
        'Slett dem i PowerOffice: de heter "woo2po probe, can be deleted".',
    ),
}

CHECK: dict[str, Message] = {**_CONFIGURATION, **_SHOP, **_TWICE}
