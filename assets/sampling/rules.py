"""What one conversation of a log comes to, by the same rules as `appraise import`: how it ended, what it was about, in which week, in
which group, and whether a sample takes it. Python's own library alone, so that it runs on any worker. See README.md.

words.json beside it holds the phrases and names that appraise itself uses; a test of appraise compares them.
"""

import datetime
import hashlib
import json
import os
import re
import unicodedata
import zoneinfo

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "words.json"), encoding="utf-8") as file:
    WORDS = json.load(file)
SILENCE = 30 * 60_000
# Behind the first three signs of a word.
MARK = re.compile(r"(?<!#)###[A-Z_-]+###$")
LONGEST_SMALLTALK, MOST_WORDS, LONGEST_PHRASE, LONGEST_NAME = 400, 14, 6, 3
LONG_GREETING, SHORT_NUMBER = 5, 2
FAILURES = ("failed", "escalated")
OUTCOMES = ("resolved", "escalated", "failed", "abandoned", "pending", "unknown")
INVISIBLE = [(0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200B),
             (0x200E, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0),
             (0xFFF0, 0xFFFB), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF)]


class Unreadable(Exception):
    """Why a record is no conversation."""


# --- words ---

def is_dropped(c):
    kind = unicodedata.combining(c)
    return kind == 1 or kind >= 200 or 10 <= kind <= 36 or any(a <= ord(c) <= b for a, b in INVISIBLE)


def fold(text):
    """In lower case without accents, every sigma as σ."""
    if text.isascii():
        return text.lower()
    apart = text
    for _ in range(2):
        apart = unicodedata.normalize("NFD", "".join(c.lower() for c in apart))
    return unicodedata.normalize("NFC", "".join("σ" if c == "ς" else c for c in apart if not is_dropped(c)))


def words(folded):
    return "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in folded).split()


LETTERS = {**dict(zip("αβγδεζηθικλμνξοπρστυφχω", "avgdeziqiklmnxoprstufxo")), "ψ": "ps", "ς": "s"}
LETTERS.update({"b": "v", "c": "k", "j": "tz", "w": "o", "y": "u", "v": "v"})
VOWELS = "aeiouyw"
DIGITS = {"8": "q", "9": "q", "3": "x", "4": "ps"}


def sounds(w):
    """The sounds of a folded word, letter by letter."""
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
    """How a folded word sounds: Greek in either script and any spelling has one key (`src/text/greek/key.rs`)."""
    s = sounds(word)
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


def is_greek(word):
    return any("\u0370" <= c <= "\u03ff" or "\u1f00" <= c <= "\u1fff" for c in word)


PHRASES, HEARD = {}, {}
AS_WRITTEN = {" ".join(words(fold(p))) for p in WORDS["as_written"]}
NOT_A_NAME = {fold(w) for w in WORDS["not_a_name"]}
GIVEN_NAMES = {fold(w) for w in WORDS["given_names"]}
LONG_GREETINGS = [w for w in map(fold, WORDS["greetings"]) if len(w) >= LONG_GREETING and re.fullmatch("[a-z]+", w)]
for kind in ("fillers", "openers", "introductions", "says_who", "answers", "byes", "thanks", "greetings"):
    for phrase in (words(fold(p)) for p in WORDS[kind]):
        PHRASES[" ".join(phrase)] = kind
        if all(map(is_greek, phrase)) and " ".join(phrase) not in AS_WRITTEN:
            HEARD[" ".join(map(key, phrase))] = kind


def without_marks(text):
    """The text without marks of the kind `###STOP###`, with which simulated customers end a conversation."""
    if "###" not in text:
        return text
    return " ".join(MARK.sub("", word, count=1) for word in text.split())


def phrase_at(rest):
    """The longest known phrase at the beginning of some words: how many it has, and its kind."""
    for n in range(min(len(rest), LONGEST_PHRASE), 0, -1):
        kind = PHRASES.get(" ".join(rest[:n])) or HEARD.get(" ".join(map(key, rest[:n])))
        if kind:
            return n, kind
    return None


