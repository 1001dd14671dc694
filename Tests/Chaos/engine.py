"""Starts the engine, watches its processes, and finds those that it left behind. Used by chaos.py."""
import json
import os
import signal
import subprocess
import time

LIMITS = {"time": "500ms", "memory": "200MB"}
# Seconds: until workers without a parent must be gone, until a run that is asked to end must have ended, until it counts as hanging.
ORPHANS_MAY_LIVE = 5
ENDING_MAY_TAKE = 15
RUN_MAY_TAKE = 180
POLL = 0.005


def write_config(folder, input_path, documents):
    """Writes the pipeline of a run: 16 parts, output in `out` beside it."""
    config = {
        "name": "chaos", "input": {"paths": [input_path]},
        "stages": [{"use": "article"}, {"use": "fault"}, {"use": "sentences"}, {"use": "near-duplicates", "action": "mark"}],
        "output": {"format": "jsonl", "path": "out", "parts": {"documents": max(1, documents // 16)}},
        "run": {"workers": 2, "maxRejects": 1000, "limits": LIMITS}}
    with open(os.path.join(folder, "config.json"), "w", encoding="utf-8") as out:
        json.dump(config, out, indent=2)


class Engine:
    """One start of the engine in a folder that holds config.json.

    What it prints goes to `log`, which must lie outside of the folder when the folder's disk is small.
    """

    counter = 0

    def __init__(self, binary, folder, log, environment=None):
        Engine.counter += 1
        self.mark = f"CHAOS_MARK={os.getpid()}.{Engine.counter}"
        self.started = time.monotonic()
        self.asked = None
        # Whether it ended before all was done to it that was planned.
        self.is_spared = False
        name, value = self.mark.split("=")
        variables = {**os.environ, **(environment or {}), name: value}
        with open(log, "ab") as out:
            self.process = subprocess.Popen(
                [binary, "run", "config.json"], cwd=folder, env=variables, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                start_new_session=True)

    @property
    def seconds(self):
        return time.monotonic() - self.started

    def is_running(self):
        return self.process.poll() is None

    def others(self):
        """The ids of this run's processes but the first: those of its session, and those that inherited its mark."""
        return [pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if pid != self.process.pid and self.owns(pid)]

    def owns(self, pid):
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
                fields = file.read().rpartition(")")[2].split()
            if fields[0] in "ZX":
                return False
            if int(fields[3]) == self.process.pid:
                return True
            with open(f"/proc/{pid}/environ", "rb") as file:
                return self.mark.encode() in file.read().split(b"\0")
        except OSError:
            return False

    def a_worker(self, share):
        """The worker that stands at this share of their list, from 0 to 1; None when there is none for half a second."""
        until = time.monotonic() + 0.5
        while self.is_running() and time.monotonic() < until:
            workers = self.others()
            if workers:
                return sorted(workers)[int(share * len(workers))]
            time.sleep(POLL)
        return None

    def send(self, number, everyone=False):
        """Sends a signal to the first process, or to all of the run as a terminal would."""
        if number in (signal.SIGTERM, signal.SIGINT):
            self.asked = time.monotonic()
        for pid in self.others() + [self.process.pid] if everyone else [self.process.pid]:
            send(pid, number)

    def wait(self, actions):
        """Carries out actions, pairs of seconds since the start and a call, and waits for the end. Returns what went wrong on the way."""
        try:
            return self.watch(sorted(actions, key=lambda action: action[0]))
        except BaseException:
            # Somebody stops this harness.
            self.send(signal.SIGKILL, everyone=True)
            raise

    def watch(self, actions):
        while self.is_running():
            if actions and self.seconds >= actions[0][0]:
                actions.pop(0)[1](self)
            if self.seconds > RUN_MAY_TAKE:
                self.send(signal.SIGKILL, everyone=True)
                self.process.wait()
                return [f"hangs: not done after {RUN_MAY_TAKE} s"]
            time.sleep(POLL)
        self.is_spared = bool(actions)
        return self.lateness() + self.orphans()

    def lateness(self):
        took = time.monotonic() - self.asked if self.asked else 0
        return [f"took {took:.0f} s to end after the signal"] if took > ENDING_MAY_TAKE else []

    def orphans(self):
        """Waits for the workers to die by themselves; ends those that do not and reports them."""
        for pid in self.others():
            send(pid, signal.SIGCONT)
        until = time.monotonic() + ORPHANS_MAY_LIVE
        while left := self.others():
            if time.monotonic() > until:
                for pid in left:
                    send(pid, signal.SIGKILL)
                return [f"{len(left)} processes of the run still live {ORPHANS_MAY_LIVE} s after its end"]
            time.sleep(POLL)
        return []


def send(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass
