"""Both remote systems in miniature, without a network: for the demo, the tests and trying by hand.

It imports nothing of the rest, else both would be wrong together.

shop.py           the shop: keys, routes, queries, lists, amounts (its site: site.toml)
shop_orders.py    its orders and refunds and what happens to them; orders made of goods
go.py             PowerOffice Go: log-in, limits, faults, its calls (routes.toml), filters, pages
shapes.py         its JSON: binding, patches, refusals (the objects: shapes.toml)
records.py, orders.py, ledger.py    what a company has there, and the rules for it
books.py          all of it, and what a person does in it (furnished by company.toml)
faults.py         how it can be told to misbehave
serve.py          both served on loopback (the extra woo2po[sandbox])
console.py        what is typed there (its words: console.toml)
"""
