"""`course concepts`: what a class thought before and after, from handed-in answers: a table, a picture, no names."""
import ast
import json
from collections import Counter
from dataclasses import dataclass
from html import escape
from pathlib import Path

from ..concepts import KEPT, TAKES, read_key
from ..figures import show
from ..pictures.concepts import before_and_after
from .problem import Problem
from .reading import read_notebook

FEWEST = 5   # people: in a smaller group answers could be told apart


@dataclass(frozen=True)
class Row:
    """One line of the table or the picture: how many of the class, before and after."""
    name: str
    before: int
    after: int


@dataclass(frozen=True)
class Comparison:
    """The class before lesson 1 and after another take, the same people both times.

    right : by question, how many had it right
    ideas : by misconception, how many held it, those first that remain; those that nobody held are left out
    """
    people: int
    take: int
    right: list[Row]
    ideas: list[Row]


def concepts(folder: Path, take: int | None, page: Path) -> list[str]:
    """The report's lines, and the page with the picture written to `page`.

    take : 2 or 3; None for the last that enough people took
    raises : Problem if fewer than five people took both
    """
    key = read_key()
    takes, notes = read_folder(folder, key)
    comparison = compare_class(key, takes, take)
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(as_page(comparison), encoding="utf-8")
    return [*notes, *as_text(comparison), f"the same as a picture: {page}"]


def read_folder(folder: Path, key: dict) -> tuple[dict[str, dict], list[str]]:
    """All complete takes, {person: {take: {question: letter}}}, and a note for each file that counts for nothing.

    A person is a folder below `folder`, however deep its files lie, or a file directly in it.
    raises : Problem if there is no such folder
    """
    if not folder.is_dir():
        raise Problem(f"{folder}: no such folder; it should hold a folder for each person, with their {KEPT}", status=2)
    takes, notes = {}, []
    for path in sorted(path for path in folder.rglob("*") if path.suffix in (".json", ".ipynb") and path.is_file()):
        inside = path.relative_to(folder)
        if any(part.startswith(".") for part in inside.parts):
            continue
        person = inside.parts[0] if len(inside.parts) > 1 else path.stem
        found = read_answers(path, key["edition"])
        for number, answers in found.items():
            if complete(answers, key):
                takes.setdefault(person, {})[number] = answers
            elif path.suffix == ".json":
                notes.append(f"{inside}: {TAKES[number]} is not complete and left out")
        if not found and path.suffix == ".json":
            notes.append(f"{inside}: no answers to these questions in it")
    return takes, notes


def read_answers(path: Path, edition: str) -> dict[int, dict]:
    """The takes in one file: kept answers, or a notebook whose cells hold them. A file that is neither holds none."""
    try:
        if path.suffix == ".ipynb":
            return _notebook_answers(read_notebook(path))
        kept = json.loads(path.read_text(encoding="utf-8-sig"))[edition]
        return {int(number): {str(i): str(letter) for i, letter in kept[number].items()} for number in kept
                if int(number) in TAKES}
    except (Problem, ValueError, KeyError, TypeError, AttributeError, OSError, RecursionError):
        return {}


def _notebook_answers(notebook) -> dict[int, dict]:
    """What `Take(n)` and `take.answer(i, "x")` say in a notebook's cells, read and not run."""
    number, answers = None, {}
    for cell in (cell for cell in notebook.cells if cell.cell_type == "code"):
        try:
            tree = ast.parse(cell.source)
        except (SyntaxError, ValueError):   # a magic, half a line, a null byte: no answer in it
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and all(isinstance(given, ast.Constant) for given in node.args):
                name, given = ast.unparse(node.func), [argument.value for argument in node.args]
                if name == "Take" and len(given) == 1 and given[0] in TAKES:
                    number = given[0]
                if name == "take.answer" and len(given) == 2:
                    answers[str(given[0])] = str(given[1]).strip().lower()
    return {number: answers} if number else {}


