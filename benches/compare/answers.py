#!/usr/bin/env python3
"""Confirms what the Responses screen and `appraise responses rank` count, straight from the SQLite store.

    python3 benches/compare/answers.py STORE [APPRAISE]

Counts conversations of each answer by intent, stage and outcome from the tables, compares every row of the JSON with them, works out
the pooled difference and Mantel and Haenszel's within intents (or tags) and languages, and checks that the conversations of an action are those whose
turns name it. The priors (of an intent's answers where there are ten, else of all; beta-binomial, maximum likelihood) and the posteriors
are worked out from the counts alone: densities are summed, not expanded as the program expands them.
"""
import collections
import json
import math
import sqlite3
import subprocess
import sys

STAGES = ["opening", "middle", "closing"]

# Greek in Latin letters is Greek.
TONGUES = {"el-latn": "el"}


def unpacked(blob):
    out, last, value, shift = [], 0, 0, 0
    for byte in blob:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            last += value
            out.append(last)
            value = shift = 0
    return out


def today(db):
    """What each intent stands for now: merges are followed to their end."""
    stands = dict(db.execute("SELECT id, coalesce(stands, id) FROM intent"))
    return lambda i: stands.get(i, i) if i else 0


def conversations(db):
    means = today(db)
    rows = db.execute(
        """SELECT c.id, c.outcome, c.csat, c.extra, coalesce(
             (SELECT CAST(value AS INTEGER) FROM current l WHERE l.subject = c.id AND l.kind = 1 AND l.turn = c.first_turn),
             c.first_intent), term.text
           FROM conversation c LEFT JOIN term ON term.id = c.language WHERE c.traffic = 1 AND c.has_ai = 1 AND c.outcome BETWEEN 1 AND 4"""
    )
    out = {}
    for row, outcome, csat, extra, intent, language in rows:
        tags = ", ".join(sorted(set(json.loads(extra or "{}").get("tags") or [])))
        out[row] = (outcome, csat, means(intent), tags, TONGUES.get((language or "").lower(), (language or "").lower()))
    return out


def mantel_haenszel(strata):
    above = below = 0.0
    for a, n1, c, n0 in strata:
        if n1 and n0:
            above += (a * n0 - c * n1) / (n1 + n0)
            below += n1 * n0 / (n1 + n0)
    return above / below if below else None


ENOUGH = 30
# Answers from which on a prior is worked out, and the least pseudo-counts of either kind.
ARMS, EITHER = 10, 0.5


def beta_prior(arms):
    """The beta distribution under which counts (yes, n) are most probable, worth thirty cases at most; uniform without ten."""
    if len(arms) < ARMS:
        return 1.0, 1.0
    ln = lambda a, b: math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
    cells = collections.Counter(a for a in arms if a[1])

    def likelihood(odds, size):
        mean = 1 / (1 + math.exp(-odds))
        a, b = max(mean * size, 0.01), max((1 - mean) * size, 0.01)
        return sum(m * (ln(k + a, n - k + b) - ln(a, b)) for (k, n), m in cells.items())

    def top(f, lo, hi):
        """Where a function with one top has it: thirds."""
        while hi - lo > 1e-7:
            a, b = lo + (hi - lo) / 3, hi - (hi - lo) / 3
            lo, hi = (a, hi) if f(a) < f(b) else (lo, b)
        return (lo + hi) / 2

    odds, size = 0.0, math.log(10)
    for _ in range(60):
        before = odds, size
        odds = top(lambda x: likelihood(x, math.exp(size)), -12, 12)
        size = top(lambda x: likelihood(odds, math.exp(x)), -4, math.log(1e5))
        if max(abs(odds - before[0]), abs(size - before[1])) < 1e-6:
            break
    mean, cases = 1 / (1 + math.exp(-odds)), min(math.exp(size), ENOUGH)
    return max(mean * cases, EITHER), max((1 - mean) * cases, EITHER)


def beta_ends(a, b, steps=4000):
    """The 2.5 % and 97.5 % points of a beta distribution: its density is summed over even steps of log odds."""
    mean, sd = a / (a + b), math.sqrt(a * b / (a + b + 1)) / (a + b)
    middle, half = math.log(a / b), 12 * sd / (mean * (1 - mean)) + 2
    at = [middle + half * (2 * i / steps - 1) for i in range(steps + 1)]
    # In log odds the density is x^a (1 - x)^b, up to a factor.
    height = lambda t: -a * math.log1p(math.exp(-t)) - b * math.log1p(math.exp(t)) if abs(t) < 700 else -math.inf
    peak = height(middle)
    mass = [math.exp(height(t) - peak) for t in at]
    whole, ends, below = sum(mass), [], 0.0
    for t, m in zip(at, mass):
        for share in (0.025, 0.975)[len(ends):]:
            if below + m / 2 >= share * whole:
                # Within the step, as if its mass lay evenly.
                back = (below + m / 2 - share * whole) / m
                ends.append(1 / (1 + math.exp(-(t - back * 2 * half / steps))))
        below += m
    return ends


