"""Hostile text in every field of a log, and as every argument; what comes out is looked at byte by byte."""

import json
import os
import pty
import select
import subprocess
import time

from common import NOW, crashed
from looking import LOOKS, odd_bytes

EVIL = [
    "\x1b]0;title\x07", "\x1b[2J\x1b[H", "\x1b]52;c;ZXZpbA==\x07", "\x9b31m", "\u009d0;x\u009c", "a\rb", "a\x08\x08b", "\x7f", "\x00",
    "\u202egnp.exe", "\u2066x\u2069", "\u200f", "=cmd|' /C calc'!A0", "-rf", "--json", "<script>", "'; DROP TABLE turn; --", "%s%n", "😀" * 50,
    "\u0301" * 60, "\ufffe", "\U000e0041", "\x1bP$q\"p\x1b\\", "\x1b_G\x1b\\", "a\nb\tc", "\x0e\x0f", "\ufeff", "ά" * 300,
]


def evil_log():
    lines = []
    for i, e in enumerate(EVIL):
        t = f"where is {e} my order {e}"
        lines.append(json.dumps({
            "id": f"{e}{i}", "source": f"s{e}", "channel": e or "x", "lang": e, "customer_id": e, "outcome": "failed", "outcome_reason": e,
            "tags": [e], "bot": {"name": e, "version": e}, "meta": {e: e}, e: e, "csat": {"score": 1, "comment": e},
            "offers": [{"id": e, "name": f"o{e}", "status": "declined", "currency": e, e: e}],
            "turns": [{"role": "user", "text": t, "intent": f"i{e}", "gold_intent": f"g{e}", "confidence": 0.4, "name": e, "id": e, e: e},
                      {"role": "bot", "text": t, "action": e, "event": e, "model": e, "ranking": [{"intent": f"r{e}", "confidence": 0.3}],
                       "entities": [{e: e}], "feedback": {"score": -1, "comment": e}, "corrected": e}]}))
    return ("\n".join(lines) + "\n").encode()


def run(force):
    family = force.family("hostile text, stored")
    store = force.copy()
    first = force.run(["import", "-", "--rejects", force.path("rejects.jsonl")], store, stdin=evil_log())
    look(family, ["import"], first)
    shown = force.run(["queue", "--all", "--limit", "0", "--json"], store)
    rows = json.loads(shown.out or b"[]")
    if len(rows) < len(EVIL) // 2:
        family.fault(f"only {len(rows)} of {len(EVIL)} conversations are there: {first.words()}")
    commands = [*LOOKS, ["finetune"], ["lint"], ["patterns", "failed"], ["report", "--out", force.path("r.html")], ["views"]]
    for row in rows[: force.tries(60)]:
        by_name = [["show", row["id"]]] if "\x00" not in row["id"] else []
        commands += [*by_name, ["show", f"#{row['n']}", "--json"], ["label", f"#{row['n']}", "--note", row["text"][:200].replace("\x00", "")]]
    for command in commands:
        if family.out_of_time():
            family.note("stopped for time")
            break
        look(family, command, force.run(command, store, stdin=b"where is my order\n"))
    as_arguments(force, store)


def look(family, command, ran, terminal=False):
    family.tried()
    said = f"{' '.join(command)!a}{' on a terminal' if terminal else ''}"[:200]
    if crashed(ran):
        family.fault(f"{said}: exit {ran.code}, {ran.words()}")
    for out in (ran.out, ran.err):
        odd = odd_bytes(out)
        if odd:
            family.fault(f"{said}: {odd}")


def as_arguments(force, store):
    family = force.family("hostile text, as arguments")
    shapes = [["{}"], ["queue", "{}"], ["queue", "--sort", "{}"], ["queue", "--{}"], ["show", "{}"], ["label", "#1", "--intent", "{}"],
              ["label", "#1", "--turn", "{}"], ["stats", "--since", "{}"], ["stats", "--by", "{}"], ["serve", "--addr", "{}"], ["import", "{}"],
              ["import", "x", "--tz", "{}"], ["promote", "{}", "--reason", "x"], ["models", "verify", "{}"], ["--config", "{}", "stats"], ["--as", "{}", "stats"],
              ["--seed", "{}", "stats"], ["encoder", "add", "{}"], ["export", "{}", "--out", "x"], ["cycle", "open", "--name", "{}"], ["intents", "add", "{}"]]
    pairs = [(s, e) for s in shapes for e in EVIL if "\x00" not in e]
    force.random.shuffle(pairs)
    for shape, e in pairs[: force.tries(300)]:
        if family.out_of_time():
            family.note("stopped for time")
            break
        command = [part.replace("{}", e) for part in shape]
        look(family, command, force.run(command, store))
        if force.random.random() < 0.2:
            code, out = on_terminal(force, command, store)
            family.tried()
            # A terminal's own colours and line ends are the program's; what came in must not go out.
            for bad in ("\x1b]", "\x9b", "\x9d", "\x1bP", "\x1b_", "\x1b[2J", "\x07"):
                if bad in e and bad.encode() in out:
                    family.fault(f"{command!a} on a terminal: {bad!a} comes out")


def on_terminal(force, command, store):
    """Runs a command with a terminal of its own; exit code and all that it printed there."""
    leader, follower = pty.openpty()
    child = subprocess.Popen([force.program, "--store", store, "--now", NOW, *command], env=dict(force.env, TERM="xterm-256color"),
                             cwd=force.dir, stdin=subprocess.DEVNULL, stdout=follower, stderr=follower, start_new_session=True)
    os.close(follower)
    out, until = b"", time.time() + 20
    while time.time() < until:
        ready, _, _ = select.select([leader], [], [], 0.2)
        if ready:
            try:
                piece = os.read(leader, 65536)
            except OSError:
                break
            if not piece:
                break
            out += piece
        elif child.poll() is not None:
            break
    if child.poll() is None:
        child.kill()
    os.close(leader)
    return child.wait(), out
