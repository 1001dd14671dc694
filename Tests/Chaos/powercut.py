"""What a folder may look like after a power cut. Used by chaos.py.

The shim records every change below a folder (record.c). `Disk` carries the records out in memory, and knows of each change whether it is
durable: data by fsync or fdatasync of its file, names by fsync of their folder. At any record `image` makes a folder as a cut may leave it.

  dropped   what is not durable is lost
  kept      all of it is there, as after the end of the process alone
  partial   of the data a random part, also torn within a write; of the names in each folder a random beginning
  empty     all names are there, but of the data only what is durable, as with delayed allocation

Names are judged by each folder for itself, which is stricter than file systems with one journal are, with one exception: a file that was
moved from one folder to another is never lost, but may stand in both.
"""
import os
import struct

VARIANTS = ("dropped", "kept", "partial", "empty")
HEAD = struct.Struct("=IIQqIIQ")
CREATES, TRUNCATES = 1, 2


class Record:
    """One change: its kind (see shim.h) and what the call was told."""

    __slots__ = ("kind", "is_folder", "inode", "offset", "path", "target", "data")

    def __init__(self, log, place):
        kind, self.is_folder, self.inode, self.offset, path, target, data = HEAD.unpack_from(log, place)
        self.kind = chr(kind)
        place += HEAD.size
        self.path = os.fsdecode(log[place:place + path])
        self.target = os.fsdecode(log[place + path:place + path + target])
        self.data = log[place + path + target:place + path + target + data]

    @property
    def size(self):
        return HEAD.size + len(os.fsencode(self.path)) + len(os.fsencode(self.target)) + len(self.data)


def read_log(path):
    with open(path, "rb") as file:
        log = file.read()
    records, place = [], 0
    while place < len(log):
        records.append(Record(log, place))
        place += records[-1].size
    return records


class File:
    """A file without its name: what is durable of its data, and the writes and truncations since."""

    def __init__(self, data=b""):
        self.durable = bytes(data)
        self.pending = []

    def sync(self):
        self.durable = applied(self.durable, self.pending)
        self.pending = []

    def content(self, variant, rng):
        if variant == "kept":
            return applied(self.durable, self.pending)
        if variant == "partial":
            return applied(self.durable, survivors(self.pending, rng))
        return self.durable


def applied(data, changes):
    """Data after changes: (offset, bytes) for a write, (length, None) for a truncation."""
    result = bytearray(data)
    for offset, written in changes:
        end = offset if written is None else offset + len(written)
        if len(result) < (end if written is None else offset):
            result.extend(bytes((end if written is None else offset) - len(result)))
        if written is None:
            del result[end:]
        else:
            result[offset:end] = written
    return bytes(result)


def survivors(changes, rng):
    """Some of the changes: a beginning or a random choice, with one write torn."""
    if not changes:
        return []
    if rng.random() < 0.5:
        kept = changes[:rng.randint(0, len(changes))]
    else:
        share = rng.random()
        kept = [change for change in changes if rng.random() < share]
    if kept and rng.random() < 0.7:
        place = rng.choice((len(kept) - 1, rng.randrange(len(kept))))
        kept[place:place + 1] = torn(kept[place], rng)
    return kept