def name_at(rest):
    """How many words the name has with which these begin: the first, and what follows up to a known phrase. None where it is no name."""
    if not rest or rest[0] in NOT_A_NAME:
        return None
    longest = min(len(rest), LONGEST_NAME)
    return next((n for n in range(1, longest) if phrase_at(rest[n:])), longest)


def is_written_as_name(text, at):
    """Whether a word of a text, by its place, has a capital before small letters."""
    word = (words(text)[at:at + 1] or [""])[0]
    return len(word) > 1 and word[0].isupper() and word[1].islower()


def told_name_at(text, tokens, at):
    """How many words a name has where anything else might stand: one that people are given, or that is written as names are."""
    rest = tokens[at:]
    if not rest or rest[0] in NOT_A_NAME or not (rest[0] in GIVEN_NAMES or is_written_as_name(text, at)):
        return None
    if len(rest) < 2 or phrase_at(rest[1:]):
        return 1
    second = rest[1] in GIVEN_NAMES or is_written_as_name(text, at + 1) or (rest[0] in GIVEN_NAMES and len(rest) == 2)
    return 1 + second


def is_surname(text, tokens, at):
    """Whether the last word of a text is written as a name and stands behind one."""
    return at + 1 == len(tokens) and not phrase_at(tokens[at:]) and is_written_as_name(text, at - 1) and is_written_as_name(text, at)


def is_slip_of_greeting(word):
    """A letter too many, or two that have changed places."""
    for g in LONG_GREETINGS:
        if len(g) + 1 == len(word) and any(word[:i] + word[i + 1:] == g for i in range(len(word))):
            return True
        if len(g) == len(word) and any(word[:i - 1] + word[i] + word[i - 1] + word[i + 1:] == g for i in range(1, len(word))):
            return True
    return False


def drawn_out(word):
    """Letters drawn out, the last one or any that stands there three times."""
    stem = word.rstrip(word[-1])
    if len(word) - len(stem) > 1 and stem + word[-1] in PHRASES:
        return PHRASES[stem + word[-1]]
    two, one = (re.sub(r"(.)\1{2,}", to, word) for to in (r"\1\1", r"\1"))
    return None if two == word else PHRASES.get(two) or PHRASES.get(one)


def word_alone(word):
    """What a word is that no phrase begins with."""
    if word in GIVEN_NAMES:
        return "name"
    return drawn_out(word) or ("greetings" if is_slip_of_greeting(word) else None)


def kinds(text):
    """What small talk a text is made of; None when it says something else too."""
    if len(text.encode()) > LONGEST_SMALLTALK:
        return None
    text = without_marks(text)
    tokens, found, at = words(fold(text)), [], 0
    if len(tokens) > MOST_WORDS:
        return None
    while at < len(tokens):
        taken, kind = phrase_at(tokens[at:]) or (1, word_alone(tokens[at]))
        if kind is None:
            return None
        found.append(kind)
        at += taken
        if kind in ("introductions", "says_who"):
            name = name_at(tokens[at:]) if kind == "introductions" else told_name_at(text, tokens, at)
            if name is None:
                return None
            at += name
        elif kind == "name" and is_surname(text, tokens, at):
            at += 1
    return found


OPENING = ("openers", "introductions", "says_who")


def is_smalltalk(text):
    """A name alone says who speaks; beside a greeting or thanks it says to whom."""
    found = kinds(text)
    if found is None or any(k in OPENING for k in found):
        return False
    return not found or any(k not in ("fillers", "name") for k in found)


def is_opening(text):
    """Whether it is small talk, or says no more than that help is wanted or who is speaking."""
    found = kinds(text)
    return found is not None and (not found or any(k != "fillers" for k in found))


def is_single_sign(text):
    """Whether a text is a letter or a short number alone."""
    said = words(fold(text))
    if len(said) != 1:
        return False
    if re.fullmatch("[0-9]+", said[0]):
        return len(said[0]) <= SHORT_NUMBER
    return len(said[0]) == 1 and (said[0].isascii() or is_greek(said[0]))


