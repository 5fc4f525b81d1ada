#!/usr/bin/env python3
"""What people would use instead, on the same files: scikit-learn's version of our n-grams, for choosing settings.

Word 1-2-grams and characters 2-4 within words, sublinear tf, smooth idf, each block L2-normalised on its own, then a
linear SVM (LIBLINEAR -s 1). Needs scikit-learn.

    python3 benches/compare/intents.py --train train.csv --folds 5      # settings, without looking at a test set

The files are `text,intent` with a header. Prints one JSON object. `peers.py` scores test sets.
"""

import argparse
import csv
import json
import time

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.svm import LinearSVC


def read(path):
    """Texts and intents of a `text,intent` file."""
    with open(path, newline="", encoding="utf-8") as f:
        rows = list(csv.DictReader(f))
    return [r["text"] for r in rows], [r["intent"] for r in rows]


def pipeline(token=r"(?u)\b\w+\b", chars=(2, 4), c=1.0, tol=1e-4, seed=0):
    """The recipe; `token` is the word pattern, `chars` the lengths of character n-grams. The defaults are our features
    and LinearSVC's own settings."""
    blocks = [
        ("word", TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=token)),
        ("char", TfidfVectorizer(analyzer="char_wb", ngram_range=tuple(chars), sublinear_tf=True)),
    ]
    return make_pipeline(FeatureUnion(blocks), LinearSVC(C=c, tol=tol, random_state=seed))


def main():
    """Command line."""
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--train", required=True)
    p.add_argument("--folds", type=int, default=5)
    p.add_argument("--token", default=r"(?u)\b\w+\b", help="word pattern; default: ours")
    p.add_argument("--chars", type=int, nargs=2, default=[2, 4], help="lengths of character n-grams; default: ours")
    p.add_argument("-c", type=float, default=1.0)
    p.add_argument("--tol", type=float, default=1e-4, help="1e-4 is LinearSVC's default, 0.1 LIBLINEAR's")
    p.add_argument("--seed", type=int, default=0)
    a = p.parse_args()
    texts, intents = read(a.train)
    start = time.perf_counter()
    cv = StratifiedKFold(a.folds, shuffle=True, random_state=a.seed)
    scores = cross_val_score(pipeline(a.token, a.chars, a.c, a.tol, a.seed), texts, intents, cv=cv)
    print(json.dumps({"accuracy": scores.mean(), "folds": list(scores), "seconds": time.perf_counter() - start}))


if __name__ == "__main__":
    main()
