"""Parts of sentences: the facts that are codes themselves, by the fact's name and its code.

A fact that does not stand here is shown as it is: a number, a key, the other side's own words.
Amounts are the exception: they are facts with a point, and said with the comma of Norwegian.
"""

Term = tuple[str, str]  # English, Norwegian

_BROKE: Term = ("the connection broke", "forbindelsen ble brutt")
_TOO_LONG: Term = ("it took too long", "det tok for lang tid")
_NO_CONNECTION: Term = ("no connection came about", "det ble ingen forbindelse")
_TOO_LARGE: Term = ("the answer is too large", "svaret er for stort")

# What httpx calls what went wrong on the way.
_ON_THE_WAY: dict[str, Term] = {
    "CloseError": _BROKE,
    "ConnectError": _NO_CONNECTION,
    "ConnectTimeout": _NO_CONNECTION,
    "DecodingError": ("the answer could not be unpacked", "svaret lot seg ikke pakke ut"),
    "LocalProtocolError": _BROKE,
    "PoolTimeout": _NO_CONNECTION,
    "ProxyError": ("the proxy said no", "proxyen sa nei"),
    "ReadError": _BROKE,
    "ReadTimeout": _TOO_LONG,
    "RemoteProtocolError": _BROKE,
    "TooLarge": _TOO_LARGE,
    "UnsupportedProtocol": ("the address is not one of the web", "adressen er ingen nettadresse"),
    "WriteError": _BROKE,
    "WriteTimeout": _TOO_LONG,
}

# What OpenSSL says of a certificate that it does not trust.
_CERTIFICATES: dict[str, Term] = {
    "certificate has expired": ("it has expired", "det er utløpt"),
    "certificate is not yet valid": ("it is not valid yet", "det er ikke gyldig ennå"),
    "other_name": ("it belongs to another address", "det tilhører en annen adresse"),
    "self-signed certificate": ("it is signed by itself", "det er selvsignert"),
    "self-signed certificate in certificate chain": (
        "its issuer is not known on this machine",
        "utstederen er ukjent på denne maskinen",
    ),
    "unable to get local issuer certificate": (
        "its issuer is not known on this machine",
        "utstederen er ukjent på denne maskinen",
    ),
}

TERMS: dict[str, dict[str, Term]] = {
    # What a field of the shop's answer should be.
    "expected": {
        "amount": ("an amount", "et beløp"),
        "amount_below": ("an amount below a thousand billion", "et beløp under tusen milliarder"),
        "amount_decimals": ("an amount with fewer decimals", "et beløp med færre desimaler"),
        "few_lines": ("a list of at most 2,000", "en liste på høyst 2000"),
        "few_rows": ("a list of at most 1,000", "en liste på høyst 1000"),
        "fields": ("a set of fields", "et sett med felter"),
        "list": ("a list", "en liste"),
        "moment": ("a date and time", "dato og klokkeslett"),
        "order": ("an order", "en ordre"),
        "other": ("something else", "noe annet"),
        "positive_number": ("a whole number above 0", "et heltall over 0"),
        "present": ("there, and it is missing", "med, men mangler"),
        "readable_size": (
            "at most 16 MB, in at most 900 levels",
            "på høyst 16 MB, i høyst 900 nivåer",
        ),
        "refund": ("a refund", "en refusjon"),
        "text": ("a text", "en tekst"),
        "whole_number": ("a whole number", "et heltall"),
        "year": ("a time between 1990 and 2200", "et tidspunkt mellom 1990 og 2200"),
        "yes_or_no": ("yes or no (true or false)", "ja eller nei (true eller false)"),
    },
    # VAT rates on a product's accounts.
    "has": {"none": ("none", "ingen")},
    # Why a file cannot be read.
    "reason": {
        "FileNotFoundError": ("it is not there", "den finnes ikke"),
        "IsADirectoryError": ("it is a folder", "det er en mappe"),
        "NotADirectoryError": ("it is not there", "den finnes ikke"),
        "PermissionError": ("this user may not read it", "denne brukeren får ikke lese den"),
        "SSLError": ("it holds none", "den har ingen"),
        "UnicodeDecodeError": ("it is not saved as UTF-8", "den er ikke lagret som UTF-8"),
    },
    "said": {"no_rights": ("no right to", "mangler rettighet")},
    "text": {**_ON_THE_WAY, **_CERTIFICATES},
    # What is wrong in a file of TOML; `_TOML` in settings/problems.py says how it is recognised.
    "toml": {
        "backslash": (
            "a \\ in \"...\" has a meaning of its own: write / instead, or put the text in '...'",
            "en \\ i \"...\" har en egen betydning: skriv / i stedet, eller sett teksten i '...'",
        ),
        "bracket": ("a closing bracket is missing", "en sluttparentes mangler"),
        "equals": (
            "behind a key comes =, then its value",
            "etter navnet skal det stå =, så verdien",
        ),
        "other": ("something is written wrongly there", "noe er skrevet feil der"),
        "quote": ("a closing quotation mark is missing", "et avsluttende anførselstegn mangler"),
        "rest": (
            "the line should end after the value (a text needs quotation marks)",
            "linjen skulle sluttet etter verdien (en tekst må ha anførselstegn)",
        ),
        "statement": (
            'only lines like key = "value" and [section] can stand there',
            'der kan det bare stå linjer som navn = "verdi" og [del]',
        ),
        "twice": ("the same key or section stands there twice", "det samme står der to ganger"),
        "value": (
            'the value is missing, or a text lacks its "quotation marks"',
            'verdien mangler, eller en tekst mangler "anførselstegn"',
        ),
    },
    # What was to be written in PowerOffice.
    "what": {
        "add_line": ("add a line", "legge til en linje"),
        "change_header": ("change the sales order's heading", "endre hodet på salgsordren"),
        "change_line": ("change a line", "endre en linje"),
        "create_customer": ("make the customer", "opprette kunden"),
        "create_delivery_address": ("make the delivery address", "opprette leveringsadressen"),
        "create_product": ("make the product", "opprette produktet"),
        "create_sales_order": ("make the sales order", "opprette salgsordren"),
        "create_voucher": ("post the payment", "føre betalingen"),
        "delete_draft": ("delete the draft", "slette utkastet"),
        "delete_line": ("delete a line", "slette en linje"),
        "send_invoice": ("make the invoice", "lage fakturaen"),
    },
    "why": _ON_THE_WAY,
}

# The facts that are amounts, by name. By name, since nothing else tells an amount from an order's
# number: a shop may have an order 10.25.
AMOUNTS = frozenset(
    {
        "amount", "balance", "books", "books_vat", "bound", "cards", "computed", "difference",
        "explained", "left", "lines", "net", "now", "over", "paid", "refunded", "rounding", "seen",
        "shop", "shop_vat", "total", "totals", "vat", "wanted", "was",
    }
)  # fmt: skip

# The number of an order where the sentence stands beside several, or beside none.
A_NUMBER: Term = ("NUMBER", "NUMMER")
