"""Both remote systems in miniature, as plain ASGI: for the demo, the tests and trying by hand.

It imports nothing of the rest, else both would be wrong together.

shop.py           the shop: keys, routes, what its host and plugins do wrong (its site: site.toml)
shop_listing.py   how WooCommerce reads a query, filters, sorts, and writes amounts
shop_orders.py    its orders and refunds and what happens to them; orders made of goods
go.py             PowerOffice Go: log-in, limits, routes, faults
calls.py          what a call consists of: filters (queries.toml), pages, bodies
shapes.py         its JSON: binding, patches, errors (the objects: shapes.toml)
objects.py        what a company has there, from VAT codes to vouchers
books.py          the company's books, and what a person does in them (furnished by company.toml)
registers.py, orders.py, invoices.py, ledger.py    the calls, and the rules for each
faults.py         how it can be told to misbehave
serve.py          both served on loopback (the extra woo2po[sandbox])
console.py        what is typed there (its words: console.toml)
"""
