// The concept test on a page: answers stay in this browser, and what is right is shown only after all are given.
"use strict";
(() => {
  const find = what => document.querySelector(what);
  const all = what => [...document.querySelectorAll(what)];
  const key = JSON.parse(find("#concepts-key").textContent);
  const PLACE = "embedding-course-concepts";
  const numbers = key.questions.map((_, i) => String(i + 1));
  let kept = read(); // {edition: {take: {question: letter}}}, as the notebooks keep them
  let take = "1";

  /** The answers kept here; what this page can't have written counts for nothing. */
  function read() {
    try {
      const found = JSON.parse(localStorage.getItem(PLACE))?.[key.edition] ?? {};
      return Object.fromEntries(Object.keys(key.takes).map(number => [number, Object.fromEntries(
        numbers.filter(i => /^[a-d]$/.test(found[number]?.[i])).map(i => [i, found[number][i]]))]));
    } catch {
      return Object.fromEntries(Object.keys(key.takes).map(number => [number, {}]));
    }
  }

  function keep() {
    try {
      localStorage.setItem(PLACE, JSON.stringify({ [key.edition]: kept }));
    } catch {
      // a browser that keeps nothing: the answers last as long as the page
    }
  }

  const open = () => numbers.filter(i => !kept[take][i]);

  function element(tag, text = "", children = []) {
    const made = document.createElement(tag);
    made.textContent = text;
    made.append(...children);
    return made;
  }

  /** The page for the take that is chosen, with nothing told yet. */
  function draw() {
    for (const choice of all('[name="take"]')) choice.checked = choice.value === take;
    for (const choice of all(".choices input")) {
      choice.checked = kept[take][choice.closest("fieldset").dataset.question] === choice.value;
    }
    for (const answer of all("details.answer")) {
      answer.hidden = true;
      answer.open = false;
    }
    find(".result").replaceChildren();
    find('[data-do="now"]').hidden = true;
    count();
  }

  function count() {
    const missing = open();
    find(".open").textContent = missing.length
      ? `Still open: question ${missing.join(", ")}. Answer those too; a guess is fine.` : "All questions are answered.";
  }

  function result() {
    count();
    if (open().length) return find(".result").replaceChildren(element("p", find(".open").textContent));
    if (take !== "1") return tell(kept[1], kept[take], key.seen[take]);
    find('[data-do="now"]').hidden = false;
    return find(".result").replaceChildren(element("p", `All ${numbers.length} answers are kept in this browser. Nobody says `
      + "now which of them are right. Come back after lesson 5 and see what has changed."));
  }

  function tell(before, now, seen) {
    const { sentences, lines } = window.Concepts.compare(key, before, now, seen);
    const rows = lines.map(line => {
      const place = element(line.address ? "a" : "span", line.place);
      if (line.address) place.href = line.address;
      const mark = /gone|right/.test(line.became) ? "✓" : "✗";
      const row = element("tr", "", [element("th", line.question), element("td", `${mark} ${line.became}`),
        element("td", "", [element("em", line.idea)]), element("td", line.later ? "to come: " : "", [place])]);
      row.firstChild.scope = "row";
      return row;
    });
    const heads = ["question", "then and now", "the idea", "answered in"].map(text => element("th", text));
    for (const head of heads) head.scope = "col";
    const table = element("table", "", [element("thead", "", [element("tr", "", heads)]), element("tbody", "", rows)]);
    const box = element("div", "", [table]);
    box.className = "table-wrapper";
    find(".result").replaceChildren(...sentences.map(text => element("p", text)), box);
    for (const answer of all("details.answer")) answer.hidden = false;
  }

  const doing = {
    result,
    now: () => tell({}, kept[take], key.seen[take]),
    forget: () => {
      kept = Object.fromEntries(Object.keys(key.takes).map(number => [number, {}]));
      keep();
      draw();
    },
  };
  for (const button of all("[data-do]")) button.addEventListener("click", doing[button.dataset.do]);
  for (const choice of all('[name="take"]')) choice.addEventListener("change", () => { take = choice.value; draw(); });
  for (const choice of all(".choices input")) {
    choice.addEventListener("change", () => {
      kept[take][choice.closest("fieldset").dataset.question] = choice.value;
      keep();
      draw();
    });
  }
  take = Object.keys(key.takes).find(number => numbers.some(i => !kept[number][i])) ?? "3";
  for (const part of all(".take, .end")) part.hidden = false;
  draw();
})();
