"""The quiz: one question, and an explanation as soon as it is answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import traitlets

from convbook.widgets.base import CourseWidget
from convbook.widgets.quiz.content import (
    Option,
    finite_number,
    key_of,
    option_dicts,
    slip_dicts,
    text_of,
    tolerance_of,
)
from convbook.widgets.quiz.judging import judge_choice, judge_number
from convbook.widgets.quiz.picture import quiz_picture
from convbook.widgets.source import join_modules, join_styles
from convbook.widgets.traits import KeptList, typed_text

__all__ = ["Option", "Quiz"]


class Quiz(CourseWidget):
    """One question that explains whatever the reader answers.

    With one right option the reader chooses one, with several all of them; `Quiz.number` asks for
    a number. An answer is judged when the reader presses Check. The browser keeps it, and no
    other machine learns of it. The answers are in the page for who looks into its source.

    Args:
        question: what is asked; words between backticks are shown as code.
        options: from 2 to 12 `Option`, or dicts with ``text``, ``explanation`` and ``right``.
        key: the name under which the browser keeps the answer; made from the question if not
            given. Give one to reword a question without losing answers.
        answer: the right value where a number is asked for; see `Quiz.number`.
        explanation: why it is right.
        tolerance: how far from it is still right.
        wrong: explanations by the values that usual slips lead to.

    Raises:
        traitlets.TraitError: a value breaks its rule; the message names value, rule and fix.

    >>> quiz = Quiz(
    ...     "How large is the output of a 3×3 kernel over 5×5, without padding?",
    ...     [
    ...         Option("3×3", "5 − 3 + 1 = 3 positions a side.", right=True),
    ...         Option("5×5", "Only padding keeps the size."),
    ...     ],
    ... )
    >>> quiz.chosen, quiz.checked = [0], True
    >>> quiz.solved
    True
    """

    _esm = join_modules("quiz/widget.js")
    _css = join_styles("shared/widgets.css", "shared/answers.css", "quiz/style.css")

    question = traitlets.Unicode().tag(sync=True)
    kind = traitlets.Enum(["one", "several", "number"], "one").tag(sync=True)
    options = KeptList().tag(sync=True)
    answer = traitlets.Float().tag(sync=True)
    tolerance = traitlets.Float(0.0).tag(sync=True)
    explanation = traitlets.Unicode().tag(sync=True)
    wrong = KeptList().tag(sync=True)
    key = traitlets.Unicode().tag(sync=True)
    chosen = KeptList(traitlets.Int()).tag(sync=True)
    typed = traitlets.Unicode().tag(sync=True)
    checked = traitlets.Bool(False).tag(sync=True)

    def __init__(
        self,
        question: str,
        options: Sequence[Option | Mapping[str, Any]] = (),
        key: str | None = None,
        *,
        answer: float | None = None,
        explanation: str = "",
        tolerance: float = 0.0,
        wrong: Mapping[float, str] | None = None,
        **kwargs: Any,
    ) -> None:
        """Set every trait; the class says what each means."""
        asked = text_of("question", question)
        content = (
            _choice(options) if answer is None else _number(answer, explanation, tolerance, wrong)
        )
        if answer is not None and options:
            raise traitlets.TraitError(
                f"options holds {len(options)}, but a question for a number has none: "
                "drop options or answer"
            )
        named = key_of(asked) if key is None else text_of("key", key)
        super().__init__(question=asked, key=named, **content, **kwargs)

    @classmethod
    def number(
        cls,
        question: str,
        answer: float,
        explanation: str,
        tolerance: float = 0.0,
        wrong: Mapping[float, str] | None = None,
        key: str | None = None,
    ) -> Quiz:
        """Return a question that asks for a number.

        Args:
            question: what is asked.
            answer: the right value.
            explanation: why it is right, shown once it is found.
            tolerance: how far from ``answer`` is still right.
            wrong: explanations by the values that usual slips lead to.
            key: the name under which the browser keeps the answer.

        Raises:
            traitlets.TraitError: a value breaks its rule.

        >>> quiz = Quiz.number("How many weights has a 3×3 kernel?", 9, "3 · 3 = 9.")
        >>> quiz.typed, quiz.checked = "9,0", True
        >>> quiz.solved
        True
        """
        return cls(
            question,
            key=key,
            answer=answer,
            explanation=explanation,
            tolerance=tolerance,
            wrong=wrong,
        )

    @property
    def solved(self) -> bool:
        """Whether the present answer is right and has been checked."""
        if self.kind == "number":
            slips = [slip["value"] for slip in self.wrong]
            verdict = judge_number(self.typed, self.answer, self.tolerance, slips).verdict
        else:
            verdict = judge_choice(self.chosen, [option["right"] for option in self.options])
        return self.checked and verdict == "right"

    def picture(self) -> str:
        """Return the question and its options, without the answer, as one SVG element."""
        return quiz_picture(self)

    def __repr__(self) -> str:
        """Return the question in one line, without the answer."""
        many = "" if self.kind == "number" else f"{len(self.options)} options, "
        return f"Quiz({self.question!r}, {many}{'solved' if self.solved else 'not solved'})"

    @traitlets.validate("question", "key")
    def _text(self, proposal: Any) -> str:
        return text_of(proposal.trait.name, proposal.value)

    @traitlets.validate("options")
    def _options(self, proposal: Any) -> list[dict[str, Any]]:
        return [] if self.kind == "number" else option_dicts(proposal.value)

    @traitlets.validate("answer")
    def _answer(self, proposal: Any) -> float:
        return finite_number("answer", proposal.value)

    @traitlets.validate("tolerance")
    def _tolerance(self, proposal: Any) -> float:
        return tolerance_of(proposal.value)

    @traitlets.validate("wrong")
    def _wrong(self, proposal: Any) -> list[dict[str, Any]]:
        if self.kind != "number":
            return []
        return slip_dicts(proposal.value, self.answer, self.tolerance)

    @traitlets.validate("chosen")
    def _chosen(self, proposal: Any) -> list[int]:
        chosen, count = sorted(proposal.value), len(self.options)
        if len(set(chosen)) < len(chosen) or not set(chosen) <= set(range(count)):
            raise traitlets.TraitError(
                f"chosen (={proposal.value!r}) must hold positions from 0 to {count - 1}, each "
                "once: count the options from 0"
                if count
                else f"chosen (={proposal.value!r}) must be empty where a number is asked for: "
                "set typed"
            )
        if self.kind == "one" and len(chosen) > 1:
            raise traitlets.TraitError(
                f"chosen (={proposal.value!r}) must hold one position at most, since one option "
                "is right: choose one"
            )
        return chosen

    @traitlets.validate("typed")
    def _typed(self, proposal: Any) -> str:
        return typed_text(proposal.value)

    @traitlets.observe("options")
    def _follow_options(self, _change: Any) -> None:
        if self.kind == "number":
            return
        self.kind = _kind(self.options)
        kept = [i for i in self.chosen if i < len(self.options)]
        self.chosen = kept if self.kind == "several" else kept[:1]


def _choice(options: Sequence[Option | Mapping[str, Any]]) -> dict[str, Any]:
    made = option_dicts(options)
    return {"options": made, "kind": _kind(made)}


def _number(
    answer: float, explanation: str, tolerance: float, wrong: Mapping[float, str] | None
) -> dict[str, Any]:
    value, margin = finite_number("answer", answer), tolerance_of(tolerance)
    return {
        "kind": "number",
        "answer": value,
        "explanation": text_of("explanation", explanation),
        "tolerance": margin,
        "wrong": slip_dicts(wrong or {}, value, margin),
    }


def _kind(options: list[dict[str, Any]]) -> str:
    return "one" if sum(option["right"] for option in options) == 1 else "several"
