#!/usr/bin/env python3
"""Sentiment and offers beside what others do, in one run.

Sentiment: `appraise evaluate --task sentiment` on the first 20, 100, 500 rows and on all, beside scikit-learn (TF-IDF, logistic
regression) on the same rows and VADER, which learns nothing. Offers: `appraise evaluate --task offers`, frozen and one answer after
another, beside scikit-learn's logistic regression and Vowpal Wabbit's --coin. A package that is not installed is said to be missing.

    python3 benches/compare/signals.py target/release/appraise --train goemotions_train.jsonl.gz --test goemotions_test.jsonl.gz \\
        --offers sgd_offer_rows.jsonl.gz

CSV or JSON Lines: text, sentiment (negative, neutral, positive). Offers: JSON Lines with part (dev, test), features, accepted.
"""

import argparse
import csv
import gzip
import json
import math
import subprocess
import tempfile

CLASSES = ["negative", "neutral", "positive"]


def rows_of(path):
    """Texts and classes of a CSV or JSON Lines file."""
    opened = gzip.open(path, "rt", encoding="utf-8") if path.endswith(".gz") else open(path, encoding="utf-8", newline="")
    with opened as file:
        rows = csv.DictReader(file) if ".csv" in path else map(json.loads, file)
        return [(r["text"], r["sentiment"]) for r in rows]


def figures(truth, said):
    """Accuracy and macro F1, in per cent."""
    scores = []
    for k in CLASSES:
        both = sum(t == k and s == k for t, s in zip(truth, said))
        scores.append(2 * both / max(1, truth.count(k) + said.count(k)))
    return {"accuracy": 100 * sum(t == s for t, s in zip(truth, said)) / len(truth), "macro_f1": 100 * sum(scores) / 3}


def appraise(program, *args):
    """The program's own figures."""
    return json.loads(subprocess.run([program, "evaluate", *args, "--json"], check=True, capture_output=True).stdout)


def ours(program, rows, test, *more):
    """Trained on some rows."""
    with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["text", "sentiment"])
        out.writerows(rows)
        file.flush()
        said = appraise(program, "--task", "sentiment", "--train", file.name, "--test", test, *more)
    return {"accuracy": 100 * said["accuracy"], "macro_f1": 100 * said["macro_f1"], "seconds": said["train_seconds"]}


def learnt(rows, test):
    """scikit-learn: words and characters, balanced logistic regression."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    grams = make_union(
        TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2)),
        TfidfVectorizer(sublinear_tf=True, analyzer="char_wb", ngram_range=(2, 5)),
    )
    model = make_pipeline(grams, LogisticRegression(C=3, max_iter=1000, class_weight="balanced"))
    model.fit([r[0] for r in rows], [r[1] for r in rows])
    return figures([t for _, t in test], list(model.predict([text for text, _ in test])))


def vader(test):
    """VADER's compound score by its own limits."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    judge = SentimentIntensityAnalyzer()
    score = [judge.polarity_scores(text)["compound"] for text, _ in test]
    return figures([t for _, t in test], ["positive" if s >= 0.05 else "negative" if s <= -0.05 else "neutral" for s in score])


def binary(truth, said):
    """Area under the curve in per cent, and log loss."""
    order = sorted(range(len(said)), key=lambda i: said[i])
    ranks, at = [0.0] * len(said), 0
    while at < len(order):
        end = at
        while end + 1 < len(order) and said[order[end + 1]] == said[order[at]]:
            end += 1
        for i in range(at, end + 1):
            ranks[order[i]] = (at + end) / 2 + 1
        at = end + 1
    yes = sum(truth)
    area = (sum(r for r, t in zip(ranks, truth) if t) - yes * (yes + 1) / 2) / (yes * (len(truth) - yes))
    loss = -sum(math.log(max(1e-9, p if t else 1 - p)) for t, p in zip(truth, said)) / len(truth)
    return {"auc": 100 * area, "log_loss": loss}


def one_hot(features):
    """Words as indicators, numbers as they are, each of a list by itself."""
    out = {}
    for name, value in features.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, (int, float)) and not isinstance(one, bool):
                out[name] = float(one)
            else:
                out[f"{name}={one}"] = 1.0
    return out


def frozen(dev, test):
    """scikit-learn's logistic regression."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    read = DictVectorizer()
    model = LogisticRegression(C=0.3, max_iter=2000).fit(read.fit_transform([d[0] for d in dev]), [d[1] for d in dev])
    return binary([t for _, t in test], list(model.predict_proba(read.transform([f for f, _ in test]))[:, 1]))


def vowpal(dev, test):
    """Vowpal Wabbit --coin, going on learning."""
    import vowpalwabbit

    def example(features, label):
        clean = lambda name: "".join(c if c.isalnum() or c in "=_.-" else "_" for c in name)
        return f"{label} |f " + " ".join(f"{clean(n)}:{v:g}" for n, v in features.items())

    vw = vowpalwabbit.Workspace("--coin --loss_function logistic --link logistic --interactions ff -b 20 --quiet")
    for features, yes in dev:
        vw.learn(example(features, 1 if yes else -1))
    said = []
    for features, yes in test:
        said.append(vw.predict(example(features, "")))
        vw.learn(example(features, 1 if yes else -1))
    return binary([t for _, t in test], said)


def tell(name, run):
    """Runs one, or says what is missing."""
    try:
        print(name.ljust(34), "  ".join(f"{k} {v:.4f}" if k == "log_loss" else f"{k} {v:.1f}" for k, v in run().items()), flush=True)
    except ImportError as e:
        print(name.ljust(34), f"not installed: {e.name}", flush=True)


def main():
    """Command line."""
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("program")
    args.add_argument("--train")
    args.add_argument("--test")
    args.add_argument("--offers")
    args = args.parse_args()
    if args.train and args.test:
        train, test = rows_of(args.train), rows_of(args.test)
        tell("VADER", lambda: vader(test))
        tell("appraise, no labels at all", lambda: ours(args.program, train[:20000], args.test, "--weak"))
        for n in [20, 100, 500, len(train)]:
            tell(f"scikit-learn, {n} labels", lambda: learnt(train[:n], test))
            tell(f"appraise, {n} labels", lambda: ours(args.program, train[:n], args.test))
    if args.offers:
        opened = gzip.open if args.offers.endswith(".gz") else open
        with opened(args.offers, "rt", encoding="utf-8") as file:
            rows = [json.loads(line) for line in file]
        part = lambda p: [(one_hot(r["features"]), bool(r["accepted"])) for r in rows if r["part"] == p]
        dev, test = part("dev"), part("test")
        tell("scikit-learn, frozen", lambda: frozen(dev, test))
        split = ["--task", "offers", "--train", args.offers, "--test", args.offers, "--part-train", "dev", "--part-test", "test"]
        share = lambda said: {"auc": 100 * said["auc"], "log_loss": said["log_loss"], "ece": 100 * said["ece"]}
        tell("appraise, frozen", lambda: share(appraise(args.program, *split)))
        tell("Vowpal Wabbit --coin, progressive", lambda: vowpal(dev, test))
        tell("appraise, progressive", lambda: share(appraise(args.program, *split, "--progressive")))


if __name__ == "__main__":
    main()
