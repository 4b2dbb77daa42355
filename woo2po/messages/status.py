"""What the screen of `status` says: is the job running, what waits, what to do now."""

from woo2po.messages.message import Message


def _only(en: str, nb: str) -> Message:
    """Return a message with nothing to do about it: the last line of the screen says what to do."""
    return Message(en, "", nb, "")


_SCREEN: dict[str, Message] = {
    # -- is it running ----------------------------------------------------------------------------
    "status_never_ran": _only("The job has not run yet.", "Jobben har ikke kjørt ennå."),
    "status_runs": _only(
        "The job runs; the last run was {when}.", "Jobben går; siste kjøring var {when}."
    ),
    "status_under_way": _only(
        "A run is under way; it began {when}.", "En kjøring er i gang; den begynte {when}."
    ),
    "status_no_end": _only(
        "The last run began {when} and has not come to its end: it is still at work, or it was "
        "killed.",
        "Siste kjøring begynte {when} og er ikke kommet til ende: den arbeider ennå, eller den ble "
        "avbrutt.",
    ),
    "status_stopped": _only(
        "The job has not run for {long}: the last run was {when}.",
        "Jobben har ikke kjørt på {long}: siste kjøring var {when}.",
    ),
    "status_in_future": _only(
        "The last run is dated {when}, which is still to come: the clock of this machine is wrong, "
        "or was.",
        "Siste kjøring er datert {when}, som ikke er kommet ennå: klokken på denne maskinen er "
        "gal, eller var det.",
    ),
    "status_failed_2": _only(
        "The last run, {when}, could not begin: something is wrong with the configuration or the "
        "state database.",
        "Siste kjøring, {when}, kom ikke i gang: noe er galt med konfigurasjonen eller "
        "tilstandsdatabasen.",
    ),
    "status_failed_3": _only(
        "The last run, {when}, did not get through: the shop or PowerOffice could not be reached, "
        "refused the login or gave no answer, or the run was stopped.",
        "Siste kjøring, {when}, kom ikke gjennom: butikken eller PowerOffice var ikke til å nå, "
        "avviste innloggingen eller svarte ikke, eller kjøringen ble stoppet.",
    ),
    "status_good_before": _only(
        "The last one that went well was {when}.", "Den siste som gikk bra, var {when}."
    ),
    "status_never_good": _only("No run has gone well yet.", "Ingen kjøring har gått bra ennå."),
    "status_read_to": _only(
        "The shop has been read up to {when}.", "Butikken er lest fram til {when}."
    ),
    # -- how many are where: each stands behind its number ----------------------------------------
    "status_held": _only("held back", "holdt tilbake"),
    "status_pending": _only("in the queue", "i køen"),
    "status_sending": _only("being invoiced", "under fakturering"),
    "status_draft": _only("drafts in PowerOffice", "utkast i PowerOffice"),
    "status_draft_person": _only(
        "drafts for somebody to invoice in PowerOffice",
        "utkast som noen må fakturere i PowerOffice",
    ),
    "status_draft_completed": _only(
        "drafts until their orders are completed in the shop",
        "utkast til ordrene er fullført i butikken",
    ),
    "status_draft_send_privilege": _only(
        "drafts that need the right to send invoices",
        "utkast som mangler tilgang til å sende fakturaer",
    ),
    "status_invoiced": _only("invoiced", "fakturert"),
    "status_invoiced_voucher_privilege": _only(
        "invoiced, whose payments need the right to post them",
        "fakturert, der betalingen mangler tilgang til å føres",
    ),
    "status_cancelled": _only("called off or refunded", "avlyst eller refundert"),
    "status_skipped": _only("taken out for good", "tatt ut for godt"),
    "status_oldest": _only(
        "{what} (oldest: {number}, {long})",
        "{what} (eldst: {number}, {long})",
    ),
    # -- what is held -----------------------------------------------------------------------------
    "status_and_more": _only("{numbers} and {n} more", "{numbers} og {n} til"),
    "status_example": _only("For example {number}: {text}", "For eksempel {number}: {text}"),
    "status_not_shown": _only(
        "Not shown here: {n} more, for other reasons. `woo2po status --all` shows all.",
        "Ikke vist her: {n} til, av andre grunner. «woo2po status --all» viser alle.",
    ),
}

# What to do now; `--json` has the code.
NEXT_STEPS: dict[str, Message] = {
    "first_run": _only(
        "Next: `woo2po run --dry-run` shows what a run would do, and writes nothing.",
        "Nå: «woo2po run --dry-run» viser hva en kjøring ville gjort, og skriver ingenting.",
    ),
    "check_timer": _only(
        "Next: see whether cron (crontab -l) or the timer still starts the job, and what "
        "`woo2po run` says when you run it yourself.",
        "Nå: se om cron (crontab -l) eller timeren fortsatt starter jobben, og hva «woo2po run» "
        "sier når du kjører den selv.",
    ),
    "read_last_run": _only(
        "Next: run `woo2po run` yourself; it says what is wrong and what to do.",
        "Nå: kjør «woo2po run» selv; den sier hva som er galt og hva du gjør.",
    ),
    "mend_held": _only(
        "Next: do what the arrow says for {number}; then `woo2po retry` tries again at once. By "
        "itself the job looks again within the hour.",
        "Nå: gjør det pilen sier for {number}; så prøver «woo2po retry» igjen med en gang. Av seg "
        "selv ser jobben etter innen en time.",
    ),
    "ask_to_send": _only(
        "Next: ask PowerOffice to give the integration the right to send invoices "
        "(AllowSendInvoice). What waits goes within an hour after that.",
        "Nå: be PowerOffice gi integrasjonen rett til å sende fakturaer (AllowSendInvoice). Det "
        "som venter, går innen en time etter det.",
    ),
    "ask_to_post": _only(
        "Next: ask PowerOffice to give the integration the right to post payments "
        "(BankVoucher_Full, and CashVoucher_Full for cash). What waits goes within an hour after "
        "that.",
        "Nå: be PowerOffice gi integrasjonen rett til å føre betalinger (BankVoucher_Full, og "
        "CashVoucher_Full for kontant). Det som venter, går innen en time etter det.",
    ),
    "invoice_drafts": _only(
        "Next: look through the drafts in PowerOffice and invoice them. The job notices it within "
        "the hour.",
        "Nå: se gjennom utkastene i PowerOffice og fakturer dem. Jobben merker det innen en time.",
    ),
    "wait_for_run": _only(
        "Nothing to do: the next run takes what is in the queue.",
        "Ingenting å gjøre: neste kjøring tar det som står i køen.",
    ),
    "nothing_to_do": _only("Nothing to do.", "Ingenting å gjøre."),
}

STATUS: dict[str, Message] = {**_SCREEN, **NEXT_STEPS}
