"""What both jobs share: their options, the mapping of a table, and how what they found is written. See README.md."""

import argparse
import csv
import datetime
import json
import os
import sys

COUNTS = ["source", "week", "intent", "channel", "language", "outcome", "resolution", "n", "csat_n", "csat_good", "user_turns",
          "fallback_turns"]
# Facts of a conversation, with their types in SQL.
FACTS = {"source": "VARCHAR", "id": "VARCHAR", "week": "VARCHAR", "intent": "VARCHAR", "channel": "VARCHAR", "language": "VARCHAR",
         "outcome": "VARCHAR", "resolution": "VARCHAR", "has_ai": "BOOLEAN", "csat_n": "BIGINT", "csat_good": "BIGINT",
         "user_turns": "BIGINT", "fallback_turns": "BIGINT", "turns": "BIGINT", "last": "BIGINT", "line": "VARCHAR", "reject": "VARCHAR"}
# Fields of a message and of its conversation that a mapping may name a column for.
TURN = ["role", "text", "at", "intent", "confidence", "fallback", "payload", "gold_intent", "action", "event", "name", "feedback"]
WHOLE = ["source", "channel", "lang", "customer_id", "outcome", "csat"]
# A sample as rows: what CSV and Parquet have.
ROWS = ["conversation_id", "source", "role", "text", "timestamp", "message_id", "intent", "confidence", "gold_intent", "fallback", "payload",
        "action", "event", "tool", "feedback", "channel", "language", "customer_id", "outcome", "csat", "sampling_stratum",
        "sampling_probability"]


def parser(what):
    args = argparse.ArgumentParser(description=what)
    args.add_argument("log", help="files or a pattern of them: canonical JSON lines, or with --mapping a table of messages")
    args.add_argument("--split", required=True, help="what `appraise export audit-split` wrote")
    args.add_argument("--out", required=True, help="a folder for counts, sample and summary.json")
    args.add_argument("--format", choices=["jsonl", "csv", "parquet"], default="jsonl")
    args.add_argument("--mapping", help="JSON: which column is what, who speakers are (README.md)")
    args.add_argument("--source", default="lake", help="source of conversations that name none; the same at every run")
    args.add_argument("--week", action="append", help="ISO week, more than once; `all` for every week (default: the last whole one)")
    args.add_argument("--failures", type=float, default=1.0, help="probability of a failure of the training groups")
    args.add_argument("--audit", type=float, default=0.05, help="probability of any conversation of the test groups")
    args.add_argument("--seed", default="1", help="another seed draws another sample")
    args.add_argument("--tz", help="zone of times that name none (default: UTC)")
    args.add_argument("--now", help="when the job runs (default: the clock): tells silence from a conversation that goes on")
    args.add_argument("--handoff-names", default="", help="as for `appraise import`, separated by commas")
    args.add_argument("--accept-rejects", action="store_true", help="write counts although conversations could not be read")
    return args


def options(args):
    with open(args.split, encoding="utf-8") as file:
        split = json.load(file)
    mapping = {}
    if args.mapping:
        with open(args.mapping, encoding="utf-8") as file:
            mapping = json.load(file)
        for field in ("id", "role", "text"):
            if field not in mapping.get("columns", {}):
                sys.exit(f"{args.mapping}: `columns` names no column for `{field}`")
        unknown = [f for f in mapping["columns"] if f not in ["id", *TURN, *WHOLE]]
        if unknown:
            sys.exit(f"{args.mapping}: `columns` names {unknown[0]!r}, which is none of {', '.join(['id', *TURN, *WHOLE])}")
    for name in ("failures", "audit"):
        if not 0 <= getattr(args, name) <= 1:
            sys.exit(f"--{name} is a probability, from 0 to 1")
    now = datetime.datetime.fromisoformat(args.now) if args.now else datetime.datetime.now(datetime.timezone.utc)
    now = now if now.tzinfo else now.replace(tzinfo=datetime.timezone.utc)
    weeks = args.week or [last_week(now, split["zone"])]
    return {
        "source": args.source, "tz": args.tz or "UTC", "now": int(now.timestamp() * 1000), "zone": split["zone"], "salt": split["salt"],
        "share": split["share"], "failures": args.failures, "audit": args.audit, "seed": args.seed,
        "weeks": None if "all" in weeks else weeks, "roles": mapping.get("roles", {}),
        "handoff_names": [n.strip() for n in args.handoff_names.split(",") if n.strip()],
    }, mapping


