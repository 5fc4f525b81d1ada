"""Draws a sample of a log and counts all of it, with DuckDB on one machine: `duck.py LOG --split split.json --out DIR`. See README.md."""

import json
import os

import duckdb

import lake
from rules import Rules

HERE = os.path.dirname(os.path.abspath(__file__))


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def text(value):
    return "'" + value.replace("'", "''") + "'"


def steps():
    """The query's parts by name."""
    with open(os.path.join(HERE, "sample.sql"), encoding="utf-8") as file:
        parts = file.read().split("\n\n-- ")
    return {p.split("\n", 1)[0].split(":")[0]: p.split("\n", 1)[1] for p in parts[1:]}


def log(con, path, mapping):
    """The view `log`: one conversation a row."""
    if not mapping:
        con.execute(f"CREATE TEMP VIEW log AS SELECT json AS line FROM read_ndjson_objects({text(path)}, maximum_object_size = 67108864)")
        return
    reader = next((r for end, r in ((".parquet", "read_parquet"), (".csv", "read_csv"), (".csv.gz", "read_csv")) if path.endswith(end)),
                  "read_json_auto")
    columns = mapping["columns"]
    turn = ", ".join(f"{text(f)}: {quoted(columns[f])}" for f in lake.TURN if f in columns)
    order = f"{quoted(columns['at'])}, place" if "at" in columns else "place"
    whole = "".join(f", {text(f)}: any_value({quoted(columns[f])})" for f in lake.WHOLE if f in columns)
    con.execute(
        f"""CREATE TEMP VIEW log AS
        SELECT to_json({{'id': {quoted(columns['id'])}::VARCHAR{whole}, 'turns': list({{{turn}}} ORDER BY {order})}})::VARCHAR AS line
        FROM (SELECT *, row_number() OVER () AS place FROM {reader}({text(path)})) GROUP BY {quoted(columns['id'])}"""
    )


def main():
    args = lake.parser(__doc__).parse_args()
    options, mapping = lake.options(args)
    rules, con = Rules(options), duckdb.connect()
    con.create_function("appraise", lambda line: json.dumps(rules.facts(line), ensure_ascii=False), ["VARCHAR"], "VARCHAR")
    con.execute("SET VARIABLE facts = ?", [json.dumps(lake.FACTS)])
    con.execute("SET VARIABLE weeks = " + ("NULL" if options["weeks"] is None else f"[{', '.join(map(text, options['weeks']))}]"))
    log(con, args.log, mapping)
    query = steps()
    con.execute(query["facts"].replace("getvariable('facts')", text(json.dumps(lake.FACTS))))
    lake.refuse(args, con.execute(query["rejects"]).fetchall())
    without_time, without_ai = con.execute(query["left out"]).fetchone()
    counts = con.execute(query["counts"])
    names = [d[0] for d in counts.description]
    counts = [dict(zip(names, row)) for row in counts.fetchall()]

    def lines():
        found = con.execute(query["sample"])
        while rows := found.fetchmany(1000):
            yield from (row[0] for row in rows)

    def to_parquet(source, target):
        con.execute(f"COPY (SELECT * FROM read_csv({text(source)}, all_varchar = true)) TO {text(target)} (FORMAT parquet)")

    lake.write(args, counts, lines(), {"without_time": without_time, "without_ai": without_ai}, to_parquet)


if __name__ == "__main__":
    main()
