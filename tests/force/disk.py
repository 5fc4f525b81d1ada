"""A full disk: a small tmpfs, which needs root."""

import os
import shutil
import subprocess

import acts
from common import crashed, state, unsound


def run(force):
    family = force.family("full disk")
    place = force.path("small")
    os.mkdir(place)
    mount = ["mount", "-t", "tmpfs", "-o", "size=4k", "force", place]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
        family.note("not tried: mounting a small tmpfs needs root")
        return
    subprocess.run(["umount", place], check=True)
    every = [a for a in acts.every(force) if a.base]
    for i in range(force.tries(150)):
        if family.out_of_time():
            family.note("stopped for time")
            break
        one(force, every[i % len(every)], place, family)


def one(force, act, place, family):
    size = os.path.getsize(act.base)
    room = force.random.choice((0, 4, 32, 64, 256, 1024, 4096, 16384)) << 10
    room += force.random.randrange(0, 32) << 10
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={(size + room) // 4096 * 4 + 8}k", "force", place], check=True)
    try:
        store = os.path.join(place, "s.db")
        shutil.copy(act.base, store)
        before = state(store)
        done = force.run(act.args, store, env=dict(force.env, TMPDIR=place))
        family.tried()
        where = f"{act.name} with {room >> 10} KB free"
        if crashed(done):
            return family.fault(f"{where}: exit {done.code}, {done.words()}")
        kept = force.copy()
        for suffix in ("", "-wal"):
            if os.path.exists(store + suffix):
                shutil.copy(store + suffix, kept + suffix)
        wrong = unsound(kept, before)
        if wrong:
            return family.fault(f"{where}: {wrong}")
        part = done.code == 0 and act.tables and state(kept)["counts"] == before["counts"] and act.name in ("label --file", "cycle open")
        if part:
            family.fault(f"{where}: it says that it is done, and nothing is there")
    finally:
        subprocess.run(["umount", "-l", place], check=True)
