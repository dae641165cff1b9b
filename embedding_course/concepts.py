"""The concept test: ten questions before lesson 1, after lesson 5 and after lesson 8. Your answers stay in your folder."""
import json
import os
from contextlib import suppress
from dataclasses import dataclass
from html import escape
from pathlib import Path

from .places import SHIPPED, learners_folder, project_root

TAKES = {1: "before lesson 1", 2: "after lesson 5", 3: "after lesson 8"}
SEEN = {1: 0, 2: 5, 3: 8}   # the last lesson before each take
KEPT = "answers.json"       # beside the notebook
FOLDER, KEY = "concept-test", "key.json"


class Take:
    """One of the three takes.

    number : 1, 2 or 3, see TAKES
    """

    def __init__(self, number: int):
        self.number, self.key = number, read_key()

    def answer(self, question: int, letter: str) -> None:
        """Keeps the answer to a question, "a" to "d"; "" takes it back."""
        letter, last = str(letter).strip().lower(), len(self.key["questions"])
        if question not in range(1, last + 1):
            print(f"there is no question {question}; they go from 1 to {last}")
            return
        if letter and letter not in self.key["questions"][question - 1]["answers"]:
            print(f"question {question}: write a, b, c or d between the quotes; {letter!r} is none of them")
            return
        kept = read_kept()
        answers = kept.setdefault(self.key["edition"], {}).setdefault(str(self.number), {})
        answers.pop(str(question), None)
        if letter:
            answers[str(question)] = letter
        part = Path(f"{KEPT}.part")
        part.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
        os.replace(part, KEPT)
        with suppress(Exception):   # the page is a help; nothing may be in the way of an answer
            from .progress import write_start_page  # which reads the answers
            if learners_folder():
                write_start_page(learners_folder()[0])
        print(f"question {question}: {letter}, kept" if letter else f"question {question}: not answered yet")

    def result(self):
        """What the answers show. The first time only that they are kept: who knows the answers can't be asked again."""
        takes = read_kept().get(self.key["edition"], {})
        now = takes.get(str(self.number), {})
        missing = [str(i) for i in range(1, len(self.key["questions"]) + 1) if str(i) not in now]
        if missing:
            return Told([f"Still open: question {', '.join(missing)}. Answer those too (a guess is fine), then run this "
                         "cell again."])
        if self.number == 1:
            return Told([f"All {len(now)} answers are kept, in {KEPT} beside this notebook.",
                         "Nobody says now which of them are right. Come back after lesson 5 and see what has changed."])
        return Told(*compare(self.key, takes.get("1", {}), now, SEEN[self.number]))


@dataclass(frozen=True)
class Line:
    """What became of one question.

    became : "gone", "still there", "new" (also in another's place), "wrong", "right", "right, as before"
    idea : the misconception that the answer stands for, or that has gone; "" if there is none
    lesson, section, cell : where it is answered, and the id of the cell there; "" for a right answer
    later : whether that lesson is still to come
    """
    question: str
    became: str
    idea: str = ""
    lesson: str = ""
    section: str = ""
    cell: str = ""
    later: bool = False


class Told:
    """Sentences and a table: HTML in a notebook, text elsewhere."""

    def __init__(self, sentences: list[str], lines: list[Line] = ()):
        self.sentences, self.lines = sentences, lines

    def __repr__(self):
        return "\n".join([*self.sentences, *(" · ".join(filter(None, [line.question, line.became, line.idea, place(line)]))
                                             for line in self.lines)])

    def _repr_html_(self):
        text = "".join(f"<p>{escape(sentence)}</p>" for sentence in self.sentences)
        rows = "".join(f"<tr><th scope='row'>{escape(line.question)}</th><td>{MARKS[line.became]} {line.became}</td>"
                       f"<td><em>{escape(line.idea)}</em></td><td>{link(line)}</td></tr>" for line in self.lines)
        head = "".join(f"<th scope='col'>{title}</th>" for title in ("question", "", "the idea", "answered in"))
        return text + (f"{STYLE}<table class='ec-concepts'><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
                       if rows else "")


