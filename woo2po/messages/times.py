"""Times and spans in words: English and Norwegian."""

from woo2po.messages.terms import Term

TIMES: dict[str, Term] = {
    "just_now": ("just now", "akkurat nå"),
    "minute_ago": ("a minute ago", "for et minutt siden"),
    "minutes_ago": ("{n} minutes ago", "for {n} minutter siden"),
    "today": ("today at {time}", "i dag kl. {time}"),
    "yesterday": ("yesterday at {time}", "i går kl. {time}"),
    "this_week": ("on {weekday} at {time}", "{weekday} kl. {time}"),
    "this_year": ("on {day} {month} at {time}", "{day}. {month} kl. {time}"),
    "other_year": ("on {day} {month} {year} at {time}", "{day}. {month} {year} kl. {time}"),
    "clock": ("%H:%M", "%H.%M"),
    # How long something has lasted.
    "no_minute": ("less than a minute", "under et minutt"),
    "minute": ("a minute", "et minutt"),
    "minutes": ("{n} minutes", "{n} minutter"),
    "hour": ("an hour", "en time"),
    "hours": ("{n} hours", "{n} timer"),
    "days": ("{n} days", "{n} dager"),
}

WEEKDAYS: tuple[Term, ...] = (
    ("Monday", "mandag"),
    ("Tuesday", "tirsdag"),
    ("Wednesday", "onsdag"),
    ("Thursday", "torsdag"),
    ("Friday", "fredag"),
    ("Saturday", "lørdag"),
    ("Sunday", "søndag"),
)

MONTHS: tuple[Term, ...] = (
    ("January", "januar"),
    ("February", "februar"),
    ("March", "mars"),
    ("April", "april"),
    ("May", "mai"),
    ("June", "juni"),
    ("July", "juli"),
    ("August", "august"),
    ("September", "september"),
    ("October", "oktober"),
    ("November", "november"),
    ("December", "desember"),
)
