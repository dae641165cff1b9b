"""Random archives in the names of six systems, with hostile parts: the generator knows who really uploaded each file.

What must hold of each: nobody's file under another's id, no path that leads out, no traceback, a word on all left out.
"""
import random
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from packed import packed

from embedding_course.course.lms.archives import attempts, extract
from embedding_course.course.problem import Problem

LESSON = "02-matmul"
NB = f"{LESSON}.ipynb"
DATE = "2026-03-0{}-10-00-00"
PEOPLE = [("Ada Lovelace", "11", "ada_l"), ("Eve Miller", "22", "eve"), ("Bo", "7", "l"), ("van der Berg", "1001", "ada"),
          ("Zoë O'Neill", "501", "zoë"), ("Doe 2", "2", "doe_2"), ("Lee", "012", "ann@x.org"), ("x_ada", "503", "x"),
          ("Zoë", "77", "zoe\u0308"), ("Ａda", "1002", "Ada"), ("Max", "9", "ada\xa0"), ("=1+2", "33", "=1+2"),
          ("CON", "44", "con"), ("../x", "55", ".."), ("Participant", "42", "submissions"), ("eve_22", "8", "eve_22")]
PIECES = ["x", "_", "-1", "-2", "..", ".", "/", "//", "\\", "C:", " ", "\xa0", "\u202e", "\u200b", "\x00", "\n", "\x1b[2J",
          "／", "＼", "ada", "eve", "11", "1001", "_22_", "_1001_501_", "_LATE_1001_501_", "_11_assignsubmission_file_",
          "(ada)", "_attempt_2026-03-01-10-00-00", "_ada_attempt_2026-03-09-10-00-00_", "anon_Xy9Z2_501_", "CON",
          "submission_12/", "aux.txt", "timestamp.txt", "submission_metadata.yml", "Submission attachment(s)/",
          "1-2 - Ada - Mar 1, 2026/",
          ".ipynb", ".txt", NB, LESSON, "submissions", "__MACOSX", ".DS_Store", "x" * 260, "é", "e\u0301", "~", "%2e%2e%2f",
          "$HOME", "*", "?", "|"]


@dataclass
class Made:
    """An archive, and the truth about it: which content is whose, by the ids that the system gave."""
    entries: list[tuple[str, bytes]] = field(default_factory=list)
    owner: dict[bytes, str] = field(default_factory=dict)
    told: dict = field(default_factory=dict)

    def add(self, name: str, student: str):
        data = f"{len(self.entries)} {student}".encode()
        self.entries.append((name, data))
        self.owner[data] = student


def upload(rng: random.Random, flat: bool) -> str:
    """A file's name as a student chose it; a system with flat names lets no separator of its own through."""
    if rng.random() < 0.4:
        name = rng.choice([NB, "helpers.py", "02_matmul.ipynb", "a (1).ipynb", "data/x.csv", f"{LESSON}/{NB}", "2_x.ipynb"])
        return name.replace("/", "_") if flat else name
    text = "".join(rng.choice(PIECES) for _ in range(rng.randint(1, 5))) or "x"
    return (text.replace("/", "_") if flat else text) + rng.choice(["", ".ipynb", NB])


