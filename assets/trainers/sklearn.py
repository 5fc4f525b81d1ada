"""scikit-learn as a trainer of appraise: words and characters, TF-IDF, logistic regression. See README.md."""

import pathlib
import pickle
import sys

# This file is called like the package: without its directory in front, the package is found.
sys.path = [p for p in sys.path if pathlib.Path(p or ".").resolve() != pathlib.Path(__file__).resolve().parent]
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline, make_union

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from common import best, main, tell


def model(options, seed):
    return make_pipeline(
        make_union(
            TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2)),
            TfidfVectorizer(sublinear_tf=True, analyzer="char_wb", ngram_range=(2, 4)),
        ),
        LogisticRegression(C=options.get("C", 100.0), max_iter=1000, random_state=seed),
    )


def rankings(model, texts):
    intents = list(model.classes_)
    return [best(intents, row) for row in model.predict_proba(texts)] if texts else []


def out_of_fold(given):
    """Each text by a model that has seen nothing of its customer. None where there are too few customers."""
    folds = min(given.options.get("folds", 5), len(set(given.groups)))
    if folds < 2:
        return None
    answers = [None] * len(given.texts)
    parts = list(GroupKFold(folds).split(given.texts, groups=given.groups))
    for k, (seen, hidden) in enumerate(parts):
        tell((k + 1) / (folds + 1), f"fold {k + 1} of {folds}")
        if len({given.intents[i] for i in seen}) < 2:
            return None
        part = model(given.options, given.seed).fit([given.texts[i] for i in seen], [given.intents[i] for i in seen])
        for i, ranking in zip(hidden, rankings(part, [given.texts[i] for i in hidden])):
            answers[i] = ranking
    return answers


def train(given):
    tell(0.0, "learning from all labels")
    trained = model(given.options, given.seed).fit(given.texts, given.intents)
    given.write("predictions.jsonl", rankings(trained, given.gold))
    hidden = out_of_fold(given)
    if hidden:
        given.write("out_of_fold.jsonl", hidden)
    # The store keeps it with its SHA-256; it is only ever read back by this program.
    (given.artefact / "model.pickle").write_bytes(pickle.dumps(trained))


def load(directory):
    trained = pickle.loads((directory / "model.pickle").read_bytes())
    return lambda texts: rankings(trained, texts)


if __name__ == "__main__":
    main(train, load)