def torn(change, rng):
    """A write of which some sectors reached the disk: those of its beginning, or any."""
    offset, data = change
    if data is None:
        return [change]
    sector = rng.choice((512, 4096))
    bounds = [offset] + list(range((offset // sector + 1) * sector, offset + len(data), sector)) + [offset + len(data)]
    pieces = [(start, data[start - offset:end - offset]) for start, end in zip(bounds, bounds[1:])]
    if rng.random() < 0.5:
        return pieces[:rng.randrange(len(pieces))]
    return [piece for piece in pieces if rng.random() < 0.5]


class Naming:
    """A change of names in one folder. `thing` is a File, "folder", or None for a name that goes away."""

    def __init__(self, folder, changes, needs=None):
        self.folder = folder
        self.changes = changes
        # The change in another folder without which this one does not happen: where a file was moved to.
        self.needs = needs


class Disk:
    """A folder: what the running system sees (`names`), what is durable of it, and the changes of names in between."""

    def __init__(self, root, before=None):
        """`before` holds what was there when the recording began, from `snapshot`."""
        self.root = root
        self.names = {root: "folder"}
        self.inodes = {}
        for path, (inode, data) in (before or {}).items():
            thing = "folder" if data is None else File(data)
            self.names[os.path.join(root, path)] = thing
            self.inodes[inode] = thing
        self.durable = dict(self.names)
        self.pending = []

    def play(self, records):
        for record in records:
            self.actions[record.kind](self, record)

    def open(self, record):
        file = self.names.get(record.path)
        if record.offset & CREATES and not (file and self.inodes.get(record.inode) is file):
            file = File()
            self.inodes[record.inode] = file
            self.name({record.path: file})
        elif record.offset & TRUNCATES:
            self.inodes[record.inode].pending.append((0, None))

    def write(self, record):
        self.inodes[record.inode].pending.append((record.offset, record.data))

    def truncate(self, record):
        self.inodes[record.inode].pending.append((record.offset, None))

    def sync(self, record):
        if not record.is_folder:
            self.inodes[record.inode].sync()
            return
        self.settle([naming for naming in self.pending if naming.folder == record.path])

    def sync_all(self, _):
        for file in self.inodes.values():
            if file != "folder":
                file.sync()
        self.settle(self.pending)

    def settle(self, namings):
        """Makes changes of names durable, but for those that wait for one in another folder."""
        for naming in list(namings):
            if naming.needs not in self.pending:
                apply_names(self.durable, naming.changes)
                self.pending.remove(naming)

    def rename(self, record):
        thing = self.names[record.path]
        if thing == "folder":
            raise NotImplementedError("a folder was renamed, which is not modelled")
        if os.path.dirname(record.path) == os.path.dirname(record.target):
            self.name({record.path: None, record.target: thing})
        else:
            self.name({record.path: None}, needs=self.name({record.target: thing}))

    def link(self, record):
        self.name({record.target: self.names[record.path]})

    def unlink(self, record):
        self.name({record.path: None})

    def make_folder(self, record):
        if record.path != self.root:
            self.name({record.path: "folder"})

    def name(self, changes, needs=None):
        apply_names(self.names, changes)
        self.pending.append(Naming(os.path.dirname(next(iter(changes))), changes, needs))
        return self.pending[-1]

    actions = {"O": open, "W": write, "T": truncate, "S": sync, "A": sync_all, "R": rename, "L": link, "U": unlink, "M": make_folder,
               "D": unlink}

    def kept_names(self, variant, rng):
        if variant in ("kept", "empty"):
            return self.names
        names = dict(self.durable)
        if variant == "dropped":
            return names
        left = {folder: rng.randint(0, sum(naming.folder == folder for naming in self.pending))
                for folder in sorted({naming.folder for naming in self.pending})}
        lost = set()
        for naming in self.pending:
            left[naming.folder] -= 1
            if left[naming.folder] < 0 or naming.needs in lost:
                lost.add(naming)
            else:
                apply_names(names, naming.changes)
        return names

    def image(self, variant, rng):
        """The files as a power cut may leave them: data by the path inside the folder, None for a folder."""
        result = {}
        names = self.kept_names(variant, rng)
        for path in sorted(names):
            if path == self.root or names.get(os.path.dirname(path)) != "folder":
                continue
            thing = names[path]
            result[os.path.relpath(path, self.root)] = None if thing == "folder" else thing.content(variant, rng)
        return result


def apply_names(names, changes):
    for path, thing in changes.items():
        if thing is None:
            names.pop(path, None)
        else:
            names[path] = thing


def snapshot(root):
    """What is below a folder: inode and data (None for a folder) by the path inside it."""
    found = {}
    for folder, folders, files in os.walk(root):
        for name in folders + files:
            path = os.path.join(folder, name)
            data = None
            if name in files:
                with open(path, "rb") as file:
                    data = file.read()
            found[os.path.relpath(path, root)] = (os.stat(path).st_ino, data)
    return found


def write_image(image, root):
    """Writes an image into a new folder."""
    os.mkdir(root)
    for path in sorted(image):
        if image[path] is None:
            os.mkdir(os.path.join(root, path))
        else:
            with open(os.path.join(root, path), "wb") as out:
                out.write(image[path])


def missed_changes(root, before, records):
    """Plays a whole recording; returns the paths that are not as they are on the disk, so were changed behind the recorder's back."""
    disk = Disk(root, before)
    disk.play(records)
    ours, real = disk.image("kept", None), {path: data for path, (_, data) in snapshot(root).items()}
    return sorted(path for path in ours.keys() | real.keys() if path not in ours or path not in real or ours[path] != real[path])
