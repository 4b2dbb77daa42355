"""Orders made of goods: the built-in shop's own, under the name that the tests know."""

from woo2po.sandbox.shop_orders import Goods, amounts

__all__ = ["Goods", "amounts"]
