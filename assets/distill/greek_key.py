"""The phonetic key of `src/text/greek/key.rs` (its second edition; greek.bin was trained with the first, which differs in Latin letters alone), and a speller of Greek in Latin letters.

The key: a Greek word and its spellings in Latin letters fold to one. The speller makes texts in Latin letters as people write them, each
with habits of its own.
"""
import random
import re
import unicodedata

LETTERS = {**dict(zip("αβγδεζηθικλμνξοπρστυφχω", "avgdeziqiklmnxoprstufxo")), "ψ": "ps", "ς": "s"}
LETTERS.update({"b": "v", "c": "k", "j": "tz", "w": "o", "y": "u", "v": "v"})
VOWELS = "aeiouyw"
DIGITS = {"8": "q", "9": "q", "3": "x", "4": "ps"}


def bare(text):
    """Lower case without accents."""
    text = unicodedata.normalize("NFD", text.lower())
    return "".join(c for c in text if not unicodedata.combining(c)).replace("ς", "σ")


def letters(w):
    """The sounds of a bare word, letter by letter."""
    out, i, n = [], 0, len(w)
    at = lambda k: w[k] if 0 <= k < n else ""  # noqa: E731
    while i < n:
        c, d, e = w[i], at(i + 1), at(i + 2)
        if d == "h" and c in "tkpgdc":
            voiced = e and (e in VOWELS or e == "h")
            tele = c == "t" and e == "l" and i == 0
            tir = c == "t" and e == "r" and (at(i - 1) == "s" or (at(i + 3) == "i" and at(i + 4) and at(i + 4) in "owa"))
            if c == "c":
                out.append("x")
            elif voiced or (c == "t" and e and e in "rlm" and not tele and not tir):
                out.append({"t": "q", "k": "x", "p": "f", "g": "g", "d": "d"}[c])
            else:
                out.append({"t": "ti", "k": "ki", "p": "pi", "g": "gi", "d": "di"}[c])
            i += 2
        elif c == "s" and d == "h" and e and e in VOWELS:
            out.append("si")
            i += 2
        elif c == "h":
            after, th = bool(at(i - 1)) and at(i - 1) in VOWELS, d == "t" and e == "h"
            chi = d and (d in VOWELS or (after and d in "rlnt" and not th) or (i == 0 and d == "r" and e and e in VOWELS))
            out.append("x" if chi else "i")
            i += 1
        elif c == "q":
            out.append("k" if d == "u" else "q")
            i += 1
        elif c == "y" and i == 0 and d and d in VOWELS:
            out.append("gi")
            i += 1
        elif c in DIGITS and "a" <= d <= "z":
            out.append(DIGITS[c])
            i += 1
        else:
            out.append(LETTERS.get(c, c))
            i += 1
    return "".join(out)


PAIRS = {"ai": "e", "au": "av", "ei": "i", "eu": "ev", "oi": "i", "ou": "i", "mp": "v", "nt": "d", "gg": "g", "gk": "g", "ng": "g", "nk": "g",
         "gx": "nx", "ks": "x"}


def key(word):
    s = letters(bare(word))
    out, i = [], 0
    while i < len(s):
        pair = s[i:i + 2]
        if pair == "tz" and s[i + 2:i + 3] == "i" and s[i + 3:i + 4] and s[i + 3] in "aeiou":
            out.append("tz")
            i += 3
        elif s[i:i + 3] == "gks":
            out.append("nx")
            i += 3
        elif pair in PAIRS:
            out.append(PAIRS[pair])
            i += 2
        else:
            out.append("i" if s[i] == "u" else s[i])
            i += 1
    s = "".join(out)
    s = re.sub("(?<=[ae])f(?=[kptsxq])", "v", s)
    return re.sub(r"([a-z])\1+", r"\1", s)


def words(text):
    return re.findall(r"[^\W_]+", bare(text))


def keyed(text):
    return " ".join(key(w) for w in words(text))


# How people spell, with how often. Each writer keeps to a habit.
HABITS = {
    "αι": [("ai", 8), ("e", 2)], "ει": [("ei", 8), ("i", 2)], "οι": [("oi", 8), ("i", 2)], "ου": [("ou", 9), ("oy", 2), ("u", 2)],
    "μπ": [("mp", 5), ("b", 5)], "ντ": [("nt", 6), ("d", 4)], "γκ": [("gk", 7), ("g", 3)], "γγ": [("gg", 7), ("ng", 3)],
    "η": [("i", 6), ("h", 4)], "υ": [("y", 6), ("u", 4), ("i", 3)], "ω": [("o", 5), ("w", 5)], "θ": [("th", 7), ("8", 3)],
    "ξ": [("x", 4), ("ks", 4), ("3", 2)], "χ": [("x", 5), ("h", 3), ("ch", 3)], "ψ": [("ps", 9), ("4", 1)], "φ": [("f", 9), ("ph", 1)],
    "β": [("v", 8), ("b", 3)], "αυ": [("av", 4), ("au", 4), ("ay", 1)], "ευ": [("ev", 4), ("eu", 4), ("ey", 1)],
    "κ": [("k", 19), ("c", 1)], "τζ": [("tz", 8), ("j", 1)], "γι": [("gi", 9), ("y", 1)],
}
PLAIN = dict(zip("αβγδεζιλμνοπρστ", "avgdezilmnoprst"))
UNVOICED = set("κπτσξχθφψ")


def spelled(text, rng=random):
    """A text in Latin letters by one writer."""
    text = bare(text)
    habit = {}

    def of(sound):
        if sound not in habit:
            ways, weights = zip(*HABITS[sound])
            habit[sound] = rng.choices(ways, weights)[0]
        return habit[sound]

    out, i = [], 0
    careless = rng.random() < 0.3
    while i < len(text):
        if careless and rng.random() < 0.2:
            habit.clear()
        pair = text[i:i + 2]
        start = i == 0 or not text[i - 1].isalpha()
        if pair in ("αυ", "ευ"):
            way = of(pair)
            if way in ("av", "ev") and text[i + 2:i + 3] and text[i + 2] in UNVOICED:
                way = way[0] + "f"
            out.append(way)
            i += 2
        elif pair == "γι" and not (start and text[i + 2:i + 3] in tuple("αεο")):
            out.append("gi")
            i += 2
        elif pair in HABITS:
            out.append(of(pair))
            i += 2
        elif text[i] in HABITS:
            out.append(of(text[i]))
            i += 1
        else:
            out.append({";": "?"}.get(text[i], PLAIN.get(text[i], text[i])))
            i += 1
    return "".join(out)
