"""fastText as a trainer of appraise. See README.md. fastText draws at random across threads: one thread gives the same model twice."""

import pathlib
import sys

# This file is called like the package: without its directory in front, the package is found.
sys.path = [p for p in sys.path if pathlib.Path(p or ".").resolve() != pathlib.Path(__file__).resolve().parent]
import fasttext

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from common import main, tell

LABEL = "__label__"


def plain(text):
    """One line, lower case; a word of the text that looks like a label is none."""
    return " ".join(text.lower().replace(LABEL, " ").split())


def ranking(model, names, text):
    # The package's own `predict` does not work with NumPy 2; what it wraps does.
    found = model.f.predict(plain(text) + "\n", 5, 0.0, "strict")
    return [(names[int(label.removeprefix(LABEL))], p) for p, label in found]


def train(given):
    names = sorted(set(given.intents))
    number = {name: n for n, name in enumerate(names)}
    tell(0.1, "learning from all labels")
    file = given.dir / "fasttext.txt"
    rows = (f"{LABEL}{number[intent]} {plain(text)}\n" for intent, text in zip(given.intents, given.texts))
    file.write_text("".join(rows), encoding="utf-8")
    # Few texts need more rounds and larger steps.
    few = len(given.texts) < 5000
    defaults = {"epoch": 100 if few else 25, "lr": 1.0 if few else 0.5, "wordNgrams": 2, "dim": 100}
    settings = {**defaults, **given.options}
    trained = fasttext.train_supervised(
        str(file), minn=2, maxn=4, bucket=200_000, loss="softmax", thread=1, verbose=0, **settings)
    tell(0.9, "answering the test texts")
    given.write("predictions.jsonl", [ranking(trained, names, text) for text in given.gold])
    trained.save_model(str(given.artefact / "model.bin"))
    (given.artefact / "intents.txt").write_text("\n".join(names), encoding="utf-8")


def load(directory):
    trained = fasttext.load_model(str(directory / "model.bin"))
    names = (directory / "intents.txt").read_text(encoding="utf-8").split("\n")
    return lambda texts: [ranking(trained, names, text) for text in texts]


if __name__ == "__main__":
    main(train, load)
