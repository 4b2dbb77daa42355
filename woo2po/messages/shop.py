"""Messages of shop."""

from woo2po.messages.message import Message

SHOP: dict[str, Message] = {}
