"""Who answers: a person at a terminal, or a file. Both are asked the same, and judged the same."""

from typing import Protocol

from woo2po.wizard.state import Question


class Back(Exception):
    """The question before is wanted again."""


class ToldToEnd(Exception):
    """Ctrl-C, or the end of what is typed."""


class End(Exception):
    """The dialogue is over: the exit code and what there is to say."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


class Dialogue(Protocol):
    """Asks and tells."""

    def tell(self, text: str) -> None:
        """Say something."""

    def failed(self, text: str) -> None:
        """Say that a trial went wrong. Raises End where there is nobody to ask again."""

    def ask(self, question: Question) -> object:
        """Return the answer. Raises Back, ToldToEnd or End."""


def asked_alone(dialogue: Dialogue, question: Question, no_way_back: str) -> object:
    """Return the answer to a question that stands alone: who goes back is told that, and asked."""
    while True:
        try:
            return dialogue.ask(question)
        except Back:
            dialogue.tell(no_way_back)
