"""Damaged files: bits flipped, pages exchanged, cut, lengthened."""

import os

from common import MEMORY, crashed
from looking import LOOKS, odd_bytes


def run(force):
    family = force.family("damaged stores")
    base = force.base()
    looks, done = 0, {}
    for _ in range(force.tries(300)):
        if family.out_of_time():
            family.note("stopped for time")
            break
        store = force.copy(base)
        how = damage(force.random, store)
        family.tried()
        for look in force.random.sample(LOOKS, 4):
            ran = force.run(look, store, stdin=b"where is my order\n", memory=MEMORY)
            looks += 1
            done[ran.code] = done.get(ran.code, 0) + 1
            if crashed(ran):
                family.fault(f"{how}, {' '.join(look)}: exit {ran.code}, {ran.words()}")
            odd = odd_bytes(ran.out) or odd_bytes(ran.err)
            if odd:
                family.fault(f"{how}, {' '.join(look)}: {odd}")
    family.note(f"{looks} commands, exits {dict(sorted(done.items(), key=str))}")


def damage(rng, path):
    size = os.path.getsize(path)
    kind = rng.choice(("bits", "bits", "page", "cut", "header", "longer"))
    with open(path, "r+b") as f:
        if kind == "bits":
            for _ in range(rng.choice((1, 8, 200))):
                at = rng.randrange(100, size)
                f.seek(at)
                byte = f.read(1)[0] ^ (1 << rng.randrange(8))
                f.seek(at)
                f.write(bytes([byte]))
        elif kind == "page":
            a, b = (rng.randrange(size // 4096) * 4096 for _ in range(2))
            f.seek(a)
            page = f.read(4096)
            f.seek(b)
            f.write(page)
        elif kind == "cut":
            f.truncate(rng.randrange(size))
        elif kind == "header":
            f.seek(rng.randrange(16, 100))
            f.write(rng.randbytes(rng.randrange(1, 5)))
        else:
            f.seek(size)
            f.write(rng.randbytes(rng.randrange(1, 9000)))
    return kind
