#!/usr/bin/env python3
"""`appraise cluster` beside scikit-learn's k-means and HDBSCAN, on the same vectors of the same texts, in one run.

k-means is told the true number of intents; the others are not. A text in no group counts as a group of its own. Scores are
adjusted Rand index and normalised mutual information against the file's intents; seconds are wall time. Needs scikit-learn, numpy.

    python3 benches/compare/patterns.py banking77/test.csv test.npy [--program target/release/appraise] [--seeds 3]

The file is `text,intent` with a header; the vectors have a row for each row of it. Prints a table, and with --json one JSON list.
"""

import argparse
import csv
import json
import subprocess
import time

import numpy as np
from sklearn.cluster import HDBSCAN, KMeans
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score


def read(path, vectors):
    """Each text once, with its intent and its vector, as `appraise cluster` reads them."""
    matrix = np.load(vectors).astype(np.float32)
    seen, intents, rows = set(), [], []
    with open(path, newline="", encoding="utf-8") as file:
        for i, line in enumerate(csv.DictReader(file)):
            if line["text"] not in seen:
                seen.add(line["text"])
                intents.append(line["intent"])
                rows.append(matrix[i])
    rows = np.array(rows)
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return intents, rows / np.where(norms == 0, 1, norms)


def scored(name, truth, groups, seconds):
    """A row of the table; single texts (-1) are groups of their own."""
    single = int(np.sum(np.asarray(groups) == -1))
    apart, following = [], max(groups, default=0) + 1
    for group in groups:
        if group == -1:
            group, following = following, following + 1
        apart.append(group)
    return {
        "method": name,
        "clusters": len(set(g for g in groups if g != -1)),
        "single": single,
        "ari": adjusted_rand_score(truth, apart),
        "nmi": normalized_mutual_info_score(truth, apart),
        "seconds": seconds,
    }


def ours(program, path, vectors):
    """`appraise cluster` on the same vectors."""
    out = subprocess.run(
        [program, "cluster", path, "--vectors", vectors, "--json"], check=True, capture_output=True, text=True
    )
    found = json.loads(out.stdout)
    return {"method": "appraise cluster", **{k: found[k] for k in ["clusters", "single", "ari", "nmi", "seconds"]}}


def main():
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("vectors")
    parser.add_argument("--program", default="target/release/appraise")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    truth, rows = read(args.file, args.vectors)
    table = [ours(args.program, args.file, args.vectors)]
    for seed in range(args.seeds):
        began = time.time()
        groups = KMeans(len(set(truth)), n_init=10, random_state=seed).fit_predict(rows)
        table.append(scored(f"k-means, true k, seed {seed}", truth, groups.tolist(), time.time() - began))
    began = time.time()
    groups = HDBSCAN(min_cluster_size=10).fit_predict(rows)
    table.append(scored("HDBSCAN, min 10", truth, groups.tolist(), time.time() - began))
    if args.json:
        print(json.dumps(table, indent=1))
        return
    print(f"{len(truth)} texts, {len(set(truth))} intents")
    print(f"{'':28}{'groups':>8}{'single':>8}{'ARI':>8}{'NMI':>8}{'s':>8}")
    for r in table:
        print(f"{r['method']:28}{r['clusters']:8}{r['single']:8}{r['ari']:8.3f}{r['nmi']:8.3f}{r['seconds']:8.1f}")


if __name__ == "__main__":
    main()
