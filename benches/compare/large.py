#!/usr/bin/env python3
"""A large store beside other programs: seconds to load a log, milliseconds to a first frame and to a page.

    large.py APPRAISE BARE LOG.jsonl [--store STORE]

APPRAISE: the release binary. BARE: the example `bare`, the floor of a first frame. LOG: canonical JSON Lines. Peers are
taken where they are installed (pip install sqlite-utils duckdb litecli visidata datasette; cargo install csvlens) and
named where they are not. Every program sees the same conversations, in the same run, one after the other.
"""

import argparse
import csv
import fcntl
import json
import os
import pty
import select
import shutil
import signal
import sqlite3
import statistics
import struct
import subprocess
import tempfile
import termios
import time

SIZE = (36, 120)


def seconds(command, **kw):
    begin = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **kw)
    took = time.perf_counter() - begin
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace")[-300:])
    return took


class Screen:
    """A program in a terminal of its own."""

    def __init__(self, command, env=None):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update({"TERM": "xterm-256color", **(env or {})})
            os.execvp(command[0], command)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", *SIZE, 0, 0))

    def until(self, sign, patience=60.0):
        """Milliseconds until a sign is in what the program writes."""
        begin, seen = time.perf_counter(), b""
        while time.perf_counter() - begin < patience:
            if not select.select([self.fd], [], [], 0.5)[0]:
                continue
            try:
                seen += os.read(self.fd, 1 << 16)
            except OSError:
                break
            if sign in seen:
                return (time.perf_counter() - begin) * 1e3
        raise RuntimeError(f"no {sign!r} in {seen[-200:]!r}")

    def settle(self, quiet=0.25):
        """Milliseconds until the last byte of an answer, once nothing comes any more."""
        begin, last = time.perf_counter(), None
        while select.select([self.fd], [], [], quiet if last else 5.0)[0]:
            try:
                os.read(self.fd, 1 << 16)
            except OSError:
                break
            last = time.perf_counter()
        return (last - begin) * 1e3 if last else float("nan")

    def press(self, keys):
        os.write(self.fd, keys)

    def end(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


def first_frame(command, sign, keys=(), turns=7):
    """Median milliseconds to the first frame with a sign, and of keys after it."""
    frames, pages = [], {k: [] for k in keys}
    for _ in range(turns):
        screen = Screen(command)
        frames.append(screen.until(sign))
        screen.settle()
        for key in keys:
            screen.press(key)
            pages[key].append(screen.settle())
        screen.end()
    return statistics.median(frames), {k: statistics.median(v) for k, v in pages.items()}


def flat(log, path):
    """The log as CSV, a turn a row, as programs that know tables only can read it."""
    with open(log) as lines, open(path, "w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["conversation", "outcome", "seq", "role", "text"])
        for line in lines:
            c = json.loads(line)
            for seq, turn in enumerate(c["turns"]):
                writer.writerow([c["id"], c.get("outcome"), seq, turn["role"], turn["text"]])


def python_sqlite(log, path):
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE turn(conversation, seq, role, text)")
    rows = ((c["id"], i, t["role"], t["text"]) for c in map(json.loads, open(log)) for i, t in enumerate(c["turns"]))
    db.executemany("INSERT INTO turn VALUES (?, ?, ?, ?)", rows)
    db.commit()


def loads(args, work):
    print("\nseconds to load the log")
    store = os.path.join(work, "s.db")
    print(f"  {'appraise import, search included':<44}{seconds([args.appraise, '--store', store, 'import', args.log, '-q']):8.1f}")
    begin = time.perf_counter()
    python_sqlite(args.log, os.path.join(work, "p.db"))
    print(f"  {'Python sqlite3, turns alone':<44}{time.perf_counter() - begin:8.1f}")
    table = os.path.join(work, "turns.csv")
    flat(args.log, table)
    if shutil.which("sqlite-utils"):
        target = os.path.join(work, "u.db")
        took = seconds(["sqlite-utils", "insert", target, "turn", table, "--csv"])
        print(f"  {'sqlite-utils insert, turns alone':<44}{took:8.1f}")
        took += seconds(["sqlite-utils", "enable-fts", target, "turn", "text", "--fts5"])
        print(f"  {'sqlite-utils insert and enable-fts':<44}{took:8.1f}")
    else:
        print("  sqlite-utils is not installed")
    try:
        import duckdb

        begin = time.perf_counter()
        duckdb.connect(os.path.join(work, "d.duckdb")).execute(f"CREATE TABLE turn AS SELECT * FROM read_csv('{table}')")
        print(f"  {'DuckDB, turns alone, from CSV':<44}{time.perf_counter() - begin:8.1f}")
    except ImportError:
        print("  duckdb is not installed")
    return store, table


def screens(args, store, table):
    print(f"\nmilliseconds to the first frame at {SIZE[1]}x{SIZE[0]}, of End, and of Page up (medians of 7)")

    def show(name, command, sign, keys=()):
        try:
            frame, pages = first_frame(command, sign, keys)
        except (RuntimeError, OSError) as why:
            return print(f"  {name:<44}{'':>8}  {why}")
        print(f"  {name:<44}{frame:8.0f}" + "".join(f"{v:8.0f}" for v in pages.values()))

    end, up = b"\x1b[F", b"\x1b[5~"
    show("bare: one page, drawn", [args.bare, store], b"\x1b[?25l")
    # The row of the selected conversation: the rows are on the screen then, not only the frame around them.
    show("appraise, the queue", [args.appraise, "--store", store], "▶".encode(), (end, up))
    for name, command, sign in [
        ("csvlens", ["csvlens", table], b"conversation"),
        ("visidata", ["vd", store], b"conversation"),
        ("litecli", ["litecli", store], b">"),
    ]:
        if shutil.which(command[0]):
            show(name, command, sign, (end, up) if name == "csvlens" else ())
        else:
            print(f"  {name} is not installed")
    if shutil.which("datasette"):
        show("datasette serving", ["datasette", store, "-p", "8897"], b"running on")
    else:
        print("  datasette is not installed")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("appraise")
    parser.add_argument("bare")
    parser.add_argument("log")
    parser.add_argument("--store", help="a store that is loaded already: only the screens are timed")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        store, table = args.store, os.path.join(work, "turns.csv")
        if store is None:
            store, table = loads(args, work)
        elif shutil.which("csvlens"):
            flat(args.log, table)
        screens(args, store, table)


if __name__ == "__main__":
    main()
