"""What a quiz may hold: its options, its usual slips, and the rules they follow."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from traitlets import TraitError

from convbook.widgets.quiz.judging import is_close

MOST_OPTIONS = 12
LONGEST = 2000


@dataclass(frozen=True)
class Option:
    """One answer to choose.

    Args:
        text: the answer; words between backticks are shown as code.
        explanation: why it is right or wrong.
        right: whether it is right.
    """

    text: str
    explanation: str
    right: bool = False


def option_dicts(options: Iterable[Option | Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return ``options`` as JSON-ready dicts.

    Raises:
        TraitError: fewer than two or more than 12 options, none right, an empty or a repeated text.

    >>> option_dicts([Option("2", "Half of 4.", right=True), Option("3", "That is a third.")])[0]
    {'text': '2', 'explanation': 'Half of 4.', 'right': True}
    """
    made = [_option(number, option) for number, option in enumerate(options, 1)]
    if not 2 <= len(made) <= MOST_OPTIONS:
        raise TraitError(
            f"options holds {len(made)}, but a choice needs from 2 to {MOST_OPTIONS}: "
            "add or drop some, or ask for a number with Quiz.number"
        )
    texts = [option["text"] for option in made]
    for number, text in enumerate(texts):
        first = texts.index(text)
        if first < number:
            raise TraitError(
                f"options {first + 1} and {number + 1} have the same text (={text!r}), but each "
                "must differ: reword or drop one"
            )
    if not any(option["right"] for option in made):
        raise TraitError(
            "options holds no right one, but at least one must be right: set right=True in it"
        )
    return made


def slip_dicts(
    wrong: Mapping[float, str] | Sequence[Mapping[str, Any]], answer: float, tolerance: float
) -> list[dict[str, Any]]:
    """Return usual slips as JSON-ready dicts.

    Args:
        wrong: an explanation by the value that a usual mistake leads to.
        answer: the right value.
        tolerance: how far from it is still right.

    Raises:
        TraitError: a value is no finite number or counts as right, or an explanation is empty.

    >>> slip_dicts({81: "You squared."}, 9, 0)
    [{'value': 81.0, 'explanation': 'You squared.'}]
    """
    pairs = wrong.items() if isinstance(wrong, Mapping) else map(_slip, wrong)
    made: list[dict[str, Any]] = []
    for value, explanation in pairs:
        said = text_of(f"wrong[{value!r}]", explanation)
        made.append({"value": finite_number("wrong", value), "explanation": said})
    for slip in made:
        if is_close(slip["value"], answer, tolerance):
            raise TraitError(
                f"wrong holds {slip['value']:g}, but that counts as right (answer={answer:g}, "
                f"tolerance={tolerance:g}): drop it or lower the tolerance"
            )
    return made


def text_of(name: str, value: object) -> str:
    """Return ``value`` without blanks at its ends.

    Raises:
        TraitError: it is not text, is empty, or is longer than 2,000 characters.

    >>> text_of("question", " How many? ")
    'How many?'
    """
    if not isinstance(value, str) or not 1 <= len(value.strip()) <= LONGEST:
        shown = value if not isinstance(value, str) or len(value) < 40 else f"{value[:40]}…"
        raise TraitError(
            f"{name} (={shown!r}) must be text of 1 to {LONGEST} characters: write a sentence"
        )
    return value.strip()


def finite_number(name: str, value: Any) -> float:
    """Return ``value`` as a finite float.

    >>> finite_number("answer", 9)
    9.0
    """
    try:
        found = float(value)
    except (TypeError, ValueError):
        found = math.nan
    if not math.isfinite(found):
        raise TraitError(f"{name} (={value!r}) must be a finite number, such as 9 or -3.5")
    return found


def tolerance_of(value: Any) -> float:
    """Return ``value`` as a finite float of at least 0.

    >>> tolerance_of(0.5)
    0.5
    """
    found = finite_number("tolerance", value)
    if found < 0:
        raise TraitError(f"tolerance (={found:g}) must be at least 0: drop the minus")
    return found


def key_of(question: str) -> str:
    """Return the name under which a browser keeps the answer to ``question``.

    >>> key_of("How many?")
    'ba352e24c64c7137'
    """
    return hashlib.sha256(question.encode()).hexdigest()[:16]


def _option(number: int, option: Option | Mapping[str, Any]) -> dict[str, Any]:
    given = asdict(option) if isinstance(option, Option) else option
    if not isinstance(given, Mapping) or not {"text", "explanation"} <= set(given) <= {
        "text",
        "explanation",
        "right",
    }:
        raise TraitError(
            f"option {number} (={option!r}) must be an Option or a dict with text, explanation "
            "and right"
        )
    right = given.get("right", False)
    if not isinstance(right, bool):
        raise TraitError(f"option {number} has right (={right!r}), but it must be True or False")
    return {
        "text": text_of(f"text of option {number}", given["text"]),
        "explanation": text_of(f"explanation of option {number}", given["explanation"]),
        "right": right,
    }


def _slip(slip: Mapping[str, Any]) -> tuple[Any, Any]:
    if not isinstance(slip, Mapping) or set(slip) != {"value", "explanation"}:
        raise TraitError(f"wrong holds {slip!r}, but each must be a dict of value and explanation")
    return slip["value"], slip["explanation"]
