"""Messages of commands."""

from woo2po.messages.message import Message

COMMANDS: dict[str, Message] = {}
