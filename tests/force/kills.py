"""Kills at random moments: by the clock, which meets waiting for the disk, and by the processor's time, which a busy machine does not
move. The system's own timers send the signal; the program handles neither, so that they end it as kill -9 does."""

import signal
import subprocess

import acts
from common import NOW, crashed, state, unsound


def run(force):
    every = acts.every(force)
    family = force.family("kill -9")
    hit = 0
    for i in range(force.tries(500)):
        if family.out_of_time():
            family.note("stopped for time")
            break
        act = every[i % len(every)]
        known = acts.undisturbed(force, act)
        ran = known["ran"]
        if crashed(ran) or ran.code not in act.again:
            family.fault(f"{act.name} undisturbed: exit {ran.code}, {ran.words()}")
            continue
        hit += one(force, act, known, family)
    family.note(f"{hit} while it ran")


def one(force, act, known, family):
    store = force.copy(act.base)
    by_clock = force.random.random() < 0.5
    timer, most = (signal.ITIMER_REAL, known["ran"].seconds) if by_clock else (signal.ITIMER_PROF, known["ran"].busy)
    wait = max(0.001, force.random.uniform(0, most))
    child = subprocess.Popen(
        [force.program, "--store", store, "--now", NOW, *act.args], env=force.env, cwd=force.dir, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=lambda: signal.setitimer(timer, wait))
    code = child.wait()
    hit = code in (-signal.SIGALRM, -signal.SIGPROF)
    family.tried()
    where = f"{act.name} killed after {wait:.3f} s {'by the clock' if by_clock else 'of work'}"
    if not hit and (code < 0 or code not in act.again):
        family.fault(f"{where}: exit {code}")
    after_kill(force, act, known, family, store, where)
    return hit


def after_kill(force, act, known, family, store, where):
    """A store is sound, has all or nothing, and the same command brings it where it would have been."""
    wrong = unsound(store, known["before"])
    if wrong:
        return family.fault(f"{where}: {wrong}")
    now = state(store)
    part = acts.half(act, known["before"], known["after"], now)
    if part:
        return family.fault(f"{where}: {part}")
    again = force.run(act.args, store)
    if crashed(again) or again.code not in act.again:
        return family.fault(f"{where}: again: exit {again.code}, {again.words()}")
    wrong = unsound(store, known["before"])
    if wrong:
        return family.fault(f"{where}, again: {wrong}")
    looked = acts.listed(force, store)
    if "import" in act.name.split() or "migration" in act.name:
        if looked != known["all"]:
            family.fault(f"{where}: importing again does not give what an undisturbed import gives")
    elif not looked:
        family.fault(f"{where}: the queue cannot be listed")
