"""The jobs of assets/sampling on real logs: counts and samples against importing everything.

    benches/compare/sampling.py LOG.jsonl.gz… [--draws 100] [--without-spark]     # just peers-sampling

For each log (canonical JSON lines; those without times are spread over four weeks): DuckDB and Spark (local-cluster mode) count all of it
and draw a sample; a store with counts and sample must give the rates of a store with everything, to the last one. Then the rates of
samples alone, weighted: the share of draws whose 95 % interval holds the rate of the whole log. Installs the peers into
target/peers/sampling. Prints Markdown; fails when counts differ, or the intervals hold less often than they say.
"""

import argparse
import concurrent.futures
import gzip
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
VENV = ROOT / "target" / "peers" / "sampling"
JOBS = ROOT / "assets" / "sampling"
sys.path.insert(0, str(JOBS))
NOW = "2026-06-01T00:00:00Z"
MONDAY = 1_777_852_800_000  # 2026-05-04
RATES = ("resolution", "escalation", "failure", "abandonment", "csat", "csat_response", "fallback", "unknown")
# Draws keep failures and half of the test groups: of the smallest log still some twenty.
AUDIT = 0.5


def python(spark):
    inside = VENV / "bin" / "python"
    if not inside.exists():
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
    subprocess.run([inside, "-m", "pip", "install", "--quiet", "duckdb", "numpy", *(["pyspark"] if spark else [])], check=True)
    return inside


