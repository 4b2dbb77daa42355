"""What can be wrong with the configuration: said behind the key and the value it has."""

from woo2po.messages.message import Message


def _only(en: str, nb: str) -> Message:
    """Return a message whose sentence says what to write, so that it needs no remedy."""
    return Message(en, "", nb, "")


SETTINGS: dict[str, Message] = {
    # -- the file --------------------------------------------------------------------------------
    "settings_unreadable": _only(
        "a readable file was expected ({reason}).", "skal være en fil som kan leses ({reason})."
    ),
    "settings_broken": _only(
        "it cannot be read at line {line}, column {column}: {toml}.",
        "kan ikke leses på linje {line}, kolonne {column}: {toml}.",
    ),
    "settings_unended": _only(
        "it cannot be read to its end: {toml}.", "kan ikke leses til ende: {toml}."
    ),
    "settings_json": _only(
        'in a variable a list or a table is written as JSON, like ["processing"].',
        'i en miljøvariabel skrives en liste eller tabell som JSON, slik: ["processing"].',
    ),
    # -- keys ------------------------------------------------------------------------------------
    "settings_unknown": _only(
        "an unknown key: see config.example.toml for those that exist.",
        "ukjent innstilling: config.example.toml viser dem som finnes.",
    ),
    "settings_unknown_like": _only(
        "an unknown key: perhaps {like} was meant.", "ukjent innstilling: kanskje mente du {like}."
    ),
    "settings_missing": _only(
        "missing, and it has no default: config.example.toml says where to find it.",
        "mangler, og har ingen standardverdi: config.example.toml sier hvor du finner den.",
    ),
    # -- values ----------------------------------------------------------------------------------
    "settings_one_of": _only("{choices} was expected.", "skal være {choices}."),
    "settings_whole_number": _only(
        "a whole number was expected, without quotation marks.",
        "skal være et heltall, uten anførselstegn.",
    ),
    "settings_number": _only(
        "a number was expected, without quotation marks.", "skal være et tall, uten anførselstegn."
    ),
    "settings_above": _only(
        "a number greater than {limit} was expected.", "skal være et tall over {limit}."
    ),
    "settings_at_least": _only(
        "a number of at least {limit} was expected.", "skal være minst {limit}."
    ),
    "settings_at_most": _only(
        "a number of at most {limit} was expected.", "skal være høyst {limit}."
    ),
    "settings_text": _only(
        "a text in quotation marks was expected.", "skal være en tekst i anførselstegn."
    ),
    "settings_not_empty": _only(
        "it must not be empty: write a value, or take the line out.",
        "kan ikke være tom: skriv en verdi, eller ta bort linjen.",
    ),
    "settings_list": _only(
        "a list in square brackets was expected, like {example}.",
        "skal være en liste i hakeparentes, slik: {example}.",
    ),
    "settings_table": _only(
        "a table in braces was expected, like {example}.",
        "skal være en tabell i krøllparentes, slik: {example}.",
    ),
    "settings_section": _only(
        "a section was expected: a line [{section}], and its keys below.",
        "skal være en del av filen: en linje [{section}], og innstillingene under den.",
    ),
    "settings_yes_or_no": _only(
        "true or false was expected, without quotation marks.",
        "skal være true eller false, uten anførselstegn.",
    ),
    "settings_day": _only(
        "a date like 2026-11-01 was expected.", "skal være en dato som 2026-11-01."
    ),
    "settings_rate": _only(
        'a VAT rate was expected, like "25" (a number, without %).',
        'skal være en mva-sats, som "25" (et tall, uten %).',
    ),
    "settings_address": _only(
        "an address like https://www.example.no was expected.",
        "skal være en adresse som https://www.example.no.",
    ),
    "settings_https": _only(
        "https was expected: http is allowed only to this machine (127.0.0.1).",
        "skal begynne med https: http er bare tillatt til denne maskinen (127.0.0.1).",
    ),
    "settings_bare_address": _only(
        "an address without ?, # and user name was expected.",
        "skal være en adresse uten ?, # og brukernavn.",
    ),
    "settings_zone": _only(
        'a time zone like "Europe/Oslo" was expected.', 'skal være en tidssone som "Europe/Oslo".'
    ),
    "settings_slugs": _only(
        'slugs like "processing" were expected, not the names that the shop shows.',
        'skal være korte navn som "processing", ikke navnene som butikken viser.',
    ),
    "settings_certificates": _only(
        "a file of certificates (PEM) was expected ({reason}).",
        "skal være en fil med sertifikater (PEM) ({reason}).",
    ),
    "settings_prefix": _only(
        "at most 20 letters a-z, digits and _ . # / - were expected.",
        "skal være høyst 20 tegn: bokstavene a–z, sifre og _ . # / -.",
    ),
    "settings_collective": _only(
        'collective_number was expected, since private = "collective".',
        'collective_number må fylles ut, siden private = "collective".',
    ),
    "settings_foreign": _only(
        '"hold" was expected, or a table in braces, like {example}.',
        'skal være "hold", eller en tabell i krøllparentes, slik: {example}.',
    ),
    "settings_other": _only(
        "another value was expected ({kind}).", "skal være en annen verdi ({kind})."
    ),
}
