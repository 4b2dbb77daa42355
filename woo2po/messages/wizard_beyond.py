"""The questions of `init` about what the orders need besides, and the last ones.

`..._said` stands below a question, `..._more` is what ? explains; the others are choices.
"""

from woo2po.messages.message import Message


def _only(en: str, nb: str) -> Message:
    """Return a message with nothing to do about it."""
    return Message(en, "", nb, "")


BEYOND_TALK: dict[str, Message] = {
    # -- beyond ------------------------------------------------------------------------------------
    "init_unknown": _only(
        "What becomes of goods whose SKU PowerOffice does not know?",
        "Hva skjer med varer med varenummer (SKU) som PowerOffice ikke kjenner?",
    ),
    "init_unknown_said": _only(
        "Up to {n} of the orders that were looked at have such goods, or goods at another VAT rate "
        "than their product has.",
        "Inntil {n} av ordrene som ble lest, har slike varer, eller varer med en annen mva-sats "
        "enn produktet har.",
    ),
    "init_unknown_fallback": _only(
        "they go on one product for each VAT rate, with the shop's text",
        "de går på ett produkt for hver mva-sats, med teksten fra butikken",
    ),
    "init_unknown_create": _only(
        "woo2po makes a product for each new SKU in PowerOffice",
        "woo2po lager et produkt for hvert nytt varenummer i PowerOffice",
    ),
    "init_unknown_hold": _only(
        "the order is held until somebody has made the product",
        "ordren holdes tilbake til noen har laget produktet",
    ),
    "init_fallback": _only(
        "On which product do goods go that PowerOffice does not know, at each VAT rate?",
        "På hvilket produkt føres varer som PowerOffice ikke kjenner, for hver mva-sats?",
    ),
    "init_fallback_said": _only(
        "Refunds of an amount without goods go on them too.",
        "Refusjoner av et beløp uten varer går også på dem.",
    ),
    "init_fee_product": _only(
        "Product number for fees ({rate} % VAT)", "Produktnummer for gebyr ({rate} % mva.)"
    ),
    "init_fee_said": _only(
        "Some of your orders have fees.",
        "Noen av ordrene dine har gebyrer.",
    ),
    "init_fee_rates": _only("Fees at other VAT rates", "Gebyr med andre mva-satser"),
    "init_rounding": _only(
        "Product number for rounding to the øre", "Produktnummer for øreavrunding"
    ),
    "init_rounding_said": _only(
        "A product without VAT. PowerOffice computes VAT itself; where its total is an øre off "
        "what the customer paid, a line on this product makes them equal.",
        "Et produkt uten mva. PowerOffice regner ut mva. selv; der summen er et øre unna det "
        "kunden betalte, gjør en linje på dette produktet dem like.",
    ),
    "init_skus": _only(
        "Which of these goods are gift cards that you sell?",
        "Hvilke av disse varene er gavekort som du selger?",
    ),
    "init_skus_said": _only(
        "A gift card that is sold is owed to its holder: it has no VAT until it is used. Numbers "
        "or words with commas between, - for none.",
        "Et solgt gavekort er gjeld til innehaveren: det har ingen mva. før det brukes. Nummer "
        "eller ord med komma mellom, - for ingen.",
    ),
    "init_gift_card": _only("Product number for gift cards", "Produktnummer for gavekort"),
    "init_gift_card_said": _only(
        "A product without VAT on the account of what is owed to holders, 2965, say.",
        "Et produkt uten mva. på kontoen for det som skyldes innehaverne, for eksempel 2965.",
    ),
    "init_foreign": _only(
        "Some orders have another country's VAT. On which product do they go?",
        "Noen ordrer har et annet lands mva. På hvilket produkt føres de?",
    ),
    "init_foreign_said": _only(
        "- holds such orders for a person, which is right unless your accountant has made products "
        "for it. 1=CODE names one on an account without VAT.",
        "- holder slike ordrer tilbake for en person, og det er riktig om ikke regnskapsføreren "
        "har laget produkter for det. 1=KODE navngir et på en konto uten mva.",
    ),
    "init_foreign_row": _only(
        "{country}, {rate} % (orders: {n})", "{country}, {rate} % (ordrer: {n})"
    ),
    "init_delivery": _only(
        "How does the invoice leave PowerOffice?", "Hvordan går fakturaen ut av PowerOffice?"
    ),
    "init_delivery_none": _only(
        "it is not sent: the shop mails its own receipt",
        "den sendes ikke: butikken sender kvittering",
    ),
    "init_delivery_email": _only("by e-mail", "med e-post"),
    "init_delivery_auto": _only(
        "as EHF or eFaktura where the buyer can receive it, else by e-mail",
        "som EHF eller eFaktura der kjøperen kan ta imot, ellers med e-post",
    ),
    # -- the last ----------------------------------------------------------------------------------
    "init_secrets": _only("Where are the keys to be kept?", "Hvor skal nøklene ligge?"),
    "init_secrets_config": _only(
        "in config.toml, which only you can read", "i config.toml, som bare du kan lese"
    ),
    "init_secrets_files": _only(
        "each in a file of its own, in the folder secrets beside it",
        "hver i sin egen fil, i mappen secrets ved siden av",
    ),
    "init_new_accounts": _only(
        "These products are missing in PowerOffice. On which accounts would they go?",
        "Disse produktene mangler i PowerOffice. På hvilke kontoer skal de ligge?",
    ),
    "init_new_accounts_said": _only(
        "Nothing is made yet. Enter takes them all; 1=3000 changes an account, 1=- leaves one out.",
        "Ingenting lages ennå. Enter tar alle; 1=3000 endrer en konto, 1=- utelater et produkt.",
    ),
    "init_new_accounts_more": _only(
        "The account decides the VAT of what is sold on the product, so that only accounts of the "
        "right rate can be chosen. 1=salg searches.",
        "Kontoen bestemmer mva. på det som selges på produktet, så bare kontoer med riktig sats "
        "kan velges. 1=salg søker.",
    ),
    "init_product_line": _only(
        '{code}, "{name}", on {account}',
        "{code}, «{name}», på {account}",
    ),
    "init_create_products": _only(
        "Make these products in PowerOffice ({n})?", "Lage disse produktene i PowerOffice ({n})?"
    ),
    "init_create_products_no": _only(
        "their codes stand in config.toml, and orders that need them are held until somebody has "
        "made them",
        "kodene står i config.toml, og ordrer som trenger dem, holdes tilbake til noen har laget "
        "dem",
    ),
    "init_create_products_yes": _only(
        "right after config.toml is written", "rett etter at config.toml er skrevet"
    ),
    "init_write": _only("That was all. Write this?", "Det var alt. Skal dette skrives?"),
}
