"""The dialogue with a file: `init --answers FILE`, for scripts.

The file has the shape of config.toml, and a section [init] for what is asked but not kept. What
has a default may be left out. Answers are judged exactly as typed ones are.
"""

from collections.abc import Callable, Mapping
from typing import Any

from woo2po.messages import say
from woo2po.messages.message import Language
from woo2po.settings.problems import toml
from woo2po.wizard.dialogue import End
from woo2po.wizard.kinds import Wrong
from woo2po.wizard.state import Question, Secret


class Script:
    """Answers from a file, by path. `known` are what Enter would take: the configuration's."""

    def __init__(
        self,
        language: Language,
        answers: Mapping[str, Any],
        name: str,
        write: Callable[[str], None],
    ) -> None:
        self._language = language
        self._answers = answers
        self._name = name
        self._write = write

    def tell(self, text: str) -> None:
        """Print what was found and done."""
        if text:
            self._write(text)

    def failed(self, text: str) -> None:
        """End with 3: nobody is there to answer again."""
        raise End(3, text)

    def ask(self, question: Question) -> object:
        """Return the file's answer, or the default. Raises End (2) for a wrong or missing one."""
        try:
            if question.path in self._answers:
                value: object = question.kind.check(self._answers[question.path])
                return value
            taken = question.kind.read("")
            return getattr(taken, "value", None)
        except Wrong as wrong:
            raise End(2, self._complaint(question, wrong)) from None

    def _complaint(self, question: Question, wrong: Wrong) -> str:
        expected = say(wrong.code, self._language, wrong.facts)
        facts = {"file": self._name, "key": question.path, "question": question.title}
        if question.path not in self._answers:
            return say("init_answer_missing", self._language, {**facts, "expected": expected})
        given = self._answers[question.path]
        shown = "***" if isinstance(given, Secret) else toml(given)[:100]
        return say(
            "init_answer_wrong", self._language, {**facts, "value": shown, "expected": expected}
        )
