"""What is wrong with what was typed; `{path}` is the command as typed: `woo2po run`, say."""

from woo2po.messages.message import Message

_HELP_EN = "`{path} --help` shows what can be typed."
_HELP_NB = "«{path} --help» viser hva du kan skrive."

USAGE: dict[str, Message] = {
    "usage_no_command": Message(
        'There is no command "{name}".',
        "`{path} --help` lists those that there are.",
        "Det finnes ingen kommando «{name}».",
        "«{path} --help» viser dem som finnes.",
    ),
    "usage_no_command_like": Message(
        'There is no command "{name}": perhaps {like} was meant.',
        "`{path} --help` lists those that there are.",
        "Det finnes ingen kommando «{name}»: kanskje mente du {like}.",
        "«{path} --help» viser dem som finnes.",
    ),
    "usage_command_missing": Message(
        "A command is missing.",
        "`{path} --help` lists those that there are.",
        "Kommandoen mangler.",
        "«{path} --help» viser dem som finnes.",
    ),
    "usage_no_option": Message(
        "`{path}` has no option {name}.",
        "`{path} --help` lists those that it has.",
        "«{path}» har ikke noe valg {name}.",
        "«{path} --help» viser dem som finnes.",
    ),
    "usage_no_option_like": Message(
        "`{path}` has no option {name}: perhaps {like} was meant.",
        "`{path} --help` lists those that it has.",
        "«{path}» har ikke noe valg {name}: kanskje mente du {like}.",
        "«{path} --help» viser dem som finnes.",
    ),
    "usage_value_missing": Message(
        "A value is missing behind {name}.",
        _HELP_EN,
        "Det mangler en verdi etter {name}.",
        _HELP_NB,
    ),
    "usage_no_value": Message(
        "{name} stands alone: it takes no value.", _HELP_EN, "{name} skal stå uten verdi.", _HELP_NB
    ),
    "usage_missing": Message("{name} is missing.", _HELP_EN, "{name} mangler.", _HELP_NB),
    "usage_too_much": Message(
        "This is too much: {rest}.",
        'A text of several words stands in "quotation marks". ' + _HELP_EN,
        "Dette er for mye: {rest}.",
        'En tekst på flere ord må stå i "anførselstegn". ' + _HELP_NB,
    ),
    "usage_whole_number": Message(
        "{name} has to be a whole number.", _HELP_EN, "{name} må være et heltall.", _HELP_NB
    ),
    "usage_at_least": Message(
        "{name} has to be a whole number of at least {least}.",
        _HELP_EN,
        "{name} må være et heltall på minst {least}.",
        _HELP_NB,
    ),
    "usage_between": Message(
        "{name} has to be a whole number from {least} to {most}.",
        _HELP_EN,
        "{name} må være et heltall fra {least} til {most}.",
        _HELP_NB,
    ),
    "usage_one_of": Message(
        "{name} has to be one of these: {choices}.",
        _HELP_EN,
        "{name} må være en av disse: {choices}.",
        _HELP_NB,
    ),
    "usage_day": Message(
        "{name} has to be a day, written like 2026-10-31.",
        _HELP_EN,
        "{name} må være en dato, skrevet slik: 2026-10-31.",
        _HELP_NB,
    ),
    "usage_file": Message(
        "{name} has to be a file that can be written, and no folder.",
        _HELP_EN,
        "{name} må være en fil som kan skrives, ikke en mappe.",
        _HELP_NB,
    ),
    "usage_other": Message(
        "What was typed cannot be understood ({said}).",
        _HELP_EN,
        "Det som ble skrevet, lar seg ikke forstå ({said}).",
        _HELP_NB,
    ),
}