MARKS = {"gone": "✓", "right": "✓", "right, as before": "✓", "still there": "✗", "new": "✗", "wrong": "✗"}
STYLE = """<style>
table.ec-concepts { border-collapse: collapse; color: inherit; }
table.ec-concepts tr > * { text-align: left !important; vertical-align: top; padding: .35em .8em; border: 0;
  border-bottom: 1px solid color-mix(in srgb, currentColor 25%, transparent); background: transparent; color: inherit; }
table.ec-concepts td:nth-child(2) { white-space: nowrap; }
table.ec-concepts a { color: inherit; text-decoration: underline; }
</style>"""


def compare(key: dict, before: dict, now: dict, seen: int) -> tuple[list[str], list[Line]]:
    """What has gone and what remains, from the answers of the first take (may be empty) and of this one.

    seen : the last lesson before this take
    returns : sentences, and a line a question
    """
    lines = [became(i, question, before.get(str(i)), now[str(i)], seen)
             for i, question in enumerate(key["questions"], start=1)]
    right = sum(now[str(i)] == question["right"] for i, question in enumerate(key["questions"], start=1))
    sentences = [f"{right} of {len(lines)} right now."]
    if before:
        then = sum(before.get(str(i)) == question["right"] for i, question in enumerate(key["questions"], start=1))
        sentences = [f"{right} of {len(lines)} right now; before lesson 1 it was {then}."]
    back = key["back"]
    if sum(now[str(i)] != key["questions"][i - 1]["right"] for i in back["questions"]) >= back["least"]:
        sentences.append(f"Questions {', '.join(map(str, back['questions']))} belong together, and lessons "
                         f"{' and '.join(str(int(name[:2])) for name in back['lessons'])} answer them. Go through both "
                         "once more before you go on: it will pay.")
    return sentences, lines


def became(number: int, question: dict, before: str | None, now: str, seen: int) -> Line:
    """One question, then and now."""
    name, right = f"{number} {question['about']}", question["right"]
    if now == right:
        gone = before not in (None, right)
        word = "gone" if gone else "right, as before" if before else "right"
        return Line(name, word, question["answers"][before]["shows"] if gone else "")
    word = "wrong" if before is None else "still there" if before == now else "new"
    answer = question["answers"][now]
    lesson = answer["lesson"]
    return Line(name, word, answer["shows"], lesson, answer["section"], answer["cell"], int(lesson[:2]) > seen)


def place(line: Line) -> str:
    """Lesson and section in words."""
    return f"{'to come: ' if line.later else ''}lesson {int(line.lesson[:2])}, {line.section}" if line.lesson else ""


def link(line: Line) -> str:
    """Lesson and section as a link, from this notebook's folder to the lesson's notebook beside it."""
    return f'<a href="{address(line.lesson, line.cell)}">{escape(place(line))}</a>' if line.lesson else ""


def address(lesson: str, cell: str) -> str:
    """Where JupyterLab finds a section: by its cell, since of a notebook that isn't open yet it finds no heading."""
    return f"../{lesson}/{lesson}.ipynb#cell-id={cell}"


def read_key() -> dict:
    """Questions, right answers and misconceptions, from the release or the package's own copy of it.

    raises : FileNotFoundError where neither is there
    """
    root = project_root()
    folders = [root / "notebooks", SHIPPED / "notebooks"] if root else [SHIPPED / "notebooks"]
    path = next((folder / FOLDER / KEY for folder in folders if (folder / FOLDER / KEY).is_file()), None)
    if path is None:
        raise FileNotFoundError(f"the concept test's {KEY} is neither in notebooks/{FOLDER} nor with the package")
    return json.loads(path.read_text(encoding="utf-8"))


def read_kept() -> dict:
    """The answers so far, {edition: {take: {question: letter}}}; another edition has other questions.

    raises : ValueError, with what to do, where the file has been edited and is none of ours any more
    """
    path = Path(KEPT)
    try:
        return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except ValueError as error:
        raise ValueError(f"{path.resolve()} is not what this test has written ({error}). Give it another name, and run "
                         "this cell again: a new file is begun, and the old one stays") from error
