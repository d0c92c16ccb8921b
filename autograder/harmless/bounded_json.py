"""JSON from strangers: how much memory it will take is known before it is parsed."""

from __future__ import annotations

import json
import re
from typing import Any

# A part, a string or the start of one that does not end; possessive repeats (++) keep the memory
# of a match flat, however long it is.
TOKEN = re.compile(rb'([\[{,])|"[^"\\]*+(?:\\.[^"\\]*+)*+"|(")', re.DOTALL)


class UnboundedJson(ValueError):
    """The text holds more parts, deeper lists or longer numbers than may be parsed."""


def loads(data: bytes, parts: int) -> Any:
    """Return the value of the JSON text ``data``, which is UTF-8.

    Args:
        data: a text.
        parts: how many lists, objects and items of them it may hold; each takes up to about 250
            bytes of memory, and strings their length.

    Raises:
        UnboundedJson: it holds more, or nests too deep, or has a number of thousands of digits.
        ValueError: it is no JSON.

    Example:
        >>> loads(b'{"a": [1, "],[,"]}', parts=4)
        {'a': [1, '],[,']}
    """
    if holds_more(data, parts):
        raise UnboundedJson(f"it holds more than {parts:,} lists, objects and items of them")
    try:
        return json.loads(data.decode("utf-8"))
    except RecursionError as error:
        raise UnboundedJson("its lists nest too deep") from error
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise
    except ValueError as error:
        raise UnboundedJson(f"it holds a number that is too long ({error})") from error


def holds_more(data: bytes, parts: int) -> bool:
    """Tell whether a JSON text opens more brackets, and sets more commas, outside its strings.

    Example:
        >>> text = b'{"a": [1, "],[,"]}'
        >>> holds_more(text, 3), holds_more(text, 2)
        (False, True)
    """
    if sum(map(data.count, (b"[", b"{", b","))) <= parts:
        return False
    found = 0
    for number, token in enumerate(TOKEN.finditer(data)):
        found += token[1] is not None
        if found > parts:
            return True
        if token[2] or number > 4 * (parts + 1):  # more strings than parts: it is no JSON
            break
    return False
