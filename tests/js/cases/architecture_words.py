"""Numbers as the architecture table writes them, by hand."""

from __future__ import annotations

from typing import Any

MILLIONS = {
    0: "",
    999_999: "",
    1_000_000: "1.00 M",
    2_230_272: "2.23 M",
    999_999_999: "1000.00 M",
    1_849_688_064: "1.85 G",
    15_470_264_320: "15.47 G",
    3 * 10**12: "3.00 T",
    2**53 - 1: "9007.20 T",
}
BYTES = {
    0: "0 B",
    1_023: "1023 B",
    1_024: "1.0 KiB",
    86_528: "84.5 KiB",
    1_048_575: "1,024.0 KiB",
    60_481_440: "57.7 MiB",
    64_024_576_000: "59.6 GiB",
    5 * 1024**5: "5,120.0 TiB",
}
SHARES = [
    (0, 0, "0 %"),
    (0, 93_322, "0 %"),
    (320, 93_322, "0.3 %"),
    (36_928, 93_322, "39.6 %"),
    (93_322, 93_322, "100.0 %"),
    (49, 100_000, "< 0.1 %"),
    (1, 2_000, "0.1 %"),
    (102_764_544, 138_357_544, "74.3 %"),
]


def table_words() -> list[dict[str, Any]]:
    """Millions, bytes and shares, each with its text."""
    millions = [{"what": "millions", "values": [n], "text": text} for n, text in MILLIONS.items()]
    sizes = [{"what": "bytes", "values": [n], "text": text} for n, text in BYTES.items()]
    shares = [{"what": "share", "values": [a, b], "text": text} for a, b, text in SHARES]
    return [*millions, *sizes, *shares]


GOLDEN = {"table_words": table_words}
