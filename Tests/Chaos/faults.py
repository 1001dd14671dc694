"""What chaos.py does to the engine. Each fault is a function that makes an `Attempt`: how one start of the engine is disturbed."""
import contextlib
import dataclasses
import os
import signal
import subprocess

KILLED, DONE, TROUBLE, IN_USE = -signal.SIGKILL, 0, 3, 4
# By status, or by the signal itself where it came before the engine could listen.
TERMINATED = {143, -signal.SIGTERM}
INTERRUPTED = {130, -signal.SIGINT}
CHANGES = "create write truncate sync rename unlink mkdir"
# What a full disk says no to.
GROWTH = "create write truncate sync rename mkdir"


@dataclasses.dataclass
class Scene:
    """What the faults need to know of the run that they disturb."""

    folder: str
    input_path: str
    # Of an undisturbed run: how long it takes, how many changes it makes to the disk, how large the batch is, how many documents there are.
    seconds: float
    changes: int
    size: int
    documents: int


@dataclasses.dataclass
class Attempt:
    """One start of the engine: what is done to it, and with which statuses it may end."""

    moment: str
    statuses: set
    # Pairs of seconds since the start and a call that takes the engine.
    actions: list = dataclasses.field(default_factory=list)
    # What the shim is told; empty for no shim.
    shim: dict = dataclasses.field(default_factory=dict)
    # Makes the disk whole again, before the engine is started anew.
    mend: object = None
    # A second engine on the same folder, started at this second.
    rival: float = None
    # A worker was killed from outside: a page that kills workers anyway may have been rejected for that instead.
    reasons_may_differ: bool = False


def some_time(rng, scene):
    return rng.uniform(0, scene.seconds)


def timed(rng, scene, statuses, action, **more):
    moment = some_time(rng, scene)
    return Attempt(f"{moment:.3f} s", statuses, [(moment, action)], **more)


def kill_parent(rng, scene):
    return timed(rng, scene, {KILLED, DONE}, lambda engine: engine.send(signal.SIGKILL))


def kill_everyone(rng, scene):
    return timed(rng, scene, {KILLED, DONE}, lambda engine: engine.send(signal.SIGKILL, everyone=True))


def kill_worker(rng, scene):
    share = rng.random()
    return timed(rng, scene, {DONE}, lambda engine: signal_worker(engine, share, signal.SIGKILL), reasons_may_differ=True)


def kill_workers(rng, scene):
    def action(engine):
        for worker in engine.others():
            signal_process(worker, signal.SIGKILL)
    return timed(rng, scene, {DONE}, action, reasons_may_differ=True)


def kill_worker_then_parent(rng, scene):
    attempt = kill_worker(rng, scene)
    later = attempt.actions[0][0] + rng.uniform(0, scene.seconds / 3)
    attempt.actions.append((later, lambda engine: engine.send(signal.SIGKILL)))
    attempt.moment += f", {later:.3f} s"
    attempt.statuses = {KILLED, DONE}
    return attempt


def terminate(rng, scene):
    return timed(rng, scene, TERMINATED | {DONE}, lambda engine: engine.send(signal.SIGTERM))


def interrupt(rng, scene):
    everyone = rng.random() < 0.5
    attempt = timed(rng, scene, INTERRUPTED | {DONE}, lambda engine: engine.send(signal.SIGINT, everyone=everyone))
    attempt.moment += " to all" if everyone else ""
    return attempt


def stop_worker(rng, scene):
    """A worker stands still for a second, which must change nothing."""
    share, stopped = rng.random(), []

    def stop(engine):
        stopped.append(signal_worker(engine, share, signal.SIGSTOP))

    attempt = timed(rng, scene, {DONE}, stop)
    attempt.actions.append((attempt.actions[0][0] + 1, lambda engine: signal_process(stopped[0], signal.SIGCONT)))
    return attempt


def signal_worker(engine, share, number):
    worker = engine.a_worker(share)
    signal_process(worker, number)
    return worker


