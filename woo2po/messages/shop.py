"""What can be wrong between us and the shop: what happened, and what to do.

`{host}` is the shop's host name, `{said}` its code for what is wrong; the other facts are named
by the code that raises them, in shop_answers.py and shop_requests.py.
"""

from woo2po.messages.message import Message

_NEXT_RUN_EN = "Nothing is lost: the next run goes on where this one stopped."
_NEXT_RUN_NB = "Ingenting er tapt: neste kjøring fortsetter der denne stoppet."
_HEADER_EN = (
    "Apache: put `CGIPassAuth On`, or `SetEnvIf Authorization (.+) HTTP_AUTHORIZATION=$1`, in "
    ".htaccess. nginx: `fastcgi_param HTTP_AUTHORIZATION $http_authorization;`. Or ask the host "
    "to do it."
)
_HEADER_NB = (
    "Apache: sett «CGIPassAuth On», eller «SetEnvIf Authorization (.+) HTTP_AUTHORIZATION=$1», i "
    ".htaccess. nginx: «fastcgi_param HTTP_AUTHORIZATION $http_authorization;». Eller be "
    "webhotellet gjøre det."
)

SHOP: dict[str, Message] = {
    # The keys
    "shop_wrong_secret": Message(
        "The shop knows the key, but says that the secret is wrong.",
        "Copy woocommerce.consumer_secret (cs_...) once more. It is shown only once: if it is "
        "lost, make a new key under WooCommerce > Settings > Advanced > REST API.",
        "Butikken kjenner nøkkelen, men sier at hemmeligheten er feil.",
        "Kopier woocommerce.consumer_secret (cs_...) på nytt. Den vises bare én gang: er den "
        "borte, lag en ny nøkkel under WooCommerce > Innstillinger > Avansert > REST API.",
    ),
    "shop_unknown_key": Message(
        "The shop at {host} does not know the key.",
        "See that woocommerce.consumer_key (ck_...) was made in this very shop and is not "
        "deleted; else make a new one under WooCommerce > Settings > Advanced > REST API with "
        "the right Read. If the key is right: under Settings > Permalinks choose anything but "
        "Plain, and behind a proxy WordPress must be told that visitors come by https.",
        "Butikken på {host} kjenner ikke nøkkelen.",
        "Sjekk at woocommerce.consumer_key (ck_...) er laget i akkurat denne butikken og ikke "
        "er slettet; lag ellers en ny under WooCommerce > Innstillinger > Avansert > REST API med "
        "rettigheten Les. Er nøkkelen riktig: velg noe annet enn Enkel under Innstillinger > "
        "Permalenker, og bak en proxy må WordPress få vite at besøkende kommer med https.",
    ),
    "shop_key_not_seen": Message(
        "The shop at {host} either does not know the key, or never sees it because the web server "
        "throws the Authorization header away.",
        f"See that the key was made in this shop. Then let the header through. {_HEADER_EN}",
        "Butikken på {host} kjenner enten ikke nøkkelen, eller får aldri se den fordi "
        "webserveren kaster Authorization-hodet i forespørselen.",
        f"Sjekk at nøkkelen er laget i denne butikken. Slipp så hodet gjennom. {_HEADER_NB}",
    ),
    "shop_keys_in_query": Message(
        "The web server of {host} throws the Authorization header away, so the keys are sent in "
        "the address. It works, but they end up in the web server's log.",
        f"Let the header through. {_HEADER_EN}",
        "Webserveren til {host} kaster Authorization-hodet, så nøklene sendes i adressen. Det "
        "virker, men de havner i webserverens logg.",
        f"Slipp hodet gjennom. {_HEADER_NB}",
    ),
    "shop_key_no_read": Message(
        "The key is right, but may not read.",
        "Give it the right Read (or Read/Write) under WooCommerce > Settings > Advanced > "
        "REST API.",
        "Nøkkelen er riktig, men har ikke lov til å lese.",
        "Gi den rettigheten Les (eller Les/skriv) under WooCommerce > Innstillinger > Avansert > "
        "REST API.",
    ),
    "shop_user_no_rights": Message(
        "The key is right, but the user it belongs to may not see orders.",
        "Make the key for a user with the role Shop manager or Administrator.",
        "Nøkkelen er riktig, men brukeren den tilhører, har ikke lov til å se ordrer.",
        "Lag nøkkelen for en bruker med rollen butikksjef eller administrator.",
    ),
    "shop_login_refused": Message(
        "The shop at {host} refused the login ({status}, {said}).",
        "Perhaps a security plugin closes the REST interface: let /wp-json/wc/v3/ through there.",
        "Butikken på {host} avviste innloggingen ({status}, {said}).",
        "Kanskje en sikkerhetsutvidelse stenger REST-grensesnittet: slipp /wp-json/wc/v3/ gjennom "
        "der.",
    ),
    "shop_password_protected": Message(
        "The whole site {host} is behind a password of the web server.",
        "Take the password away (test sites often have one), or exempt /wp-json/ from it.",
        "Hele nettstedet {host} ligger bak et passord i webserveren.",
        "Ta bort passordet (testsider har ofte et), eller unnta /wp-json/ fra det.",
    ),
    # The way there
    "shop_name_unknown": Message(
        "The name {host} was not found on the network.",
        "See that woocommerce.url is spelt right and that this machine is on the network. "
        + _NEXT_RUN_EN,
        "Navnet {host} ble ikke funnet på nettet.",
        "Sjekk at woocommerce.url er riktig skrevet, og at denne maskinen er på nett. "
        + _NEXT_RUN_NB,
    ),
    "shop_refused_connection": Message(
        "Nothing answers at {host}: the connection was refused.",
        f"See whether the shop opens in a browser; if not, ask the host. {_NEXT_RUN_EN}",
        "Ingenting svarer på {host}: forbindelsen ble avvist.",
        f"Se om butikken åpner seg i en nettleser; hvis ikke, spør webhotellet. {_NEXT_RUN_NB}",
    ),
    "shop_connect_timeout": Message(
        "No connection with {host} came about in time.",
        "See whether the shop opens in a browser. If it does, a firewall may be in the way of "
        f"this machine. {_NEXT_RUN_EN}",
        "Det ble ingen forbindelse med {host} i tide.",
        "Se om butikken åpner seg i en nettleser. Gjør den det, kan en brannmur stå i veien for "
        f"denne maskinen. {_NEXT_RUN_NB}",
    ),
    "shop_certificate": Message(
        "The certificate of {host} is not to be trusted: {text}. Nothing was sent.",
        "Renew the certificate at the host. If the shop has its own certificate authority, name "
        "its file in woocommerce.ca_file. See also that this machine's clock is right.",
        "Sertifikatet til {host} er ikke til å stole på: {text}. Ingenting ble sendt.",
        "Forny sertifikatet hos webhotellet. Har butikken sin egen sertifikatutsteder, oppgi "
        "filen i woocommerce.ca_file. Sjekk også at klokken på denne maskinen er riktig.",
    ),
    "shop_tls": Message(
        "No encrypted connection with {host} came about.",
        "See that woocommerce.url begins with https:// and has the right port.",
        "Det ble ingen kryptert forbindelse med {host}.",
        "Sjekk at woocommerce.url begynner med https:// og har riktig port.",
    ),
    "shop_unreachable": Message(
        "{host} could not be reached ({text}).",
        f"See whether the shop opens in a browser from this machine. {_NEXT_RUN_EN}",
        "{host} var ikke til å nå ({text}).",
        f"Se om butikken åpner seg i en nettleser fra denne maskinen. {_NEXT_RUN_NB}",
    ),
    "shop_timeout": Message(
        "The shop at {host} took too long to answer.",
        f"If it happens often, ask the host for a faster plan. {_NEXT_RUN_EN}",
        "Butikken på {host} brukte for lang tid på å svare.",
        f"Skjer det ofte, be webhotellet om et raskere oppsett. {_NEXT_RUN_NB}",
    ),
    "shop_connection_broken": Message(
        "The connection with {host} broke before the answer was complete.",
        _NEXT_RUN_EN,
        "Forbindelsen med {host} ble brutt før svaret var kommet fram.",
        _NEXT_RUN_NB,
    ),
    # The shop is unwell
    "shop_busy": Message(
        "The shop at {host} says that it is asked too often.",
        f"Start the job more seldom if it goes on. {_NEXT_RUN_EN}",
        "Butikken på {host} sier at den blir spurt for ofte.",
        f"Start jobben sjeldnere hvis det vedvarer. {_NEXT_RUN_NB}",
    ),
    "shop_server_error": Message(
        "The web server of {host} is in trouble (status {status}).",
        f"If it lasts, tell the host. {_NEXT_RUN_EN}",
        "Webserveren til {host} har problemer (status {status}).",
        f"Varer det ved, si fra til webhotellet. {_NEXT_RUN_NB}",
    ),
    "shop_crashed": Message(
        "Something in the shop at {host} crashed while it answered (status {status}).",
        "Look in WooCommerce > Status > Logs under fatal-errors: it names the plugin. "
        + _NEXT_RUN_EN,
        "Noe i butikken på {host} krasjet mens den svarte (status {status}).",
        "Se i WooCommerce > Status > Logger under fatal-errors: der står utvidelsen. "
        + _NEXT_RUN_NB,
    ),
    "shop_maintenance": Message(
        "The shop at {host} is closed for maintenance.",
        "It is usually an update that takes a minute. If it lasts, delete the file .maintenance "
        f"in WordPress' folder. {_NEXT_RUN_EN}",
        "Butikken på {host} er stengt for vedlikehold.",
        "Det er som regel en oppdatering som tar et minutt. Varer det ved, slett filen "
        f".maintenance i WordPress-mappen. {_NEXT_RUN_NB}",
    ),
    "shop_changes_too_fast": Message(
        "The orders of the shop at {host} change faster than they can be read.",
        f"Is a mass change or an import running there? {_NEXT_RUN_EN}",
        "Ordrene i butikken på {host} endrer seg raskere enn de kan leses.",
        f"Går det en masseendring eller import der? {_NEXT_RUN_NB}",
    ),
    "shop_rows_missing": Message(
        "The shop at {host} says that it has {total} orders to show, and shows fewer.",
        "A plugin may hide orders from the key's user, or orders in the database are damaged: "
        "look in WooCommerce > Status > Logs.",
        "Butikken på {host} sier at den har {total} ordrer å vise, og viser færre.",
        "En utvidelse kan skjule ordrer for brukeren bak nøkkelen, eller ordrer i databasen er "
        "skadet: se i WooCommerce > Status > Logger.",
    ),
    # Something else answers
    "shop_firewall": Message(
        "{firewall}, the firewall in front of {host}, turned us away (status {status}).",
        "Let this machine's IP address, or the path /wp-json/wc/v3/, through in {firewall}.",
        "{firewall}, brannmuren foran {host}, avviste oss (status {status}).",
        "Slipp IP-adressen til denne maskinen, eller stien /wp-json/wc/v3/, gjennom i {firewall}.",
    ),
    "shop_blocked": Message(
        "Something in front of the shop at {host} turned us away (status {status}) with a page of "
        "its own: a firewall, a security plugin or the host.",
        "Let this machine's IP address, or the path /wp-json/wc/v3/, through there.",
        "Noe foran butikken på {host} avviste oss (status {status}) med sin egen side: en "
        "brannmur, en sikkerhetsutvidelse eller webhotellet.",
        "Slipp IP-adressen til denne maskinen, eller stien /wp-json/wc/v3/, gjennom der.",
    ),
    "shop_coming_soon": Message(
        "The shop at {host} shows a page that says it is not open, instead of its orders.",
        "Turn the coming-soon or maintenance plugin off, or let /wp-json/ through in it.",
        "Butikken på {host} viser en side om at den ikke er åpen, i stedet for ordrene sine.",
        "Slå av utvidelsen for «kommer snart» eller vedlikehold, eller slipp /wp-json/ gjennom "
        "i den.",
    ),
    "shop_not_json": Message(
        "{host} answered with a web page (status {status}) where the shop's orders should be.",
        "See that woocommerce.url is the address of the shop's front page, with its folder if it "
        "has one, and that Settings > Permalinks in WordPress is anything but Plain.",
        "{host} svarte med en nettside (status {status}) der butikkens ordrer skulle vært.",
        "Sjekk at woocommerce.url er adressen til butikkens forside, med mappe om den har en, "
        "og at Innstillinger > Permalenker i WordPress er noe annet enn Enkel.",
    ),
    "shop_moved": Message(
        "The shop's address is {url}, and the configuration says otherwise.",
        "Set woocommerce.url to {url}. The keys were not sent on.",
        "Butikkens adresse er {url}, men konfigurasjonen sier noe annet.",
        "Sett woocommerce.url til {url}. Nøklene ble ikke sendt videre.",
    ),
    "shop_moved_elsewhere": Message(
        "{host} sends us on to another place, {other}. The keys were not sent there.",
        "If {other} is your shop's new home, write its address in woocommerce.url.",
        "{host} sender oss videre til et annet sted, {other}. Nøklene ble ikke sendt dit.",
        "Er {other} butikkens nye hjem, skriv adressen dit i woocommerce.url.",
    ),
    "shop_redirects": Message(
        "{host} sends us on to {path} instead of answering.",
        "A plugin (login, language, coming soon) or the host does it: exempt /wp-json/ from it.",
        "{host} sender oss videre til {path} i stedet for å svare.",
        "En utvidelse (innlogging, språk, kommer snart) eller webhotellet gjør det: unnta "
        "/wp-json/ fra det.",
    ),
    "shop_no_woocommerce": Message(
        "WordPress answers at {host}, but there is no WooCommerce (or a very old one) behind it.",
        "See that WooCommerce is active and that woocommerce.url is the shop's own address.",
        "WordPress svarer på {host}, men det er ingen WooCommerce (eller en svært gammel) bak.",
        "Sjekk at WooCommerce er aktivert, og at woocommerce.url er butikkens egen adresse.",
    ),
    "shop_too_large": Message(
        "The answer of the shop at {host} is larger than {size}, or nested too deeply, and was "
        "not read to its end.",
        "A plugin may put something into it that does not belong there: look at what the shop "
        f"answers under /wp-json/wc/v3/. {_NEXT_RUN_EN}",
        "Svaret fra butikken på {host} er større enn {size}, eller for dypt nøstet, og ble ikke "
        "lest til ende.",
        "En utvidelse kan ha lagt noe inn i det som ikke hører hjemme der: se på hva butikken "
        f"svarer under /wp-json/wc/v3/. {_NEXT_RUN_NB}",
    ),
    "shop_cut_off": Message(
        "The answer of the shop at {host} was empty or cut off.",
        f"The shop may lack memory or time: ask the host for more of both. {_NEXT_RUN_EN}",
        "Svaret fra butikken på {host} var tomt eller avkuttet.",
        f"Butikken kan mangle minne eller tid: be webhotellet om mer av begge. {_NEXT_RUN_NB}",
    ),
    "shop_wrong_shape": Message(
        "The shop at {host} answered with JSON that WooCommerce does not give ({expected} was "
        "expected).",
        "A plugin may have changed the REST interface, or another program answers at this "
        "address. Ask whoever looks after the shop which plugin was changed last.",
        "Butikken på {host} svarte med JSON som WooCommerce ikke gir ({expected} var ventet).",
        "En utvidelse kan ha endret REST-grensesnittet, eller et annet program svarer på "
        "adressen. Spør den som steller butikken, hvilken utvidelse som sist ble endret.",
    ),
    "shop_unknown_status": Message(
        "The shop does not know a status it was asked for.",
        "Correct woocommerce.statuses if the status is named there. A plugin that made a status "
        "may have been removed.",
        "Butikken kjenner ikke en status den ble spurt om.",
        "Rett woocommerce.statuses hvis statusen står der. En utvidelse som laget en status, kan "
        "være fjernet.",
    ),
    "shop_refused": Message(
        "The shop refused a question ({status} {title} {detail}).",
        "Look in WooCommerce > Status > Logs, and see that WooCommerce is up to date. If it stays, "
        "report this sentence.",
        "Butikken avviste et spørsmål ({status} {title} {detail}).",
        "Se i WooCommerce > Status > Logger, og sjekk at WooCommerce er oppdatert. Blir det "
        "stående, meld fra om denne setningen.",
    ),
}
