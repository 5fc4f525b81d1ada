#!/usr/bin/env python3
"""Tries to break a built `appraise`: kills, failing system calls, full disks, damaged and forged stores, hostile text, records
whose cost could grow with the square of their size. Needs Python 3 and nothing else; what a machine cannot do is said.

    python3 tests/force/run.py target/release/appraise            # the usual amount, about half an hour
    python3 tests/force/run.py target/debug/appraise --quick      # three minutes, as CI does it
    python3 tests/force/run.py PROGRAM --only kills --scale 5 --seed 7

Prints tries and faults by family, and the seed that makes the same choices again. Exit 1 on any fault.
"""

import argparse
import sys
import time

import calls
import damaged
import disk
import forged
import hostile
import kills
import linear
from common import Force

FAMILIES = {
    "kills": kills.run,
    "calls": calls.run,
    "disk": disk.run,
    "damaged": damaged.run,
    "forged": forged.run,
    "hostile": hostile.run,
    "linear": linear.run,
}


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("program")
    ask.add_argument("--seed", type=int, default=int(time.time()))
    ask.add_argument("--scale", type=float, default=1.0, help="how much of the usual amount to try")
    ask.add_argument("--seconds", type=float, help="the most that one family may take")
    ask.add_argument("--quick", action="store_true", help="a twentieth of the usual amount, 15 s a family")
    ask.add_argument("--only", default=",".join(FAMILIES), help="families, with commas")
    args = ask.parse_args()
    scale, seconds = (0.05, 15) if args.quick else (args.scale, args.seconds)
    force = Force(args.program, args.seed, scale, seconds)
    began = time.time()
    try:
        for name in args.only.split(","):
            FAMILIES[name](force)
    finally:
        force.close()
    print(f"\nseed {args.seed}, {time.time() - began:.0f} s")
    print(f"{'family':<28}{'tries':>8}{'faults':>8}  notes")
    for family in force.families:
        print(f"{family.name:<28}{family.tries:>8}{len(family.faults):>8}  {'; '.join(family.notes)}")
    tries, faults = (sum(n) for n in zip(*((f.tries, len(f.faults)) for f in force.families)))
    print(f"{'all':<28}{tries:>8}{faults:>8}")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
