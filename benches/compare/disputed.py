#!/usr/bin/env python3
"""Cleanlab's version of `appraise disputed --train FILE --flip SHARE`, on the same changed labels.

Out-of-fold probabilities of scikit-learn (the n-grams of `intents.py`, logistic regression, stratified folds), label
scores and label issues of Cleanlab. Needs scikit-learn, cleanlab, numpy.

    python3 benches/compare/disputed.py --train train.csv --flip 0.05 --seed 1

The file is `text,intent` with a header. Prints one JSON object with the keys of `appraise disputed --json`.
"""

import argparse
import csv
import json

import numpy as np
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import FeatureUnion, make_pipeline

WORD = (1 << 64) - 1


class Rng:
    """SplitMix64 with the draws of `learn::rng`, so that the same labels are changed."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        """The next 64 bits."""
        self.state = (self.state + 0x9E3779B97F4A7C15) & WORD
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & WORD
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & WORD
        return z ^ (z >> 31)

    def below(self, n):
        """A number in 0..n."""
        return (self.next() * n) >> 64


def flip(labels, intents, share, seed):
    """`jobs::disputed::flip_labels`."""
    rng = Rng(seed)
    order = list(range(len(labels)))
    for i in range(len(order) - 1, 0, -1):
        j = rng.below(i + 1)
        order[i], order[j] = order[j], order[i]
    out = labels.copy()
    for at in order[: int(len(labels) * share + 0.5)]:
        out[at] = (out[at] + 1 + rng.below(intents - 1)) % intents
    return out


def main():
    """Command line."""
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--train", required=True)
    p.add_argument("--flip", type=float, default=0.05)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--folds", type=int, default=5)
    a = p.parse_args()
    with open(a.train, newline="", encoding="utf-8") as f:
        rows = [r for r in csv.DictReader(f) if r["text"].strip() and r["intent"].strip()]
    names = sorted({r["intent"].strip() for r in rows})
    true = np.array([names.index(r["intent"].strip()) for r in rows])
    given = flip(true, len(names), a.flip, a.seed)
    wrong = given != true
    blocks = [
        ("word", TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"(?u)\b\w+\b")),
        ("char", TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)),
    ]
    model = make_pipeline(FeatureUnion(blocks), LogisticRegression(C=10, max_iter=200))
    folds = StratifiedKFold(a.folds, shuffle=True, random_state=a.seed)
    texts = [r["text"].strip() for r in rows]
    probabilities = cross_val_predict(model, texts, given, cv=folds, method="predict_proba")

    def found(by, looked):
        right = int(wrong[looked].sum())
        return {
            "by": by,
            "top": len(looked),
            "right": right,
            "precision": right / max(1, len(looked)),
            "recall": right / max(1, int(wrong.sum())),
        }

    out = []
    for adjusted in (False, True):
        for method, name in (("self_confidence", "self_confidence"), ("normalized_margin", "normalised_margin")):
            scores = get_label_quality_scores(given, probabilities, method=method, adjust_pred_probs=adjusted)
            worst = np.argsort(scores, kind="stable")[: int(wrong.sum())]
            out.append(found(("adjusted_" if adjusted else "") + name, worst))
    for by in ("confident_learning", "prune_by_noise_rate", "both"):
        issues = np.flatnonzero(find_label_issues(given, probabilities, filter_by=by))
        out.append(found(by, issues))
    accuracy = float((probabilities.argmax(axis=1) == true).mean())
    print(json.dumps({"n": len(rows), "flipped": int(wrong.sum()), "out_of_fold_accuracy": accuracy, "found": out}, indent=1))


if __name__ == "__main__":
    main()
