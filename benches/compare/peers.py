#!/usr/bin/env python3
"""appraise beside scikit-learn and fastText, on the same files, on this machine, in one run.

    benches/compare/peers.py --set BANKING77 train.csv test.csv [--set NAME TRAIN TEST ...] [--encoder NAME ...]
    benches/compare/peers.py --growth train.csv        # cost at 1, 4, 16 times the data and at 1,000 intents

Installs the peers into a virtual environment of its own (`target/peers`), builds nothing: `cargo build --release` comes
first. Runs take turns, so that a busy machine slows all alike; times are the best of `--rounds`. Prints Markdown.

- Training: wall time from texts in memory to a model that predicts. Ours includes what the peers do not do: choosing the
  settings, calibration and the out-of-scope threshold by cross-validation.
- A prediction: one text at a time, mean over the test file (peers: over its first 300 texts).
- appraise: two threads. scikit-learn: our n-grams and LinearSVC as it comes (one thread; it has no more). fastText: two
  threads, word pairs, characters 2-4, rate 0.5 and 25 epochs; below 5,000 texts rate 1 and 100 epochs, without which it
  learns next to nothing (settings compared on training files).
"""

import argparse
import csv
import json
import os
import pathlib
import platform
import random
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
VENV = ROOT / "target" / "peers"
NEEDS = ["scikit-learn", "fasttext"]


def in_venv():
    """Runs this very command inside the virtual environment with the peers."""
    python = VENV / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *NEEDS], check=True)
    os.execv(python, [str(python), __file__, *sys.argv[1:]])


def ours(binary, train, test, encoder, oos=None):
    """What `appraise evaluate` says, and the most memory it held in MB."""
    out = tempfile.TemporaryFile()
    command = [binary, "--json", "evaluate", "--train", train, "--test", test, "--encoder", encoder]
    process = subprocess.Popen(command + (["--oos", oos] if oos else []), stdout=out, env={**os.environ, "RAYON_NUM_THREADS": "2"})
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(map(str, command))} failed")
    out.seek(0)
    report = json.load(out)
    return {"accuracy": report["accuracy"], "train": report["train_seconds"], "predict": report["predict_us"],
            "ece": report["ece"], "memory": usage.ru_maxrss / 1024}


def single(predict, texts):
    """Microseconds a prediction, one text at a time."""
    texts = texts[:300]
    start = time.perf_counter()
    for text in texts:
        predict(text)
    return 1e6 * (time.perf_counter() - start) / len(texts)


def scikit_learn(train, test):
    """Our features, LinearSVC."""
    from intents import pipeline, read
    texts, intents = read(train)
    model = pipeline()
    start = time.perf_counter()
    model.fit(texts, intents)
    seconds = time.perf_counter() - start
    texts, gold = read(test)
    right = sum(a == b for a, b in zip(model.predict(texts), gold))
    return {"accuracy": right / len(gold), "train": seconds, "predict": single(lambda t: model.predict([t]), texts)}


def plain(text):
    """Lower case, one line."""
    return " ".join(text.lower().split())


def fast_text(train, test):
    """fastText's supervised classifier."""
    import fasttext
    from intents import read
    fasttext.FastText.eprint = lambda _: None
    texts, intents = read(train)
    rate, epochs = (1.0, 100) if len(texts) < 5000 else (0.5, 25)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "train.txt")
        with open(path, "w", encoding="utf-8") as f:
            f.writelines(f"__label__{i.replace(' ', '_')} {plain(t)}\n" for t, i in zip(texts, intents))
        start = time.perf_counter()
        model = fasttext.train_supervised(path, lr=rate, epoch=epochs, wordNgrams=2, minn=2, maxn=4, thread=2, verbose=0)
        seconds = time.perf_counter() - start
    texts, gold = read(test)
    # The low-level call: the wrapper of 0.9.3 fails with numpy 2.
    guess = lambda text: model.f.predict(plain(text) + "\n", 1, 0.0, "strict")[0][1]
    right = sum(guess(t) == f"__label__{g.replace(' ', '_')}" for t, g in zip(texts, gold))
    return {"accuracy": right / len(gold), "train": seconds, "predict": single(guess, texts)}


def machine():
    """One line on what this was measured with."""
    import sklearn
    from importlib.metadata import version
    cpu = platform.processor()
    if os.path.exists("/proc/cpuinfo"):
        cpu = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), cpu)
    return (f"{cpu}, {os.cpu_count()} cores, {platform.system()}; Python {platform.python_version()}, "
            f"scikit-learn {sklearn.__version__}, fastText {version('fasttext')}")


