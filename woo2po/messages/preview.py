"""What the preview of a run says on its page, and of files; screens.py has what it says else."""

from woo2po.messages.message import Message

PREVIEW: dict[str, Message] = {
    "needs_dry_run": Message(
        "{option} shows what a run would do, so it goes with --dry-run: a run that transfers "
        "shows nothing.",
        "Type `woo2po run --dry-run` in front of it.",
        "{option} viser hva en kjøring ville gjort, så det hører sammen med --dry-run: en "
        "kjøring som overfører, viser ingenting.",
        "Skriv «woo2po run --dry-run» foran.",
    ),
    "file_not_written": Message(
        "{path} could not be written: {error}.",
        "Choose a folder that exists and that you may write to.",
        "{path} kunne ikke skrives: {error}.",
        "Velg en mappe som finnes, og som du har lov til å skrive i.",
    ),
    "file_written": Message("Written: {path}", "", "Skrevet: {path}", ""),
    "preview_page_left": Message(
        "{path} was not written: the preview did not come to its end.",
        "Try again when both systems answer.",
        "{path} ble ikke skrevet: forhåndsvisningen kom ikke til ende.",
        "Prøv igjen når begge systemene svarer.",
    ),
    "preview_unsure": Message(
        "PowerOffice may round this to a few øre more or less; a run compares and puts it right "
        "with a rounding line.",
        "",
        "PowerOffice kan avrunde dette til noen øre mer eller mindre; en kjøring sammenligner og "
        "retter det med en avrundingslinje.",
        "",
    ),
}

_HEADINGS: dict[str, Message] = {
    "page_shop": Message("Shop", "", "Butikk", ""),
    "page_company": Message("Company in PowerOffice", "", "Firma i PowerOffice", ""),
    "page_demo": Message("(demo environment)", "", "(demomiljøet)", ""),
    "page_made": Message("Made", "", "Laget", ""),
    "preview_title": Message("Preview of a transfer", "", "Forhåndsvisning av en overføring", ""),
    "preview_h_outcomes": Message(
        "What would become of the orders", "", "Hva som ville skje med ordrene", ""
    ),
    "preview_h_rates": Message(
        "What is transferred, per VAT rate", "", "Det som overføres, per mva-sats", ""
    ),
    "preview_h_accounts": Message("Payments, per account", "", "Betalinger, per konto", ""),
    "preview_h_held": Message("Held, and what to do", "", "Holdes tilbake, og hva du gjør", ""),
    "preview_h_orders": Message("Order by order", "", "Ordre for ordre", ""),
    "preview_h_notes": Message("How to read this", "", "Slik leses dette", ""),
    "preview_c_outcome": Message("What happens", "", "Hva som skjer", ""),
    "preview_c_count": Message("Count", "", "Antall", ""),
    "preview_c_sum": Message("Amount", "", "Beløp", ""),
    "preview_c_number": Message("Order", "", "Ordre", ""),
    "preview_c_day": Message("Day", "", "Dato", ""),
    "preview_c_status": Message("In the shop", "", "I butikken", ""),
    "preview_c_total": Message("Total", "", "Totalt", ""),
    "preview_c_rate": Message("VAT rate", "", "Mva-sats", ""),
    "preview_c_net": Message("Net", "", "Netto", ""),
    "preview_c_vat": Message("VAT", "", "Mva.", ""),
    "preview_c_account": Message("Account", "", "Konto", ""),
    "preview_c_payments": Message("Payments", "", "Betalinger", ""),
    "preview_c_paid": Message("In", "", "Inn", ""),
    "preview_c_paybacks": Message("Paybacks", "", "Tilbakebetalt", ""),
    "preview_c_returned": Message("Back", "", "Tilbake", ""),
    "preview_c_left": Message("Together", "", "Til sammen", ""),
    "preview_held_count": Message(
        "{n} held, {amount} in all", "", "{n} holdes tilbake, {amount} til sammen", ""
    ),
    "preview_unposted": Message("not posted by the job", "", "føres ikke av jobben", ""),
    "preview_credit_notes": Message("credit notes: {what}", "", "kreditnotaer: {what}", ""),
    "preview_lines": Message("Lines", "", "Linjer", ""),
    "preview_stays_draft": Message("stays a draft", "", "blir stående som utkast", ""),
}

