"""Forged stores: rows, settings, schema and releases that no program of ours has written."""

import hashlib
import sqlite3

from common import MEMORY, crashed
from looking import LOOKS, odd_bytes

NUMBERS = (0, -1, 1, 2**31, 2**53, 900_000_000_000, 2**63 - 1, -(2**63))
TEXTS = ("", "\x1b]0;x\x07", "\x00", "NaN", "[" * 5000, "{}", "x" * 1_000_000, "\u202e", "-1", "9" * 40, "null", "é" * 9999, '{"a":' * 200)
SCHEMAS = (
    "CREATE TRIGGER forged AFTER INSERT ON decision BEGIN DELETE FROM current; END",
    "CREATE TRIGGER forged AFTER INSERT ON step BEGIN INSERT INTO step SELECT * FROM step; END",
    "CREATE VIEW forged AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
    "CREATE TABLE forged(x)",
    "CREATE INDEX forged ON conversation(outcome)",
    "ALTER TABLE conversation RENAME TO conversation_old",
    "DROP TABLE current",
    "DROP TRIGGER decision_is_append_only_update",
    "PRAGMA user_version = 3",
    "PRAGMA user_version = 2147483647",
    "PRAGMA application_id = 1",
    "INSERT OR REPLACE INTO setting VALUES('deferred_indexes', 'CREATE TABLE pwned(x)')",
)


def run(force):
    family = force.family("forged stores")
    base = force.base()
    looks, done = 0, {}
    for i in range(force.tries(500)):
        if family.out_of_time():
            family.note("stopped for time")
            break
        store = force.copy(base)
        how = forge(force.random, store)
        family.tried()
        for look in force.random.sample(LOOKS, 4) + force.random.choice(([["label", "#1", "--note", "x"]], [["finetune"]], [["import", "-"]])):
            ran = force.run(look, store, stdin=b"where is my order\n", memory=MEMORY)
            looks += 1
            done[ran.code] = done.get(ran.code, 0) + 1
            if crashed(ran):
                family.fault(f"{how}, {' '.join(look)}: exit {ran.code}, {ran.words()}")
            odd = odd_bytes(ran.out) or odd_bytes(ran.err)
            if odd:
                family.fault(f"{how}, {' '.join(look)}: {odd}")
        if has_table(store, "pwned"):
            family.fault(f"{how}: text of the store was run")
    family.note(f"{looks} commands, exits {dict(sorted(done.items(), key=str))}")


def has_table(path, name):
    try:
        db = sqlite3.connect(path)
        return db.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (name,)).fetchone() is not None
    except sqlite3.DatabaseError:
        return False


def forge(rng, path):
    """Changes a store in one way; says how."""
    db = sqlite3.connect(path, isolation_level=None)
    kind = rng.choice(("row", "row", "row", "rows", "setting", "schema", "release", "number"))
    try:
        return {"row": row, "rows": row, "setting": setting, "schema": schema, "release": release, "number": number}[kind](rng, db, kind)
    except sqlite3.DatabaseError as e:
        return f"{kind} (SQLite refused: {str(e)[:60]})"
    finally:
        db.close()


def without_triggers(db):
    """Takes triggers away; gives their texts, to put them back."""
    kept = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in kept:
        db.execute(f"DROP TRIGGER {name}")
    return [sql for _, sql in kept]


def tables(db):
    sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search_%'"
    return [t for (t,) in db.execute(sql) if db.execute(f"SELECT 1 FROM {t} LIMIT 1").fetchone()]


def row(rng, db, kind):
    """Odd values in a column that exists, of one row or of all."""
    kept = without_triggers(db)
    table = rng.choice(tables(db))
    columns = [(c[1], c[2].upper()) for c in db.execute(f"PRAGMA table_xinfo({table})") if c[6] == 0]
    name, declared = rng.choice(columns)
    if declared == "INTEGER":
        value = rng.choice(NUMBERS)
    elif declared == "REAL":
        value = rng.choice((0.0, -1.0, 1e300, 1e-300, float("inf"), -float("inf")))
    elif declared == "BLOB":
        value = rng.randbytes(rng.choice((0, 1, 3, 100, 10_000)))
    else:
        value = rng.choice(TEXTS)
    one = f"WHERE {columns[0][0]} = (SELECT {columns[0][0]} FROM {table} ORDER BY random() LIMIT 1)" if kind == "row" else ""
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute("PRAGMA ignore_check_constraints = ON")
    db.execute(f"UPDATE OR IGNORE {table} SET {name} = ? {one}", (value,))
    for sql in kept:
        db.execute(sql)
    return f"{table}.{name} = {str(value)[:30]!a} ({kind})"


def setting(rng, db, _):
    keys = [k for (k,) in db.execute("SELECT key FROM setting")]
    key, value = rng.choice(keys), rng.choice(TEXTS + tuple(map(str, NUMBERS)))
    db.execute("UPDATE setting SET value = ? WHERE key = ?", (value, key))
    return f"setting {key} = {value[:30]!a}"


def schema(rng, db, _):
    change = rng.choice(SCHEMAS)
    db.execute(change)
    return change[:70]


def number(rng, db, _):
    """A row number beyond all counting."""
    kept = without_triggers(db)
    table = rng.choice([t for t in tables(db) if t in ("conversation", "turn", "decision", "release", "changed", "replayed", "import", "intent", "segment", "packed", "unsearched")])
    column = next(c[1] for c in db.execute(f"PRAGMA table_xinfo({table})") if c[5])
    value = rng.choice(NUMBERS)
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute(f"UPDATE OR IGNORE {table} SET {column} = ? WHERE rowid = (SELECT max(rowid) FROM {table})", (value,))
    for sql in kept:
        db.execute(sql)
    return f"the last row of {table} is number {value}"


def release(rng, db, _):
    """A model with some bytes changed, whose digests, its own and the store's, are right again."""
    kept = without_triggers(db)
    number, data = db.execute("SELECT release, data FROM artefact ORDER BY random() LIMIT 1").fetchone()
    data = bytearray(data)
    for _ in range(rng.choice((1, 4, 64))):
        # The heads of sections are few bytes among many: every other change is in the first of them.
        data[rng.choice((rng.randrange(38, 80), rng.randrange(len(data))))] = rng.randrange(256)
    if rng.random() < 0.3:
        data = data[: rng.randrange(len(data))]
    if len(data) > 38:
        data[6:38] = hashlib.sha256(data[38:]).digest()
    db.execute("UPDATE artefact SET data = ? WHERE release = ?", (bytes(data), number))
    names = [c[1] for c in db.execute("PRAGMA table_xinfo(release)") if "sha" in c[1].lower()]
    digest = hashlib.sha256(data)
    for name in names:
        (old,) = db.execute(f"SELECT {name} FROM release WHERE id = ?", (number,)).fetchone()
        db.execute(f"UPDATE release SET {name} = ? WHERE id = ?", (digest.digest() if isinstance(old, bytes) else digest.hexdigest(), number))
    for sql in kept:
        db.execute(sql)
    return f"release {number}, bytes changed"
