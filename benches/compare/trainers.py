"""The trainers of assets/trainers beside the built-in classifier, on one store.

    benches/compare/trainers.py STORE [--confirm]              # just peers STORE
    benches/compare/trainers.py STORE --only sklearn           # CI

Works on a copy: the store stays as it is. Installs what the trainers need into `target/trainers` and runs `appraise finetune --trainer
NAME` for each with the release binary (APPRAISE names another), then compares each with the built-in candidate and asks it texts
through its kept artefact. `--confirm` has comparison.py compute each of these comparisons anew from the gold labels and what
`predict` says, which asks Spark for a fifth of a second a text. Prints Markdown; fails when a trainer does, or a figure is another.
"""

import argparse
import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
VENV = ROOT / "target" / "trainers"
# What comparison.py needs.
ANEW = ["scipy", "statsmodels", "scikit-learn"]
NEEDS = {"sklearn": "scikit-learn", "fasttext": "fasttext-numpy2-wheel", "spark": "pyspark"}


def python(packages):
    """A Python that has these."""
    inside = VENV / "bin" / "python"
    if not inside.exists():
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
    subprocess.run([inside, "-m", "pip", "install", "--quiet", *packages], check=True)
    return inside


def copy(store, to):
    """A copy of a store that somebody may be working on."""
    source, target = sqlite3.connect(f"file:{store}?mode=ro", uri=True), sqlite3.connect(to)
    source.backup(target)
    target.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store")
    parser.add_argument("--only", nargs="+", choices=NEEDS, default=list(NEEDS))
    parser.add_argument("--confirm", action="store_true")
    args = parser.parse_args()
    appraise = os.environ.get("APPRAISE", ROOT / "target" / "release" / "appraise")
    interpreter = python([NEEDS[n] for n in args.only] + (ANEW if args.confirm else []))
    with tempfile.TemporaryDirectory() as directory:
        here = pathlib.Path(directory)
        copy(args.store, here / "store.db")
        lines = [f'{n} = {{ command = ["{interpreter}", "{ROOT}/assets/trainers/{n}.py"], limit = 1800 }}' for n in args.only]
        (here / "config.toml").write_text("[trainer]\n" + "\n".join(lines) + "\n")

        def run(*words, input=None):
            command = [appraise, "--store", here / "store.db", "--config", here / "config.toml", *words]
            done = subprocess.run(command, input=input, capture_output=True, text=True)
            # 3: the gate refuses the candidate, which is kept.
            if done.returncode not in (0, 3):
                sys.exit(f"{' '.join(map(str, words))} failed: {done.stderr}")
            return done.stdout

        def judged(*words):
            return json.loads(run("finetune", "--from", "scratch", "--json", *words))

        print("| trainer | accuracy | macro F1 | calibration error | verdict against built-in | training | a text |")
        print("|---|---:|---:|---:|---|---:|---:|")
        own, confirmed = judged(), []
        figures = lambda c: f"{c['after']['accuracy']:.1%} of {c['after']['n']} | {c['after']['macro_f1']:.3f} | {c['after']['ece'] or 0:.1%}"
        print(f"| built in | {figures(own)} | | {own['train_seconds']:.1f} s | |", flush=True)
        for name in args.only:
            result = judged("--trainer", name)
            against = json.loads(run("compare", f"v{own['release']}", f"v{result['release']}", "--json"))
            assert against["left_out"]["not_measured"] == 0
            texts = [flip["text"] for flip in result["open"]["flips"]][:50] or ["hello"]
            began = time.perf_counter()
            answers = [json.loads(line) for line in
                       run("predict", "--release", f"v{result['release']}", input="".join(json.dumps({"text": t}) + "\n" for t in texts)).splitlines()]
            each = (time.perf_counter() - began) / len(texts)
            assert len(answers) == len(texts) and all(a["release"] == result["release"] and a["intent"] for a in answers), answers
            print(f"| {name} | {figures(result)} | {against['verdict'].replace('_', ' ')} | {result['train_seconds']:.1f} s "
                  f"| {each * 1000:.0f} ms with its start |", flush=True)
            if args.confirm:
                script = pathlib.Path(__file__).with_name("comparison.py")
                sides = [f"v{own['release']}", f"v{result['release']}", here / "config.toml"]
                anew = subprocess.run([interpreter, script, appraise, here / "store.db", *sides], capture_output=True, text=True)
                if anew.returncode:
                    sys.exit(f"{name}: {anew.stdout}{anew.stderr}")
                confirmed.append(f"{name}: {len(anew.stdout.splitlines()) - 2} figures")
        if confirmed:
            print(f"\nComputed anew and equal: {', '.join(confirmed)}.")


if __name__ == "__main__":
    main()