def is_noise(turns, t):
    """Whether a turn is such a sign, and the AI's turn before it does not name it, as a menu would."""
    if not is_single_sign(t["text"]):
        return False
    before = [b for b in turns[:next(i for i, b in enumerate(turns) if b is t)] if b["role"] == "bot"]
    return not before or words(fold(t["text"]))[0] not in words(fold(before[-1]["text"]))


def is_thanks_or_bye(text):
    found = kinds(text) or []
    return any(k in ("thanks", "byes") for k in found) and not any(k in OPENING for k in found)


def is_smalltalk_intent(name):
    spaced, small = "", False
    for c in name:
        spaced += (" " if small and c.isupper() else "") + c
        small = c.islower()
    parts = [p for w in words(fold(spaced).replace("_", " ")) for p in w.split("_") if p]
    if len(parts) == 1:
        for beside in WORDS["intent_beside"]:
            if parts[0].startswith(beside) and len(parts[0]) - len(beside) > 2:
                parts = [beside, parts[0][len(beside):]]
                break
    if "".join(parts) in ("smalltalk", "chitchat"):
        return True
    return any(p in WORDS["intent_parts"] for p in parts) and all(p in WORDS["intent_parts"] + WORDS["intent_beside"] for p in parts)


# --- reading ---

ROLES = {"".join(c for c in word if c.isalnum()): role for role, listed in WORDS["roles"].items() for word in listed}


def role_of(word, mapped):
    """Who speaks. A speaker nobody knows is named, never guessed."""
    if isinstance(word, dict):
        word = next((word[k] for k in ("role", "type", "name") if isinstance(word.get(k), str)), "")
    name = str(word if word is not None else "").strip()
    if name in mapped:
        return mapped[name]
    bare = "".join(c for c in fold(name) if c.isalnum())
    role = ROLES.get(bare)
    if role is None and (bare.endswith("bot") or bare.startswith("bot") or bare.startswith("chatbot")) and bare:
        role = "bot"
    if role is None:
        raise Unreadable(f"speaker {name!r}: the mapping's `roles` says who that is")
    return role


def moment(value, zone):
    """Unix milliseconds of a time; None where there is none."""
    if value is None or value == "" or value == 0:
        return None
    if isinstance(value, str) and value.strip().replace(".", "", 1).isdigit():
        value = float(value) if "." in value else int(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        size = abs(value)
        up, down = (1000, 1) if size < 1e11 else (1, 1) if size < 1e14 else (1, 1000) if size < 1e17 else (1, 1_000_000)
        return int(value * up / down) if isinstance(value, float) else value * up // down
    try:
        text = str(value).strip()
        at = datetime.datetime.fromisoformat(text[:-4].rstrip() + "+00:00" if text.endswith(" UTC") else text)
    except ValueError:
        raise Unreadable(f"time {value!r}: RFC 3339 or a number since 1970 is read") from None
    at = at.replace(tzinfo=zone) if at.tzinfo is None else at
    return (at - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)) // datetime.timedelta(milliseconds=1)


def said(value):
    if value is None:
        return ""
    if isinstance(value, list):
        parts = [p if isinstance(p, str) else next((str(p[k]) for k in ("text", "content", "value") if isinstance(p.get(k), str)), "")
                 for p in value if isinstance(p, (str, dict))]
        return "\n".join(parts)
    return value if isinstance(value, str) else json.dumps(value)


def first(record, keys):
    return next((record[k] for k in keys if record.get(k) is not None), None)


def is_fallback(turn):
    if isinstance(turn.get("fallback"), bool):
        return turn["fallback"]
    bare = lambda name: "".join(c for c in str(name) if c.isalnum()).lower()
    named = lambda name: bare(name) in WORDS["fallbacks"] or bare(name).endswith(("fallback", "fallbackintent"))
    if turn["role"] == "user":
        intent = turn.get("intent")
        return named(intent) or (intent == "None" and turn.get("confidence") is not None) if intent else False
    return turn["role"] == "bot" and bool(turn.get("action")) and named(turn["action"])


