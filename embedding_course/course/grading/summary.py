"""What a page of feedback begins with: what went wrong and how to mend it, then what waits, then what is right."""
from dataclasses import dataclass

CHECK = "check-"


@dataclass(frozen=True)
class Item:
    """One exercise or written answer with its grade.

    id : its grade id; name : for readers; code : whether it is an exercise, judged by cases
    report : what its check said; comment : of a person, as Markdown
    place : the id on the page where its answer stands
    """
    id: str
    name: str
    code: bool
    score: float
    points: float
    waits: bool
    report: str
    comment: str
    place: str

    @property
    def earned(self) -> str:
        """Its points, in words."""
        return (f"waits for your instructor ({self.points:g} points)" if self.waits
                else f"{self.score:g} of {self.points:g} points")


@dataclass(frozen=True)
class Summary:
    """A graded notebook's items: to mend (most points lost first), waiting, and right."""
    mend: list[Item]
    waiting: list[Item]
    right: list[Item]


def summary(notebook) -> Summary:
    """The summary of a notebook whose cells' metadata hold nbgrader's grades and comments."""
    comments = {cell.metadata["nbgrader"]["grade_id"]: cell.metadata["nbgrader"].get("comment") or ""
                for cell in notebook.cells if "nbgrader" in cell.metadata}
    answers = {cell.metadata["nbgrader"]["grade_id"] for cell in notebook.cells
               if cell.metadata.get("nbgrader", {}).get("solution")}
    graded = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    written = [cell for cell in graded if not _is_check(cell)]
    items = [_item(cell, comments, answers, several=len(written) > 1) for cell in graded]
    lost = [item for item in items if not item.waits and item.score < item.points]
    return Summary(sorted(lost, key=lambda item: item.score - item.points), [item for item in items if item.waits],
                   [item for item in items if not item.waits and item.score >= item.points])


def as_markdown(notebook, title: str, total: str) -> str:
    """The same as the text of a cell, for a system that gives notebooks back and no pages."""
    found = summary(notebook)
    lines = [f"# {title}", "", f"**{total}**"]
    for heading, items in (("What went wrong, and how to mend it", found.mend),
                           ("Waits for your instructor", found.waiting), ("Right", found.right)):
        lines += ["", f"## {heading}"] if items else []
        for item in items:
            lines += ["", f"**{item.name}**: {item.earned}"]
            if item.report and items is found.mend:
                lines += ["", *(f"    {line}" for line in item.report.splitlines())]
            lines += ["", *(f"> {line}" for line in item.comment.splitlines())] if item.comment else []
    return "\n".join([*lines, "", "---", "", "The whole lesson with your answers follows."])


def _is_check(cell) -> bool:
    return cell.cell_type == "code" and not cell.metadata["nbgrader"].get("solution")


def _item(cell, comments, answers, several: bool) -> Item:
    grading, code = cell.metadata["nbgrader"], _is_check(cell)
    exercise = grading["grade_id"].removeprefix(CHECK)
    name = exercise if code else f"Your written answer{f' ({exercise})' if several else ''}"
    said = [output.get("text", "") for output in cell.get("outputs", []) if output.output_type == "stream"] if code else []
    return Item(grading["grade_id"], name, code, grading.get("score") or 0, grading.get("points") or 0,
                bool(grading.get("waits")), "".join(said).rstrip(), comments.get(exercise, ""),
                f"answer-{exercise}" if code and exercise in answers else grading["grade_id"])
