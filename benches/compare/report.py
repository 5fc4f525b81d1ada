"""A report recounted from the store's rows, and its page looked at by a browser.

    benches/compare/report.py STORE [--program target/debug/appraise] [--now TIME] [--browser chromium] [--keep DIR]     # just report

The report's JSON is held to plain SQL over the store's tables, written without the program's code: the last seven days, day one, weeks,
failures and causes of four weeks, the rates of `stats`, how many stayed helped, releases, and Kitagawa's parts by language and channel. The page is opened in a headless browser: no
message on its console, no request but the file itself, every chart drawn. Without a browser that part is left out and said. Prints
Markdown; fails where anything differs. Stores in UTC with a customer's conversations all stored (the demo is one).
"""

import argparse
import datetime
import json
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

DAY = 86_400_000
N = "traffic = 1 AND has_ai = 1 AND outcome BETWEEN 1 AND 4"


def day(ms):
    return datetime.datetime.fromtimestamp(ms / 1000, datetime.timezone.utc).strftime("%Y-%m-%d")


def midnight(text):
    return int(datetime.datetime.fromisoformat(text + "T00:00:00+00:00").timestamp() * 1000)


class Recount:
    def __init__(self, store):
        self.db = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
        self.newest = self.one(f"SELECT max(last_at) FROM conversation WHERE {N}")
        self.end = (self.newest // DAY + 1) * DAY

    def one(self, sql, *args):
        return self.db.execute(sql, args).fetchone()[0]

    def ends(self, since, until):
        sql = f"SELECT sum(outcome = 1), sum(outcome = 2), sum(outcome = 3), sum(outcome = 4), count(*) FROM conversation WHERE {N} AND last_at >= ? AND last_at < ?"
        return [n or 0 for n in self.db.execute(sql, (since, until)).fetchone()]

    def strata(self, since, until, key):
        key = {
            "language": "(SELECT text FROM term WHERE id = coalesce(nullif(c.written, 0), c.language))",
            "channel": "(SELECT text FROM term WHERE id = c.channel)",
        }[key]
        sql = f"SELECT coalesce({key}, 'none'), sum(outcome = 1), count(*) FROM conversation c WHERE {N} AND last_at >= ? AND last_at < ? GROUP BY 1"
        return {name: (k, n) for name, k, n in self.db.execute(sql, (since, until))}


def kitagawa(before, after):
    names = [s for s in before.keys() | after.keys() if before.get(s, (0, 0))[1] >= 10 or after.get(s, (0, 0))[1] >= 10]
    cells = {s: (before.get(s, (0, 0)), after.get(s, (0, 0))) for s in names}
    rest = [(before.get(s, (0, 0)), after.get(s, (0, 0))) for s in (before.keys() | after.keys()) - set(names)]
    if rest:
        cells["rest"] = tuple((sum(c[i][0] for c in rest), sum(c[i][1] for c in rest)) for i in (0, 1))
    total = [sum(c[i][1] for c in cells.values()) for i in (0, 1)]
    within = mix = 0.0
    for (k0, n0), (k1, n1) in cells.values():
        w0, w1 = n0 / total[0], n1 / total[1]
        p0, p1 = (k0 / n0 if n0 else None), (k1 / n1 if n1 else None)
        p0, p1 = (p1 if p0 is None else p0), (p0 if p1 is None else p1)
        within += (p1 - p0) * (w0 + w1) / 2
        mix += (w1 - w0) * (p0 + p1) / 2
    return within, mix


def recount(store, report):
    """Pairs of what the report says and what was counted, with a name."""
    r = Recount(store)
    now = r.ends(r.end - 7 * DAY, r.end)
    named = ["resolved", "escalated", "failed", "abandoned", "n"]
    pairs = [(f"this week: {k}", report["now"][k], v) for k, v in zip(named, now)]
    pairs += [("this week: first day", report["now"]["first"], day(r.end - 7 * DAY))]
    pairs += [(f"stats: {k}", report["stats"]["outcomes"][k], v) for k, v in zip(named, now[:4])]
    if report["before"]:
        before = r.ends(r.end - 14 * DAY, r.end - 7 * DAY)
        pairs += [(f"week before: {k}", report["before"][k], v) for k, v in zip(named, before)]
    first = None
    if report["day_one"]:
        first = (r.one(f"SELECT min(last_at) FROM conversation WHERE {N} AND last_at > 0") // DAY) * DAY
        while r.ends(first, first + 7 * DAY)[4] < 200 or r.ends(first, first + DAY)[4] == 0:
            first += DAY
        pairs += [(f"day one: {k}", report["day_one"][k], v) for k, v in zip(named, r.ends(first, first + 7 * DAY))]
    for week in report["weeks"]:
        monday = midnight(week["monday"])
        counted = r.ends(monday, monday + 7 * DAY)
        pairs += [(f"{week['week']}", (week["resolution"]["num"], week["resolution"]["den"]), (counted[0], counted[4]))]
    # Hand-overs that were right leave the failures.
    since, right = r.end - 28 * DAY, code("outcome.rs", "RightHandover")
    failed = r.one(f"SELECT count(*) FROM conversation WHERE {N} AND outcome IN (2, 3) AND cause IS NOT ? AND last_at >= ? AND last_at < ?", right, since, r.end)
    pairs += [("failures of four weeks", report["failures"]["failed"], failed)]
    reviewed = r.one(f"SELECT count(*) FROM conversation WHERE {N} AND outcome IN (2, 3) AND cause IS NOT NULL AND cause IS NOT ? AND last_at >= ? AND last_at < ?", right, since, r.end)
    pairs += [("reviewed of these", report["failures"]["reviewed"], reviewed)]
    of_patterns = sum(p["n"] for p in report["failures"]["patterns"])
    if len(report["failures"]["patterns"]) < 12:
        all_failed = r.one("SELECT count(*) FROM conversation WHERE outcome IN (2, 3) AND traffic = 1 AND last_at >= ? AND last_at < ?", since, r.end)
        pairs += [("failures in patterns and in none", of_patterns, all_failed)]
    live = code("review/decision.rs", "Live")
    went_live = r.one("SELECT count(*) FROM decision WHERE kind = ? AND after IS NOT NULL", live)
    pairs += [("releases that went live", len(report["releases"]), min(20, went_live))]
    for change in report["changes"]:
        if change["by"] == "intent":
            pairs += [("by intent: adds up", round(change["within"]["value"] + change["mix"]["value"], 12), round(change["total"]["value"], 12))]
            continue
        a, b = ((midnight(change[k]["first"]), midnight(change[k]["last"]) + DAY) for k in ("from", "to"))
        counted = kitagawa(r.strata(*a, change["by"]), r.strata(*b, change["by"]))
        said = (change["within"]["value"], change["mix"]["value"])
        pairs += [(f"by {change['by']}", tuple(round(x, 10) for x in said), tuple(round(x, 10) for x in counted))]
    return pairs


def rates(r, since, until):
    """Numerators and denominators of the rates of a stretch of time."""
    within = f"{N} AND last_at >= ? AND last_at < ?"
    count = lambda what: r.one(f"SELECT count(*) FROM conversation WHERE {within} AND {what}", since, until)
    n, user = count("1"), r.one(
        f"SELECT count(*) FROM turn t JOIN conversation c ON c.id = t.id >> 20 WHERE t.role = 1 AND t.payload = 0 AND c.traffic = 1 AND c.has_ai = 1 AND c.last_at >= ? AND c.last_at < ?",
        since, until)
    confirmed = code("outcome.rs", "Confirmed")
    rated = count("csat IS NOT NULL")
    return {
        "resolution": (count("outcome = 1"), n),
        "resolution_confirmed": (count(f"outcome = 1 AND resolution = {confirmed}"), n),
        "resolution_assumed": (count(f"outcome = 1 AND resolution IS NOT {confirmed}"), n),
        "escalation": (count("outcome = 2"), n),
        "failure": (count("outcome = 3"), n),
        "abandonment": (count("outcome = 4"), n),
        "containment": (n - count("outcome = 2"), n),
        "csat": (count("csat >= 4"), rated),
        "csat_response": (rated, n),
        "fallback": (
            r.one(
                "SELECT count(*) FROM turn t JOIN conversation c ON c.id = t.id >> 20 WHERE t.role = 1 AND t.payload = 0 AND t.fallback AND c.traffic = 1 AND c.has_ai = 1 AND c.last_at >= ? AND c.last_at < ?",
                since, until),
            user,
        ),
    }


def stayed(r, now, days):
    """Kaplan and Meier's share that had not come back after so many days, of those helped in eight weeks; who left, who is still seen."""
    label = code("review/decision.rs", "Intent")
    stands = dict(r.db.execute("SELECT id, coalesce(stands, id) FROM intent"))
    rows = r.db.execute(
        f"""SELECT customer, coalesce((SELECT CAST(value AS INTEGER) FROM current l WHERE l.subject = c.id AND l.kind = {label} AND l.turn = c.first_turn),
              first_intent), coalesce(started_at, last_at), last_at, outcome FROM conversation c
            WHERE customer IS NOT NULL AND traffic = 1 AND has_ai = 1 AND last_at >= ? AND last_at > 0 AND last_at < ?""",
        (r.end - 56 * DAY, now + DAY + 1)).fetchall()
    by = {}
    for customer, intent, begun, last, outcome in rows:
        if intent is not None:
            by.setdefault((customer, stands[intent]), []).append((begun, last, outcome))
    seen = []
    for talks in by.values():
        talks.sort()
        for talk, after in zip(talks, talks[1:] + [None]):
            if talk[2] == 1:
                seen.append((max(after[0] - talk[1] if after else now - talk[1], 0) / DAY, after is not None))
    share = 1.0
    for time in sorted({t for t, left in seen if left and t <= days}):
        there = sum(t >= time for t, _ in seen)
        share *= 1 - sum(t == time and left for t, left in seen) / there
    return (round(share, 10), sum(left and t <= days for t, left in seen), sum(t >= days for t, _ in seen), len(seen))


def recount_stats(store, report, week, now):
    """The same for `stats`: the rates of the last seven days, of every week, and how many stayed helped."""
    r = Recount(store)
    pairs = []
    for name, counted in rates(r, r.end - 7 * DAY, r.end).items():
        for where, said in (("report", report["stats"]["rates"]), ("stats", week["rates"])):
            pairs += [(f"{where}: {name}", (said[name]["num"], said[name]["den"]), counted)]
    pairs += [(f"the report's stats are those of `stats`: {k}", report["stats"][k], week[k]) for k in ("n", "outcomes", "rates", "weeks", "excluded")]
    for p in report["stayed"]:
        pairs += [(f"stayed helped {p['days']} days", (round(p["stayed"], 10), p["left"], p["at_risk"], p["n"]), stayed(r, now, p["days"]))]
    return pairs


def code(file, name):
    """The number under which the store keeps something that the program names."""
    text = (pathlib.Path(__file__).resolve().parents[2] / "src" / "domain" / file).read_text()
    return int(re.search(rf"\b{name} = (\d+)", text)[1])


def browser(page, program, keep):
    """What a browser says of the page."""
    found = []
    with tempfile.TemporaryDirectory() as home:
        shots = {"light": [], "dark": ["--blink-settings=preferredColorScheme=0", "--force-dark-mode"]}
        plain = [program, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={home}"]
        ran = subprocess.run([*plain, "--enable-logging=stderr", "--v=0", "--dump-dom", page.as_uri()], capture_output=True, text=True, timeout=120)
        console = [l for l in ran.stderr.splitlines() if "CONSOLE" in l]
        found += [("messages on the console", console, [])]
        # A browser asks its own maker for updates and the like; the page may not ask at all: its policy and its text say so.
        names = re.findall(r"(?:src|href|action)\s*=|url\((?!#)|@import", page.read_text())
        found += [("names of anything outside in the page", names, [])]
        found += [("charts", ('class="trend"' in ran.stdout, 'class="customers"' in ran.stdout), (True, True))]
        if keep:
            for name, more in shots.items():
                subprocess.run([*plain, *more, "--window-size=900,2600", f"--screenshot={keep / (name + '.png')}", page.as_uri()], capture_output=True, timeout=120)
            subprocess.run([*plain, "--no-pdf-header-footer", f"--print-to-pdf={keep / 'report.pdf'}", page.as_uri()], capture_output=True, timeout=120)
    return found


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("store", type=pathlib.Path)
    args.add_argument("--program", default="target/debug/appraise")
    args.add_argument("--now")
    args.add_argument("--browser", default=shutil.which("chromium") or shutil.which("google-chrome"))
    args.add_argument("--keep", type=pathlib.Path)
    args = args.parse_args()
    # One moment for the program and the recount: who came back is counted up to it.
    args.now = args.now or datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0).isoformat().replace("+00:00", "Z")
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        made = {}
        for name in ("report.json", "report.html"):
            made[name] = work / name
            now = ["--now", args.now]
            subprocess.run([args.program, "--store", args.store, *now, "-q", "report", "--out", made[name]], check=True, stdout=subprocess.DEVNULL)
        report = json.loads(made["report.json"].read_text())
        pairs = recount(args.store, report)
        asked = [args.program, "--store", args.store, *now, "-q", "--json", "stats", "--since", "7d"]
        told = json.loads(subprocess.run(asked, check=True, capture_output=True, text=True).stdout)
        moment = datetime.datetime.fromisoformat(args.now)
        pairs += recount_stats(args.store, report, told, int(moment.timestamp() * 1000))
        if args.browser:
            if args.keep:
                args.keep.mkdir(parents=True, exist_ok=True)
            pairs += browser(made["report.html"], args.browser, args.keep)
        else:
            print("no browser is here: the page was not opened\n")
    wrong = [p for p in pairs if p[1] != p[2]]
    print(f"{len(pairs)} figures, {len(wrong)} of them differ")
    for name, said, counted in wrong:
        print(f"- {name}: the report says {said}, counted {counted}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