def intent_name(value):
    return value.get("name") if isinstance(value, dict) else value


class Rules:
    """How a log is read and drawn from. `options`: source, tz, now (Unix milliseconds), handoff_names, roles, salt (hexadecimal), share,
    zone, failures and audit (probabilities), seed, weeks (a list, or None for all)."""

    def __init__(self, options):
        self.source = options.get("source") or "lake"
        self.tz = zoneinfo.ZoneInfo(options.get("tz") or "UTC")
        self.zone = zoneinfo.ZoneInfo(options.get("zone") or "UTC")
        self.now = options["now"]
        self.handoffs = [n.lower() for n in options.get("handoff_names") or []]
        self.roles = options.get("roles") or {}
        self.salt = bytes.fromhex(options["salt"])
        self.share, self.seed = options["share"], str(options.get("seed", 1)).encode()
        self.failures, self.audit = options["failures"], options["audit"]
        self.weeks = set(options["weeks"]) if options.get("weeks") else None

    def read(self, record):
        """A conversation with what the rules look at."""
        if not isinstance(record, dict):
            raise Unreadable("no JSON object")
        identity = first(record, ["id", *WORDS["ids"]])
        listed = first(record, ["turns", "messages"])
        if identity in (None, "") or isinstance(identity, (dict, list)):
            raise Unreadable("no `id`")
        if not isinstance(listed, list) or not listed:
            raise Unreadable("no `turns`")
        turns = []
        for turn in listed:
            turn = dict(turn) if isinstance(turn, dict) else {}
            word = first(turn, ["role", "sender", "speaker", "author", "from", "author_type"])
            turn["role"] = role_of(word, self.roles)
            turn["text"] = said(first(turn, ["text", "message", "content", "utterance", "body", "body_text"]))
            turn["at"] = moment(first(turn, ["at", "timestamp", "ts", "created_at", "createdAt", "sent_at", "created_datetime"]), self.tz)
            turn["intent"] = intent_name(turn.get("intent"))
            turn["fallback"] = is_fallback(turn)
            turns.append(turn)
        times = [t["at"] for t in turns if t["at"] is not None]
        begun, ended = moment(record.get("started_at"), self.tz), moment(record.get("ended_at"), self.tz)
        return {
            "id": str(identity), "source": str(record.get("source") or self.source), "turns": turns,
            "customer": str(record["customer_id"]) if record.get("customer_id") not in (None, "") else None,
            "ended": ended if ended is not None else max(times, default=None),
            "last": max([t for t in [*times, begun, ended] if t is not None], default=None),
            "csat": rating(record.get("csat")),
        }

    # --- how it ended: the first rule that fits ---

    def outcome(self, record, c):
        """Outcome and how sure a resolution is."""
        told = record.get("outcome")
        if told is not None:
            told = str(told).strip().lower()
            if told not in OUTCOMES:
                raise Unreadable(f"no outcome called {told!r}")
            return told, record.get("resolution") if told == "resolved" and record.get("resolution") in ("confirmed", "assumed") else None
        outcome = self.derived(c)
        return outcome, "confirmed" if outcome == "resolved" else None

    def derived(self, c):
        turns = c["turns"]
        first_bot = next((i for i, t in enumerate(turns) if t["role"] == "bot"), None)
        if first_bot is None:
            return "unknown"
        word = next((i for i, t in enumerate(turns) if t["role"] == "user"), len(turns))
        told = self.handed_off(turns, max(first_bot, word)) or rated(c)
        if told or word == len(turns):
            # Who never wrote, as after a message that the business began with, was not failed.
            return told or "unknown"
        return ended_well(turns) or misunderstood(turns) or self.left(c) or "unknown"

    def handed_off(self, turns, start):
        for t in turns:
            if t["role"] == "agent":
                continue
            names = [str(t[k]) for k in ("event", "action", "name") if t.get(k)]
            own = names + ([str(t["intent"])] if t.get("intent") else [])
            event = t["role"] == "system" and t.get("event") in ("handoff", "agent_joined")
            if event or any(fits(n, WORDS["handoffs"]) for n in names) or any(fits(n, self.handoffs) for n in own):
                return "escalated"
        return "escalated" if any(t["role"] == "agent" for t in turns[start:]) else None

    def left(self, c):
        turns = c["turns"]
        last = next((i for i in range(len(turns) - 1, -1, -1) if turns[i]["role"] in ("user", "bot")), None)
        if last is None or turns[last]["role"] != "bot" or not asks(turns[last]["text"]):
            return None
        if not any(t["role"] == "user" for t in turns[:last]):
            return None
        if any(t.get("event") == "timeout" for t in turns[last:]):
            return "abandoned"
        since = max([t for t in (turns[last]["at"], c["ended"]) if t is not None], default=None)
        return "abandoned" if since is not None and self.now - since >= SILENCE else None

    # --- what it is about, where it belongs, whether it is drawn ---

    def week(self, c):
        if c["last"] is None:
            return None
        local = datetime.datetime.fromtimestamp(c["last"] / 1000, self.zone)
        year, week, _ = local.isocalendar()
        return f"{year}-W{week:02}"

    def is_test(self, c):
        """Whether its group is a test group of the store (rule 11)."""
        key = "customer\0" + c["customer"] if c["customer"] is not None else "conversation\0" + c["source"] + "\0" + c["id"]
        return fraction(hashlib.sha256(self.salt + key.encode()).digest()[8:16]) < self.share

    def facts(self, line):
        """What a line of the log comes to: a dictionary of plain values. `reject` says why it is none."""
        facts, record, c = self.told(line)
        if c is not None:
            facts["line"] = self.drawn(facts, record, c)
        return facts

    def told(self, line):
        """What a line says whatever is drawn, its record, and the conversation where it counts."""
        try:
            record = json.loads(line)
            c = self.read(record)
            outcome, resolution = self.outcome(record, c)
        except (Unreadable, ValueError) as why:
            return {"reject": str(why)[:200]}, None, None
        user = [t for t in c["turns"] if t["role"] == "user" and t.get("payload") not in (True, "true", "1", 1)]
        score = c["csat"] and five_scale(c["csat"])
        facts = {
            "source": c["source"], "id": c["id"], "week": self.week(c), "intent": about(c["turns"]),
            "channel": record.get("channel"), "language": record.get("lang"), "outcome": outcome, "resolution": resolution,
            "has_ai": any(t["role"] == "bot" or t["intent"] for t in c["turns"]),
            "csat_n": int(score is not None), "csat_good": int(score is not None and score >= 4),
            "user_turns": len(user), "fallback_turns": sum(t["fallback"] for t in user),
            "turns": len(c["turns"]), "last": c["last"] or 0, "line": None,
        }
        counts = facts["week"] is not None and facts["has_ai"] and (self.weeks is None or facts["week"] in self.weeks)
        return facts, record, c if counts else None

    def drawn(self, facts, record, c):
        """The record with its stratum and probability as a line, where it is drawn."""
        failed, test = facts["outcome"] in FAILURES, self.is_test(c)
        drawn = fraction(hashlib.sha256(b"draw\0" + self.seed + b"\0" + c["source"].encode() + b"\0" + c["id"].encode()).digest()[:8])
        if drawn >= (self.audit if test else self.failures if failed else 0.0):
            return None
        # Which groups are test groups is chance, too: the probability is of both.
        probability = self.share * self.audit + ((1 - self.share) * self.failures if failed else 0.0)
        record = {**record, "source": c["source"], "sampling": {"stratum": "audit" if test else "failure", "probability": probability}}
        if self.roles:
            # Who speakers are was said to this job, and is not known where the sample goes.
            for turn, known in zip(first(record, ["turns", "messages"]), c["turns"]):
                turn["role"] = known["role"]
        return json.dumps(record, ensure_ascii=False)


