"""An exported model, read without appraise, beside `appraise predict`.

    benches/compare/export.py STORE [--release R]        # just export, and CI

Exports the release of a store into a temporary directory, asks both sides the same texts, bare and after an answer of the AI's, and fails
where an intent differs, or a confidence or `sentiment` by more than 1e-4. Installs NumPy into `target/peers-statistics`. APPRAISE names another program than the release build.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
VENV = ROOT / "target" / "peers-statistics"
CLOSE = 1e-4
# Beside what customers said: nothing, signs, other scripts, invisible characters, long words, doubled blanks.
ODD = ["?", "👍", "12,50 €", "Πού είναι η παραγγελία μου;", "ΠΑΡΑΓΓΕΛΙΑ ΌΛΟΥΣ", "Wo bleibt meine Erstattung für Größe XL?",
       "re\u200bfund  my\u00a0money", "a" * 300, "İstanbul café naïve", "don't/can't_do#this", "где мой заказ", "x\u0301 e\u0301t\u00e9"]
# What customers say of how they feel, and what the AI had said before.
FELT = ["great, thank you so much", "ευχαριστώ πολύ", "efxaristo poli", "thanks for nothing", "ευχαριστώ για το τίποτα", "not great", "👍", "perfect 😡",
        "thanks, can you also send it?", "THIS IS USELESS!!", "δεν δουλεύει τίποτα", "again the same, it is wrong", "no", "ok"]
ANSWERS = ["Done, your booking is confirmed.", "Sorry, I could not find it.", "Δυστυχώς δεν μπορώ να το βρω."]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store")
    parser.add_argument("--release", default="newest")
    args = parser.parse_args()
    inside = VENV / "bin" / "python"
    if not inside.exists():
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
    subprocess.run([inside, "-m", "pip", "install", "--quiet", "numpy"], check=True)
    appraise = [os.environ.get("APPRAISE", ROOT / "target" / "release" / "appraise"), "--store", args.store]

    def run(*command, input=None):
        done = subprocess.run(command, input=input, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"{' '.join(map(str, command))} failed: {done.stderr}")
        return done.stdout

    queue = json.loads(run(*appraise, "queue", "--all", "--limit", "1000", "--json"))
    texts = sorted({row["text"].replace("\n", " ") for row in queue if row["text"]}) + ODD
    after = [{"text": text, "history": [ANSWERS[i % len(ANSWERS)]]} for i, text in enumerate(texts + FELT * len(ANSWERS))]
    asked = texts + [json.dumps(line, ensure_ascii=False) for line in after]
    lines = "".join(line + "\n" for line in asked)
    with tempfile.TemporaryDirectory() as directory:
        out = pathlib.Path(directory) / "model"
        run(*appraise, "export", "model", "--out", out, "--release", args.release, "--reveal")
        theirs = [json.loads(line) for line in run(inside, out / "read_model.py", input=lines).splitlines()]
        size = sum(f.stat().st_size for f in out.iterdir())
    ours = [json.loads(line) for line in run(*appraise, "predict", "--release", args.release, input=lines).splitlines()]
    assert len(ours) == len(theirs) == len(asked), (len(ours), len(theirs), len(asked))
    wrong, farthest, felt = [], 0.0, 0.0
    for a, b, line in zip(ours, theirs, asked):
        if ("sentiment" in a) != ("sentiment" in b):
            wrong.append(f"{line!r}: sentiment {a.get('sentiment')}, read {b.get('sentiment')}")
        elif "sentiment" in a:
            apart = abs(a["sentiment"] - b["sentiment"])
            felt = max(felt, apart)
            if apart > CLOSE:
                wrong.append(f"{line!r}: sentiment {a['sentiment']:.5f}, read {b['sentiment']:.5f}")
        if a["intent"] is None or b["intent"] is None:
            if a["intent"] is not b["intent"] or a["response"] is not b["response"] or a["out_of_scope"] != b["out_of_scope"]:
                wrong.append(f"{a['text']!r}: {a['intent']}, read {b['intent']}")
            continue
        apart = abs(a["confidence"] - b["confidence"])
        farthest = max(farthest, apart)
        # Two intents as good as each other may stand in either order.
        tie = len(a["ranking"]) > 1 and a["ranking"][0]["confidence"] - a["ranking"][1]["confidence"] < CLOSE
        if apart > CLOSE or (a["intent"] != b["intent"] and not tie) or a["out_of_scope"] != b["out_of_scope"] or (
                a["response"] != b["response"] and not tie):
            wrong.append(f"{a['text']!r}: {a['intent']} {a['confidence']:.5f} {a['out_of_scope']}, read {b['intent']} {b['confidence']:.5f} {b['out_of_scope']}")
    print(f"{len(asked)} texts, {size:,} bytes, confidences at most {farthest:.1e} apart, sentiment {felt:.1e}")
    sys.exit("\n".join(wrong[:10]) if wrong else 0)


if __name__ == "__main__":
    main()
