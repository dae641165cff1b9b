"""nbgrader's configuration, the only one in the project: every command in any folder of it reads this."""
import os
import sys
from pathlib import Path

from embedding_course.course.grading.times import read_in_nbgrader

root = Path(__file__).resolve().parent
classroom = root / "classroom"
c = get_config()  # noqa: F821 - traitlets defines it

# A fresh gradebook calls the program `alembic` by name.
programs, path = os.path.dirname(sys.executable), os.environ.get("PATH", "").split(os.pathsep)
if programs not in path:   # this is read many times in one process
    os.environ["PATH"] = os.pathsep.join([programs, *path])

# Folders. The release is committed; all else of a class lives under classroom/, a learner's copies under work/.
c.CourseDirectory.root = str(root)
c.CourseDirectory.course_id = "embeddings"
c.CourseDirectory.source_directory = "classroom/source"
c.CourseDirectory.release_directory = "notebooks"
c.CourseDirectory.submitted_directory = "classroom/submitted"
c.CourseDirectory.autograded_directory = "classroom/autograded"
c.CourseDirectory.feedback_directory = "classroom/feedback"
c.CourseDirectory.solution_directory = "classroom/solution"
c.CourseDirectory.db_url = f"sqlite:///{classroom / 'gradebook.db'}"
c.ZipCollectApp.downloaded_directory = "classroom/downloaded"
# Files as a learning management system names them: LESSON_STUDENT_attempt_TIME_FILE, read from the left: the FILE is named
# by the student, who may call it like somebody else's. No id can be "..".
c.FileNameCollectorPlugin.named_regexp = (
    r"(?:.*/)?[^_/]+_(?P<student_id>[^\W_][\w.@+-]*?)_attempt_(?P<timestamp>\d{4}(?:-\d\d){5})_(?P<file_id>[^/]+)")
read_in_nbgrader()   # time stamps with offsets and zones, and bad ones: none stops a list
c.Exchange.root = str(classroom / "exchange")
c.Exchange.cache = str(classroom / "cache")
c.Exchange.assignment_dir = str(root / "work")
if os.access(root, os.W_OK):
    (classroom / "exchange").mkdir(parents=True, exist_ok=True)
    (root / "work").mkdir(exist_ok=True)

# On a JupyterHub all may run under one account: a learner is who the hub says. Whoever has built the course teaches it.
if not (classroom / "source").is_dir():
    c.CourseDirectory.student_id = os.environ.get("JUPYTERHUB_USER", "*")

# The stubs that a learner finds.
c.ClearSolutions.code_stub = {"python": "# Your code here.\nraise NotImplementedError()"}
c.ClearSolutions.text_stub = "*Your answer here.*"

# Generating stamps the release, so that a learner's older copy can be told.
c.GenerateAssignment.preprocessors = [
    "nbgrader.preprocessors.IncludeHeaderFooter", "nbgrader.preprocessors.LockCells",
    "nbgrader.preprocessors.ClearSolutions", "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata", "nbgrader.preprocessors.ComputeChecksums",
    "embedding_course.course.save_cells.SaveChangedCells", "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme", "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata", "embedding_course.course.stamp.StampRelease",
]

# Grading: a strict intake, and a judge outside the student's process.
c.Autograde.exporter_class = "embedding_course.course.intake.Submission"
c.Autograde.sanitize_preprocessors = [
    "nbgrader.preprocessors.ClearOutput", "nbgrader.preprocessors.DeduplicateIds",
    "nbgrader.preprocessors.OverwriteKernelspec", "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    "embedding_course.course.grader.JudgeOutside", "nbgrader.preprocessors.LimitOutput",
    "embedding_course.course.grader.SaveScores",
    "nbgrader.preprocessors.AssignLatePenalties", "nbgrader.preprocessors.CheckCellMetadata",
]
c.JudgeOutside.timeout = 30           # seconds a cell; `c.JudgeOutside.sandbox = False` where there is no sandbox
c.JudgeOutside.fresh = "class"       # who has the same fresh cases: "class", "student" (all attempts), "submission"
c.Autograde.pre_convert_hook = "embedding_course.course.grading.collecting.drop_links"
c.ExchangeFactory.fetch_assignment = "embedding_course.course.fetch.Fetch"
c.ExchangeFactory.collect = "embedding_course.course.grading.collecting.Collect"
c.ExchangeFactory.release_feedback = "embedding_course.course.grading.feedback.ReleaseFeedback"
c.ExchangeCollect.check_owner = False   # our Collect looks at owners itself

c.ExportApp.plugin_class = "embedding_course.course.grading.export.Export"

# Feedback and Formgrader: what a student wrote is text and pictures; no HTML of theirs acts.
c.HTMLExporter.sanitize_html = True
c.FormgradeExtension.debug = False   # else each of its pages begins with this configuration
c.GenerateFeedback.exporter_class = "embedding_course.course.grading.feedback.FeedbackPage"
c.GenerateFeedback.preprocessors = ["embedding_course.course.grading.feedback.Grades"]
c.HTMLExporter.filters = {"markdown2html": "embedding_course.course.grading.pages.markdown2html"}

# ipykernel 7.4 warns on stderr at each start without this, and Validate would show it.
c.KernelManager.transport_encryption = "auto"

# Validate on a busy machine: 30 seconds for a cell, four for what comes late, are too short for `import torch` there.
c.Execute.timeout = c.NotebookClient.iopub_timeout = c.NotebookClient.startup_timeout = 300

