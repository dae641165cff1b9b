"""The concept test as a page: the same questions as in the notebooks, answered in the browser, and nothing leaves it."""
import json
import shutil
from html import escape
from pathlib import Path

from ...concepts import FOLDER, KEY, SEEN, TAKES
from ..concept_test import LETTERS, read_test
from ..project import Project

PARTS = tuple(Path(__file__).parent / "concepts" / name for name in ("compare.js", "concepts.js", "concepts.css"))
END = PARTS[0].with_name("end.html")
PAGE = "concepts"
TITLE = "What do you think happens? Ten questions, before and after"
OPENING = """\
**Ten minutes, no points.** Questions about what happens in a network. Answer them before you have learned any of it:
**guess**, for that is what the first time is for. After lesson 5, and after lesson 8, answer them afresh; then you see
which ideas have gone, which remain, and where to read. Your answers are kept in this browser, and nowhere else."""
WITHOUT_SCRIPTS = """\
<noscript>
<p><strong>No script may run here, so note your letters on paper. The answers stand folded under each question.</strong></p>
</noscript>"""


def concept_page(project: Project, lessons: list[str], anchor) -> str | None:
    """The page as Markdown for Sphinx; None in a project without a concept test.

    lessons : names of those that the site has; only to these it links
    anchor : function of a lesson's name and a heading, the section's name in the site
    """
    path = project.release / FOLDER / KEY
    asked = read_test(project).get("question", [])
    if not asked or not path.is_file():
        return None
    key = json.loads(path.read_text(encoding="utf-8"))
    takes = "\n".join(f'<label><input type="radio" name="take" value="{number}"> {escape(when)}</label>'
                      for number, when in TAKES.items())
    lines = [f"# {TITLE}", "", OPENING, "", WITHOUT_SCRIPTS, "",
             f'<fieldset class="take" hidden>\n<legend>When do you answer?</legend>\n{takes}\n</fieldset>', ""]
    for number, (question, known) in enumerate(zip(asked, key["questions"], strict=True), start=1):
        lines += [*_question(number, question), *_answer(known, lessons, anchor)]
    end = END.read_text(encoding="utf-8").replace("DATA", _data(key, lessons, anchor))
    return "\n".join([*lines, "## And now?", "", end])


def copy_parts(pages: Path):
    """Lays the page's scripts and style into a site's folder."""
    for part in PARTS:
        shutil.copy(part, pages / "_static")


def _question(number, question):
    """A question and its choices; the letters can be pressed where scripts run."""
    legend = f"<legend>Your answer to question {number}</legend>"
    yield from (f"## Question {number}", "", question["asks"].strip(), "",
                f'<fieldset class="choices" data-question="{number}">\n{legend}', "")
    for letter in LETTERS:
        yield from (f'<label><input type="radio" name="q{number}" value="{letter}"> <b>{letter}</b> · '
                    f"{question[letter]['says']}</label>", "")
    yield from ("</fieldset>", "")


def _answer(known, lessons, anchor):
    """What is right, folded, and the idea behind each other answer."""
    yield from ('<details class="answer">\n<summary>The answer</summary>', "", f"**{known['right']}** is right.", "")
    for letter, answer in known["answers"].items():
        if answer["shows"]:
            place = f"lesson {int(answer['lesson'][:2])}, {answer['section']}"
            linked = answer["lesson"] in lessons
            place = f"[{place}](#{anchor(answer['lesson'], answer['section'])})" if linked else place
            yield f"- **{letter}**: *{answer['shows']}* See {place}."
    yield from ("", "</details>", "")


def _data(key, lessons, anchor) -> str:
    """The key as JSON inside a script: with each place in words, and its address where the site has that lesson."""
    for question in key["questions"]:
        for answer in question["answers"].values():
            lesson, section = answer["lesson"], answer["section"]
            answer["place"] = f"lesson {int(lesson[:2])}, {section}" if lesson else ""
            answer["address"] = f"{lesson}.html#{anchor(lesson, section)}" if lesson in lessons else ""
    return json.dumps(key | {"takes": TAKES, "seen": SEEN}, ensure_ascii=False).replace("<", "\\u003c")
