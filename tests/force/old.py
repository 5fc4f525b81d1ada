"""Stores of older schemas, with the conversations of a new one: made from the migrations' own SQL."""

import os
import re
import sqlite3

MIGRATIONS = os.path.join(os.path.dirname(__file__), "../../src/store/migrations")
APPLICATION = 0x61707072
# Rust's part of these schemas is no more than their SQL.
VERSIONS = (1, 4, 7, 11)
SEARCH = "contentless_delete=1, "
# What configures the index, written where a newer SQLite would write it.
CONFIG = re.compile(r"INSERT INTO search\(search, rank\) VALUES \(")
DOCSIZE = "CREATE TABLE 'search_docsize'(id INTEGER PRIMARY KEY, sz BLOB, origin INTEGER)"


def stores(force):
    """Paths by schema; empty where this Python's SQLite cannot make them."""
    found = []
    for version in VERSIONS:
        path = force.path(f"old-{version}.db")
        try:
            if not os.path.exists(path):
                make(path, force.base(), version)
            found.append((version, path))
        except sqlite3.DatabaseError as e:
            if os.path.exists(path):
                os.remove(path)
            print(f"no store of schema {version}: {e}", flush=True)
    return found


def make(path, base, version):
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    for n in range(1, version + 1):
        with open(os.path.join(MIGRATIONS, f"{n:03}.sql")) as f:
            text = f.read()
        new = sqlite3.sqlite_version_info >= (3, 43)
        if not new:
            text = CONFIG.sub(r"INSERT OR REPLACE INTO search_config(k, v) VALUES (", text.replace(SEARCH, ""))
        db.executescript(text)
        if n == 1 and not new:
            as_newer(db)
    db.execute(f"PRAGMA application_id = {APPLICATION}")
    db.execute(f"PRAGMA user_version = {version}")
    fill(db, base)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    os.chmod(path, 0o600)


def as_newer(db):
    """An empty index as a newer SQLite would have made it, which this one cannot."""
    db.execute("PRAGMA writable_schema = ON")
    db.execute("UPDATE sqlite_master SET sql = replace(sql, 'content='''', ', 'content='''', " + SEARCH + "') WHERE name = 'search'")
    db.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'search_docsize'", (DOCSIZE,))
    db.execute("PRAGMA writable_schema = OFF")


def fill(db, base):
    """What both schemas have in common."""
    kept = [r for r in db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")]
    for name, _ in kept:
        db.execute(f"DROP TRIGGER {name}")
    db.execute("ATTACH ? AS base", (base,))
    db.execute("BEGIN")
    names = [r[0] for r in db.execute("SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'search%' AND name NOT LIKE 'sqlite_%'")]
    for name in names:
        if name in ("segment", "packed", "changed", "unsearched"):
            continue
        columns = lambda schema: [c[1] for c in db.execute(f"PRAGMA {schema}.table_xinfo({name})") if c[6] == 0]
        both = ", ".join(c for c in columns("main") if c in columns("base"))
        if both:
            db.execute(f"INSERT OR IGNORE INTO main.{name}({both}) SELECT {both} FROM base.{name}")
    db.execute("COMMIT")
    db.execute("DETACH base")
    for _, sql in kept:
        db.execute(sql)
