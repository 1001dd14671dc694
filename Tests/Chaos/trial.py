"""One disturbed run, from the fault to the comparison. Used by chaos.py."""
import os
import shutil
import struct
import subprocess

import faults
import powercut
from compare import parts_of
from engine import Engine, write_config

# How often a run is disturbed at most, and how likely it is again.
MOST_DISTURBED = 3
AGAIN = 0.4
# How likely a second power cut hits the run that continues after the first.
SECOND_CUT = 0.3


def prepared(parent, name, input_path, documents):
    """A new folder for a run, with its pipeline."""
    folder = os.path.join(parent, name)
    os.mkdir(folder)
    write_config(folder, input_path, documents)
    return folder


def log_of(folder):
    """Where the engine's own messages go: beside the folder, whose disk may be small."""
    return folder + ".log"


def run_once(tools, folder, record=None):
    """Runs without disturbance. Returns what went wrong."""
    engine = Engine(tools.binary, folder, log_of(folder), record.environment if record else None)
    return engine.wait([]) or status_problems(engine, {faults.DONE}, folder)


def status_problems(engine, allowed, folder):
    status = engine.process.returncode
    if status in allowed:
        return []
    expected = " or ".join(map(str, sorted(allowed)))
    return [f"exit status {status} instead of {expected}; its last words: {last_words(folder)}"]


def last_words(folder):
    with open(log_of(folder), encoding="utf-8", errors="replace") as file:
        return " / ".join(file.read().strip().split("\n")[-2:])[-300:]


class Recording:
    """What the engine changes in the output of one run: to be made before it, and to be read after it."""

    def __init__(self, tools, folder):
        self.root = os.path.join(folder, "out")
        self.log = folder + ".changes"
        self.before = powercut.snapshot(self.root)
        self.records = []
        self.environment = {"LD_PRELOAD": tools.shim, "CHAOS_RECORD": self.root, "CHAOS_LOG": self.log}

    def read(self):
        """Reads the records; returns what is wrong with them."""
        self.records = powercut.read_log(self.log)
        missed = powercut.missed_changes(self.root, self.before, self.records)
        return [f"the recorder does not see how {path} is written" for path in missed]

    def some_place(self, rng):
        """After how many records the power goes: often where names change or something was made durable, sometimes at the very end."""
        if rng.random() < 0.05:
            return len(self.records)
        delicate = [number for number, record in enumerate(self.records, 1) if record.kind not in "WT"]
        return rng.choice(delicate) if rng.random() < 0.5 else rng.randint(0, len(self.records))

    def image(self, place, variant, rng):
        disk = powercut.Disk(self.root, self.before)
        disk.play(self.records[:place])
        return disk.image(variant, rng)


class Trial:
    """A run that is disturbed by a fault, and continued until it is done."""

    def __init__(self, tools, stand, folder, rng, name):
        self.tools, self.stand, self.folder, self.rng, self.name = tools, stand, folder, rng, name
        self.out = os.path.join(folder, "out")
        self.resumed = 0
        self.moment = ""
        self.notes = []
        self.reasons_may_differ = False

    def run(self):
        """Returns what is wrong."""
        try:
            return self.disturb() or self.stand.reference.finished(self.out, self.reasons_may_differ)
        finally:
            if os.path.ismount(self.folder):
                self.give_back_disk()

    def give_back_disk(self):
        """Unmounts the small disk; what lies on it is copied, for whoever wants to look."""
        copy = self.folder + ".disk"
        shutil.copytree(self.folder, copy)
        subprocess.run(["umount", self.folder], check=True)
        shutil.rmtree(self.folder)
        os.rename(copy, self.folder)

    def disturb(self):
        """Starts the engine until it is done; the last time nothing is in its way."""
        name, problems = self.name, []
        for count in range(1, MOST_DISTURBED + 1):
            attempt = self.plan(name)
            done, problems = self.carry_out(attempt)
            if done or problems:
                return problems
            self.resumed += 1
            if self.rng.random() >= AGAIN or count == MOST_DISTURBED:
                break
            name = self.rng.choice(faults.SECOND)
            self.moment += f"; {name} at "
        return run_once(self.tools, self.folder)

    def plan(self, name):
        attempt = faults.FAULTS[name][0](self.rng, self.stand.scene(self.folder))
        self.moment += attempt.moment
        self.reasons_may_differ |= attempt.reasons_may_differ
        # A small disk hides what was in the folder.
        if os.path.ismount(self.folder) and not os.listdir(self.folder):
            write_config(self.folder, self.stand.corpus.path, self.stand.documents)
        return attempt

    def carry_out(self, attempt):
        """Returns whether the engine is done, and what is wrong."""
        engine = Engine(self.tools.binary, self.folder, log_of(self.folder), self.shim_settings(attempt))
        rivals = []
        start_rival = (attempt.rival, lambda _: rivals.append(Engine(self.tools.binary, self.folder, log_of(self.folder))))
        problems = engine.wait(attempt.actions + ([start_rival] if attempt.rival is not None else []))
        for rival in rivals:
            problems += rival.wait([]) + status_problems(rival, attempt.statuses, self.folder)
        problems += status_problems(engine, attempt.statuses, self.folder)
        problems += self.stand.reference.unfinished(parts_of(self.out), self.reasons_may_differ)
        if engine.is_spared or (attempt.shim and not self.failures()):
            self.notes.append("not reached")
        if attempt.mend:
            attempt.mend()
        return faults.DONE in [engine.process.returncode] + [rival.process.returncode for rival in rivals], problems

    def shim_settings(self, attempt):
        if not attempt.shim:
            return {}
        with open(self.folder + ".state", "wb") as out:
            out.write(bytes(16))
        return {"LD_PRELOAD": self.tools.shim, "CHAOS_STATE": out.name, **attempt.shim}

    def failures(self):
        with open(self.folder + ".state", "rb") as file:
            return struct.unpack("=QQ", file.read(16))[1]


class CutTrial(Trial):
    """A power cut: the folder is made as the cut may leave it, at any change of a recorded run, and the engine continues from there."""

    def disturb(self):
        problems = self.cut(self.stand.recording)
        self.resumed += 1
        if problems or self.rng.random() >= SECOND_CUT:
            return problems or run_once(self.tools, self.folder)
        recording = Recording(self.tools, self.folder)
        problems = run_once(self.tools, self.folder, recording) or recording.read() or self.cut(recording)
        self.resumed += 1
        return problems or run_once(self.tools, self.folder)

    def cut(self, recording):
        """Makes `out` what a cut leaves of a recording. Returns what is wrong with it at once."""
        variant = self.rng.choice(powercut.VARIANTS)
        place = recording.some_place(self.rng)
        self.moment += f"{'; ' if self.moment else ''}{variant} {place}/{len(recording.records)}"
        image = recording.image(place, variant, self.rng)
        shutil.rmtree(self.out, ignore_errors=True)
        powercut.write_image(image, self.out)
        parts, reference = parts_of(self.out), self.stand.reference
        lost = sorted(reference.parts.keys() - parts.keys()) if place == len(recording.records) else []
        return reference.unfinished(parts) + [f"{name} was not durable when the run said it was done" for name in lost]