def compare(a):
    """The table of learners."""
    peers = {"scikit-learn": scikit_learn, "fastText": fast_text}
    rows = []
    for name, train, test in a.set:
        runs = {f"appraise, {e}": (lambda train, test, e=e: ours(a.bin, train, test, e)) for e in a.encoder} | peers
        found = {who: [] for who in runs}
        for _ in range(a.rounds):
            for who, run in runs.items():
                found[who].append(run(train, test))
        best = {who: {k: min(r[k] for r in all) for k in ("train", "predict")} | {"accuracy": all[0]["accuracy"], "ece": all[0].get("ece")}
                for who, all in found.items()}
        svm = best["scikit-learn"]
        for who, b in best.items():
            ece = f"{100 * b['ece']:.1f} %" if b["ece"] is not None else "–"
            rows.append(f"| {name} | {who} | {100 * b['accuracy']:.1f} % | {ece} | {b['train']:.2f} s | {svm['train'] / b['train']:.1f}x "
                        f"| {b['predict']:.0f} µs | {svm['predict'] / b['predict']:.0f}x |")
    print(machine() + "\n")
    print("| data | learner | accuracy | calibration error | training | against scikit-learn | a prediction | against scikit-learn |")
    print("|---|---|---:|---:|---:|---:|---:|---:|")
    print("\n".join(rows))


def noisy(text, rng):
    """The text with a word left out or two swapped."""
    words = text.split()
    if len(words) > 2:
        at = rng.randrange(len(words) - 1)
        if rng.random() < 0.5:
            del words[at]
        else:
            words[at], words[at + 1] = words[at + 1], words[at]
    return " ".join(words)


def grown(rows, times, rng):
    """`rows` and noisy copies of them, `times` as many."""
    return rows + [(noisy(text, rng), intent) for _ in range(times - 1) for text, intent in rows]


def many_intents(rows, wanted):
    """Copies of each intent, told apart by a product that they name, until there are `wanted` intents."""
    intents = sorted({i for _, i in rows})
    out = []
    for place in range(wanted):
        copy, intent = divmod(place, len(intents))
        product = "".join(chr(97 + (7 * copy + k) * 5 % 26) for k in range(5))
        out += [(f"{text} {product}" if copy else text, f"{intent} {product}") for text, i in rows if i == intents[intent]]
    return out


def growth(a):
    """What training costs as the data grows."""
    rng = random.Random(1)
    with open(a.growth, newline="", encoding="utf-8") as f:
        rows = [(r["text"], r["intent"]) for r in csv.DictReader(f)]
    sets = {f"{n} times": grown(rows, n, rng) for n in (1, 4, 16)} | {"1,000 intents": many_intents(rows, 1000)}
    print(machine() + "\n")
    print("| data | texts | intents | training | a thousand texts | memory | a prediction |\n|---|---:|---:|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        for name, data in sets.items():
            path = os.path.join(folder, "train.csv")
            with open(path, "w", newline="", encoding="utf-8") as f:
                csv.writer(f).writerows([("text", "intent"), *data])
            test = os.path.join(folder, "test.csv")
            with open(test, "w", newline="", encoding="utf-8") as f:
                csv.writer(f).writerows([("text", "intent"), *rng.sample(data, 1000)])
            runs = [ours(a.bin, path, test, a.encoder[0]) for _ in range(a.rounds)]
            train, predict, memory = (min(r[k] for r in runs) for k in ("train", "predict", "memory"))
            print(f"| {name} | {len(data):,} | {len({i for _, i in data}):,} | {train:.1f} s | {1000 * train / len(data):.2f} s "
                  f"| {memory:.0f} MB | {predict:.0f} µs |", flush=True)


def main():
    """Command line."""
    if pathlib.Path(sys.prefix).resolve() != VENV.resolve():
        in_venv()
    sys.path.insert(0, str(HERE))
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--set", nargs=3, action="append", metavar=("NAME", "TRAIN", "TEST"), help="may be given several times")
    p.add_argument("--growth", metavar="TRAIN", help="measure how cost grows instead")
    p.add_argument("--encoder", action="append", help="none, static (default) or an added encoder; may be given several times")
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("--bin", default=ROOT / "target" / "release" / "appraise")
    a = p.parse_args()
    a.encoder = a.encoder or ["static"]
    if bool(a.set) == bool(a.growth):
        p.error("give --set (once or more) or --growth")
    growth(a) if a.growth else compare(a)


if __name__ == "__main__":
    main()
