"""The options of `course grade`."""
from .limits import Limits


def add_options(parser):
    """The options of `course grade`."""
    parser.add_argument("lesson", metavar="LESSON")
    parser.add_argument("--student", action="append", metavar="NAME", help="grade this one only; may be repeated")
    parser.add_argument("--regrade", action="store_true", help="grade again what was graded already")
    parser.add_argument("--jobs", type=int, help="how many at once; as many as there are cores unless given")
    parser.add_argument("--timeout", type=float, default=Limits.cell, metavar="SECONDS",
                        help="a cell may take (%(default)g)")
    parser.add_argument("--whole", action="store_true", help="run demonstrations too, for feedback with all figures")
    parser.add_argument("--no-sandbox", action="store_true", help="run strangers' code as you, with your files in reach")
    parser.add_argument("--dask", metavar="tcp://HOST:PORT", help="let the workers of this Dask scheduler do the work")
    parser.add_argument("--json", action="store_true", help="a line of JSON for each student, and no table")