def fraction(eight):
    """An even fraction of 0 to 1 from eight bytes."""
    return (int.from_bytes(eight, "little") >> 11) / (1 << 53)


def fits(name, patterns):
    name = name.lower()
    return any(name.startswith(p[:-1]) if p.endswith("*") else name == p for p in patterns)


def rating(value):
    """Score and best possible score."""
    given = value if isinstance(value, dict) else {"score": value}
    try:
        score, most = float(given.get("score")), float(given.get("max") or 5)
    except (TypeError, ValueError):
        return None
    return (score, most if most > 0 else 5.0)


def five_scale(csat):
    score, most = csat
    least = 1.0 if most > 1 else 0.0
    return min(5.0, max(1.0, 1 + 4 * (score - least) / (most - least)))


def rated(c):
    if c["csat"]:
        score, most = c["csat"]
        least = 0.0 if most <= 1 or score < 1 else 1.0
        share = (score - least) / (most - least)
        if share >= 0.75:
            return "resolved"
        if share <= 0.25:
            return "failed"
    for t in reversed(c["turns"]):
        thumb = t.get("feedback")
        thumb = thumb.get("score") if isinstance(thumb, dict) else thumb
        try:
            thumb = float(thumb)
        except (TypeError, ValueError):
            continue
        if thumb:
            return "resolved" if thumb > 0 else "failed"
    return None