def signal_process(pid, number):
    with contextlib.suppress(ProcessLookupError):
        if pid:
            os.kill(pid, number)


def two_at_once(rng, scene):
    moment = some_time(rng, scene)
    return Attempt(f"{moment:.3f} s", {DONE, IN_USE}, rival=moment)


def small_disk(rng, scene):
    """A disk that is full before the batch is, and larger when the engine is started again."""
    size = max(64 << 10, int(scene.size * rng.uniform(0.02, 1.1)))
    mount("-t", "tmpfs", "-o", f"size={size}", "chaos", scene.folder)
    return Attempt(f"{size >> 10} kB", {TROUBLE, DONE}, mend=lambda: mount("-o", "remount,size=1g", scene.folder))


def mount(*arguments):
    subprocess.run(["mount", *arguments], check=True, capture_output=True)


def can_mount(folder):
    """Whether this system lets us mount a small disk."""
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "chaos", folder], capture_output=True)
    if done.returncode == 0:
        subprocess.run(["umount", folder], check=True)
    return done.returncode == 0


def shimmed(rng, scene, how, calls, statuses, forever):
    number = rng.randint(1, max(1, scene.changes))
    shim = {"CHAOS_FAIL": how, "CHAOS_CALLS": calls, "CHAOS_AT": str(number), "CHAOS_FOLDER": os.path.join(scene.folder, "out")}
    if forever:
        shim["CHAOS_FOREVER"] = "1"
    return Attempt(f"call {number}{' and on' if forever else ''}", statuses, shim=shim)


def full_disk(rng, scene):
    return shimmed(rng, scene, "ENOSPC", GROWTH, {TROUBLE, DONE}, rng.random() < 0.6)


def broken_disk(rng, scene):
    return shimmed(rng, scene, "EIO", CHANGES, {TROUBLE, DONE}, rng.random() < 0.4)


def broken_sync(rng, scene):
    attempt = shimmed(rng, scene, "EIO", "sync rename", {TROUBLE, DONE}, False)
    return renumbered(attempt, rng, scene.changes // 8)


def short_write(rng, scene):
    return shimmed(rng, scene, "SHORT", "write", {DONE}, rng.random() < 0.3)


def kill_at_call(rng, scene):
    return shimmed(rng, scene, "KILL", CHANGES, {KILLED, DONE}, False)


def bad_read(rng, scene):
    """Reading an input fails once; the engine reads it again."""
    attempt = shimmed(rng, scene, "EIO", "read", {DONE}, False)
    attempt.shim["CHAOS_FOLDER"] = scene.input_path
    return renumbered(attempt, rng, scene.documents if os.path.isdir(scene.input_path) else 12)


def renumbered(attempt, rng, most):
    number = rng.randint(1, max(1, most))
    attempt.shim["CHAOS_AT"] = str(number)
    attempt.moment = f"call {number}"
    return attempt


# By name: the function, and how often it is chosen. A power cut is made by chaos.py.
POWER_CUT = "power-cut"
FAULTS = {
    "kill-parent": (kill_parent, 9), "kill-all": (kill_everyone, 6), "kill-worker": (kill_worker, 7), "kill-workers": (kill_workers, 5),
    "kill-worker-then-parent": (kill_worker_then_parent, 4), "kill-at-call": (kill_at_call, 10), "sigterm": (terminate, 6),
    "sigint": (interrupt, 4), "stop-worker": (stop_worker, 3), "two-at-once": (two_at_once, 3), "small-disk": (small_disk, 5),
    "full-disk": (full_disk, 6), "broken-disk": (broken_disk, 6), "broken-sync": (broken_sync, 4), "short-write": (short_write, 3),
    "bad-read": (bad_read, 4), POWER_CUT: (None, 25)}
OF_WORKERS = ("kill-worker", "kill-workers", "kill-worker-then-parent", "stop-worker")
# Those that may come on top, while the engine continues after another one.
SECOND = ("kill-parent", "kill-all", "kill-at-call", "sigterm", "full-disk", "broken-disk", "broken-sync")