def complete(answers: dict, key: dict) -> bool:
    """Whether each question has one of its letters."""
    return all(answers.get(str(i)) in question["answers"] for i, question in enumerate(key["questions"], start=1))


def compare_class(key: dict, takes: dict[str, dict], take: int | None) -> Comparison:
    """Before and after, of those who took both.

    raises : Problem for a group of fewer than five
    """
    both = {number: [(mine[1], mine[number]) for mine in takes.values() if 1 in mine and number in mine]
            for number in TAKES if number > 1}
    take = take or next((number for number in sorted(both, reverse=True) if len(both[number]) >= FEWEST), max(both))
    pairs = both[take]
    if len(pairs) < FEWEST:
        raise Problem(f"{len(pairs)} people answered {TAKES[1]} and {TAKES[take]}; a group of fewer than {FEWEST} isn't "
                      "shown, so that nobody can be picked out")
    right, ideas = [], []
    for i, question in enumerate(key["questions"], start=1):
        before, after = (Counter(pair[side][str(i)] for pair in pairs) for side in (0, 1))
        right.append(Row(f"{i} {question['about']}", before[question["right"]], after[question["right"]]))
        ideas += [Row(f"{i} {answer['shows']}", before[letter], after[letter])
                  for letter, answer in question["answers"].items() if answer["shows"] and before[letter] + after[letter]]
    ideas.sort(key=lambda row: (-row.after, -row.before))
    return Comparison(len(pairs), take, right, ideas)


def as_text(comparison: Comparison) -> list[str]:
    """The table for a terminal."""
    wide = max(len(row.name) for row in [*comparison.right, *comparison.ideas])
    lines = [f"{comparison.people} people, {TAKES[1]} and {TAKES[comparison.take]}"]
    for title, rows in (("right", comparison.right), ("misconception", comparison.ideas)):
        lines += ["", f"{title:<{wide}}  before  after"]
        lines += [f"{row.name:<{wide}}  {row.before:>6}  {row.after:>5}" for row in rows] or ["nobody held one"]
    return [*lines, ""]


def as_page(comparison: Comparison) -> str:
    """Pictures and tables as one page, in the reader's light or dark theme."""
    people, after = comparison.people, TAKES[comparison.take]
    parts = []
    for title, name, rows, what in (
            ("Who has it right", "question", comparison.right, "had each question right"),
            ("Who holds which misconception", "misconception", comparison.ideas, "held each misconception")):
        if not rows:
            parts.append(f"<h2>{title}</h2><p>Nobody held one.</p>")
            continue
        figure = show(before_and_after([(row.name, row.before, row.after) for row in rows], people, after),
                      f"How many of {people} people {what}, {TAKES[1]} as a ring and {after} as a dot: "
                      + "; ".join(f"{row.name}: {row.before} then {row.after}" for row in rows) + ".")
        table = "".join(f"<tr><th scope='row'>{escape(row.name)}</th><td>{row.before}</td><td>{row.after}</td></tr>"
                        for row in rows)
        parts.append(f"<h2>{title}</h2>{figure.data}<table><thead><tr><th scope='col'>{name}</th><th scope='col'>"
                     f"{TAKES[1]}</th><th scope='col'>{after}</th></tr></thead><tbody>{table}</tbody></table>")
    return PAGE.format(people=people, after=after, parts="".join(parts))


PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Ten questions, before and after</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><style>
:root {{ color-scheme: light dark; }}
body {{ font: 18px/1.5 system-ui, sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em;
  background: light-dark(#ffffff, #111111); color: light-dark(#1a1a1a, #eeeeee); }}
table {{ border-collapse: collapse; margin: 1em 0; }}
tr > * {{ text-align: left; padding: .2em .8em; border-bottom: 1px solid #8888; }}
td {{ text-align: right; }}
</style></head><body><main><h1>Ten questions, before and after</h1>
<p>{people} people answered before lesson 1 and {after}. A ring is before, a dot is after.</p>{parts}</main></body></html>
"""
