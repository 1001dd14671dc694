"""Compares the folder that a run left with that of an undisturbed one. Used by chaos.py."""
import json
import os
import sqlite3

import balance


def parts_of(folder):
    """The part and rejects files of a batch that may be unfinished: data by name."""
    found = {}
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        if balance.PART.fullmatch(name):
            with open(os.path.join(folder, name), "rb") as file:
                found[name] = file.read()
    return found


def names_below(folder):
    """Every name below a folder, folders with a slash at their end."""
    found = set()
    for place, folders, files in os.walk(folder):
        for name in folders:
            found.add(os.path.relpath(os.path.join(place, name), folder) + "/")
        for name in files:
            found.add(os.path.relpath(os.path.join(place, name), folder))
    return found


class Reference:
    """What an undisturbed run left, and the names of the documents that it may reject for another reason when workers were killed."""

    def __init__(self, folder, faulty, expected):
        self.parts = parts_of(folder)
        self.names = names_below(folder)
        self.size = sum(map(len, self.parts.values()))
        self.faulty = faulty
        self.expected = expected

    def unfinished(self, parts, reasons_may_differ=False):
        """What is wrong with the parts of a run that was cut short: what has a part's name is a whole part."""
        return [f"{name} is there, but is not what it should be ({len(data)} B of {len(self.parts.get(name, b''))} B)"
                for name, data in parts.items() if not self.same(name, data, reasons_may_differ)]

    def finished(self, folder, reasons_may_differ=False):
        """What is wrong with the folder of a run that said it was done."""
        parts, names = parts_of(folder), names_below(folder)
        problems = [f"{name} is missing" for name in sorted(self.names - names)]
        problems += [f"{name} should not be there" for name in sorted(names - self.names)]
        different = [name for name in parts if name in self.parts and not self.same(name, parts[name], reasons_may_differ)]
        problems += [f"{name} differs at {difference(parts[name], self.parts[name])}" for name in different]
        if problems and os.path.isdir(folder):
            problems += [f"balance: {problem}" for problem in balance.check(self.expected, folder)[1]]
        return problems + ledger_problems(folder)

    def same(self, name, data, reasons_may_differ):
        if data == self.parts.get(name):
            return True
        return reasons_may_differ and ".rejects" in name and self.without_reasons(data) == self.without_reasons(self.parts.get(name, b""))

    def without_reasons(self, data):
        """Rejects, without what may differ when a worker was killed: the reasons of pages with fault words."""
        lines = []
        for line in data.split(b"\n"):
            try:
                record = json.loads(line)
            except ValueError:
                record = None
            if isinstance(record, dict) and record.get("id") in self.faulty:
                record.pop("reason", None)
                line = json.dumps(record, sort_keys=True).encode()
            lines.append(line)
        return lines


def difference(data, other):
    for number, (line, expected) in enumerate(zip(data.split(b"\n"), other.split(b"\n")), 1):
        if line != expected:
            return f"line {number}: {line[:160]!r} instead of {expected[:160]!r}"
    return f"its end: {len(data)} B instead of {len(other)} B"


def ledger_problems(folder):
    """SQLite's own check of every database in .pipe."""
    problems, inner = [], os.path.join(folder, ".pipe")
    for name in sorted(os.listdir(inner)) if os.path.isdir(inner) else []:
        path = os.path.join(inner, name)
        with open(path, "rb") as file:
            if not file.read(16).startswith(b"SQLite format 3"):
                continue
        try:
            database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
            answer = database.execute("pragma integrity_check").fetchone()[0]
            database.close()
        except sqlite3.Error as error:
            answer = str(error)
        if answer != "ok":
            problems.append(f".pipe/{name}: {answer}")
    return problems


def reference_problems(reference, folder):
    """What is wrong with an undisturbed run, seen by itself."""
    problems = balance.check(reference.expected, folder)[1]
    rejected = set(balance.batch_names(folder)[1])
    problems += balance.listed("pages with fault words were not rejected", reference.faulty - rejected)
    problems += balance.listed("pages without fault words were rejected", rejected - reference.faulty)
    outside = {name for name in reference.names if not balance.PART.fullmatch(name) and not name.startswith(".pipe/")}
    problems += balance.listed("names that do not belong into a batch", outside)
    odd = {name for name in reference.names if name.endswith(("-journal", "-wal", "-shm")) or "tmp" in name or "part-" in name[6:]}
    problems += balance.listed("leftovers", {name for name in odd if name.startswith(".pipe/")})
    return problems + ledger_problems(folder)
