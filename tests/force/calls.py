"""One failing system call, by strace."""

import shutil

import acts
from common import crashed, state, unsound

CALLS = ("write", "pwrite64", "fsync", "fdatasync", "read", "pread64", "openat", "ftruncate", "mmap", "clone3", "fcntl", "unlink", "rename", "newfstatat")
ERRORS = ("EIO", "ENOSPC", "EMFILE", "EAGAIN", "ENOMEM", "EACCES", "EINTR")
# EINTR and EAGAIN of some calls are asked again for ever by whoever is told so once a call; these make sense.
ODD = {("EINTR", "mmap"), ("EINTR", "clone3"), ("EAGAIN", "openat"), ("ENOSPC", "read"), ("ENOSPC", "pread64")}


def run(force):
    every = [a for a in acts.every(force) if a.base]
    family = force.family("failing system calls")
    if not shutil.which("strace"):
        family.note("not tried: strace is not installed")
        return
    probe = force.run(["--version"], prefix=["strace", "-qq", "-o", "/dev/null"])
    if probe.code != 0:
        family.note("not tried: strace may not trace here")
        return
    for i in range(force.tries(500)):
        if family.out_of_time():
            family.note("stopped for time")
            break
        act = every[i % len(every)]
        one(force, act, acts.undisturbed(force, act), family)


def one(force, act, known, family):
    before, after, usual = known["before"], known["after"], known["ran"].code
    call, error = force.random.choice(CALLS), force.random.choice(ERRORS)
    if (error, call) in ODD:
        error = "EIO"
    # Most calls come early; a few runs fail late.
    nth = int(force.random.paretovariate(0.5))
    store = force.copy(act.base)
    inject = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={min(nth, 60000)}"]
    done = force.run(act.args, store, prefix=inject)
    family.tried()
    where = f"{act.name} with {error} at {call} {nth}"
    if crashed(done):
        # Without memory or a thread the system's own libraries may end the process.
        if not (call in ("mmap", "clone3") and done.code != "hang"):
            family.fault(f"{where}: exit {done.code}, {done.words()}")
    wrong = unsound(store, before)
    if wrong:
        return family.fault(f"{where}: {wrong}")
    now = state(store)
    part = acts.half(act, before, after, now)
    if part:
        return family.fault(f"{where}: {part}")
    rows = lambda s: [s["counts"].get(t) for t in act.tables] if s else None
    if act.tables and usual == 0 and rows(before) != rows(after):
        if done.code == 0 and rows(now) == rows(before):
            family.fault(f"{where}: it says that it is done, and nothing is there")
        # The store is written with pwrite64; where a write fails, what was done cannot be told.
        if done.code == 1 and call != "write" and rows(now) == rows(after):
            family.fault(f"{where}: it says that it failed ({done.words()}), and all is there")
