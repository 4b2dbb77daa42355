"""Messages of poweroffice."""

from woo2po.messages.message import Message

POWEROFFICE: dict[str, Message] = {}
