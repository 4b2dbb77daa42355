"""What is said of many shops: what starts them, and how they all are."""

from woo2po.messages.message import Message

MANY: dict[str, Message] = {
    "schedule_path": Message(
        "No timer takes signs that cannot be seen, and this path has some: {path}",
        "Rename the folder or the file, and ask again.",
        "Ingen tidsstyring tar imot tegn som ikke kan ses, og denne stien har noen: {path}",
        "Gi mappen eller filen et annet navn, og spør på nytt.",
    ),
    "schedule_folder": Message(
        "systemd names a shop by its folder, and cannot take this name: {name}",
        "Rename the folder: letters a-z, digits and - _ . : are allowed, and it does not begin "
        "with a hyphen.",
        "systemd kaller en butikk opp etter mappen dens, og kan ikke bruke dette navnet: {name}",
        "Gi mappen et annet navn: bokstavene a-z, sifre og - _ . : kan brukes, men ikke bindestrek "
        "først.",
    ),
    "schedule_environment": Message(
        "What these variables of your terminal say will not be there when the timer starts the "
        "job: {names}.",
        "Write it into the configuration, or into files of its own (the keys that end in _file).",
        "Det disse variablene i terminalen din sier, er ikke med når tidsstyringen starter "
        "jobben: {names}.",
        "Skriv det i konfigurasjonen, eller i egne filer (nøklene som slutter på _file).",
    ),
    # -- status --all DIR ------------------------------------------------------------------------
    "shops_no_folder": Message(
        "{path} is no folder that can be read.",
        "`woo2po status --all DIR` wants the folder in which the shops' folders are. To see all "
        "orders of one shop, leave it out: `woo2po status --all`.",
        "{path} er ingen mappe som kan leses.",
        "«woo2po status --all MAPPE» vil ha mappen som butikkenes mapper ligger i. Vil du se alle "
        "ordrer i én butikk, utelat den: «woo2po status --all».",
    ),
    "shops_none": Message(
        "No shop is found below {path}.",
        "A shop is a folder with a config.toml in it, at most three levels down, or a file there "
        "that ends in .toml.",
        "Det er ingen butikker under {path}.",
        "En butikk er en mappe med en config.toml i, høyst tre nivåer ned, eller en fil der som "
        "slutter på .toml.",
    ),
    "shops_all_well": Message("Shops: {n}, all in order.", "", "Butikker: {n}, alle i orden.", ""),
    "shops_some": Message(
        "Shops: {n}, in order: {well}, to look at: {rest}.",
        "",
        "Butikker: {n}, i orden: {well}, må ses på: {rest}.",
        "",
    ),
    "shop_wrong": Message(
        "the configuration {path} is wrong: {key}: {expected}.",
        "No run works until it is mended.",
        "konfigurasjonen {path} er feil: {key}: {expected}.",
        "Ingen kjøring virker før det er rettet.",
    ),
    "shop_never": Message(
        "no run has been made yet.",
        "`woo2po schedule cron --config {path}` prints what starts them.",
        "ingen kjøring er gjort ennå.",
        "«woo2po schedule cron --config {path}» skriver ut det som starter dem.",
    ),
    "shop_too_old": Message(
        "no run has gone well for {age}.",
        "`woo2po run --config {path}` shows why.",
        "ingen kjøring har gått bra på {age}.",
        "«woo2po run --config {path}» viser hvorfor.",
    ),
    "shop_held": Message(
        "{n} held.",
        "`woo2po status --config {path}` says why, and what to do.",
        "{n} holdt tilbake.",
        "«woo2po status --config {path}» sier hvorfor, og hva du gjør.",
    ),
}