def ended_well(turns):
    last = next((i for i in range(len(turns) - 1, -1, -1) if turns[i]["role"] == "user"), None)
    if last is None:
        return None
    answer = next((t for t in reversed(turns[:last]) if t["role"] in ("bot", "user")), None)
    question = next((t for t in reversed(turns[:last]) if t["role"] == "user"), None)
    well = answer and question and answer["role"] == "bot" and not answer["fallback"] and not question["fallback"]
    return "resolved" if well and is_thanks_or_bye(turns[last]["text"]) else None


def misunderstood(turns):
    exchanges = []
    for t in turns:
        if t["role"] == "user":
            exchanges.append(t["fallback"])
        elif t["role"] == "bot" and exchanges:
            exchanges[-1] |= t["fallback"]
    bot = next((t for t in reversed(turns) if t["role"] == "bot"), None)
    if (exchanges and exchanges[-1]) or (bot and bot["fallback"]):
        return "failed"
    spoken = next((i for i in range(len(turns) - 1, -1, -1) if turns[i]["role"] in ("user", "bot")), 0)
    if any(t["role"] == "system" and t.get("event") == "error" for t in turns[spoken:]):
        return "failed"
    return "failed" if sum(exchanges[-3:]) >= 2 else None


def asks(text):
    """Whether a text ends in a question that needs an answer; `;` asks in Greek."""
    marks = "?;\u037e؟？"
    said = text
    while said and not (said[-1].isalnum() or said[-1] in marks or said[-1] in ".!"):
        said = said[:-1]
    greek = any("\u0370" <= c <= "\u03ff" or "\u1f00" <= c <= "\u1fff" for c in text)
    if not said or said[-1] not in marks or (said[-1] == ";" and not greek):
        return False
    sentences = said.rstrip(marks)
    cut = max((sentences.rfind(c) for c in marks + ".!\n"), default=-1)
    folded = fold(sentences[cut + 1:])
    return not any(closing in folded for closing in WORDS["closings"])


def about(turns):
    """The conversation's intent (rule 2), by the log: a label that came with it, else what the AI predicted."""
    def matters(t):
        small = is_smalltalk(t["text"]) or (t["intent"] and is_smalltalk_intent(str(t["intent"])))
        return t["role"] == "user" and t.get("payload") not in (True, "true", "1", 1) and not small

    said = [t for t in turns if matters(t)]
    for t in [t for t in said if t["intent"] or not (is_opening(t["text"]) or is_noise(turns, t))] + said:
        gold = t.get("gold_intent") or t.get("gold_intents")
        gold = gold[0] if isinstance(gold, list) and gold else gold
        name = intent_name(gold) or t["intent"]
        return str(name) if name else None
    return None
