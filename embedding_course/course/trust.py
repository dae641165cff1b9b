"""What points rest on: values that can't be faked without computing them, or what the student's process says of itself.

Made from calls and rules, for the guide on grading.
"""
from .project import Project

OBSERVED = {   # by call, what is seen inside the process alone; code that hunts for the observer could say otherwise there
    "function": ("changed", "shares"),
    "in_place": (),
    "module": ("parameters", "again"),
    "with_gradients": ("changed",),
    "new_layer": ("changed", "memory of its own"),
    "step_in_place": ("memory", "leaf"),
    "training_step": ("copies",),
    "copied_and_drawn": ("global random state", "same seed again", "another seed", "memory"),
    "held_step": ("settings", "weight", "autograd", "nothing moved before an exception"),
    "tabular_model": ("embeddings", "layers", "again"),
    "question_model": ("modes", "again", "model afterwards"),
}


def table(project: Project) -> list[dict]:
    """A row for each group of cases: what its points rest on.

    returns : [{"lesson", "exercise", "group", "points", "computed": whether some case of the group compares values that
              depend on the case, "raises": how many shown cases ask for an exception alone, "observed": names}]
    """
    from .expected import shown_exercises  # here, since torch comes with it
    from .lesson import read_lesson
    rows = []
    for lesson in project.lesson_names():
        for name, exercise in shown_exercises(read_lesson(project.solutions / f"{lesson}.py"))["exercises"].items():
            observed = [*OBSERVED[exercise["call"]], *exercise["rules"]["forbidden"], "autograd left on",
                        *["random state"] * exercise["rules"]["quiet"]]
            for group, points in exercise["points"].items():
                cases = [case for case in exercise["cases"] if case["group"] == group]
                raising = sum("error" in case["expect"]["reference"] for case in cases)
                rows.append({"lesson": lesson, "exercise": name, "group": group, "points": points,
                             "computed": raising < len(cases), "raises": raising, "observed": observed})
    return rows
