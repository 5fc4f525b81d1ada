"""Commands that read a store, and what their output may hold."""

import re
import unicodedata

LOOKS = [
    ["queue", "--all", "--limit", "20"], ["queue", "--all", "--json", "--limit", "0"], ["queue", "where"], ["queue", "--views"],
    ["queue", "is:changed"], ["queue", "csat<=2"], ["queue", "conf<0.5"], ["stats"], ["stats", "--by", "intent", "--json"], ["models"],
    ["models", "--json"], ["cycle", "list"], ["gold", "list"], ["gold", "versions"], ["intents", "list"], ["disputed"], ["economics"],
    ["show", "#1"], ["show", "#2", "--json"], ["predict"], ["replay", "live"], ["compare", "v1", "v2"], ["undo"], ["export", "model", "--out", "/dev/null/x"],
]

# Everything that moves a cursor, rings, sets a title, hides or turns round what follows.
ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def odd_bytes(out):
    """The first thing in an output that a terminal would obey or hide; None where there is none."""
    text = out.decode(errors="surrogateescape")
    found = ODD.search(text) or re.search("[\udc80-\udcff]", text)
    if not found:
        return None
    at = found.start()
    name = unicodedata.name(found.group(), "a control character")
    return f"{name} ({found.group()!a}) in {text[max(0, at - 30):at + 30]!a}"