def prepared(path, to):
    """The log with times, and without the outcomes that rules can derive."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines, open(to, "w", encoding="utf-8") as out:
        for line in lines:
            c = json.loads(line)
            spread = int.from_bytes(hashlib.sha256(c["id"].encode()).digest()[:4], "little") / 2**32
            if not c.get("ended_at") and not any(t.get("at") for t in c["turns"]):
                c["ended_at"] = int(MONDAY + spread * 28 * 86_400_000)
            # Where only customers were kept, an answer follows each of them: rates are of conversations with the AI.
            if not any(t["role"] == "bot" for t in c["turns"]):
                c["turns"] = [t for turn in c["turns"] for t in (turn, {"role": "bot", "text": "I see."})][: 2 * len(c["turns"]) - 1]
            # Half of them as if the log said nothing of how they ended.
            if spread * 1000 % 1 < 0.5:
                c.pop("outcome", None)
            out.write(json.dumps(c, ensure_ascii=False) + "\n")


def appraise(store, *words):
    program = os.environ.get("APPRAISE", ROOT / "target" / "release" / "appraise")
    command = [program, "--store", store, "--now", NOW, "--seed", "7", "--json", *words]
    done = subprocess.run([str(w) for w in command], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: {done.stderr}")
    return json.loads(done.stdout) if done.stdout.strip() else None


def shown(stats):
    """What must be equal."""
    by = [(w["week"], w["n"], w["outcomes"], w["rates"]) for w in stats["weeks"]]
    rates = {k: v for k, v in stats["rates"].items() if k in RATES}
    return stats["n"], stats["outcomes"], rates, by, {k: stats["excluded"][k] for k in ("unknown", "pending")}


def counted(interpreter, job, log, here, whole):
    """The figures of a store that has a job's counts and sample; the summary."""
    out, store = here / f"{job}-out", here / f"{job}.db"
    store.unlink(missing_ok=True)
    appraise(store, "import", log, "--dry-run")
    # A store to take the split from; its seed is that of the whole one.
    appraise(store, "import", here / "one.jsonl")
    subprocess.run(["rm", "-f", here / "split.json"], check=True)
    appraise(store, "export", "audit-split", "--out", here / "split.json")
    master = ["--master", "local-cluster[2,1,512]"] if job == "spark" else []
    command = [interpreter, JOBS / f"{job}.py", log, "--split", here / "split.json", "--out", out, "--week", "all", "--now", NOW,
               "--source", "lake", *master]
    done = subprocess.run([str(w) for w in command], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{job}: {done.stderr[-3000:]}")
    store.unlink()
    appraise(store, "import", out / "sample.jsonl", "--source", "lake")
    appraise(store, "import", "--traffic", out / "counts.jsonl")
    stats = appraise(store, "stats")
    if shown(stats) != shown(whole):
        for a, b in zip(shown(stats), shown(whole)):
            if a != b:
                print(f"{job}:\n  counted {json.dumps(a)[:2000]}\n  whole   {json.dumps(b)[:2000]}", file=sys.stderr)
        sys.exit(f"{job}: the rates of all traffic are others than those of the whole log")
    return json.load(open(out / "summary.json")), stats["all_traffic"], (out / "counts.jsonl").read_text(), (out / "sample.jsonl").read_text()


def covered(log, here, whole, draws):
    """How many draws' intervals hold the whole log's rate, by rate."""
    from rules import Rules

    def rules(i):
        salt = hashlib.sha256(f"salt {i}".encode()).digest()[:8].hex()
        return Rules({"source": "lake", "now": 1_780_272_000_000, "salt": salt, "share": 0.2, "failures": 1.0, "audit": AUDIT, "seed": i})

    # What no draw changes is found out once.
    told = [t for t in map(rules(0).told, open(log, encoding="utf-8")) if t[2] is not None]

    def draw(i):
        rule, sample, store = rules(i), here / f"draw{i}.jsonl", here / f"draw{i}.db"
        with open(sample, "w", encoding="utf-8") as out:
            out.writelines(line + "\n" for line in (rule.drawn(*t) for t in told) if line)
        appraise(store, "import", sample, "--source", "lake")
        stats = appraise(store, "stats")
        for left in here.glob(f"draw{i}.*"):
            left.unlink()
        return {r: stats["rates"][r]["lo"] <= value(whole, r) <= stats["rates"][r]["hi"] for r in RATES if whole["rates"][r]["num"]}

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        found = list(pool.map(draw, range(draws)))
    return {r: sum(f[r] for f in found) for r in found[0]}


def value(stats, rate):
    return stats["rates"][rate]["num"] / stats["rates"][rate]["den"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("logs", nargs="+", type=pathlib.Path)
    parser.add_argument("--draws", type=int, default=100)
    parser.add_argument("--without-spark", action="store_true")
    args = parser.parse_args()
    interpreter = python(not args.without_spark)
    held = asked = 0
    print("| log | conversations | counted by | drawn | reviewed of | rates that intervals of a sample hold, of", args.draws, "draws |")
    print("|---|---|---|---|---|---|")
    for path in args.logs:
        with tempfile.TemporaryDirectory() as directory:
            here = pathlib.Path(directory)
            log = here / "log.jsonl"
            prepared(path, log)
            (here / "one.jsonl").write_text('{"id":"one","turns":[{"role":"user","text":"hi"},{"role":"bot","text":"hello"}]}\n')
            appraise(here / "whole.db", "import", log, "--source", "lake")
            whole = appraise(here / "whole.db", "stats")
            jobs = {job: counted(interpreter, job, log, here, whole) for job in ("duck", *(["spark"] if not args.without_spark else []))}
            if len({j[2:] for j in jobs.values()}) != 1:
                sys.exit(f"{path}: the jobs differ")
            summary, traffic = jobs["duck"][:2]
            found = covered(log, here, whole, args.draws) if args.draws else {}
            held, asked = held + sum(found.values()), asked + args.draws * len(found)
            print(f"| {path.name} | {summary['conversations']} | {', '.join(jobs)} | {summary['drawn']} | {whole['n']} | "
                  f"{', '.join(f'{r} {n}' for r, n in found.items())} |", flush=True)
            assert traffic["weeks"], traffic
    if asked:
        print(f"\nIntervals held the rate of the whole log in {held} of {asked} ({100 * held / asked:.1f} %).")
        if held < 0.95 * asked:
            sys.exit("that is less often than they say")


if __name__ == "__main__":
    main()