def last_week(now, zone):
    import zoneinfo

    name = zone if zone.startswith(("+", "-")) is False else "UTC"
    year, week, _ = (now.astimezone(zoneinfo.ZoneInfo(name)) - datetime.timedelta(days=7)).isocalendar()
    return f"{year}-W{week:02}"


def turn_rows(line):
    """A drawn conversation as rows of turns."""
    c = json.loads(line)
    whole = {
        "conversation_id": c.get("id", c.get("conversation_id")), "source": c["source"], "channel": c.get("channel"),
        "language": c.get("lang"), "customer_id": c.get("customer_id"), "outcome": c.get("outcome"),
        "sampling_stratum": c["sampling"]["stratum"], "sampling_probability": repr(c["sampling"]["probability"]),
    }
    csat = c.get("csat")
    if csat is not None:
        whole["csat"] = f"{csat.get('score')}/{csat.get('max', 5)}" if isinstance(csat, dict) else csat
    for t in c.get("turns") or c.get("messages"):
        thumb = t.get("feedback")
        gold = t.get("gold_intent") or "|".join(t.get("gold_intents") or [])
        yield whole | {
            "role": t.get("role"), "text": t.get("text", ""), "timestamp": t.get("at"), "message_id": t.get("id"),
            "intent": t["intent"].get("name") if isinstance(t.get("intent"), dict) else t.get("intent"), "confidence": t.get("confidence"),
            "gold_intent": gold or None, "fallback": "true" if t.get("fallback") else None, "payload": "true" if t.get("payload") else None,
            "action": t.get("action"), "event": t.get("event"), "tool": t.get("name"),
            "feedback": thumb.get("score") if isinstance(thumb, dict) else thumb,
        }


def write(args, counts, lines, summary, to_parquet):
    """Writes counts (dictionaries), the drawn lines and the summary. `to_parquet(csv, parquet)` makes one of the other."""
    os.makedirs(args.out, exist_ok=True)
    at = lambda name, ending: os.path.join(args.out, f"{name}.{ending}")
    rows = "jsonl" if args.format == "jsonl" else "csv"
    with open(at("counts", rows), "w", encoding="utf-8", newline="") as file:
        if rows == "jsonl":
            file.writelines(json.dumps({k: c[k] for k in COUNTS}, ensure_ascii=False) + "\n" for c in counts)
        else:
            out = csv.DictWriter(file, COUNTS, extrasaction="ignore")
            out.writeheader()
            out.writerows(counts)
    drawn = 0
    with open(at("sample", rows), "w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, ROWS)
        if rows == "csv":
            out.writeheader()
        for line in lines:
            drawn += 1
            file.write(line + "\n") if rows == "jsonl" else out.writerows(turn_rows(line))
    if args.format == "parquet":
        for name in ("counts", "sample"):
            to_parquet(at(name, "csv"), at(name, "parquet"))
            os.remove(at(name, "csv"))
    summary |= {"drawn": drawn, "conversations": sum(c["n"] for c in counts), "weeks": sorted({c["week"] for c in counts})}
    with open(at("summary", "json"), "w", encoding="utf-8") as file:
        json.dump(summary, file, ensure_ascii=False, indent=1)
    print(json.dumps(summary, ensure_ascii=False))


def refuse(args, rejects):
    """Counts of a log that could not be read whole are no true counts. `rejects`: reasons with how often."""
    if not rejects:
        return
    for reason, n in rejects[:20]:
        print(f"{n} conversations cannot be read: {reason}", file=sys.stderr)
    if not args.accept_rejects:
        sys.exit("nothing is written: mend the log, say in the mapping who speaks, or --accept-rejects")
