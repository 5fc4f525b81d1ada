#!/usr/bin/env python3
"""A comparison of two releases, computed anew: from the gold labels in a store and from what `predict` says to their texts.

    comparison.py APPRAISE STORE BEFORE AFTER [CONFIG]

CONFIG names the configuration that asks releases of external trainers. Works on a copy of the store. Prints both columns; exit 1 where
they differ by more than rounding, or by more than the error of its own sampling (interval). Needs scipy, statsmodels, scikit-learn and
numpy.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile

import numpy as np
from scipy.stats import permutation_test
from sklearn.metrics import f1_score
from statsmodels.stats.contingency_tables import mcnemar

DRAWS = 20_000


def says(command, release, texts):
    """What a release guesses and how sure it is: the best of its ranking, no threshold."""
    lines = "".join(json.dumps({"text": t}) + "\n" for t in texts)
    out = subprocess.run([*command, "predict", "--release", release], input=lines, capture_output=True, text=True, check=True).stdout
    answers = [json.loads(line)["ranking"][0] for line in out.splitlines()]
    return [a["intent"] for a in answers], np.array([a["confidence"] for a in answers])


def gold(store):
    """Gold turns of the newest version: text, intents by today's names, conversation, half."""
    db = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
    merged = dict(db.execute("SELECT id, merged_into FROM intent WHERE merged_into IS NOT NULL"))
    names = dict(db.execute("SELECT id, name FROM intent"))

    def today(intent):
        while intent in merged:
            intent = merged[intent]
        return names[intent]

    rows = db.execute(
        """SELECT t.text, g.intents, g.turn >> 20, g.half FROM gold_item g JOIN turn t ON t.id = g.turn
           WHERE g.version = (SELECT max(version) FROM gold_version) ORDER BY g.turn""")
    return [(text, [today(int(i)) for i in ids.split(",")], conversation, half) for text, ids, conversation, half in rows]


def calibration(sure, right, bins=15):
    at = np.clip(np.ceil(sure * bins).astype(int), 1, bins) - 1
    return sum(abs((right[at == b] - sure[at == b]).sum()) for b in range(bins)) / len(right)


def scores(labels, guesses, sure):
    right = np.array([g in names for g, names in zip(guesses, labels)], dtype=float)
    primary = [names[0] for names in labels]
    # Any listed intent counts as right; macro F1 uses the primary one.
    counted = [names[0] if g in names else g for g, names in zip(guesses, labels)]
    f1 = f1_score(primary, counted, average="macro", labels=sorted(set(primary)), zero_division=0)
    return {"accuracy": right.mean(), "macro_f1": f1, "ece": calibration(sure, right), "n": len(right)}, right


def compared(before, after, clusters):
    fixed, broken = int(((before == 0) & (after == 1)).sum()), int(((before == 1) & (after == 0)).sum())
    table = [[int(((before == 1) & (after == 1)).sum()), broken], [fixed, int(((before == 0) & (after == 0)).sum())]]
    ids, at = np.unique(clusters, return_inverse=True)
    change = np.bincount(at, weights=after - before)
    turns = np.bincount(at).astype(float)
    rng = np.random.default_rng(1)
    moving = change[change != 0]
    # Exact where there are few that moved, else by chance.
    flips = permutation_test((moving,), lambda x, axis: x.sum(axis=axis), permutation_type="samples", vectorized=True,
                             n_resamples=200_000, rng=rng).pvalue if len(moving) else 1.0
    draws = rng.integers(0, len(ids), (DRAWS, len(ids)))
    deltas = change[draws].sum(axis=1) / turns[draws].sum(axis=1)
    return {"fixed": fixed, "broken": broken, "p_value": mcnemar(table, exact=True).pvalue, "p_cluster": float(flips),
            "delta": (after - before).mean(), "ci95": list(np.quantile(deltas, [0.025, 0.975]))}


def main():
    appraise, store, before, after, *config = sys.argv[1:]
    with tempfile.TemporaryDirectory() as work:
        copy = os.path.join(work, "s.db")
        for suffix in ["", "-wal"]:
            if os.path.exists(store + suffix):
                shutil.copy(store + suffix, copy + suffix)
        command = [appraise, "--store", copy, *(["--config", *config] if config else [])]
        done = subprocess.run([*command, "compare", before, after, "--json"], capture_output=True, text=True)
        if done.returncode not in (0, 3):
            sys.exit(done.stderr)
        theirs = json.loads(done.stdout)
        turns = gold(copy)
        texts = [t[0] for t in turns]
        guesses = {name: says(command, name, texts) for name in (before, after)}
    wrong = []

    def check(name, said, found, within=1e-6):
        agrees = abs(said - found) <= within
        wrong.extend([] if agrees else [name])
        print(f"{name:<24}{said:>14.6f}{found:>14.6f}{'' if agrees else '   differs'}")

    print(f"{'':<24}{'appraise':>14}{'anew':>14}")
    for half, said in ((2, theirs), (1, theirs["open"])):
        part = [i for i, t in enumerate(turns) if t[3] == half]
        labels, clusters = [turns[i][1] for i in part], [turns[i][2] for i in part]
        right = {}
        for side, name in (("before", before), ("after", after)):
            names, sure = guesses[name]
            found, right[side] = scores(labels, [names[i] for i in part], sure[part])
            for key, value in found.items():
                # Confidences are printed with fewer digits than they are computed with.
                check(f"{'sealed' if half == 2 else 'open'} {side} {key}", said[side][key], value, 1e-4 if key == "ece" else 1e-9)
        if half == 2:
            for key, value in compared(right["before"], right["after"], clusters).items():
                if key == "ci95":
                    for i, end in enumerate(("low", "high")):
                        check(f"ci95 {end}", theirs[key][i], value[i], 0.004)
                else:
                    check(key, theirs[key], value, 0.004 if key == "p_cluster" else 1e-9)
        else:
            flips = [f["kind"] for f in said["flips"]]
            check("open fixed", flips.count("fixed"), ((right["before"] == 0) & (right["after"] == 1)).sum())
            check("open broken", flips.count("broken"), ((right["before"] == 1) & (right["after"] == 0)).sum())
    print(f"verdict: {theirs['verdict']}, gate: {theirs['gate']}")
    if wrong:
        sys.exit(f"different: {', '.join(wrong)}")


if __name__ == "__main__":
    main()
