"""Reads a model that `appraise export model` wrote and answers texts with it: the format's definition in code.

    read_model.py [DIR]        texts on standard input, or {"text": …, "history": […]}, one JSON object a line on standard output; DIR: where
                               this file lies

README.md beside it says what the files mean. Needs NumPy.
"""

import json
import math
import pathlib
import re
import sys
import unicodedata

import numpy as np

RANKED = 5
# From this cosine on two requests are one.
SAME = 0.97
WORD = 64
MASK = (1 << WORD) - 1
# Unicode's White_Space; Python's own split() takes four control characters more.
BLANK = re.compile("[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
INVISIBLE = re.compile(
    "[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]")


PICTURED = re.compile("[\u2100-\u214f\u24b6-\u24e9\u3297\u3299\U0001f100-\U0001f2ff]")
# Alphabets with the language that each stands for, in the order in which they win where a text has as many letters of two.
ALPHABETS = [
    ("", re.compile("[a-zA-Z\xc0-\u024f]")), ("el", re.compile("[\u0370-\u03ff\u1f00-\u1fff]")), ("ru", re.compile("[\u0400-\u052f]")),
    ("ar", re.compile("[\u0600-\u06ff\u0750-\u077f]")), ("he", re.compile("[\u0590-\u05ff]")), ("hy", re.compile("[\u0530-\u058f]"))]
LANGUAGES = {"el": "el", "he": "he", "yi": "he", "hy": "hy", **dict.fromkeys(["ar", "fa", "ur"], "ar"),
             **dict.fromkeys(["ru", "uk", "bg", "sr", "mk", "be", "kk"], "ru")}


def has_content(text):
    """Whether a text has a letter or a digit: signs and blanks alone are about nothing."""
    return any(c.isalnum() and not INVISIBLE.match(c) and not PICTURED.match(c) for c in text)


def language_of(text):
    """What a text is written in, by its letters; empty for Latin ones."""
    letters = [c for c in text if c.isalpha()]
    counts = [(sum(bool(of.match(c)) for c in letters), -place, language) for place, (language, of) in enumerate(ALPHABETS)]
    most, _, language = max(counts)
    return language if most else ""


def will_do(answer, question):
    """Whether an answer in one language will do for a question in another."""
    latin = lambda language: language not in LANGUAGES
    return answer == question or ((not answer or not question) and latin(answer) and latin(question))


def blank_split(text):
    return [word for word in BLANK.split(text) if word]


def is_letter_or_digit(c):
    return c.isalnum() or unicodedata.category(c) in ("Nl", "No")


def step(h, value):
    rotated = ((h << 5) | (h >> (WORD - 5))) & MASK
    return ((rotated ^ value) * 0x517C_C1B7_2722_0A95) & MASK


def key(z):
    z = ((z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB) & MASK
    return (z ^ (z >> 31)) >> 32


def word_grams(text):
    """Hashes of the words, and of each two in a row."""
    word, words = "", []
    for c in text + " ":
        if is_letter_or_digit(c) or c == "_":
            word += c
        elif word:
            words.append(word)
            word = ""
    last = None
    for word in words:
        h = 1
        for c in word:
            h = step(h, ord(c))
        yield key(h)
        if last is not None:
            yield key(step(last, h))
        last = h


def char_grams(text):
    """Hashes of 2 to 4 characters of each padded word."""
    for word in blank_split(text):
        padded = " " + word + " "
        for start in range(len(padded)):
            h = 2
            for i, c in enumerate(padded[start:start + 4]):
                h = step(h, ord(c))
                if i >= 1:
                    yield key(h)


def fold(text):
    """Lower case without accents and without invisible characters, every sigma as σ."""
    if text.isascii():
        return text.lower()
    lower = lambda s: "".join(c.lower() for c in s)
    taken_apart = unicodedata.normalize("NFD", lower(unicodedata.normalize("NFD", lower(text))))

    def dropped(c):
        kind = unicodedata.combining(c)
        return kind == 1 or kind >= 200 or 10 <= kind <= 36 or INVISIBLE.match(c)

    return unicodedata.normalize("NFC", "".join("σ" if c == "ς" else c for c in taken_apart if not dropped(c)))


GREEK = re.compile("[\u0370-\u03ff\u1f00-\u1fff]")
LETTERS = {**dict(zip("αβγδεζηθικλμνξοπρστυφχω", "avgdeziqiklmnxoprstufxo")), "ψ": "ps", "b": "v", "c": "k", "j": "tz", "w": "o", "y": "u"}
VOWELS = set("aeiouyw")
DIGITS = {"8": "q", "9": "q", "3": "x", "4": "ps"}
TOGETHER = {"ai": "e", "au": "av", "ei": "i", "eu": "ev", "oi": "i", "ou": "i", "mp": "v", "nt": "d", "gg": "g", "gk": "g", "ng": "g",
            "nk": "g", "gx": "nx", "ks": "x"}


def sounds(w, second):
    """The sounds of a folded word, letter by letter; by the second edition's rules or the first's."""
    out, i = "", 0
    at = lambda k: w[k] if 0 <= k < len(w) else ""
    while i < len(w):
        c, d, e = w[i], at(i + 1), at(i + 2)
        if d == "h" and c == "c":
            out, i = out + "x", i + 2
        elif d == "h" and c in "tkpgd":
            theta = c == "t" and (e in ("r", "m") or (e == "l" and i > 0))
            thr = second and c == "t" and e == "r" and (at(i - 1) == "s" or (at(i + 3) == "i" and at(i + 4) in set("owa")))
            one = (e in VOWELS or e == "h" or theta) and not thr
            out, i = out + ({"t": "q", "k": "x", "p": "f"}.get(c, c) if one else c + "i"), i + 2
        elif c == "s" and d == "h" and (i == 0 or second) and e in VOWELS:
            out, i = out + "si", i + 2
        elif c == "h":
            chi = d in VOWELS or (at(i - 1) in VOWELS and d in set("rlnt") and not (d == "t" and e == "h"))
            chi = chi or (i == 0 and d == "r" and e in VOWELS)
            out, i = out + ("x" if chi else "i"), i + 1
        elif c == "y" and i == 0 and d in VOWELS:
            out, i = out + "gi", i + 1
        elif c == "q":
            out, i = out + ("k" if d == "u" else "q"), i + 1
        elif c in DIGITS and "a" <= d <= "z":
            out, i = out + DIGITS[c], i + 1
        else:
            out, i = out + LETTERS.get(c, c), i + 1
    return out


def sound_key(word, second):
    """The key that a Greek word and its spellings in Latin letters share."""
    s, out, i = sounds(word, second), "", 0
    while i < len(s):
        if s[i:i + 3] == "tzi" and s[i + 3:i + 4] in tuple("aeiou"):
            more, taken = "tz", 3
        elif s[i:i + 3] == "gks":
            more, taken = "nx", 3
        elif s[i:i + 2] in TOGETHER:
            more, taken = TOGETHER[s[i:i + 2]], 2
        else:
            more, taken = "i" if s[i] == "u" else s[i], 1
        for c in more:
            if not (out.endswith(c) and "a" <= c <= "z"):
                out += c
        i += taken
    return re.sub("(?<=[ae])f(?=[kptsxq])", "v", out)


def folded_words(text):
    """Runs of letters, digits and the marks on them."""
    word, found = "", []
    for c in text + " ":
        if is_letter_or_digit(c) or unicodedata.category(c).startswith("M"):
            word += c
        elif word:
            found.append(word)
            word = ""
    return found


class GreekWords:
    """Which words of a folded text are Greek: those with a Greek letter, or all where Latin letters spell Greek, or none."""

    def __init__(self, load, second):
        self.second = second
        self.bias = float(load("latin_greek_bias")[0])
        self.weights = load("latin_greek_weights")[:, 0].astype(np.int64)
        self.sizes, self.shift = ((2, 3, 4), 18) if second else ((2, 3), 20)

    def in_latin(self, folded):
        total, count = 0, 0
        for word in folded_words(folded):
            if count > 2000 or not re.search("[a-z]", word):
                continue
            padded = " " + word + " "
            for size in self.sizes:
                for at in range(len(padded) - size + 1):
                    h = size
                    for c in padded[at:at + size]:
                        h = (h ^ ord(c)) * 0x9E3779B1 & 0xFFFFFFFF
                        h ^= h >> 15
                    total += int(self.weights[h >> self.shift])
                    count += 1
        return count > 0 and total / math.sqrt(count) + self.bias > 0

    def of(self, folded):
        """A function that says of a word whether it is Greek; `None` where no word is."""
        if GREEK.search(folded):
            return lambda word: bool(GREEK.search(word))
        return (lambda word: bool(re.search("[a-z]", word))) if self.in_latin(folded) else None

    def by_sound(self, text):
        """A text in lower case with its Greek words as keys, in capitals."""
        folded = fold(text)
        has = self.of(folded)
        if has is None:
            return text
        key = lambda word: sound_key(word, self.second)
        read = lambda chunk: " ".join(map(key, folded_words(chunk))).translate(CAPITALS) if has(chunk) else chunk
        return " ".join(map(read, blank_split(folded)))


CAPITALS = {ord(c): c.upper() for c in "abcdefghijklmnopqrstuvwxyz"}


def to_length_one(x):
    norm = float(np.sqrt((x * x).sum()))
    return x / norm if norm > 0 else x


class Pieces:
    """The built-in vectors."""

    def __init__(self, load, lines, of=""):
        self.ids = {piece: i for i, piece in enumerate(lines)}
        self.longest = max(map(len, lines))
        self.rows, self.scales = load(of + "piece_rows"), load(of + "piece_scales")
        self.inward = load(of + "in_weights").astype(np.int64), load(of + "in_scales")
        self.bias = load(of + "hidden_bias")
        self.outward = load(of + "out_weights").astype(np.int64), load(of + "out_scales")

    @staticmethod
    def layer(weights, scales, x):
        largest = np.abs(x).max(initial=0)
        if largest == 0:
            return np.zeros(len(scales))
        unit = largest / 32767
        # Rounded half away from zero.
        x = (np.sign(x) * np.floor(np.abs(x) / unit + 0.5)).astype(np.int64)
        return (weights @ x) * scales * unit

    def spell(self, word):
        """The longest pieces from the left; none where a rest cannot be spelt."""
        found, at = [], 0
        if len(word) > 100:
            return []
        while at < len(word):
            for end in range(min(len(word), at + self.longest), at, -1):
                i = self.ids.get(word[at:end] if at == 0 else "##" + word[at:end])
                if i is not None:
                    found.append(i)
                    at = end
                    break
            else:
                return []
        return found

    def vector(self, text):
        letters = [c for c in text if c.isalpha()]
        zero = np.zeros(self.rows.shape[1])
        if 4 * sum(c > "\u024f" for c in letters) > 3 * len(letters):
            return zero
        in_word = lambda c: is_letter_or_digit(c) or unicodedata.category(c).startswith("M")
        ids, any_word = [], False
        for run in blank_split(fold(text)):
            word = ""
            for c in run + "\0":
                if in_word(c):
                    word += c
                    continue
                for w in filter(None, (word, c if c != "\0" else "")):
                    spelt = self.spell(w)
                    any_word |= bool(spelt) and in_word(w[0])
                    ids.extend(spelt)
                word = ""
        if not any_word:
            return zero
        x = to_length_one((self.rows[ids].astype(np.float64) * self.scales[ids][:, None]).sum(axis=0))
        if not x.any():
            return zero
        hidden = np.maximum(self.layer(*self.inward, x) + self.bias, 0)
        return to_length_one(x + self.layer(*self.outward, hidden))


def block(grams, known, idf):
    """Places and values of a text's n-grams, of length one."""
    counts = {}
    for gram in grams:
        i = known.get(gram)
        if i is not None:
            counts[i] = counts.get(i, 0) + 1
    values = {i: (1 + math.log(n)) * idf[i] for i, n in counts.items()}
    norm = math.sqrt(sum(v * v for v in values.values())) or 1.0
    return list(values), [v / norm for v in values.values()]


def vocabulary(load, name, texts):
    """Places of n-grams in a row, by their hash, and what each weighs."""
    keys, counts = load(f"{name}_keys"), load(f"{name}_texts")
    return {int(k): i for i, k in enumerate(keys)}, np.log((1 + texts) / (1.0 + counts)) + 1


class Phrases:
    """Lists of phrases: folded words, the last of which may stand for any ending."""

    def __init__(self, lists, read=str, keep=lambda phrase: True):
        self.lists = {}
        for sign, phrases in lists.items():
            for phrase in filter(keep, phrases):
                words = [read(word) for word in blank_split(fold(phrase.rstrip("*")))]
                one = (words, phrase.endswith("*"), sum(len(word.encode()) for word in words))
                self.lists.setdefault(words[0][:2], []).append((sign, one))

    def find(self, words, least=0, sure=lambda at: True):
        """Places at which a phrase begins, and of which list it is; one of fewer letters than `least` only where that is sure."""
        for at, word in enumerate(words):
            for sign, (phrase, is_open, letters) in self.lists.get(word[:2], ()):
                here = words[at:at + len(phrase)]
                last = here[-1].startswith(phrase[-1]) if is_open else here[-1] == phrase[-1]
                if len(here) == len(phrase) and here[:-1] == phrase[:-1] and last and (letters >= least or sure(at)):
                    yield at, sign


class Sentiment:
    """How a customer feels who says a text, after what the AI said last."""

    LONG_SOUND = 6
    NEAR = 2
    PLAIN = 0.8

    def __init__(self, load, about, pieces, greek):
        self.about, self.pieces, self.greek = about, pieces, greek
        self.blocks = [(side, grams, *vocabulary(load, f"sentiment_{name}", about[texts]))
                       for side, texts, prefix in ((0, "texts", ""), (1, "before_texts", "before_"))
                       for grams, name in ((word_grams, prefix + "word"), (char_grams, prefix + "char"))]
        self.weights = load("sentiment_weights").astype(np.float64)
        signs, spelt = about["signs"], lambda phrase: not GREEK.search(phrase)
        key = lambda word: sound_key(word, greek.second)
        self.spelt, self.heard = Phrases(signs["spelt"], keep=spelt), Phrases(signs["by_sound"], key)
        tones = self.tones = signs["tones"]
        self.tone_spelt, self.tone_heard = Phrases(tones["spelt"], keep=spelt), Phrases(tones["by_sound"], key)
        insults = {how: {"insult": phrases} for how, phrases in tones["insults"].items()}
        self.insult_spelt, self.insult_heard = Phrases(insults["spelt"]), Phrases(insults["by_sound"], key)

    def found(self, text, spelt, heard):
        """Places of phrases with their lists, as they are spelt and by sound."""
        folded = fold(text)
        words, has = folded_words(folded), self.greek.of(folded)
        yield from spelt.find(words)
        keys = [sound_key(word, self.greek.second) for word in words]
        yield from heard.find(keys, self.LONG_SOUND, lambda at: has is not None and has(words[at]))

    def counts(self, text):
        out = {}
        for _, sign in self.found(text, self.spelt, self.heard):
            out[sign] = out.get(sign, 0) + 1
        return out

    def signs(self, text, before):
        """The signs of a turn, in their order."""
        strength = lambda n: 1 + min(math.log(n), 1) if n else 0.0
        of, ai = self.counts(text), self.counts(before)
        of.update({sign: ai.get(sign, 0) for sign in ("could_not", "done")})
        capitals = sum(c.isupper() for c in text)
        flags = {
            "shouts": capitals >= 8 and not any(c.islower() for c in text),
            "questions": any(marks in text for marks in ("??", "?!", "!?")), "exclaims": "!" in text, "repeats": False,
            "stuck": bool(of["could_not"] and of.get("against"))}
        return [float(flags[name]) if name in flags else strength(of.get(name, 0)) for name in self.about["signs"]["names"]]

    def chances(self, text, before=""):
        """The chances of negative, neutral and positive."""
        weighs, row, at = self.about["weighs"], [], 0
        for side, grams, known, idf in self.blocks:
            read = self.greek.by_sound((text, before)[side].lower())
            places, values = block(grams(read), known, idf)
            row += [(at + place, value * (1.0, weighs["before"])[side]) for place, value in zip(places, values)]
            at += len(known)
        for said, scale in ((text, weighs["meaning"]), (before, weighs["before_meaning"])):
            vector = self.pieces.vector(said)
            row += [(at + i, scale * x) for i, x in enumerate(vector)]
            at += len(vector)
        signs = self.signs(text, before)
        row += [(at + i, weighs["signs"] * x) for i, x in enumerate(signs)]
        at += len(signs)
        vote = self.about["vote"]
        odds = np.array(vote["prior"]) + np.array(signs) @ np.array(vote["weights"])
        row += [(at, weighs["vote"] * odds[0]), (at + 1, weighs["vote"] * odds[1])]
        scores = self.weights[at + 2] + np.array([x for _, x in row]) @ self.weights[[place for place, _ in row]]
        shares = np.exp(scores - scores.max())
        return shares / shares.sum()

    def tone(self, text):
        """Places of what a text says whatever was learnt, by tone, and where what counts begins: behind the last `but`."""
        places, words = {}, folded_words(fold(text))
        for at, tone in self.found(text, self.tone_spelt, self.tone_heard):
            places.setdefault(tone, set()).add(at)
        if "delighted" in places:
            places.setdefault("praise", set()).update(places["delighted"])
        return places, max((at + 1 for at in places.get("but", ()) if at + 1 < len(words)), default=0)

    def near(self, places, at, turns):
        """Whether a word that turns round stands just before a place."""
        return any(turn < at <= turn + self.NEAR for turn in places.get(turns, ()))

    def is_glad(self, tones, kind):
        places, start = tones
        return any(at >= start and not self.near(places, at, "not") for at in places.get(kind, ()))

    def asks(self, text, places):
        first, *others = folded_words(fold(text))[:2] or [""]
        asking = first in self.tones["asking"] and others and others[0] not in self.tones["not_asking"]
        return "asks" in places or bool(asking) or "?" in text or text.rstrip().endswith((";", "\u037e"))

    def dismisses(self, tones):
        places, start = tones
        return bool({0, start} & places.get("dismisses", set()))

    def is_plainly_displeased(self, text):
        tones = places, start = self.tone(text)
        elsewhere = places.get("of_else", ()) if self.asks(text, places) else ()
        plain = any(not self.near(places, at, "is_not") and not (at < start and self.is_glad(tones, "praise"))
                    for at in places.get("plain", ()) if at not in elsewhere)
        plain = plain or self.dismisses(tones)
        insulted = "is_not" not in places and any(True for _ in self.found(text, self.insult_spelt, self.insult_heard))
        return plain or insulted or any(c in text for c in self.tones["angry"])

    def takes_at_word(self, text):
        """Until labels have shown that whoever uses such words is rather pleased."""
        names, weights = self.about["signs"]["names"], self.about["vote"]["weights"]
        displeased, pleased = (sum(weights[names.index(name)][side] for name in ("displeased", "bad")) for side in (0, 1))
        return self.about["rules"] > 3 and displeased > pleased and self.is_plainly_displeased(text)

    def takes_praise_at_word(self, text):
        """The same of whoever says so plainly that they are pleased."""
        displeased, pleased = self.about["vote"]["weights"][self.about["signs"]["names"].index("pleased")]
        glad = self.is_glad(self.tone(text), "delighted") and self.is_pleased(text, False)
        return self.about["rules"] > 3 and pleased > displeased and glad

    def only_asks(self, text):
        """Whether it asks for something and has no displeasure but what may be said of something else."""
        tones = places, _ = self.tone(text)
        plain = places.get("plain", set()) - places.get("of_else", set())
        displeased = "displeased" in places or self.dismisses(tones) or plain
        insulted = any(True for _ in self.found(text, self.insult_spelt, self.insult_heard))
        crossed = any(c in text for c in self.tones["cross"] + self.tones["angry"])
        return self.asks(text, places) and not displeased and not insulted and not crossed

    def is_displeased(self, text):
        tones = places, _ = self.tone(text)
        said = bool({"plain", "displeased"} & set(places)) or self.dismisses(tones)
        return said or any(c in text for c in self.tones["cross"] + self.tones["angry"])

    def is_pleased(self, text, is_answered):
        tones = places, _ = self.tone(text)
        asks = self.asks(text, places)
        irony = any(0 < again - at <= self.NEAR for at in places.get("praise", ()) for again in places.get("again", ()))
        words = "praise" in places or is_answered and "thanks" in places
        glad = self.is_glad(tones, "praise") or is_answered and self.is_glad(tones, "thanks")
        pictured = is_answered and not words and any(c in text for c in self.tones["glad"])
        return not asks and not irony and (glad or pictured)

    def number(self, text, before=""):
        """-1 to 1: below 0 where the customer is let down, above 0 only where the text itself says that they are pleased."""
        shares, limit = self.chances(text, before), self.about["limit"]
        moved = np.log(np.maximum(shares, 1e-9)) + [self.about["offsets"][0], 0, self.about["offsets"][1]]
        if self.takes_at_word(text):
            return -max(float(shares[0]), self.PLAIN)
        told = int(np.argmax(moved))
        if limit is not None:
            told = 0 if shares[0] > shares[2] and shares[0] >= limit else max(told, 1)
        is_answered = bool(blank_split(before))
        pleased = self.is_pleased(text, is_answered) and not self.is_displeased(text) and "could_not" not in self.counts(before)
        if pleased and self.takes_praise_at_word(text):
            return max(float(shares[2]) if told == 2 else 0.0, self.PLAIN)
        if told == 0:
            asks = self.about["rules"] > 3 and not is_answered and self.only_asks(text)
            return 0.0 if asks else -max(float(shares[0]), 0.01)
        return max(float(shares[2]), 0.01) if pleased and told == 2 else 0.0


class Model:
    """A release's classifier."""

    def __init__(self, directory):
        here = pathlib.Path(directory)
        load = lambda name: np.load(here / f"{name}.npy")
        self.about = json.loads((here / "model.json").read_text(encoding="utf-8"))
        assert self.about["format"] == "appraise-model" and self.about["format_version"] in (1, 2, 3), "another format"
        self.names = [intent["name"] for intent in self.about["intents"]]
        lines_of = lambda name: (here / name).read_text(encoding="utf-8").split("\n")[:-1] if (here / name).exists() else None
        lines = lines_of("pieces.txt")
        self.pieces = Pieces(load, lines) if lines else None
        second = self.about["format_version"] == 3
        self.greek = GreekWords(load, second) if (here / "latin_greek_bias.npy").exists() else None
        feels = self.about.get("sentiment")
        # Former rules read Greek otherwise than the classifier beside them may.
        self.sentiment = Sentiment(load, feels, self.pieces, self.greek) if feels and feels["rules"] > 1 and second else None
        if not self.names:
            if not self.sentiment:
                sys.exit("this release tells no intents: model.json holds what it has learnt")
            return
        self.figures = self.about["figures"]
        self.responses = json.loads((here / "responses.json").read_text(encoding="utf-8"))
        self.blocks, offset = [], 0
        for name, grams in (("word", word_grams), ("char", char_grams)):
            known, idf = vocabulary(load, name, self.figures["texts"])
            self.blocks.append((grams, known, idf, offset))
            offset += len(known)
        head = lambda name: (load(f"{name}_bias"), load(f"{name}_scale"), load(f"{name}_levels"))
        self.sparse = head("sparse")
        kind = self.about["vectors"]["kind"]
        self.dense = head("dense") if kind != "none" else None
        lines = lines_of("greek_pieces.txt") if self.greek and lines else None
        self.greek_pieces = Pieces(load, lines, "greek_") if lines else None

    def words(self, text):
        """The scores of the classes by n-grams."""
        bias, scale, levels = self.sparse
        ids, values, text = [], [], text.lower()
        if self.greek:
            text = self.greek.by_sound(text)
        for grams, known, idf, offset in self.blocks:
            places, found = block(grams(text), known, idf)
            ids += [offset + i for i in places]
            values += found
        return bias + scale * (np.array(values) @ levels[ids] if ids else 0)

    def known(self, text):
        """Which share of a text's character n-grams training saw."""
        grams = set(char_grams(self.greek.by_sound(text.lower())))
        return sum(gram in self.blocks[1][1] for gram in grams) / max(len(grams), 1)

    def vector(self, text):
        """The mean of the Greek words' vector and the others', by how many there are."""
        folded = fold(text)
        has = self.greek.of(folded) if self.greek else None
        if has is None:
            return self.pieces.vector(text)
        words = [(w, any(c.isalpha() for c in w)) for w in folded_words(folded)]
        latin = [w for w, letters in words if letters and not has(w)]
        greek = [(w, letters) for w, letters in words if has(w) or not letters]
        vector = self.greek_pieces.vector(" ".join(sound_key(w, self.greek.second) for w, _ in greek))
        if not latin:
            return vector
        return to_length_one(sum(letters for _, letters in greek) * vector + len(latin) * self.pieces.vector(" ".join(latin)))

    def predict(self, text, vector=None, before=""):
        """The answer to a text, after what the AI said last; `vector` where the model was trained with an encoder."""
        answer = self.classify(text, vector)
        if self.sentiment and blank_split(text):
            answer["sentiment"] = self.sentiment.number(text, before)
        return answer

    def classify(self, text, vector=None):
        if not has_content(text) or not self.names:
            return {"text": text, "intent": None, "confidence": None, "ranking": [], "out_of_scope": not has_content(text),
                    "response": None}
        if vector is None and self.pieces and self.about["vectors"]["kind"] == "built-in":
            vector = self.vector(text)
        words = self.words(text)
        if vector is None or not np.any(vector):
            scores = self.figures["alone"] * words
        elif self.greek and self.known(text) < 0.3:
            bias, scale, levels = self.dense
            scores = self.figures["vectors_alone"] * (bias + scale * (vector @ levels))
        else:
            bias, scale, levels = self.dense
            scores = self.figures["pool"][0] * words + self.figures["pool"][1] * (bias + scale * (vector @ levels))
        order = np.argsort(-scores, kind="stable")
        shares = np.exp(scores - scores[order[0]])
        shares /= shares.sum()
        ranking = {}
        for k in order[:RANKED]:
            # Intents that were merged after the training are one.
            ranking[self.names[k]] = ranking.get(self.names[k], 0.0) + float(shares[k])
        reserved, threshold = self.figures["reserved"], self.figures["threshold"]
        inside = max((float(s) for k, s in enumerate(scores) if k != reserved), default=-math.inf)
        best = next(iter(ranking))
        outside = bool(order[0] == reserved or (threshold is not None and inside < threshold))
        return {
            "text": text, "intent": best, "confidence": ranking[best],
            "ranking": [{"intent": name, "confidence": share} for name, share in ranking.items()],
            "out_of_scope": outside,
            "response": self.answer(best, self.asked_in(text), text, outside and order[0] != reserved),
        }

    def asked_in(self, text):
        """The language that a customer is answered in: Greek also where Latin letters spell it."""
        language = language_of(text)
        in_latin = not language and self.about.get("answer_rules", 1) > 2 and self.greek and self.greek.in_latin(fold(text))
        return "el" if in_latin else language

    def by_case(self, accepted, text):
        """What the nearest answered request gets: an answer, "" where nobody has one, None where the nearest does not tell."""
        least, cases = accepted["least"], accepted["cases"]
        if cases:
            vectors = np.array([np.frombuffer(bytes.fromhex(case["vector"]), dtype=np.int8) for case in cases], dtype=np.float64)
            near = vectors @ self.vector(text) / np.linalg.norm(vectors, axis=1)
            at = len(cases) - 1 - int(np.argmax(near[::-1]))
            others = [n for n, case in zip(near, cases) if case["answer"] != cases[at]["answer"]]
            leads = near[at] - max(others, default=-1.0) >= accepted.get("lead", 0)
            if near[at] >= SAME or least is not None and near[at] >= least and leads:
                return accepted["answers"][cases[at]["answer"]]
            if accepted.get("few") and near[at] >= least:
                return None
        return None if least is None else ""

    def answer(self, intent, language, text, outside):
        """What is answered to an intent: a correction before what was said most, each in a language that will do; of several accepted
        answers that of the nearest request. Outside of what it knows, newer rules answer what was asked before alone."""
        said = list(self.responses.get(intent, {}).get("languages", {}).items())
        fit = [(of, one) for of, one in said if will_do(of, language)]
        corrected = [one for _, one in fit if one["from"] == "correction"]
        exact = [one for of, one in fit if of == language and language]
        best = corrected or exact or [one for _, one in fit + said]
        if best and "accepted" in best[0]:
            case = self.by_case(best[0]["accepted"], text)
            if case is not None:
                return case or None
        silent = outside and self.about.get("answer_rules", 1) > 3
        return best[0]["text"] if best and not silent else None


def asked(line):
    """The text of a line, and what the AI said right before it: the last of `history`, where that is no customer's turn."""
    if not re.match(r'\s*\{\s*"', line):
        return line, ""
    value = json.loads(line)
    last = (value.get("history") or [""])[-1]
    if isinstance(last, dict):
        last = last.get("text", "") if last.get("role") != "user" else ""
    return value["text"], last


def main():
    model = Model(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent)
    for line in sys.stdin:
        text, before = asked(line.rstrip("\r\n"))
        answer = model.predict(text, before=before)
        print(json.dumps({**answer, "out_of_scope": bool(answer["out_of_scope"])}, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
