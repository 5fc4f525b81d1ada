"""Trains the Greek table, `greek.bin`: pieces of the phonetic key, pointing where the English twin of a text points in `static.bin`.

    pip install numpy==2.4.6 onnx onnxruntime==1.32.0 safetensors==0.8.0 tokenizers==0.23.3 jax==0.10.2
    python greek.py ENCODER greek.json ../static.bin ../greek.bin

ENCODER is as for `distill.py`; greek.json comes from `greek_corpus.py`. The target of a Greek text is the encoder's vector of the English
one, turned into the directions of static.bin (the orthogonal Procrustes problem), so that one classifier serves both languages. The student
and its file are those of `distill.py`. The encoder's vectors are kept in greek.json.teacher.npz, since they take longest.
"""
import json
import os
import random
import struct
import sys
import time
from collections import Counter

import jax
import jax.numpy as jnp
import numpy as np
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

import distill
from distill import Teacher, asset, padded, student, step, tokenizer_of
from greek_key import keyed, spelled

SEED, ROWS, EPOCHS, BATCH, RATE = 1, 24_000, 8, 1024, 2e-3
WIDTH, HIDDEN, MOST_PIECES = 256, 512, 32
SPELLED = 0.35  # of the texts of an epoch, in Latin letters
BLEND = 0.4  # how much of the target is what static.bin itself says of the English side
HELD_OUT = 2048


class Static:
    """`static.bin`, in floats."""

    def __init__(self, path):
        data = open(path, "rb").read()
        width, hidden, count = struct.unpack("<HHI", data[14:22])
        at, self.pieces = 22, []
        for _ in range(count):
            n = data[at]
            self.pieces.append(data[at + 1:at + 1 + n].decode())
            at += 1 + n

        def rows(n, k):
            nonlocal at
            scale = np.frombuffer(data, "<f4", n, at)
            at += 4 * n
            levels = np.frombuffer(data, np.int8, n * k, at).reshape(n, k)
            at += n * k
            return levels * scale[:, None]

        self.p = {"E": rows(count, width), "W2": rows(hidden, width).T / 16}
        self.p["b2"] = np.frombuffer(data, "<f4", hidden, at)
        at += 4 * hidden
        self.p["W3"] = rows(width, hidden).T
        self.tokenizer = tokenizer_of(self.pieces)

    def embed(self, texts):
        ids = distill.cut(self.tokenizer, texts, len(self.pieces))
        one = jax.jit(student)
        return np.concatenate([one(self.p, padded(ids[at:at + 2048], len(self.pieces), MOST_PIECES)) for at in range(0, len(ids), 2048)])


def targets(directory, cache, texts):
    names, vectors = [], np.zeros((0, 384), np.float16)
    if os.path.exists(cache):
        kept = np.load(cache)
        names, vectors = [str(n) for n in kept["names"]], kept["vectors"]
    have = set(names)
    new = sorted(set(texts) - have)
    if new:
        vectors = np.concatenate([vectors, Teacher(directory, int8=True).embed(new).astype(np.float16)])
        names += new
        np.savez(cache, names=np.array(names), vectors=vectors)
    number = {name: i for i, name in enumerate(names)}
    return vectors[[number[t] for t in texts]].astype(np.float32)


def vocabulary(texts):
    """Pieces that make the keys most likely, each distinct key counted at most 60 times; those within a word are written `##`."""
    count = Counter(word for text in texts for word in text.split())
    words = [w for w, n in sorted(count.items()) for _ in range(min(n, 60))]
    t = Tokenizer(models.Unigram())
    t.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    letters = sorted(set("".join(count)))
    t.train_from_iterator(words, trainers.UnigramTrainer(vocab_size=ROWS - 2 * len(letters), unk_token="<unk>", special_tokens=["<unk>"], show_progress=False))
    pieces = [p for p in t.get_vocab() if p not in ("<unk>", "▁")]
    pieces = {p[1:] if p.startswith("▁") else "##" + p for p in pieces}
    pieces |= {c for c in letters} | {"##" + c for c in letters}
    return sorted(p for p in pieces if len(p.encode()) < 256)


