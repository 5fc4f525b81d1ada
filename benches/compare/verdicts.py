"""The program's statistics beside SciPy's and statsmodels' on random tables.

    benches/compare/verdicts.py [EXAMPLE] [--seed N]           # just statistics, and CI

EXAMPLE is the built `examples/statistics.rs` (default: target/debug/examples/statistics). Installs SciPy and statsmodels into
`target/peers-statistics`. Exact tests must agree to nine digits; bootstrap intervals within what drawing at random allows. Prints what
was compared and how far apart the farthest were; fails when a number is too far from theirs.
"""

import argparse
import itertools
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
VENV = ROOT / "target" / "peers-statistics"
# Relative.
EXACT = 1e-9
DRAWS = 40_000
# Standard error of the 2.5 % quantile of DRAWS normal draws, in standard deviations: sqrt(q (1 - q) / n) / density. Twice: both sides draw.
NOISE = (0.025 * 0.975 / DRAWS) ** 0.5 / 0.05845 * 2**0.5


def within_venv():
    """Goes on in a Python that has the libraries."""
    inside = VENV / "bin" / "python"
    if pathlib.Path(sys.prefix) == VENV:
        return
    if not inside.exists():
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
    subprocess.run([inside, "-m", "pip", "install", "--quiet", "numpy", "scipy", "statsmodels"], check=True)
    os.execv(inside, [str(inside), *sys.argv])


class Questions:
    """Everything that is asked, each with what must come out."""

    def __init__(self):
        self.lines, self.checks = [], []

    def ask(self, what, check, **of):
        self.lines.append(json.dumps({"ask": what, **of}))
        self.checks.append((what, of, check))

    def answers(self, program):
        done = subprocess.run([program], input="\n".join(self.lines) + "\n", capture_output=True, text=True, check=True)
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        assert len(answers) == len(self.lines), f"{len(answers)} answers to {len(self.lines)} questions"
        return answers


def main():
    within_venv()
    import numpy as np
    from scipy import stats
    from statsmodels.stats.contingency_tables import mcnemar
    from statsmodels.stats.multitest import multipletests
    from statsmodels.stats.proportion import proportion_confint

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("example", nargs="?", default=ROOT / "target" / "debug" / "examples" / "statistics")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rng, q = np.random.default_rng(args.seed), Questions()

    def table():
        size = int(10 ** rng.uniform(0, 3.5))
        share = rng.uniform(0.2, 0.8)
        fixed = int(rng.binomial(size, share))
        return fixed, size - fixed

    def clusters(n, most):
        sizes = rng.integers(1, most + 1, n)
        return [(int(rng.binomial(s, 0.25) - rng.binomial(s, 0.2) if s > 1 else rng.choice([-1, 0, 0, 0, 1])), int(s)) for s in sizes]

    for _ in range(300):
        fixed, broken = table()
        same = rng.integers(0, 500, 2)
        want = mcnemar([[int(same[0]), broken], [fixed, int(same[1])]], exact=True).pvalue
        q.ask("mcnemar", want, fixed=fixed, broken=broken)
        nets = [1] * min(fixed, 400) + [-1] * min(broken, 400)
        q.ask("sign_flip_worse", stats.binomtest(nets.count(-1), len(nets), 0.5, alternative="greater").pvalue, nets=nets)
        den = int(10 ** rng.uniform(0, 5))
        num = int(rng.choice([0, den, rng.integers(0, den + 1)], p=[0.05, 0.05, 0.9]))
        q.ask("wilson", list(proportion_confint(num, den, alpha=0.05, method="wilson")), num=num, den=den)
        p = rng.beta(0.4, 2.0, int(rng.integers(1, 30))).tolist()
        q.ask("holm", multipletests(p, method="holm")[1].tolist(), p=p)

    def flips(nets, alternative):
        return stats.permutation_test((np.array(nets),), np.sum, permutation_type="samples", n_resamples=np.inf,
                                      alternative=alternative).pvalue

    for _ in range(40):
        nets = rng.integers(-4, 5, int(rng.integers(2, 13))).tolist()
        q.ask("sign_flip", flips(nets, "two-sided"), nets=nets)
        q.ask("sign_flip_worse", flips(nets, "less"), nets=nets)
    for _ in range(40):
        # All 2^n signs, counted here: conversations of many turns, in which the order of sums is easily lost.
        nets = [int(x) for x in rng.integers(-30, 31, int(rng.integers(1, 15)))]
        sums = np.abs(np.array(list(itertools.product([-1, 1], repeat=len(nets)))) @ np.array(nets))
        q.ask("sign_flip", float(np.mean(sums >= abs(sum(nets)))), nets=nets)

    def interval(of):
        net, size = np.array(of).T
        ratio = lambda net, size, axis=-1: net.sum(axis=axis) / size.sum(axis=axis)
        drawn = stats.bootstrap((net, size), ratio, paired=True, vectorized=True, method="percentile",
                                n_resamples=DRAWS, batch=2_000, random_state=rng)
        return list(drawn.confidence_interval), float(drawn.standard_error), 1.0 / size.sum()

    for seed in range(25):
        of = clusters(int(rng.integers(40, 200)), int(rng.choice([1, 8])))
        q.ask("bootstrap", interval(of), clusters=of, draws=DRAWS, seed=seed)

    # Whole comparisons: the verdict follows from the tests on the same turns.
    for seed in range(30):
        drift, turns = rng.uniform(-0.06, 0.06), []
        for c in range(int(rng.integers(30, 120))):
            for _ in range(int(rng.integers(1, 7))):
                was = bool(rng.random() < 0.75)
                turns.append([c, int(rng.integers(1, 6)), was, was if rng.random() > 0.15 else bool(rng.random() < 0.5 + 4 * drift)])
        q.ask("compare", whole(np, mcnemar, multipletests, turns), turns=turns)

    report(np, q, q.answers(args.example))


