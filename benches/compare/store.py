#!/usr/bin/env python3
"""scikit-learn on the very training set and gold set of a store's newest fine-tuning run.

    store.py STORE

Prints one JSON object: accuracy and macro F1 on both halves of the newest gold version, seconds of training. Needs
scikit-learn. The recipe: TF-IDF (sublinear, L2) of word 1-2-grams and of character 2-5-grams within words, LinearSVC C=1.
"""
import json, sqlite3, sys, time

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import accuracy_score, f1_score
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.svm import LinearSVC


def main():
    db = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
    up_to, = db.execute("SELECT decision FROM release ORDER BY id DESC LIMIT 1").fetchone()
    merged = dict(db.execute("SELECT id, merged_into FROM intent WHERE merged_into IS NOT NULL"))
    retired = {i for i, in db.execute("SELECT id FROM intent WHERE state = 1")}

    def today(intent):
        while intent in merged:
            intent = merged[intent]
        return intent

    labels = db.execute(
        """SELECT t.text, l.after FROM (SELECT subject, turn, after, max(id) FROM decision WHERE kind = 1 AND id <= ?
             GROUP BY subject, turn) l JOIN conversation c ON c.id = l.subject
           JOIN turn t ON t.id = (l.subject << 20 | l.turn)
           WHERE c.part = 0 AND c.traffic = 1 AND t.payload = 0 AND t.role = 1 AND l.after IS NOT NULL
             AND t.id NOT IN (SELECT turn FROM held_out) ORDER BY t.id""", (up_to,))
    train = [(text, today(int(ids.split(",")[0]))) for text, ids in labels]
    examples = db.execute("SELECT text, intent FROM example WHERE intent IS NOT NULL")
    train += [(text, today(intent)) for text, intent in examples]
    train = [(text, intent) for text, intent in train if intent not in retired]
    vectors = FeatureUnion([
        ("words", TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)),
        ("chars", TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)),
    ])
    model = make_pipeline(vectors, LinearSVC(C=1))
    began = time.time()
    model.fit([t for t, _ in train], [y for _, y in train])
    out = {"trained_on": len(train), "train_seconds": round(time.time() - began, 2)}
    for name, half in (("open", 1), ("sealed", 2)):
        rows = db.execute(
            """SELECT t.text, g.intents FROM gold_item g JOIN turn t ON t.id = g.turn
               WHERE g.version = (SELECT max(version) FROM gold_version) AND g.half = ?""", (half,)).fetchall()
        if not rows:
            continue
        gold = [[today(int(i)) for i in ids.split(",")] for _, ids in rows]
        guess = model.predict([t for t, _ in rows])
        # Any listed intent counts as right; macro F1 uses the primary one.
        right = [g[0] if p in g else p for p, g in zip(guess, gold)]
        primary = [g[0] for g in gold]
        out[name] = {"n": len(rows), "accuracy": accuracy_score(primary, right),
                     "macro_f1": f1_score(primary, right, average="macro", labels=sorted(set(primary)), zero_division=0)}
    print(json.dumps(out))


main()