def cut(pieces, texts):
    number = {p: i for i, p in enumerate(pieces)}
    longest, known = max(map(len, pieces)), {}

    def word(w):
        if w not in known:
            ids, at = [], 0
            while at < len(w):
                for end in range(min(len(w), at + longest), at, -1):
                    found = number.get(("##" if at else "") + w[at:end])
                    if found is not None:
                        break
                else:
                    ids = []
                    break
                ids.append(found)
                at = end
            known[w] = ids
        return known[w]

    return [np.array([i for w in text.split() for i in word(w)][:MOST_PIECES], np.int32) for text in texts]


def train(rows, goal, pieces, keys, spellings):
    rng, count = np.random.default_rng(SEED), len(pieces)
    weights = np.array([w for *_, w in rows], np.float32)
    order = rng.permutation(len(rows))
    held = np.array([i for i in order if rows[i][0] in ("tatoeba", "phrases")][:HELD_OUT])
    is_held = np.zeros(len(rows), bool)
    is_held[held] = True
    own, variants = cut(pieces, keys), [cut(pieces, s) for s in spellings]
    p = {
        "E": 0.05 * rng.standard_normal((count, WIDTH)), "b2": np.zeros(HIDDEN), "W2": rng.standard_normal((WIDTH, HIDDEN)) / np.sqrt(WIDTH),
        "W3": 0.01 * rng.standard_normal((HIDDEN, WIDTH)) / np.sqrt(HIDDEN),
    }
    p = {name: jnp.asarray(value, jnp.float32) for name, value in p.items()}
    state = (jax.tree.map(jnp.zeros_like, p), jax.tree.map(jnp.zeros_like, p), 0)
    lengths = np.array([len(x) for x in own])
    bounds = ((0, 4), (4, 8), (8, 16), (16, 32))
    pools = [(np.flatnonzero((lengths > a) & (lengths <= b) & ~is_held), min(b + 4, 32)) for a, b in bounds]
    total, done, began = EPOCHS * sum(len(pool) // BATCH for pool, _ in pools), 0, time.time()
    held_ids = padded([own[i] for i in held], count, MOST_PIECES)
    for epoch in range(EPOCHS):
        plan = []
        for at, (pool, _) in enumerate(pools):
            shuffled = rng.permutation(pool)
            plan += [(at, shuffled[j * BATCH:(j + 1) * BATCH]) for j in range(len(pool) // BATCH)]
        for which in rng.permutation(len(plan)):
            at, some = plan[which]
            done += 1
            rate = RATE * min(1, done / 50) * max(0.02, 1 - done / total)
            chosen = [variants[rng.integers(len(variants))][i] if rng.random() < SPELLED else own[i] for i in some]
            ids = padded([x[:pools[at][1]] for x in chosen], count, pools[at][1])
            p, state, _ = step(p, state, ids, goal[some] * weights[some][:, None], rate)
        cosine = float((student(p, held_ids) * goal[held]).sum(-1).mean())
        print(f"epoch {epoch}: held-out cosine {cosine:.4f}, {time.time() - began:.0f} s", flush=True)
    return {name: np.asarray(value) for name, value in p.items()}


def main():
    directory, corpus, static, out = sys.argv[1:5]
    dropped = [s for s in os.environ.get("WITHOUT", "").split(",") if s]
    rows = [r for r in json.load(open(corpus, encoding="utf-8")) if r[0] not in dropped]
    english = [r[2] for r in rows]
    teacher = targets(directory, os.environ.get("CACHE", corpus + ".teacher.npz"), english)
    table = Static(static)
    distinct = sorted(set(range(len(rows))))[::3]
    said = table.embed(english)
    u, _, v = np.linalg.svd(teacher[distinct].T @ said[distinct], full_matrices=False)
    goal = teacher @ (u @ v)
    goal /= np.linalg.norm(goal, axis=1, keepdims=True) + 1e-9
    print("cosine of the turned encoder and static.bin", float((goal * said).sum(1).mean()))
    goal = (1 - BLEND) * goal + BLEND * said
    goal /= np.linalg.norm(goal, axis=1, keepdims=True) + 1e-9
    rng = random.Random(SEED)
    keys = [keyed(r[1]) for r in rows]
    spellings = [[keyed(spelled(r[1], rng)) if " " in r[1] else k for r, k in zip(rows, keys)] for _ in range(2)]
    pieces = vocabulary(keys)
    data = asset(pieces, train(rows, goal, pieces, keys, spellings))
    with open(out, "wb") as f:
        f.write(data)
    print(len(data), "bytes, digest", data[6:14].decode(), "of", len(pieces), "pieces,", len(rows), "pairs")


if __name__ == "__main__":
    main()
