#!/usr/bin/env python3
"""scikit-learn's version of `learn::intent`, on the same files, for comparison.

Word 1-2-grams and characters 2-4 within words, sublinear tf, smooth idf, each block L2-normalised on its own, then a
linear SVM (LIBLINEAR -s 1). Needs scikit-learn, numpy.

    python3 benches/compare/intents.py --train train.csv --test test.csv
    python3 benches/compare/intents.py --train train.csv --folds 5      # choose settings without looking at the test set

The files are `text,intent` with a header. Prints one JSON object.
"""

import argparse
import csv
import json
import time

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.svm import LinearSVC


def read(path):
    """Texts and intents of a `text,intent` file."""
    with open(path, newline="", encoding="utf-8") as f:
        rows = list(csv.DictReader(f))
    return [r["text"] for r in rows], np.array([r["intent"] for r in rows])


def pipeline(token, chars, c, tol, seed):
    """The recipe; `token` is the word pattern, `chars` the lengths of character n-grams."""
    blocks = [
        ("word", TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=token)),
        ("char", TfidfVectorizer(analyzer="char_wb", ngram_range=tuple(chars), sublinear_tf=True)),
    ]
    return make_pipeline(FeatureUnion(blocks), LinearSVC(C=c, tol=tol, random_state=seed))


def main():
    """Command line."""
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--train", required=True)
    p.add_argument("--test")
    p.add_argument("--folds", type=int, help="cross-validate on --train instead of scoring --test")
    p.add_argument("--token", default=r"(?u)\b\w+\b", help="word pattern; default: ours")
    p.add_argument("--chars", type=int, nargs=2, default=[2, 4], help="lengths of character n-grams; default: ours")
    p.add_argument("-c", type=float, default=1.0)
    p.add_argument("--tol", type=float, default=0.1, help="0.1 is LIBLINEAR's default, 1e-4 scikit-learn's")
    p.add_argument("--seed", type=int, default=0)
    a = p.parse_args()
    if bool(a.test) == bool(a.folds):
        p.error("give one of --test and --folds")

    texts, intents = read(a.train)
    model = pipeline(a.token, a.chars, a.c, a.tol, a.seed)
    start = time.perf_counter()
    if a.folds:
        cv = StratifiedKFold(a.folds, shuffle=True, random_state=a.seed)
        scores = cross_val_score(model, texts, intents, cv=cv)
        out = {"accuracy": scores.mean(), "folds": list(scores), "seconds": time.perf_counter() - start}
    else:
        test_texts, gold = read(a.test)
        model.fit(texts, intents)
        trained = time.perf_counter()
        guesses = model.predict(test_texts)
        out = {
            "accuracy": accuracy_score(gold, guesses),
            "macro_f1": f1_score(gold, guesses, average="macro"),
            "n": len(gold),
            "features": int(model[-1].coef_.shape[1]),
            "train_seconds": trained - start,
            "predict_seconds": time.perf_counter() - trained,
        }
    print(json.dumps(out))


if __name__ == "__main__":
    main()