def made(rng: random.Random) -> Made:
    """An archive of one of six systems, or of folders, with one to four students."""
    archive = Made()
    people = rng.sample(PEOPLE, rng.randint(1, 4))
    system = rng.choice(["moodle", "moodle flat", "canvas", "canvas anonymous", "blackboard", "sakai", "folders", "other"])
    around = rng.choice(["", "", "submissions/", f"{LESSON} (1)/", "cs101/"])
    column = rng.choice([f"gradebook_CS_{LESSON}", "hw 1", "hw_1_2", "week_1"])
    receipts = rng.random() < 0.7
    for number, (full, digits, login) in enumerate(people):
        canvas = "".join(letter for letter in full.lower() if letter.isalnum() or letter == "_")
        anonymous = f"anon_{['Xy9Z2', 'Qa7b1', 'Rb2c3', 'Sd4e5'][number]}"
        late = rng.choice(["", "_LATE"])
        for count in range(rng.randint(1, 4)):
            flat = system in ("moodle flat", "canvas", "canvas anonymous", "blackboard")
            file, date = upload(rng, flat), DATE.format(rng.randint(1, 3))
            clean = "".join("_" if letter in '\x00/\\:*?"<>|' else letter for letter in file)
            name, student = {
                "moodle": (f"{full.replace('_', ' ')}_{digits}_assignsubmission_file/{file}", digits),
                "moodle flat": (f"{full.replace('_', ' ')}_{digits}_assignsubmission_file_{file}", digits),
                "canvas": (f"{canvas}{late}_{digits}_{900 + 10 * number + count}_{clean}", digits),
                "canvas anonymous": (f"{'LATE_' * bool(late)}{anonymous}_{900 + 10 * number + count}_{clean}", anonymous),
                "blackboard": (f"{column}_{login}_attempt_{date}_{file}", login),
                "sakai": (f"{full}({login})/Submission attachment(s)/{file}", login),
                "folders": (f"{login}/{file}", login),
                "other": (rng.choice([f"12-{digits} - {full} - Mar 1, 2026/{file}", f"submission_{digits}/{file}"]), ""),
            }[system]
            if system.startswith("moodle"):
                name = name.replace("../x", ".. x")   # Moodle cleans what people call themselves
            archive.add(around + name, student)
            if system == "blackboard" and receipts and (line := f"{column}_{login}_attempt_{date}.txt") not in archive.told:
                archive.told[line] = f"Name: {full} ({login})\n".encode()
    archive.entries += [(around + name, data) for name, data in archive.told.items()]
    rng.shuffle(archive.entries)
    known = rng.choice([(), (), [login for _, _, login in people], [digits for _, digits, _ in people]])
    archive.told = {"known": frozenset(known)}
    if rng.random() < 0.1:
        archive.told |= {"below": around or "."}
    return archive


def check(seed: int, folder: Path | None = None) -> str:
    """One archive; what came of it. raises : AssertionError with the seed"""
    archive = made(random.Random(seed))
    opened = packed(archive.entries)
    try:
        last, words = attempts(opened, LESSON, **archive.told)
    except Problem as problem:
        assert str(problem).isprintable(), (seed, str(problem))
        return "refused"
    said, laid = "\n".join(words), set()
    assert "".join(words).isprintable(), (seed, words)
    owners = set(archive.owner.values())
    for attempt in last:
        student = {one for one in owners if unicodedata.normalize("NFC", one) == attempt.student}
        assert len(student) == 1, (seed, attempt.student, student)   # of two who fold into one, neither
        for name, info in attempt.files.items():
            data = opened.read(info)
            assert archive.owner.get(data) in student, (seed, name, attempt.student, data)
            assert not {"..", ".", ""} & set(name.split("/")) and not set(name) & set('\\:\x00*?"<>|\n'), (seed, name)
            assert name.lower() not in ("timestamp.txt", "submission_secret.txt"), (seed, name)
            laid.add(data)
        if folder is not None:
            (folder / "new").mkdir()
            extract(opened, attempt, folder / "new")
            assert {path.name for path in folder.iterdir()} == {"new"}, seed
            (folder / "new").rename(folder.with_name(f"{folder.name}-{seed}-{len(laid)}"))
    superseded = {attempt.student for attempt in last if f"{attempt.student}: several attempts" in said}
    missing = [name for name, data in archive.entries if data in archive.owner and data not in laid]
    whose = {name: unicodedata.normalize("NFC", archive.owner.get(data, "")) for name, data in archive.entries}
    silent = [name for name in missing if not ("hidden" in said or "left out" in said or whose[name] in superseded)]
    assert not silent, (seed, silent, words)
    return "read" if last else "nobody"


def test_a_sample_of_archives(tmp_path):
    (tmp_path / "room").mkdir()
    came = [check(seed, tmp_path / "room") for seed in range(400)]
    assert came.count("read") > 150 and came.count("refused") > 20


@pytest.mark.everything
def test_twenty_thousand_archives():
    came = [check(seed) for seed in range(1000, 21_000)]
    print({word: came.count(word) for word in sorted(set(came))})
    assert came.count("read") > 8000
