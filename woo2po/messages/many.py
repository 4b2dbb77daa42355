"""What is said of many shops: what starts them, and how they all are."""

from woo2po.messages.message import Message

MANY: dict[str, Message] = {
    "schedule_path": Message(
        "The path «{path}» has signs that cannot be seen, and no timer takes those.",
        "Rename the folder or the file, and ask again.",
        "Stien «{path}» har tegn som ikke kan ses, og dem tar ingen tidsstyring imot.",
        "Gi mappen eller filen et annet navn, og spør på nytt.",
    ),
    "schedule_folder": Message(
        "systemd names a shop by its folder, and cannot take «{name}» for that.",
        "Rename the folder: letters a-z, digits and - _ . : are allowed, and it does not begin "
        "with a hyphen.",
        "systemd kaller en butikk opp etter mappen dens, og kan ikke bruke «{name}» til det.",
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
}
