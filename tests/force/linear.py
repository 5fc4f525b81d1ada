"""Records of growing size: four times the keys must not take much more than four times as long."""

from common import crashed

SMALL, TIMES = 10_000, 4
# Four times the work in four times the time; the rest is noise and fixed costs. A square would be 16.
RATIO, SECONDS = 9, 4.0


def shapes():
    """Each a record with n of something."""
    turn = '{"role":"user","text":"where is my order"%s}'
    record = lambda turns, more="": '{"id":"1","outcome":"failed","turns":[' + turns + "]" + more + "}\n"
    keys = lambda n: ",".join(f'"k{i}":{i}' for i in range(n))
    texts = lambda n: ",".join(f'"k{i}"' for i in range(n))
    same = lambda n: ",".join('"k":1' for _ in range(n))
    yield "unknown keys of a conversation", lambda n: record(turn % "", "," + keys(n))
    yield "unknown keys of a turn", lambda n: record(turn % ("," + keys(n)))
    yield "one key again and again", lambda n: record(turn % "", "," + same(n))
    yield "meta", lambda n: record(turn % "", ',"meta":{' + keys(n) + "}")
    yield "meta of a turn", lambda n: record(turn % (',"meta":{' + keys(n) + "}"))
    yield "bot", lambda n: record(turn % "", ',"bot":{' + keys(n) + "}")
    yield "csat", lambda n: record(turn % "", ',"csat":{"score":1,' + keys(n) + "}")
    yield "feedback", lambda n: record(turn % (',"feedback":{"score":1,' + keys(n) + "}"))
    yield "intent as an object", lambda n: record(turn % (',"intent":{"name":"a",' + keys(n) + "}"))
    yield "offer", lambda n: record(turn % "", ',"offers":[{"name":"a",' + keys(n) + "}]")
    yield "offers", lambda n: record(turn % "", ',"offers":[' + ",".join(f'{{"name":"o{i}"}}' for i in range(n // 4)) + "]")
    yield "tags", lambda n: record(turn % "", ',"tags":[' + texts(n // 4) + "]")
    yield "gold intents", lambda n: record(turn % (',"gold_intents":[' + texts(n // 4) + "]"))
    yield "one gold intent again and again", lambda n: record(turn % (',"gold_intents":[' + ",".join(['"a"'] * (n // 4)) + "]"))
    yield "ranking", lambda n: record(turn % (',"ranking":[' + ",".join(f'{{"intent":"i{i}","confidence":0.1}}' for i in range(n // 4)) + "]"))
    yield "entities", lambda n: record(turn % (',"entities":[' + texts(n // 4) + "]"))
    yield "turns", lambda n: record(",".join([turn % ""] * n))
    yield "turns of the bot", lambda n: record(",".join([turn % "", '{"role":"bot","text":"It comes."}'] * (n // 2)))
    yield "other turns", lambda n: record(",".join('{"role":"user","text":"where is %d"}' % i for i in range(n)))
    yield "brackets", lambda n: record(turn % "", ',"x":' + "[" * n + "]" * n)
    yield "brackets side by side", lambda n: record(turn % "", ',"x":[' + ",".join(["[]"] * n) + "]")
    yield "a long text", lambda n: record('{"role":"user","text":"' + "where is my order " * n + '"}')
    yield "a text of one letter", lambda n: record('{"role":"user","text":"' + "a" * n * 20 + '"}')
    yield "a text of marks", lambda n: record('{"role":"user","text":"a' + "\u0301" * n * 4 + '"}')
    yield "a long key", lambda n: record(turn % "", ',"' + "k" * n * 20 + '":1')
    yield "a long id", lambda n: record(turn % "").replace('"1"', '"' + "1" * n + '"')
    yield "lone surrogates", lambda n: record('{"role":"user","text":"' + "\\ud83d" * n + '"}')
    yield "commas too many", lambda n: record(turn % "", ',"x":[' + "1," * n + "]")
    yield "spaces", lambda n: " " * n * 50 + record(turn % "")
    yield "columns of a table", lambda n: ",".join(["id", "role", "text"] + [f"c{i}" for i in range(n // 4)]) + "\n" + ("1,user,hello" + ",x" * (n // 4) + "\n") * 3
    yield "rows of a conversation in a table", lambda n: "id,role,text\n" + "".join(f"1,user,hello {i}\n" for i in range(n))
    yield "quotes of a table", lambda n: 'id,role,text\n1,user,"' + '""' * n * 10 + '"\n'


def run(force):
    family = force.family("records that grow")
    worst = ("", 0.0)
    every = list(shapes())
    force.random.shuffle(every)
    for name, make in every:
        if family.out_of_time():
            family.note("stopped for time")
            break
        small, large = (one(force, family, name, make(n)) for n in (SMALL, SMALL * TIMES))
        family.tried()
        if small is None or large is None:
            continue
        worst = max(worst, (name, large), key=lambda w: w[1])
        if large > SECONDS and large > RATIO * small:
            family.fault(f"{name}: {small:.2f} s, and {large:.2f} s for {TIMES} times as many")
    family.note(f"longest: {worst[0]}, {worst[1]:.1f} s")


def one(force, family, name, text):
    ran = force.run(["import", "-", "-q"], force.copy(), stdin=text.encode(errors="surrogatepass"), memory=2 << 30)
    if crashed(ran):
        family.fault(f"{name}: exit {ran.code}, {ran.words()}")
        return None
    return ran.seconds
