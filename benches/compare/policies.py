#!/usr/bin/env python3
"""`appraise evaluate --task policy` beside vw-estimators and obp on logs in the form of the Open Bandit files.

    python3 benches/compare/policies.py APPRAISE LOG.csv[.gz] ...

The target shows every arm alike. Peers that are not installed are left out (`pip install vw-estimators obp`).
"""
import csv
import gzip
import json
import subprocess
import sys


def rows(path):
    with (gzip.open(path, "rt") if path.endswith(".gz") else open(path)) as f:
        for row in csv.DictReader(f):
            yield int(row["item_id"]), float(row["click"]), float(row["propensity_score"])


def vw(log, arms):
    from estimators.bandits import ips, snips

    a, b = ips.Estimator(), snips.Estimator()
    for _, reward, p in log:
        a.add_example(p, reward, 1 / arms)
        b.add_example(p, reward, 1 / arms)
    return {"ips": a.get(), "snips": b.get()}


def obp(log, arms):
    import numpy as np
    from obp.ope import DoublyRobust, InverseProbabilityWeighting, SelfNormalizedInverseProbabilityWeighting

    ids = sorted({arm for arm, _, _ in log})
    place = {arm: i for i, arm in enumerate(ids)}
    action = np.array([place[a] for a, _, _ in log])
    reward = np.array([r for _, r, _ in log])
    p = np.array([p for _, _, p in log])
    dist = np.full((len(log), arms, 1), 1 / arms)
    shown, got = np.bincount(action, minlength=arms), np.bincount(action, reward, minlength=arms)
    q = (got + 50 * reward.mean()) / (shown + 50)
    hat = np.broadcast_to(q[None, :, None], dist.shape)
    common = dict(reward=reward, action=action, pscore=p, action_dist=dist)
    return {
        "ips": InverseProbabilityWeighting().estimate_policy_value(**common),
        "snips": SelfNormalizedInverseProbabilityWeighting().estimate_policy_value(**common),
        "dr": DoublyRobust().estimate_policy_value(**common, estimated_rewards_by_reg_model=hat),
    }


def main():
    program, logs = sys.argv[1], sys.argv[2:]
    wrong = 0
    for path in logs:
        said = subprocess.run(
            [program, "evaluate", "--task", "policy", "--log", path, "--target", "uniform", "--json"], check=True, capture_output=True
        )
        ours = json.loads(said.stdout)
        log = list(rows(path))
        arms = len({arm for arm, _, _ in log})
        for name, peer in (("vw-estimators", vw), ("obp", obp)):
            try:
                theirs = peer(log, arms)
            except ImportError as e:
                print(f"{path}: {name} is not installed ({e})")
                continue
            for what, value in theirs.items():
                far = abs(float(value) - ours[what])
                wrong += far > 1e-9
                print(f"{path}: {what} {ours[what]:.10f}, {name} {float(value):.10f}{'' if far <= 1e-9 else '  DIFFERS'}")
    sys.exit(1 if wrong else 0)


main()