def main():
    store, program = sys.argv[1], (sys.argv[2] if len(sys.argv) > 2 else "target/debug/appraise")
    said = subprocess.run([program, "--store", store, "responses", "rank", "--json"], check=True, capture_output=True)
    page = json.loads(said.stdout)
    db = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
    all_of = conversations(db)
    names = dict(db.execute("SELECT id, name FROM intent"))
    name = lambda i: names[i] if i else "none"
    book = {
        key: (kind, [unpacked(b) for b in blobs])
        for kind, key, *blobs in db.execute("SELECT kind, key, opening, middle, closing FROM spoken_answer WHERE kind < 2")
    }
    wrong = 0

    def check(what, ours, theirs):
        nonlocal wrong
        if ours != theirs:
            wrong += 1
            print(f"differs: {what}: {ours} here, {theirs} there")

    check("N", len(all_of), page["n"])
    counted = {}
    for key, (_, stages) in book.items():
        for stage, rows in zip(STAGES, stages):
            for row in rows:
                if row in all_of:
                    outcome, csat, intent, *_ = all_of[row]
                    cell = counted.setdefault((key, stage, name(intent)), [0, 0, 0, 0, 0])
                    cell[outcome - 1] += 1
                    cell[4] += csat is not None
    told = {(a["answer"], a["stage"], a["intent"]): a for a in page["answers"]}
    # What is never ranked stands once an intent, wherever it was said.
    for key, stage, intent in [k for k in told if k[1] is None]:
        cell = counted[(key, stage, intent)] = [0, 0, 0, 0, 0]
        for row in {r for rows in book[key][1] for r in rows if r in all_of and name(all_of[r][2]) == intent}:
            cell[all_of[row][0] - 1] += 1
            cell[4] += all_of[row][1] is not None
        for place in STAGES:
            counted.pop((key, place, intent), None)
    check("rows", len(counted), len(told))
    for key, cell in counted.items():
        a = told.get(key)
        if a is None:
            check(key, cell, None)
            continue
        o = a["outcomes"]
        check(key, cell, [o["resolved"], o["escalated"], o["failed"], o["abandoned"], a["rated"]])
    # Differences, over all and within.
    stratum = (lambda c: c[3:5]) if page["within"] == "tags" else (lambda c: (c[2], c[4]))
    totals = collections.defaultdict(lambda: [0, 0])
    for c in all_of.values():
        totals[stratum(c)][0] += c[0] == 1
        totals[stratum(c)][1] += 1
    far = 0.0
    for key, (_, stages) in book.items():
        rows = {r for s in stages for r in s if r in all_of}
        a = next((a for a in page["answers"] if a["answer"] == key), None)
        if a is None or not rows:
            continue
        within = collections.defaultdict(lambda: [0, 0])
        for row in rows:
            within[stratum(all_of[row])][0] += all_of[row][0] == 1
            within[stratum(all_of[row])][1] += 1
        yes, n = sum(w[0] for w in within.values()), len(rows)
        all_yes, all_n = sum(t[0] for t in totals.values()), len(all_of)
        # No difference is told of fewer than thirty on either side.
        enough = min(n, all_n - n) >= ENOUGH
        check(f"{key} has a difference over all", enough, a["pooled"] is not None)
        if enough and a["pooled"]:
            far = max(far, abs(yes / n - (all_yes - yes) / (all_n - n) - a["pooled"]["delta"]))
        if page["within"] != "none":
            strata = [(w[0], w[1], totals[s][0] - w[0], totals[s][1] - w[1]) for s, w in within.items()]
            compared = [x for x in strata if x[1] and x[3]]
            few = min(sum(x[1] for x in compared), sum(x[3] for x in compared)) < ENOUGH
            delta = None if few else mantel_haenszel(strata)
            check(f"{key} has a difference within", delta is None, a["within"] is None)
            if delta is not None and a["within"]:
                far = max(far, abs(delta - a["within"]["delta"]))
    check("differences agree to 1e-9", far < 1e-9, True)
    # Actions: the conversations whose turns name them, but for words that three actions or more share.
    by_action = collections.defaultdict(set)
    for turn, extra in db.execute("SELECT id, extra FROM turn WHERE role = 2 AND extra LIKE '%\"action\"%'"):
        action = json.loads(extra).get("action")
        if isinstance(action, str) and action.strip():
            by_action[action.strip()].add(turn >> 20)
    shared = 0
    for key, (kind, stages) in book.items():
        if kind == 1:
            ours, theirs = by_action[key], {r for s in stages for r in s}
            check(f"{key}: none that does not name it", theirs - ours, set())
            shared += len(ours - theirs)
    # Non-answers stand over all intents: their prior is that of all.
    of_intent = collections.defaultdict(list)
    counts = [(a["outcomes"]["resolved"], a["n"]) for a in page["answers"]]
    for a, arm in zip(page["answers"], counts):
        if a["intent"] != "any":
            of_intent[a["intent"]].append(arm)
    priors = {intent: beta_prior(arms) for intent, arms in of_intent.items() if len(arms) >= ARMS}
    over_all = beta_prior(counts)
    worst, compared = 0.0, collections.Counter()
    for a, (k, n) in zip(page["answers"], counts):
        prior = "intent" if a["intent"] in priors else "all" if len(counts) >= ARMS else "uniform"
        check(f"{a['answer']} to {a['intent']} is shrunk to", prior, a["prior"])
        # Below 30 conversations none is told.
        if a["posterior"]:
            alpha, b = priors.get(a["intent"], over_all)
            yes, no = k + alpha, n - k + b
            here = [yes / (yes + no), *beta_ends(yes, no)]
            compared[prior] += 1
            worst = max([worst] + [abs(x - a["posterior"][y]) for x, y in zip(here, ("mean", "lo", "hi"))])
    alpha, b = over_all
    told_of = ", ".join(f"{n} by the prior of {'its intent' if p == 'intent' else p}" for p, n in sorted(compared.items()))
    print(f"prior over {len(counts)} arms: alpha {alpha:.4f}, beta {b:.4f}; {len(priors)} intents have their own; "
          + (f"posteriors differ by at most {worst:.1e} ({told_of})" if compared else "NO posterior is told: none was checked"))
    check("posteriors agree to 1e-3", worst < 1e-3, True)
    print(f"{len(counted)} rows of {len(book)} answers, N {len(all_of)}, {shared} conversations by shared words: {wrong} differ")
    sys.exit(1 if wrong else 0)


main()
