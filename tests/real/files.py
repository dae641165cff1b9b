"""What editors and people do to the file: names, bytes, metadata, neighbours."""
import json

from submissions import FULL, LESSON, REFUSED, case


def without_metadata(work):
    for cell in work.cells:
        cell["metadata"] = {}
        cell.pop("id", None)


@case(FULL)
def colab_strips(work):
    """Saved by a tool that drops all nbgrader metadata and cell ids."""
    without_metadata(work)


@case(FULL)
def colab_strips_and_renumbers(work):
    """The same, with ids of the tool's own and its metadata."""
    for number, cell in enumerate(work.cells):
        cell |= {"id": f"x{number}", "metadata": {"id": f"x{number}", "colab": {"base_uri": "https://localhost"}}}


@case(FULL)
def colab_widgets(work):
    """A progress bar was shown in Colab: widget metadata without `state`."""
    work.notebook["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {}}


@case(FULL)
def stream_metadata(work):
    """A text output with a key that the format forbids."""
    work.find("check-pluck")["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x", "metadata": {}}]


@case(FULL)
def minor_one_with_a_json_output(work):
    """Format 4.1 that holds an output of 4.2."""
    work.notebook["nbformat_minor"] = 1
    work.find("check-pluck")["outputs"] = [{"output_type": "display_data", "metadata": {},
                                            "data": {"application/json": {"a": 1}}}]


@case(FULL)
def drive_mount(work):
    """Mounts Google Drive first, which isn't there when graded."""
    work.first("from google.colab import drive\ndrive.mount('/content/drive')\n%cd /content/drive/MyDrive")


@case(FULL)
def ids_in_format_four_four(work):
    """Format 4.4 with the ids that it forbids."""
    work.notebook["nbformat_minor"] = 4


@case(FULL)
def a_byte_order_mark(work):
    """PowerShell saved it with a UTF-8 byte order mark."""
    work.raw = b"\xef\xbb\xbf" + json.dumps(work.notebook).encode()


@case(FULL)
def windows_letters(work):
    """Saved in Windows-1252."""
    work.first("# für Löhne")
    work.raw = json.dumps(work.notebook, ensure_ascii=False).encode("cp1252", errors="replace")


@case(FULL)
def line_ends_of_old_macs(work):
    """Bare carriage returns in the source of the answers."""
    for cell in work.cells:
        cell["source"] = "".join(cell["source"]).replace("\n", "\r")


@case(FULL)
def metadata_is_a_list(work):
    """A converter wrote a list where the metadata of a cell should be."""
    work.cells[0]["metadata"] = []


@case(REFUSED)
def an_empty_file(work):
    """0 bytes."""
    work.raw = b""


@case(REFUSED)
def cut_off(work):
    """The upload broke off in the middle."""
    work.raw = json.dumps(work.notebook).encode()[:4000]


@case(REFUSED, {})
def work_in_the_copy_beside(work):
    """The untouched download under the right name, the work in `NAME (1).ipynb`."""
    from submissions import RIGHT
    solved = json.loads(json.dumps(work.notebook))
    for cell in solved["cells"]:
        cell["source"] = RIGHT.get(cell["id"], cell["source"])
    (work.folder / f"{LESSON} (1).ipynb").write_text(json.dumps(solved))


@case(FULL)
def renamed(work):
    """The only notebook has another name."""
    (work.folder / "Homework Ada Final.ipynb").write_text(json.dumps(work.notebook))
    work.save = lambda: None


@case(FULL)
def html_beside(work):
    """An HTML export under the notebook's name lies beside it."""
    (work.folder / f"{LESSON}.html").write_text("<h1>mine</h1>")


@case(FULL)
def script_beside(work):
    """A paired percent script, older than the notebook."""
    (work.folder / f"{LESSON}.py").write_text("# %%\n1 / 0\n")


@case(FULL)
def a_helper_module(work):
    """An answer lives in a file beside the notebook."""
    from submissions import RIGHT
    (work.folder / "helpers.py").write_text("import torch\n" + RIGHT["pluck"])
    work.answer("pluck", "from helpers import pluck\n")


@case(FULL)
def from_an_older_release(work):
    """Begun in a release with another fingerprint."""
    work.notebook["metadata"].setdefault("embedding_course", {})["release"] = "0123456789ab"


@case(6)
def an_older_release_with_other_ids(work):
    """Done in an earlier release, where the last answer but one had another name."""
    work.notebook["metadata"].setdefault("embedding_course", {})["release"] = "0123456789ab"
    cell = work.find("pluck")
    cell["metadata"]["nbgrader"]["grade_id"] = cell["id"] = "select_rows"
    cell["source"] = cell["source"].replace("def pluck", "def select_rows")


@case(FULL)
def a_time_stamp_with_an_offset(work):
    """A numeric offset after a space."""
    (work.folder / "timestamp.txt").write_text("2026-01-01 12:00:00 +0200")


@case(FULL)
def a_time_stamp_with_a_zone(work):
    """A zone's full name."""
    (work.folder / "timestamp.txt").write_text("2026-07-01 12:00:00 Europe/Vienna")


@case(FULL)
def a_time_stamp_of_another_program(work):
    """A form that no parser knows."""
    (work.folder / "timestamp.txt").write_text("1st of January, noon")


@case(FULL)
def a_picture_that_is_not_there(work):
    """A text cell names an attachment that was lost, and pictures beside the notebook that were never sent."""
    work.cells.insert(2, {"cell_type": "markdown", "id": "lost", "metadata": {},
                          "source": "![plot](attachment:lost.png) ![other](figures/none.png)\n\n$$\\undefined{x$$"})


@case(FULL)
def utf_sixteen(work):
    """Saved as UTF-16 by an editor."""
    work.raw = json.dumps(work.notebook).encode("utf-16")
