"""What all families share: a scratch directory cut off from the machine's own, runs with limits, and what a sound store is."""

import json
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

NOW = "2026-11-28T12:00:00Z"
# A run that takes longer hangs.
SECONDS = 120
# Bytes a command may hold. The demo's store needs a tenth.
MEMORY = 1 << 30
# Faults of a family that are printed.
SHOWN = 12
# Network and threads of whoever runs this must not leak in.
DROPPED = ("APPRAISE_", "XDG_", "HTTP", "http", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy", "RAYON", "HF_")


class Family:
    """Tries and faults of one kind."""

    def __init__(self, name, budget, began):
        self.name, self.tries, self.faults, self.notes = name, 0, [], []
        self.budget, self.began = budget, began

    def tried(self, n=1):
        self.tries += n

    def fault(self, words):
        self.faults.append(words)
        if len(self.faults) <= SHOWN:
            print(f"FAULT {self.name}: {words}", flush=True)
        elif len(self.faults) == SHOWN + 1:
            print(f"FAULT {self.name}: and more, counted below", flush=True)

    def note(self, words):
        self.notes.append(words)

    def out_of_time(self):
        return self.budget is not None and time.time() - self.began > self.budget


class Run:
    """What a command left behind."""

    def __init__(self, code, out, err, seconds, busy):
        self.code, self.out, self.err, self.seconds, self.busy = code, out, err, seconds, busy

    def words(self):
        return self.err.decode(errors="replace").strip().split("\n")[0][:160]


def worked():
    """Seconds that all ended children have kept a processor busy."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Force:
    """The program, a place, a seed, and how much to try."""

    def __init__(self, program, seed, scale, budget):
        self.program = os.path.abspath(program)
        self.random, self.seed, self.scale, self.budget = random.Random(seed), seed, scale, budget
        self.dir = tempfile.mkdtemp(prefix="force.")
        self.families, self.kept = [], {}
        keep = {k: v for k, v in os.environ.items() if not k.startswith(DROPPED)}
        self.env = dict(keep, HOME=self.dir + "/home", USER="maria", APPRAISE_ENCODERS=self.dir + "/encoders")
        os.mkdir(self.dir + "/home")

    def family(self, name):
        self.families.append(Family(name, self.budget, time.time()))
        return self.families[-1]

    def tries(self, usual):
        return max(1, int(usual * self.scale))

    def once(self, name, make):
        """Something that several families need."""
        if name not in self.kept:
            self.kept[name] = make()
        return self.kept[name]

    def path(self, name):
        return os.path.join(self.dir, name)

    def run(self, args, store=None, stdin=b"", memory=None, prefix=(), seconds=SECONDS, env=None):
        """Runs a command to its end, within limits."""
        command = [*prefix, self.program]
        if store:
            command += ["--store", store]
        command += ["--now", NOW, *args]
        limit = None
        if memory:
            limit = lambda: resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
        began, busy = time.time(), worked()
        child = subprocess.Popen(
            command, env=env or self.env, cwd=self.dir, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, preexec_fn=limit, start_new_session=True)
        try:
            out, err = child.communicate(stdin, timeout=seconds)
            code = child.returncode
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            out, err = child.communicate()
            code = "hang"
        return Run(code, out, err, time.time() - began, worked() - busy)

    def base(self):
        """A small company's store with releases, cycles and gold; made once."""
        path = self.path("base.db")
        if not os.path.exists(path):
            made = self.run(["demo", "--no-tui", "--weeks", "4", "--per-week", "60", "--until", "2026-11-28"], path, seconds=600)
            if made.code != 0:
                sys.exit(f"the demo cannot be made: exit {made.code}, {made.words()}")
            whole(path)
        return path

    def copy(self, of=None, name="try.db"):
        """A fresh copy of a store, alone in its directory."""
        place = self.path("try")
        shutil.rmtree(place, ignore_errors=True)
        os.mkdir(place)
        target = os.path.join(place, name)
        if of:
            shutil.copy(of, target)
            os.chmod(target, 0o600)
        return target

    def close(self):
        shutil.rmtree(self.dir, ignore_errors=True)


def whole(path):
    """Brings what is in the -wal into the file, so that a copy of the file is all of it."""
    db = sqlite3.connect(path)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def crashed(run):
    """Whether a command ended as none may: by a panic, a signal or not at all."""
    return run.code == "hang" or run.code == 101 or run.code < 0 or run.code in (134, 139)


def state(path):
    """Rows by table, and the decision log as it stands; None while there is no store that can be read."""
    if not os.path.exists(path):
        return None
    try:
        db = sqlite3.connect(path, timeout=10)
        tables = [r[0] for r in db.execute("SELECT name FROM sqlite_master WHERE type='table' AND sql NOT LIKE '%VIRTUAL%'")]
        if "decision" not in tables:
            return None
        counted = ("decision", "step", "release", "artefact", "comparison", "gold_version", "gold_item", "cycle",
                   "cycle_item", "intent", "example", "conversation", "turn", "import")
        counts = {t: db.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in counted if t in tables}
        log = db.execute("SELECT * FROM decision ORDER BY id").fetchall()
        live = db.execute("SELECT * FROM current ORDER BY 1, 2, 3").fetchall()
        db.close()
        return {"counts": counts, "log": log, "current": live}
    except sqlite3.DatabaseError as e:
        return {"broken": str(e)}


def unsound(path, before=None):
    """Why a store is not sound; None where it is, or where there is none yet."""
    now = state(path)
    if now is None:
        return "the store has gone" if before else None
    if "broken" in now:
        return f"it cannot be read: {now['broken']}"
    db = sqlite3.connect(path, timeout=10)
    try:
        said = db.execute("PRAGMA integrity_check").fetchone()[0]
        if said != "ok":
            return f"integrity: {said[:120]}"
        if db.execute("PRAGMA foreign_key_check").fetchone():
            return "a foreign key leads nowhere"
        for what, sql in (
            ("a conversation without turns", "SELECT id FROM conversation WHERE (id << 20) > ifnull((SELECT max(id) FROM turn), 0) OR NOT EXISTS(SELECT 1 FROM turn WHERE turn.id >= conversation.id << 20 AND turn.id < (conversation.id + 1) << 20) LIMIT 1"),
            ("a step without decisions", "SELECT id FROM step WHERE NOT EXISTS(SELECT 1 FROM decision WHERE decision.step = step.id) LIMIT 1"),
            ("a release without its model", "SELECT id FROM release WHERE NOT EXISTS(SELECT 1 FROM artefact WHERE artefact.release = release.id) LIMIT 1"),
            ("gold without turns", "SELECT version FROM gold_version WHERE NOT EXISTS(SELECT 1 FROM gold_item WHERE gold_item.version = gold_version.version) LIMIT 1"),
            ("a cycle without items", "SELECT id FROM cycle WHERE NOT EXISTS(SELECT 1 FROM cycle_item WHERE cycle_item.cycle = cycle.id) LIMIT 1"),
        ):
            if db.execute(sql).fetchone():
                return what
    except sqlite3.DatabaseError as e:
        return f"it cannot be read: {e}"
    finally:
        db.close()
    if before and "log" in before and now["log"][: len(before["log"])] != before["log"]:
        return "the decision log has changed"
    return None


def log_of(n, seed, size=3):
    """A canonical log of made-up conversations."""
    rng = random.Random(seed)
    words = "refund order invoice card ferry ticket late seat change name cancel price island morning help".split()
    lines = []
    for i in range(n):
        turns = []
        for t in range(size):
            turns.append({"role": "user", "text": " ".join(rng.choices(words, k=6)), "gold_intent": rng.choice(words[:4])})
            turns.append({"role": "bot", "text": "Thank you, we look into it.", "intent": rng.choice(words[:4]), "confidence": 0.5})
        lines.append(json.dumps({"id": f"f-{seed}-{i}", "source": "force", "customer_id": f"c{i % 97}", "turns": turns,
                                 "outcome": rng.choice(["failed", "resolved", "escalated"])}))
    return ("\n".join(lines) + "\n").encode()
