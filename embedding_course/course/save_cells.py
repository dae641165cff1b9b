"""Makes a lesson's cells known to the gradebook, also when the lesson has changed since submissions were graded."""
from nbgrader.api import Comment, Grade, MissingEntry
from nbgrader.preprocessors import SaveCells

from .fragile import demand
from .problem import Problem


class SaveChangedCells(SaveCells):
    """nbgrader's own step refuses a new check once anybody was graded; this one gives everybody a row for it.

    A check that is gone takes its grades along, unless a person has given points or words there.
    """

    def preprocess(self, nb, resources):
        demand()
        return super().preprocess(nb, resources)

    def _create_notebook(self, nb):
        try:
            notebook = self.gradebook.find_notebook(self.notebook_id, self.assignment_id)
        except MissingEntry:
            notebook = None
        if notebook is not None and notebook.submissions:
            self._remove_what_is_gone(notebook)
            self._add_what_is_new(notebook)
        super()._create_notebook(nb)

    def _remove_what_is_gone(self, notebook):
        gone = [cell for cells, wanted in ((notebook.grade_cells, self.new_grade_cells),
                                           (notebook.solution_cells, self.new_solution_cells),
                                           (notebook.source_cells, self.new_source_cells))
                for cell in cells if cell.name not in wanted]
        rows = [row for cell in gone for kind in ("grades", "comments") for row in getattr(cell, kind, ())]
        by_hand = {row.name for row in rows
                   if getattr(row, "manual_score", None) is not None or getattr(row, "manual_comment", None)}
        if by_hand:
            raise Problem(f"{self.notebook_id}: {', '.join(sorted(by_hand))} is gone from the lesson, but people have "
                          "graded it by hand. Keep the cell, or take those points and comments back first")
        for entry in [*rows, *gone]:   # rows first: they point to cells
            self.gradebook.db.delete(entry)
        self.gradebook.db.commit()

    def _add_what_is_new(self, notebook):
        session = self.gradebook.db
        session.refresh(notebook)
        for kind, create, known, row in (
                (self.new_grade_cells, self.gradebook.update_or_create_grade_cell, notebook.grade_cells, Grade),
                (self.new_solution_cells, self.gradebook.update_or_create_solution_cell, notebook.solution_cells, Comment),
                (self.new_source_cells, self.gradebook.update_or_create_source_cell, notebook.source_cells, None)):
            for name in kind.keys() - {cell.name for cell in known}:
                cell = create(name, self.notebook_id, self.assignment_id, **kind[name])
                if row is not None:
                    session.add_all(row(cell_id=cell.id, notebook=submission) for submission in notebook.submissions)
        session.commit()
        session.refresh(notebook)
