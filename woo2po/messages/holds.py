"""Messages of holds."""

from woo2po.messages.message import Message

HOLDS: dict[str, Message] = {}
