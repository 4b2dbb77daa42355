"""What `check` finds in PowerOffice: the company, its products and accounts."""

from woo2po.messages.message import Message

_COMPANY: dict[str, Message] = {
    "check_company": Message(
        "The keys are for {name} ({id}), in production.",
        "",
        "Nøklene er til {name} ({id}), i produksjon.",
        "",
    ),
    "check_company_demo": Message(
        "The keys are for {name} ({id}), in the demo environment.",
        "",
        "Nøklene er til {name} ({id}), i demomiljøet.",
        "",
    ),
    "check_rights": Message(
        "The integration has every privilege that this configuration needs: {names}.",
        "",
        "Integrasjonen har alle tilganger som denne konfigurasjonen trenger: {names}.",
        "",
    ),
    "check_rights_unknown": Message(
        "PowerOffice does not say which privileges the integration has.",
        "The first run will tell.",
        "PowerOffice sier ikke hvilke tilganger integrasjonen har.",
        "Den første kjøringen vil vise det.",
    ),
    "check_right_missing": Message(
        "The integration lacks the privilege {role}, without which nothing can be transferred.",
        "Ask PowerOffice to give the integration the privilege {role}; it holds from the "
        "next log-in on.",
        "Integrasjonen mangler tilgangen {role}, og uten den kan ingenting overføres.",
        "Be PowerOffice gi integrasjonen tilgangen {role}; den gjelder fra neste innlogging.",
    ),
    "check_right_without_module": Message(
        "The integration was given the privilege {role}, but the company lacks the Go module "
        "that it belongs to. Nothing can be transferred without it.",
        "Have the module switched on in PowerOffice Go (their support knows which).",
        "Integrasjonen har fått tilgangen {role}, men selskapet mangler Go-modulen som den "
        "hører til. Uten den kan ingenting overføres.",
        "Få modulen slått på i PowerOffice Go (PowerOffice support vet hvilken).",
    ),
    "check_right_voucher": Message(
        "The integration lacks the privilege {role}: payments are not posted, and wait.",
        "Ask PowerOffice for {role}; posting vouchers is something that they approve "
        "separately. Or register payments by hand, with payments.register = false.",
        "Integrasjonen mangler tilgangen {role}: betalinger føres ikke, men venter.",
        "Be PowerOffice om {role}; bokføring av bilag er noe de godkjenner særskilt. Eller "
        "registrer betalinger for hånd, med payments.register = false.",
    ),
    "check_right_ledger": Message(
        "The integration lacks the privilege {role}: a payment that PowerOffice does not "
        "answer for waits, and is not posted a second time.",
        "Ask PowerOffice to give the integration the privilege {role}.",
        "Integrasjonen mangler tilgangen {role}: en betaling som PowerOffice ikke svarer på, "
        "blir stående og vente, og føres ikke en gang til.",
        "Be PowerOffice gi integrasjonen tilgangen {role}.",
    ),
    "check_right_dimension": Message(
        "The integration lacks the privilege {role}, so nobody can tell whether the code in "
        "dimensions exists.",
        "Look in PowerOffice that the code is right; if it is not, PowerOffice refuses each order.",
        "Integrasjonen mangler tilgangen {role}, så ingen kan si om koden i dimensions finnes.",
        "Se i PowerOffice at koden er riktig; er den ikke det, avviser PowerOffice hver ordre.",
    ),
    "check_right_reconcile": Message(
        "The integration lacks the privilege {role}: `woo2po reconcile` then judges payments "
        "by the invoices' balances alone, and proves no clearing account.",
        "Ask PowerOffice for {role} if you want that proof. Transferring orders works without it.",
        "Integrasjonen mangler tilgangen {role}: «woo2po reconcile» bedømmer da betalinger "
        "bare etter fakturaenes saldo, og beviser ingen oppgjørskonto.",
        "Be PowerOffice om {role} hvis du vil ha det beviset. Overføring av ordrer går uten.",
    ),
    "check_may_send": Message(
        "The integration may send invoices.",
        "",
        "Integrasjonen får sende fakturaer.",
        "",
    ),
    "check_may_send_unknown": Message(
        "PowerOffice does not say whether the integration may send invoices.",
        "The first invoice will tell. Without that right orders stay drafts, and nothing is lost.",
        "PowerOffice sier ikke om integrasjonen får sende fakturaer.",
        "Den første fakturaen vil vise det. Uten den retten forblir ordrer utkast, og "
        "ingenting går tapt.",
    ),
    "check_nothing_locked": Message(
        "No period is locked.",
        "",
        "Ingen periode er låst.",
        "",
    ),
    "check_locked_until": Message(
        "The books are locked up to and including {locked}; no waiting order is of those days.",
        "",
        "Regnskapet er låst til og med {locked}; ingen ventende ordre er fra de dagene.",
        "",
    ),
    "check_locked_moves": Message(
        "The books are locked up to and including {locked}. Orders that get the first open "
        "day as their invoice date: {n} ({numbers}).",
        'Ask the accountant whether that is right. With invoices.locked_period = "hold" they '
        "are held instead.",
        "Regnskapet er låst til og med {locked}. Ordrer som får den første åpne dagen som "
        "fakturadato: {n} ({numbers}).",
        'Spør regnskapsføreren om det er riktig. Med invoices.locked_period = "hold" holdes '
        "de tilbake i stedet.",
    ),
    "check_locked_holds": Message(
        "The books are locked up to and including {locked}. Orders of those days, which will "
        "be held: {n} ({numbers}).",
        'Open the period in PowerOffice, or set invoices.locked_period to "next_open_day".',
        "Regnskapet er låst til og med {locked}. Ordrer fra de dagene, som vil bli holdt "
        "tilbake: {n} ({numbers}).",
        'Åpne perioden i PowerOffice, eller sett invoices.locked_period til "next_open_day".',
    ),
    "check_locked_ahead": Message(
        "The books are locked up to and including {locked}, which is not over yet: nothing "
        "can be invoiced.",
        "Move the lock date in PowerOffice back.",
        "Regnskapet er låst til og med {locked}, som ikke er over ennå: ingenting kan faktureres.",
        "Flytt låsedatoen i PowerOffice tilbake.",
    ),
    "check_collective": Message(
        "The collective customer {number} exists.",
        "",
        "Samlekunden {number} finnes.",
        "",
    ),
    "check_collective_missing": Message(
        "The collective customer {number} does not exist: every private person's order is held.",
        "Create a customer with that number in PowerOffice, or correct "
        "customers.collective_number.",
        "Samlekunden {number} finnes ikke: hver ordre fra en privatperson holdes tilbake.",
        "Opprett en kunde med det nummeret i PowerOffice, eller rett customers.collective_number.",
    ),
    "check_collective_archived": Message(
        "The collective customer {number} is archived: every private person's order is held.",
        "Take the customer out of the archive in PowerOffice.",
        "Samlekunden {number} er arkivert: hver ordre fra en privatperson holdes tilbake.",
        "Ta kunden ut av arkivet i PowerOffice.",
    ),
    "check_dimension": Message(
        "The code {code} ({key}) exists.",
        "",
        "Koden {code} ({key}) finnes.",
        "",
    ),
    "check_dimension_unknown": Message(
        "Whether the code {code} ({key}) exists could not be looked up.",
        "Look in PowerOffice that it is right; if it is not, PowerOffice refuses each order.",
        "Om koden {code} ({key}) finnes, lot seg ikke slå opp.",
        "Se i PowerOffice at den er riktig; er den ikke det, avviser PowerOffice hver ordre.",
    ),
    "check_dimension_missing": Message(
        "The code {code} ({key}) does not exist in PowerOffice, which will refuse each order.",
        "Create it in PowerOffice, or correct {key}.",
        "Koden {code} ({key}) finnes ikke i PowerOffice, som vil avvise hver ordre.",
        "Opprett den i PowerOffice, eller rett {key}.",
    ),
    "check_dimension_inactive": Message(
        "The code {code} ({key}) is not active in PowerOffice, which will refuse each order.",
        "Make it active in PowerOffice, or name another one under {key}.",
        "Koden {code} ({key}) er ikke aktiv i PowerOffice, som vil avvise hver ordre.",
        "Gjør den aktiv i PowerOffice, eller oppgi en annen i {key}.",
    ),
}

