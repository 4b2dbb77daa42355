"""What `--help` prints, by command and option: English and Norwegian.

An option's text stands under "COMMAND --option", or under "--option" where it means the same in
every command.
"""

from woo2po.messages.message import Language

Text = tuple[str, str]  # English, Norwegian

HELP: dict[str, Text] = {
    "woo2po": (
        "Move a web shop's orders from WooCommerce into PowerOffice Go: once each, to the øre.",
        "Flytter en nettbutikks ordrer fra WooCommerce til PowerOffice Go: hver én gang, på øret.",
    ),
    # -- commands --------------------------------------------------------------------------------
    "check": (
        "Try everything that a run will need, and say what to do where something is amiss.",
        "Prøver alt en kjøring vil trenge, og sier hva du gjør der noe er galt.",
    ),
    "demo": (
        "Show the whole job on recorded orders, against built-in stand-ins for both systems.",
        "Viser hele jobben på innspilte ordrer, mot innebygde utgaver av begge systemene.",
    ),
    "explain": (
        "Explain a code that `status` shows in brackets: what it means, and what to do.",
        "Forklarer en kode som «status» viser i klammer: hva den betyr, og hva du gjør.",
    ),
    "init": (
        "Set it up: asks what is needed, offering what both sides have, and writes config.toml.",
        "Setter opp: spør om det som trengs, med forslag fra begge, og skriver config.toml.",
    ),
    "reconcile": (
        "Prove a month: the shop's orders, refunds and payments against PowerOffice.",
        "Avstemmer en måned: ordrer, refusjoner og betalinger i butikken mot PowerOffice.",
    ),
    "retry": (
        "Put held orders back in the queue: all, or those with these numbers.",
        "Legger ordrer som er holdt tilbake, i køen igjen: alle, eller de med disse numrene.",
    ),
    "run": (
        "Transfer what is new in the shop (the job that cron starts).",
        "Overfører det som er nytt i butikken (jobben som cron starter).",
    ),
    "sandbox": (
        "Serve both built-in stand-ins on this machine, and change them by hand: type help there.",
        "Kjører begge de innebygde systemene på denne maskinen, til å prøve i: skriv help der.",
    ),
    "schedule": (
        "Print what starts the job every few minutes, filled in for this shop.",
        "Skriver ut det som starter jobben med få minutters mellomrom, for denne butikken.",
    ),
    "show": (
        "Show one order: its history, its documents in PowerOffice, and what differs.",
        "Viser én ordre: historien, dokumentene i PowerOffice, og hva som er ulikt.",
    ),
    "skip": (
        "Take an order out for good.",
        "Tar en ordre ut for godt.",
    ),
    "status": (
        "Show whether the job runs, what is held and why, and what to do next.",
        "Viser om jobben går, hva som er holdt tilbake og hvorfor, og hva du gjør nå.",
    ),
    # -- options of every command ----------------------------------------------------------------
    "--config": (
        "The configuration; else ./config.toml, then the one in your user's folder.",
        "Konfigurasjonen; ellers ./config.toml, så den i brukermappen din.",
    ),
    "--help": ("Show this and end.", "Vis dette og avslutt."),
    "--language": ("What it is shown in: nb or en.", "Språket det vises på: nb eller en."),
    "--verbose": ("Log more.", "Logg mer."),
    "--version": ("Show the version and end.", "Vis versjonen og avslutt."),
    # -- options of one --------------------------------------------------------------------------
    "check --json": ("For programs.", "For programmer."),
    "check --probe": (
        "Find out what nobody knows about PowerOffice, and delete what that takes.",
        "Finn ut det ingen vet om PowerOffice, og slett det som må lages til det.",
    ),
    "check --report": (
        "With --probe: write what was found out, to be sent to us.",
        "Med --probe: skriv det som ble funnet ut, til å sende oss.",
    ),
    "check --yes-in-production": (
        "With --probe: the company's name, where it is a real one.",
        "Med --probe: navnet på selskapet, når det er et virkelig et.",
    ),
    "init --answers": (
        "Ask nobody: the answers are in this file, of the shape of config.toml.",
        "Ikke spør noen: svarene står i denne filen, med samme form som config.toml.",
    ),
    "reconcile --csv": ("Write a file for Excel.", "Skriv en fil for Excel."),
    "reconcile --from": (
        "The first day; else that of last month.",
        "Første dag; ellers forrige måneds første.",
    ),
    "reconcile --html": (
        "Write a page to keep or to print.",
        "Skriv en side til å ta vare på eller skrive ut.",
    ),
    "reconcile --lines": (
        "Read every invoice's lines too (slow: a request each).",
        "Les linjene på hver faktura også (tar tid: én forespørsel for hver).",
    ),
    "reconcile --to": (
        "The last day, counted; else the last of last month.",
        "Siste dag, til og med; ellers forrige måneds siste.",
    ),
    "run --dry-run": (
        "Read both systems, write nothing, show what would be.",
        "Les begge systemene, skriv ingenting, vis hva som ville skjedd.",
    ),
    "run --html": (
        "With --dry-run: write a page to look through or print.",
        "Med --dry-run: skriv en side til å se gjennom eller skrive ut.",
    ),
    "run --json": ("With --dry-run: for programs.", "Med --dry-run: for programmer."),
    "run --limit": (
        "Transfer at most so many orders (from 1).",
        "Overfør høyst så mange ordrer (fra 1).",
    ),
    "run --order": (
        "Transfer just this order (may be given again).",
        "Overfør bare denne ordren (kan gjentas).",
    ),
    "sandbox --go-port": ("PowerOffice's port; 0: a free one.", "PowerOffices port; 0: en ledig."),
    "sandbox --shop-port": ("The shop's port; 0: a free one.", "Butikkens port; 0: en ledig."),
    "schedule --every": (
        "How often: a whole part of an hour.",
        "Hvor ofte: en hel del av en time.",
    ),
    "schedule --image": (
        "Kubernetes: the image that `schedule container` builds.",
        "Kubernetes: avbildningen (image) som «schedule container» bygger.",
    ),
    "schedule --shops": (
        "Kubernetes: how many shops share the subscription key.",
        "Kubernetes: hvor mange butikker som deler abonnementsnøkkelen.",
    ),
    "skip --reason": (
        "Why; kept with the order (no names, please).",
        "Hvorfor; lagres med ordren (ingen navn, takk).",
    ),
    "status --all": (
        "All orders, not just the unfinished ones; with DIR: all shops below that folder.",
        "Alle ordrer, ikke bare de uferdige; med MAPPE: alle butikkene under den mappen.",
    ),
    "status --json": ("For programs.", "For programmer."),
    "status --max-age": (
        "End with 1 if the last good run is older.",
        "Avslutt med 1 hvis siste vellykkede kjøring er eldre.",
    ),
    # -- what stands around them -----------------------------------------------------------------
    "usage": ("Usage: ", "Bruk: "),
    "options": ("Options", "Valg"),
    "commands": ("Commands", "Kommandoer"),
    "default": ("default: {value}", "standard: {value}"),
    "required": ("required", "påkrevd"),
}

# What stands for a value, as the command line has it, in Norwegian.
PLACES = {
    "ARGS": "ARGUMENTER",
    "COMMAND": "KOMMANDO",
    "DAY": "DATO",
    "DIR": "MAPPE",
    "FILE": "FIL",
    "MINUTES": "MINUTTER",
    "NAME": "NAVN",
    "NUMBER": "NUMMER",
    "NUMBERS": "NUMRE",
    "OPTIONS": "VALG",
    "PATH": "STI",
    "TEXT": "TEKST",
}


def help_text(name: str, language: Language) -> str:
    """Return a text of `--help`, or "" where there is none of that name."""
    return HELP.get(name, ("", ""))[language == "nb"]
