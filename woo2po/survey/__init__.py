"""What both systems have in use, read once where a configuration is made or checked.

shop.py   the shop: statuses, payment methods, freight, VAT, and its newest orders
books.py  the company in PowerOffice: rights, products, accounts with their VAT
needs.py  which products the shop's orders need, and which of them are there
"""