def exact_flips(nets, two_sided=True):
    """The sign-flip test by adding up all sums, as a dictionary rather than an array; one-sided for the worse."""
    sums = {0: 1.0}
    for d in map(int, nets):
        after = {}
        for total, chance in sums.items():
            for to in (total + d, total - d):
                after[to] = after.get(to, 0.0) + chance / 2
        sums = after
    seen = sum(map(int, nets))
    as_far = lambda total: abs(total) >= abs(seen) if two_sided else total <= seen
    return min(1.0, sum(chance for total, chance in sums.items() if as_far(total)))


def whole(np, mcnemar, multipletests, turns):
    c, gold, was, is_ = (np.array(column) for column in zip(*turns))
    fixed, broken = int((~was & is_).sum()), int((was & ~is_).sum())
    nets = [int((is_[c == k].astype(int) - was[c == k].astype(int)).sum()) for k in sorted(set(c.tolist()))]
    tested, p = [], []
    for intent in sorted(set(gold.tolist())):
        at = gold == intent
        if at.sum() >= 20:
            tested.append(str(intent))
            p.append(exact_flips([int((is_[at & (c == k)].astype(int) - was[at & (c == k)].astype(int)).sum())
                                      for k in sorted(set(c[at].tolist()))], two_sided=False))
    bad = {i for i, adjusted in zip(tested, multipletests(p, method="holm")[1]) if adjusted < 0.05} if p else set()
    return {"p_value": mcnemar([[0, broken], [fixed, 0]], exact=True).pvalue, "p_cluster": exact_flips(nets),
            "delta": (fixed - broken) / len(turns), "n": len(turns), "bad": bad}


def report(np, q, answers):
    farthest, shifts, wrong = {}, [], []
    for (what, of, want), got in zip(q.checks, answers):
        if what == "bootstrap":
            want, deviation, grain = want
            # A quantile of few distinct values jumps by whole grains.
            units = [abs(g - w) / (NOISE * deviation + grain / 5) for g, w in zip(got, want)]
            shifts.append([(g - w) / deviation for g, w in zip(got, want)])
            far, fails = max(units), max(units) > 5
        elif what == "compare":
            far = max(off(got[k], want[k]) for k in ("p_value", "p_cluster", "delta"))
            lo, hi = got["ci95"]
            told = "cannot_tell" if want["n"] < 100 or want["p_cluster"] >= 0.05 else "better" if lo > 0 else "worse" if hi < 0 else "cannot_tell"
            named = {reason.split(" ")[0] for reason in got["refused"] if "Holm" in reason}
            fails = far > EXACT or got["verdict"] != told or named != want["bad"]
        else:
            pairs = zip(got, want) if isinstance(want, list) else [(got, want)]
            far = max(off(g, w) for g, w in pairs)
            fails = far > EXACT
        n, most = farthest.get(what, (0, 0.0))
        farthest[what] = (n + 1, max(most, far))
        if fails:
            wrong.append(f"{what} {json.dumps(of)[:300]}: {got}, theirs {want}")
    # One table is noisy; an interval that is always too narrow is not.
    bias = np.mean(shifts, axis=0)
    print("| asked | tables | farthest apart |\n|---|---:|---:|")
    for what, (n, most) in farthest.items():
        print(f"| {what} | {n} | {most:.1e}{' standard errors' if what == 'bootstrap' else ''} |")
    print(f"\nends of the bootstrap intervals, ours minus SciPy's, mean of {len(shifts)}: {bias[0]:+.4f} and {bias[1]:+.4f} standard deviations")
    if max(abs(bias)) > 5 * NOISE / len(shifts) ** 0.5 + 0.01:
        wrong.append("the bootstrap intervals are off on average")
    sys.exit("\n".join(wrong[:10]) if wrong else 0)


def off(got, want):
    """How far apart two numbers are, relative; what differs by rounding around 0 alone is the same."""
    return abs(got - want) / abs(want) if abs(got - want) > 1e-15 else 0.0


if __name__ == "__main__":
    main()
