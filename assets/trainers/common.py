"""The protocol of README.md, for trainers in Python: read what is given, write what is asked for, serve lines."""

import json
import os
import pathlib
import sys


def lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


class Given:
    """What a run is given, and where its answers go."""

    def __init__(self, directory):
        self.dir = pathlib.Path(directory)
        self.config = json.loads((self.dir / "config.json").read_text(encoding="utf-8"))
        self.seed, self.options = self.config["seed"], self.config["options"]
        train = lines(self.dir / "train.jsonl")
        self.texts = [row["text"] for row in train]
        self.intents = [row["intent"] for row in train]
        self.groups = [row["group"] for row in train]
        self.gold = [row["text"] for row in lines(self.dir / "gold.jsonl")]
        self.artefact = self.dir / "artefact"

    def write(self, name, rankings):
        """`rankings`: for each text, in order, its best intents with their confidences."""
        with open(self.dir / name, "w", encoding="utf-8") as file:
            for id, ranking in enumerate(rankings):
                file.write(json.dumps(answer(id, ranking)) + "\n")


def answer(id, ranking):
    """Confidences a hair above 1 are rounding; they are cut off, not refused."""
    ranking = [{"intent": intent, "confidence": min(1.0, max(0.0, float(p)))} for intent, p in ranking]
    first = ranking[0] if ranking else {"intent": None}
    return {"id": id, **first, "ranking": ranking}


def tell(progress, note):
    print(json.dumps({"progress": progress, "note": note}), flush=True)


def best(intents, probabilities, n=5):
    """The best intents of a row of probabilities."""
    order = sorted(range(len(intents)), key=lambda i: -probabilities[i])[:n]
    return [(intents[i], probabilities[i]) for i in order]


def questions():
    """The questions that have come by now, together: who needs a job for an answer needs one for many of them."""
    rest = b""
    while chunk := os.read(sys.stdin.fileno(), 1 << 16):
        *lines, rest = (rest + chunk).split(b"\n")
        if lines:
            yield [json.loads(line) for line in lines]


def main(train, load):
    """`train(given)` learns and writes; `load(directory)` gives a function from texts to their rankings."""
    if len(sys.argv) != 3 or sys.argv[1] not in ("train", "serve"):
        sys.exit(f"usage: {sys.argv[0]} train|serve DIR")
    if sys.argv[1] == "train":
        return train(Given(sys.argv[2]))
    ask = load(pathlib.Path(sys.argv[2]))
    for asked in questions():
        for question, ranking in zip(asked, ask([question["text"] for question in asked])):
            print(json.dumps(answer(question["id"], ranking)))
        sys.stdout.flush()
