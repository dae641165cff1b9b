"""Every right answer passes however it is written, every wrong one fails; known misconceptions get their own hint."""
import functools

import pytest

from embedding_course.course.bank import read_bank
from embedding_course.course.lesson import read_lesson
from embedding_course.course.project import Project
from embedding_course.course.try_answers import Tryout

PROJECT = Project.find()
EXERCISES = [(lesson, cell.name) for lesson in PROJECT.lesson_names()
             for cell in read_lesson(PROJECT.solutions / f"{lesson}.py").with_role("exercise")]


def answers_to(lesson, name):
    return [answer for answer in read_bank(PROJECT, lesson) if answer.exercise == name]


@functools.cache
def tried(lesson, name, everything):
    """The exercise's answers, in CI every eighth of them, with what all cases and what the visible check say of each."""
    answers = answers_to(lesson, name)[::1 if everything else 8]
    tryout = Tryout(PROJECT, name, seed=1)
    did = tryout.answered_many([answer.source for answer in answers])
    full = [tryout.judged(answered, tryout.full.exercise) for answered in did]
    visible = [tryout.judged(answered, tryout.full.shown_only()) for answered in did]
    return list(zip(answers, full, visible, strict=True)), tryout


# In CI every third exercise; the build has judged the references and slips of all of them.
SOME = [pytest.param(pair, marks=[] if number % 3 == 0 else pytest.mark.everything, id=pair[1])
        for number, pair in enumerate(EXERCISES)]


@pytest.fixture(params=SOME)
def results(request):
    return tried(*request.param, request.config.getoption("--all"))


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda pair: pair[1])
def test_the_bank_is_rich_enough(exercise):
    lesson, name = exercise
    answers, slips = answers_to(lesson, name), read_lesson(PROJECT.solutions / f"{lesson}.py").exercises()[name].slips
    right = sum(answer.right for answer in answers)
    assert right >= 5
    assert len(answers) - right + len(slips) >= 8


def test_right_answers_pass_and_wrong_ones_fail(results):
    faults = [f"{answer.title}\n{full.message}" for answer, full, _ in results[0] if full.right != answer.right]
    assert not faults, "\n\n".join(faults)


def test_the_visible_check_knows_it_already(results):
    faults = [answer.title for answer, _, visible in results[0] if visible.right != answer.right and not answer.late]
    assert not faults


def test_known_misconceptions_get_their_own_hint(results):
    faults = [f"{answer.title}: {answer.slip}, not {full.slip}" for answer, full, _ in results[0]
              if answer.slip and answer.slip != full.slip]
    assert not faults


def test_partial_answers_get_the_points_they_deserve(results):
    answers, tryout = results
    points = tryout.full.exercise["points"]
    faults = [f"{answer.title}: {sum(points[g] for g, paid in full.groups.items() if paid)}, not {answer.points}"
              for answer, full, _ in answers
              if not answer.right and sum(points[g] for g, paid in full.groups.items() if paid) != answer.points]
    assert not faults


def test_slips_are_wrong_themselves(results):
    exercise = results[1].full.exercise
    shown = exercise["cases"][:results[1].full.fresh_from]
    told = {name for case in shown for name in case["expect"]["slips"]}
    assert told == set(exercise["slips"]), "a slip that no shown case tells from the reference"
