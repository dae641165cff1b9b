// What has become of a reader's ideas between two takes, in the words of the notebooks (embedding_course/concepts.py).
"use strict";
window.Concepts = (() => {
  /** One question, then and now: {question, became, idea, place, address, later}. */
  function became(number, question, before, now, seen) {
    const line = { question: `${number} ${question.about}`, idea: "", place: "", address: "", later: false };
    if (now === question.right) {
      const gone = before !== undefined && before !== question.right;
      return { ...line, became: gone ? "gone" : before ? "right, as before" : "right",
        idea: gone ? question.answers[before].shows : "" };
    }
    const { shows, lesson, place, address } = question.answers[now];
    return { ...line, became: before === undefined ? "wrong" : before === now ? "still there" : "new",
      idea: shows, place, address, later: parseInt(lesson, 10) > seen };
  }

  /** Sentences, and a line for each question; answers are {number: letter}, `before` may be empty. */
  function compare(key, before, now, seen) {
    const all = key.questions.map((question, i) => ({ question, number: i + 1 }));
    const right = answers => all.filter(({ question, number }) => answers[number] === question.right).length;
    const then = Object.keys(before).length ? `; before lesson 1 it was ${right(before)}` : "";
    const sentences = [`${right(now)} of ${all.length} right now${then}.`];
    const { questions, least, lessons } = key.back;
    if (questions.filter(number => now[number] !== key.questions[number - 1].right).length >= least) {
      sentences.push(`Questions ${questions.join(", ")} belong together, and lessons `
        + `${lessons.map(name => parseInt(name, 10)).join(" and ")} answer them. Go through both once more before you go on: `
        + "it will pay.");
    }
    return { sentences, lines: all.map(({ question, number }) => became(number, question, before[number], now[number], seen)) };
  }

  return { compare };
})();
