"""Names that other people's libraries promise nobody, and what happens here in a version without them.

Observation never decides, so most have a stand-in and no score changes. Those that keep grades right have none: without
them nothing is graded, and one line says which version to install. A test takes each of them away.
"""
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.metadata import version

from .problem import Problem


@dataclass(frozen=True)
class Name:
    """One that may go.

    place : dotted, its module before the colon
    used : the module of ours that uses it
    why : what for
    without : what happens where it is gone; "" where nothing is graded then
    """
    place: str
    used: str
    why: str
    without: str = ""

    @property
    def there(self) -> bool:
        """Whether the installed version has it."""
        module, _, path = self.place.partition(":")
        try:
            found = import_module(module)
            for part in path.split(".") if path else ():
                found = getattr(found, part)
        except (ImportError, AttributeError):
            return False
        return True


OBSERVE, WATCH, API = "checking/observe.py", "checking/watching.py", "nbgrader.api"
NAMES = [
    Name("torch:_C.TensorBase", OBSERVE, "a type in C, out of a notebook's reach", "torch.Tensor stands in"),
    Name("torch:_C.DisableTorchFunction", OBSERVE, "keeps subclasses and modes of a notebook out", "they are not kept out"),
    Name("torch:_C._set_grad_enabled", OBSERVE, "out of a notebook's reach", "torch.set_grad_enabled stands in"),
    Name("torch:autograd.Variable._execution_engine", OBSERVE, "sends gradients back, out of a notebook's reach",
         "torch.autograd.grad and backward stand in"),
    Name("torch.utils._python_dispatch:TorchDispatchMode", WATCH, "operators that run within torch's own functions",
         "torch.overrides.TorchFunctionMode sees the functions; whoever grades is told"),
    Name("torch.utils._python_dispatch:TorchDispatchMode._should_skip_dynamo", WATCH, "no compiler is loaded for it",
         "it is, and each process starts some seconds later"),
    Name("torch:autograd.graph.Node.register_prehook", WATCH, "autograd on its way back, however it was called",
         "calls by name are seen; whoever grades is told"),
    Name("torch:Tensor._version", "rows/watched.py", "whether anybody has written to a table", "its rows are compared"),
    Name("torch._dynamo:", "course/child.py", "the first optimizer imports it; imported early for speed", "it is slower"),
    Name("IPython.core.interactiveshell:InteractiveShell._showtraceback", "course/grading/shell.py",
         "an error becomes an output of its cell", "it becomes printed text"),
    Name("nbgrader.preprocessors:SaveAutoGrades._add_score", "course/grader.py", "a person's points survive a regrade"),
    Name("nbgrader.preprocessors:SaveCells._create_notebook", "course/save_cells.py",
         "a changed lesson reaches classes that were graded"),
    Name("nbgrader.preprocessors:GetGrades._get_score", "course/grading/feedback.py",
         "a page says what waits for a person", "it doesn't say so"),
    Name("nbgrader.exchange.default:ExchangeCollect._path_to_record", "course/grading/collecting.py",
         "ids with a + and times with a zone are read"),
    Name("nbgrader.exchange.default:ExchangeCollect._sort_by_timestamp", "course/grading/collecting.py",
         "the newest submission counts"),
    Name("nbgrader.coursedir:CourseDirectory.get_existing_timestamp", "course/grading/times.py", "times with a zone"),
    Name("nbgrader.apps.api:NbGraderAPI.get_submitted_timestamp", "course/grading/times.py",
         "one bad time stamp doesn't close Formgrader's list"),
    Name(f"{API}:get_alembic_version", "course/nbgrader_api.py", "replaced for speed", "a new gradebook is slower"),
    *(Name(f"{API}:{row}", "course/grading/gradebook.py", "grades are written as rows, all of a submission or nothing")
      for row in ("Grade.auto_score", "Grade.manual_score", "Grade.needs_manual_grade", "Comment.auto_comment",
                  "SubmittedNotebook.late_submission_penalty", "SubmittedAssignment.timestamp",
                  "Gradebook.find_submission")),
]


@lru_cache(maxsize=1)
def demand():
    """Looks that nothing is gone without which grades would be others.

    raises : Problem, naming the first name that is, and the way out
    """
    for name in NAMES:
        if not name.without and not name.there:
            module, _, path = name.place.partition(":")
            library = module.partition(".")[0]
            raise Problem(f"{library} {version(library)} has no {path}, by which {name.why}; nothing is graded without it. "
                          f"The tested version: pip install -c constraints.txt {library}")
