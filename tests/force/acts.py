"""The commands that are interrupted: each with what it is given, and what it must have done wholly or not at all."""

import json
import os
import sqlite3

import old
from common import log_of, state, whole


class Act:
    """A command on a copy of a store. `whole`: tables of which all rows of the command come at once or none does."""

    def __init__(self, name, args, base, tables=(), again=(0,)):
        self.name, self.args, self.base, self.tables, self.again = name, args, base, tables, again


def sql(path, text):
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    rows = db.execute(text).fetchall()
    db.close()
    return rows


def every(force):
    """Every act; the files that they need are made once."""
    return force.once("acts", lambda: made(force))


def made(force):
    base = force.base()
    whole(base)
    log = force.path("log.jsonl")
    with open(log, "wb") as f:
        f.write(log_of(1_000, 1))
    names = [n for (n,) in sql(base, "SELECT name FROM intent WHERE name <> 'out_of_scope' LIMIT 4")]
    shown = json.loads(force.run(["queue", "--all", "--limit", "60", "--json"], base).out)
    csv = force.path("labels.csv")
    with open(csv, "w") as f:
        f.write("conversation,note\n" + "".join(f"{r['id']},seen by force\n" for r in shown[:50]))
    releases = [n for (n,) in sql(base, "SELECT id FROM release ORDER BY id")]
    labelled = force.copy(base, "labelled.db")
    kept = force.path("labelled.db")
    force.run(["label", "--file", csv], labelled)
    whole(labelled)
    os.replace(labelled, kept)
    extra = force.path("intents.csv")
    with open(extra, "w") as f:
        f.write("text,intent\n" + "".join(f"example {i} of force,forced_{i % 5}\n" for i in range(200)))
    log_and_state = ("decision", "step")
    return [
        Act("first import", ["import", log], None),
        Act("import", ["import", log], base),
        Act("label --file", ["label", "--file", csv], base, log_and_state),
        Act("undo", ["undo"], kept, log_and_state, (0, 1)),
        Act("intents import", ["intents", "import", extra], base, ("example",), (0, 1)),
        Act("intents merge", ["intents", "merge", names[0], names[1]], base, log_and_state, (0, 1)),
        Act("finetune", ["finetune"], kept, ("release", "artefact", "comparison"), (0, 1, 3)),
        Act("compare", ["compare", f"v{releases[0]}", f"v{releases[-1]}"], base, ("comparison",), (0, 1, 3)),
        Act("promote", ["promote", f"v{releases[0]}", "--reason", "force", "--override"], base, log_and_state, (0, 1, 3)),
        Act("rollback", ["rollback", "--reason", "force"], base, log_and_state, (0, 1)),
        Act("cycle open", ["cycle", "open", "--name", "forced", "--goal", "30"], base, ("cycle", "cycle_item"), (0, 1)),
        Act("cycle close", ["cycle", "close"], base, log_and_state, (0, 1)),
        Act("gold freeze", ["gold", "freeze"], kept, ("gold_version", "gold_item"), (0, 1)),
        Act("export model", ["export", "model", "--out", force.path("try/out")], base, (), (0, 1)),
    ] + old_stores(force)


def old_stores(force):
    """Opening a store of an older schema brings it up to date."""
    return [Act(f"migration from {n}", ["queue", "--all"], path, ()) for n, path in old.stores(force)]


def half(act, before, after, now):
    """The table of which an act has done a part; None where it has done all or nothing."""
    for table in act.tables:
        a, b, n = (s["counts"].get(table) if s else 0 for s in (before, after, now))
        if n not in (a, b):
            return f"{table} has {n} rows, {a} before and {b} when it is done"
    return None


def undisturbed(force, act):
    """What an act takes and leaves when nobody stops it."""
    return force.once("undisturbed " + act.name, lambda: done(force, act))


def done(force, act):
    store = force.copy(act.base)
    before = state(store)
    ran = force.run(act.args, store)
    return {"ran": ran, "before": before, "after": state(store), "all": listed(force, store)}


def listed(force, store):
    return force.run(["queue", "--all", "--limit", "0", "--sort", "newest", "--json"], store).out