_PRODUCTS: dict[str, Message] = {
    "check_products_not_tried": Message(
        "Not tried, since PowerOffice did not show its products, accounts and VAT codes.",
        "",
        "Ikke prøvd, siden PowerOffice ikke viste produktene, kontoene og mva-kodene sine.",
        "",
    ),
    "check_no_products": Message(
        "PowerOffice has no products, so nearly every order is held. The configuration "
        "names: {products}.",
        "Create those in PowerOffice, each on a sales account of its VAT rate, or name "
        'others. README tells under "Products in PowerOffice Go" what they are for.',
        "PowerOffice har ingen produkter, så nesten alle ordrer holdes tilbake. "
        "Konfigurasjonen oppgir: {products}.",
        "Opprett dem i PowerOffice, hvert på en salgskonto med sin mva-sats, eller oppgi "
        "andre. README sier under «Products in PowerOffice Go» hva de er til.",
    ),
    "check_vat_accounts": Message(
        "Accounts for the VAT that the shop charges, by rate (VAT code): {accounts}.",
        "",
        "Kontoer for mva. som butikken krever, etter sats (mva-kode): {accounts}.",
        "",
    ),
    "check_no_account_of_rate": Message(
        "No account in PowerOffice has {rate} % VAT, and the shop charges it (orders: {n}).",
        "Let the accountant make a sales account with the VAT code of {rate} %, and put a "
        "product on it.",
        "Ingen konto i PowerOffice har {rate} % mva., og butikken krever den (ordrer: {n}).",
        "La regnskapsføreren lage en salgskonto med mva-koden for {rate} %, og legg et "
        "produkt på den.",
    ),
    "check_no_vat_code_0": Message(
        "PowerOffice has no active VAT code 0, which the lines of a payment carry.",
        "Make the VAT code 0 (no VAT treatment) active in PowerOffice.",
        "PowerOffice har ingen aktiv mva-kode 0, som linjene i en betaling bærer.",
        "Gjør mva-kode 0 (ingen mva-behandling) aktiv i PowerOffice.",
    ),
    "check_goods": Message(
        "Goods with no product of their own, {rate} VAT: product {code} on account "
        "{account}, VAT code {vat}; orders: {n}.",
        "",
        "Varer uten eget produkt, {rate} mva.: produkt {code} på konto {account}, mva-kode "
        "{vat}; ordrer: {n}.",
        "",
    ),
    "check_freight_product": Message(
        "Freight, {rate} VAT: product {code} on account {account}, VAT code {vat}; orders: {n}.",
        "",
        "Frakt, {rate} mva.: produkt {code} på konto {account}, mva-kode {vat}; ordrer: {n}.",
        "",
    ),
    "check_discount_product": Message(
        "Discounts, {rate} VAT: product {code} on account {account}, VAT code {vat}; orders: {n}.",
        "",
        "Rabatt, {rate} mva.: produkt {code} på konto {account}, mva-kode {vat}; ordrer: {n}.",
        "",
    ),
    "check_fee_product": Message(
        "Fees, {rate} VAT: product {code} on account {account}, VAT code {vat}; orders: {n}.",
        "",
        "Gebyr, {rate} mva.: produkt {code} på konto {account}, mva-kode {vat}; ordrer: {n}.",
        "",
    ),
    "check_gift_card_product": Message(
        "Gift cards: product {code} on account {account}, VAT code {vat}; orders: {n}.",
        "",
        "Gavekort: produkt {code} på konto {account}, mva-kode {vat}; ordrer: {n}.",
        "",
    ),
    "check_rounding_product": Message(
        "Øre rounding: product {code} on account {account}, VAT code {vat}.",
        "",
        "Øreavrunding: produkt {code} på konto {account}, mva-kode {vat}.",
        "",
    ),
    "check_goods_lack": Message(
        "Goods, {rate} VAT (orders: {n}).",
        "",
        "Varer, {rate} mva. (ordrer: {n}).",
        "",
    ),
    "check_freight_lacks": Message(
        "Freight, {rate} VAT (orders: {n}).",
        "",
        "Frakt, {rate} mva. (ordrer: {n}).",
        "",
    ),
    "check_discount_lacks": Message(
        "Discounts, {rate} VAT (orders: {n}).",
        "",
        "Rabatt, {rate} mva. (ordrer: {n}).",
        "",
    ),
    "check_fee_lacks": Message(
        "Fees, {rate} VAT (orders: {n}).",
        "",
        "Gebyr, {rate} mva. (ordrer: {n}).",
        "",
    ),
    "check_gift_card_lacks": Message(
        "Gift cards (orders: {n}).",
        "",
        "Gavekort (ordrer: {n}).",
        "",
    ),
    "check_rounding_lacks": Message(
        "Øre rounding.",
        "",
        "Øreavrunding.",
        "",
    ),
    "check_rounding_not_set": Message(
        "No product is named for øre rounding (products.rounding); an order that needs such "
        "a line is held.",
        "Create a product on an account without VAT (7740, say), and name it under "
        "products.rounding.",
        "Det er ikke oppgitt noe produkt for øreavrunding (products.rounding); en ordre som "
        "trenger en slik linje, holdes tilbake.",
        "Opprett et produkt på en konto uten mva. (for eksempel 7740), og oppgi det i "
        "products.rounding.",
    ),
    "check_goods_unknown": Message(
        'PowerOffice lacks products for what was sold, and products.unknown is "hold" '
        "(orders: {n}).",
        'Create the products in PowerOffice, or set products.unknown to "fallback" or "create".',
        "PowerOffice mangler produkter for det som er solgt, og products.unknown er «hold» "
        "(ordrer: {n}).",
        'Opprett produktene i PowerOffice, eller sett products.unknown til "fallback" eller '
        '"create".',
    ),
    "check_products_fit": Message(
        "Named, and fit for it (account), though no order of late needed them: {codes}.",
        "",
        "Oppgitt, og egnet til det (konto), men ingen ordre har trengt dem i det siste: {codes}.",
        "",
    ),
    "check_products_missing": Message(
        "Products that the configuration names and PowerOffice does not have: {products}. No "
        "order of late needed them; one that does is held.",
        "Create them in PowerOffice, each on a sales account of its VAT rate, or name others.",
        "Produkter som konfigurasjonen oppgir og PowerOffice ikke har: {products}. Ingen "
        "ordre har trengt dem i det siste; en som gjør det, holdes tilbake.",
        "Opprett dem i PowerOffice, hvert på en salgskonto med sin mva-sats, eller oppgi andre.",
    ),
    "check_product_archived": Message(
        "Product {code} ({key}) is archived in PowerOffice. No order of late needed it; one "
        "that does is held.",
        "Take it out of the archive in PowerOffice, or name another one under {key}.",
        "Produkt {code} ({key}) er arkivert i PowerOffice. Ingen ordre har trengt det i det "
        "siste; en som gjør det, holdes tilbake.",
        "Ta det ut av arkivet i PowerOffice, eller oppgi et annet i {key}.",
    ),
    "check_product_without_account": Message(
        "Product {code} ({key}) has no sales account, nor has its group, so its VAT is not "
        "known. No order of late needed it; one that does is held.",
        "Give it a sales account in PowerOffice.",
        "Produkt {code} ({key}) har ingen salgskonto, og det har heller ikke gruppen, så "
        "mva. er ikke kjent. Ingen ordre har trengt det i det siste; en som gjør det, holdes "
        "tilbake.",
        "Gi det en salgskonto i PowerOffice.",
    ),
    "check_product_unfit": Message(
        "{key}: no order of late needed it.",
        "",
        "{key}: ingen ordre har trengt det i det siste.",
        "",
    ),
    "check_rate_unreadable": Message(
        "{key} has a name that is no country and rate (product {code}).",
        'Write country and rate as in "SE25".',
        "{key} har et navn som ikke er land og sats (produkt {code}).",
        'Skriv land og sats som i "SE25".',
    ),
    "check_method_bank": Message(
        '{method}: account {account} "{account_name}", bank journal; orders: {n}.',
        "",
        "{method}: konto {account} «{account_name}», bankbilag; ordrer: {n}.",
        "",
    ),
    "check_method_cash": Message(
        '{method}: account {account} "{account_name}", cash journal; orders: {n}.',
        "",
        "{method}: konto {account} «{account_name}», kassebilag; ordrer: {n}.",
        "",
    ),
    "check_method_unpaid": Message(
        "{method}: paid by the invoice, so the job posts no payment; orders: {n}.",
        "",
        "{method}: betales etter faktura, så jobben fører ingen betaling; ordrer: {n}.",
        "",
    ),
    "check_method_lacks": Message(
        "{method} (orders: {n}).",
        "",
        "{method} (ordrer: {n}).",
        "",
    ),
    "check_account_unfit": Message(
        "{key}: no order needs it yet.",
        "",
        "{key}: ingen ordre trenger den ennå.",
        "",
    ),
    "check_accounts_fit": Message(
        "These accounts of payments exist and fit as well: {accounts}.",
        "",
        "Disse kontoene for betalinger finnes og passer også: {accounts}.",
        "",
    ),
}

CHECK_BOOKS: dict[str, Message] = {**_COMPANY, **_PRODUCTS}