_BECOMES: dict[str, Message] = {
    "preview_transferred": Message("transferred", "", "overføres", ""),
    "preview_changed": Message("changed", "", "endres", ""),
    "preview_invoiced": Message("invoiced", "", "faktureres", ""),
    "preview_taken_back": Message("taken back", "", "tas tilbake", ""),
    "preview_held": Message("held", "", "holdes tilbake", ""),
    "preview_waiting": Message("without an answer", "", "uten svar", ""),
    "preview_skipped": Message("skipped", "", "hoppes over", ""),
    "preview_not_transferred": Message("not transferred", "", "overføres ikke", ""),
    "preview_unchanged_there": Message("there already", "", "er der fra før", ""),
}

_SENTENCES: dict[str, Message] = {
    "preview_all_go": Message(
        "All {n} orders can be transferred as they are, {total} in all; none is held.",
        "",
        "Alle {n} ordrer kan overføres som de er, {total} til sammen; ingen holdes tilbake.",
        "",
    ),
    "preview_some_go": Message(
        "{go} of {n} orders can be transferred as they are, {total} in all; none is held.",
        "",
        "{go} av {n} ordrer kan overføres som de er, {total} til sammen; ingen holdes tilbake.",
        "",
    ),
    "preview_some_held": Message(
        "{go} of {n} orders can be transferred as they are, {total} in all; {held} would be held, "
        "and below it says why, and what to do.",
        "",
        "{go} av {n} ordrer kan overføres som de er, {total} til sammen; {held} ville bli holdt "
        "tilbake, og nedenfor står hvorfor, og hva du gjør.",
        "",
    ),
    "preview_none_go": Message(
        "Nothing would be transferred: the {n} orders are there already, or are not to go.",
        "",
        "Ingenting ville bli overført: de {n} ordrene er der fra før, eller skal ikke overføres.",
        "",
    ),
    "preview_give_back": Message(
        "Credit notes of it give {total} back.",
        "",
        "Kreditnotaer gir {total} tilbake av dette.",
        "",
    ),
    "preview_some_wait": Message(
        "{n} wait for PowerOffice's answer to an earlier run.",
        "",
        "{n} venter på PowerOffices svar til en tidligere kjøring.",
        "",
    ),
    "preview_how": Message(
        "This is a preview: nothing was written. Net and VAT of an order come to its total, and "
        "the orders and credit notes that are transferred, changed or invoiced come to the sums "
        "per VAT rate.",
        "",
        "Dette er en forhåndsvisning: ingenting er skrevet. Netto og mva. på en ordre gir totalen, "
        "og ordrene og kreditnotaene som overføres, endres eller faktureres, gir summene per "
        "mva-sats.",
        "",
    ),
    "preview_posted_later": Message(
        "Of the payments, {amount} is posted only once the orders are invoiced.",
        "",
        "Av betalingene føres {amount} først når ordrene er fakturert.",
        "",
    ),
    "preview_with_line": Message(
        "Documents with a rounding line, so that they come to what was paid: {n}.",
        "",
        "Dokumenter med en avrundingslinje, slik at de gir det som ble betalt: {n}.",
        "",
    ),
    "preview_unsure_count": Message(
        "Documents that PowerOffice may round to a few øre more or less, which a run then puts "
        "right: {n}.",
        "",
        "Dokumenter som PowerOffice kan avrunde til noen øre mer eller mindre, og som en kjøring "
        "da retter: {n}.",
        "",
    ),
}

_TOOLS: dict[str, Message] = {
    "preview_find": Message("Find", "", "Søk", ""),
    "preview_show": Message("Show", "", "Vis", ""),
    "preview_show_all": Message("all orders", "", "alle ordrer", ""),
    "preview_show_noticed": Message("with a remark", "", "med merknad", ""),
    "preview_open_all": Message("Open all", "", "Åpne alle", ""),
    "preview_close_all": Message("Close all", "", "Lukk alle", ""),
    "preview_shown": Message("{n} of {of} orders", "", "{n} av {of} ordrer", ""),
}

PREVIEW_TEXTS: dict[str, Message] = {**_HEADINGS, **_BECOMES, **_SENTENCES, **_TOOLS}
