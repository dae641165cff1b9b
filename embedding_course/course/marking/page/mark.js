"use strict";
// All answers to one question. Each change is sent at once; what the server says is what is shown.

const token = new URLSearchParams(location.search).get("token");
const found = id => document.getElementById(id);
const state = { lesson: null, question: null, answers: [], anonymous: false, queue: Promise.resolve() };

async function ask(path, method = "GET", body = undefined) {
  for (let tries = 0; ; tries++) {
    let reply;
    try {
      reply = await fetch(path, { method, body: body && JSON.stringify(body),
        headers: { Authorization: `token ${token}`, "Content-Type": "application/json" } });
    } catch {
      throw new Error("Not saved: `course mark` no longer runs. Start it again, and open its new address.");
    }
    if (reply.ok) return reply.json();
    const said = await reply.text();
    if (reply.status === 503 && tries < 20) {   // somebody else writes the gradebook
      await new Promise(done => setTimeout(done, 300));
      continue;
    }
    let why = said;
    try { why = JSON.parse(said).refused; } catch { /* a plain line */ }
    throw new Error(why);
  }
}

function say(text, bad = false) {
  found("said").textContent = text;
  found("said").classList.toggle("bad", bad);
}

// One after the other, in the order of the keys: the last one typed is the last one written.
function inTurn(work) {
  state.queue = state.queue.then(work).catch(error => say(error.message, true));
  return state.queue;
}

const where = () => state.anonymous ? "?anonymous=1" : "";

async function open(question) {
  const got = await ask(`api/answers/${encodeURIComponent(question)}${where()}`);
  state.question = { name: question, points: got.points };
  state.answers = got.answers;
  for (const part of ["asked", "reference", "guide"]) show(found(part), got[part]);
  found("advice").hidden = !got.guide;
  found("answers").replaceChildren(...state.answers.map(card));
  found("empty").textContent = got.empty ? `${got.empty} left it empty: 0 points, and nothing to read.` : "";
  found("without").hidden = !got.left_out.length;
  found("left-out").replaceChildren(...got.left_out.map(line => element("li", line)));
  state.answers.forEach(paint);
  count();
  const first = state.answers.findIndex(one => one.waits);
  if (state.answers.length) focusOn(Math.max(first, 0));
}

function show(place, html) {   // cleaned by the server: text, pictures, links
  place.innerHTML = html;
  for (const link of place.querySelectorAll("a[href]")) {
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  }
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function card(answer, index) {
  const item = found("card").content.firstElementChild.cloneNode(true);
  answer.item = item;
  answer.label = answer.who || `Answer ${index + 1}`;
  item.querySelector("strong").textContent = answer.label;
  item.setAttribute("aria-label", answer.label);
  show(item.querySelector(".answer"), answer.html);
  const group = item.querySelector(".points");
  for (let points = 0; points <= Math.min(state.question.points, 9); points++) {
    const button = element("button", points);
    button.type = "button";
    button.dataset.points = points;
    button.onclick = () => give(index, points);
    group.append(button);
  }
  const other = item.querySelector(".other");
  other.max = state.question.points;
  other.onchange = () => { if (other.value !== "") give(index, Number(other.value), false); };
  item.querySelector(".none").onclick = () => give(index, null, false);
  const comment = item.querySelector("textarea");
  comment.oninput = () => remark(index, comment.value);
  item.querySelector(".same").onclick = () => offer(index);
  return item;
}

function paint(answer) {
  const { item, points } = answer;
  for (const button of item.querySelectorAll("[data-points]"))
    button.setAttribute("aria-pressed", String(points === Number(button.dataset.points)));
  const other = item.querySelector(".other");
  if (document.activeElement !== other) other.value = points === null || Number.isInteger(points) ? "" : points;
  const comment = item.querySelector("textarea");
  if (document.activeElement !== comment) comment.value = answer.comment;
  item.classList.toggle("marked", !answer.waits);
  item.classList.toggle("changed", answer.changed);
  item.querySelector(".state").textContent = answer.changed
    ? `· another answer than the one that got ${points}: look again`
    : answer.waits ? "· waits" : `· ${points ?? 0} of ${state.question.points}`;
}

function count() {
  const marked = state.answers.filter(one => !one.waits).length, all = state.answers.length;
  found("bar").max = all || 1;
  found("bar").value = marked;
  found("count").textContent = `${marked} of ${all}`;
  const entry = state.lesson.questions.find(one => one.name === state.question.name);
  Object.assign(entry, { marked, of: all });
  fillQuestions();
  if (all && marked === all) {
    const next = state.lesson.questions.find(one => one.marked < one.of);
    say(next ? `All marked. ${next.name} still waits: choose it above.`
      : "All marked. Ctrl+C in the terminal ends this, and says what comes next.");
  }
}

function fillQuestions() {
  const many = state.lesson.questions.length > 1;
  found("choose").hidden = !many;
  found("question").replaceChildren(...state.lesson.questions.map(one => {
    const option = element("option", `${one.name} (${one.marked} of ${one.of})`);
    option.value = one.name;
    option.selected = one.name === state.question.name;
    return option;
  }));
}

const current = () => state.answers.findIndex(one => one.item === document.activeElement?.closest?.(".card"));

function focusOn(index) {
  const answer = state.answers[Math.min(Math.max(index, 0), state.answers.length - 1)];
  answer.item.focus({ preventScroll: true });
  answer.item.scrollIntoView({ block: "nearest" });
}

function toNextWaiting(index) {
  const order = [...state.answers.keys()];
  const next = [...order.slice(index + 1), ...order.slice(0, index + 1)].find(one => state.answers[one].waits);
  focusOn(next ?? index);
}

const path = answer => `api/answers/${encodeURIComponent(state.question.name)}/${answer.key}`;

function give(index, points, onwards = true) {
  const answer = state.answers[index], before = { ...answer };
  if (points !== null && !(points >= 0 && points <= state.question.points)) {
    say(`Points go from 0 to ${state.question.points}.`, true);
    return;
  }
  Object.assign(answer, { points, waits: points === null, changed: false });   // shown at once, and set right below
  paint(answer);
  if (onwards) toNextWaiting(index);
  inTurn(async () => {
    try {
      Object.assign(answer, await ask(path(answer), "PUT", { points, mark: answer.mark }));
      say(`Saved: ${answer.label}, ${points === null ? "not marked" : `${points} of ${state.question.points}`}.`);
    } catch (error) {
      Object.assign(answer, { points: before.points, waits: before.waits, changed: before.changed });
      throw new Error(`${answer.label}: ${error.message}`);
    } finally {
      paint(answer);
      count();
    }
  });
}

function remark(index, comment) {
  const answer = state.answers[index];
  answer.comment = answer.wanted = comment;
  inTurn(async () => {
    if (answer.wanted !== comment) return;   // typed on since
    try {
      await ask(path(answer), "PUT", { comment, mark: answer.mark });
      say(`Saved: comment on ${answer.label}.`);
    } catch (error) {
      throw new Error(`${answer.label}: ${error.message}`);
    }
  });
}

function half(index, step) {
  const points = Math.min(Math.max((state.answers[index].points ?? 0) + step, 0), state.question.points);
  give(index, points, false);
}

// Comments of this question, the most frequent first; 1 to 9 choose one.
function offer(index) {
  const times = new Map();
  for (const one of state.answers)
    if (one.comment && one !== state.answers[index]) times.set(one.comment, (times.get(one.comment) ?? 0) + 1);
  const comments = [...times].sort((a, b) => b[1] - a[1]).slice(0, 9).map(([text]) => text);
  if (!comments.length) {
    say("No other answer has a comment yet: c writes one.");
    return;
  }
  const dialog = found("same");
  const choose = text => {
    dialog.close();
    state.answers[index].item.querySelector("textarea").value = text;
    remark(index, text);
  };
  found("comments").replaceChildren(...comments.map((text, place) => {
    const entry = document.createElement("li"), button = element("button", `${place + 1}  ${text}`);
    button.type = "button";
    button.onclick = () => choose(text);
    entry.append(button);
    return entry;
  }));
  dialog.onkeydown = event => {
    const text = comments[Number(event.key) - 1];
    if (text !== undefined) {
      event.preventDefault();
      choose(text);
    }
  };
  dialog.onclose = () => focusOn(index);
  dialog.showModal();
}

function undo() {
  inTurn(async () => {
    const was = await ask("api/undo", "POST", {});
    if (was.question !== state.question.name) {
      await open(was.question);
    }
    const answer = state.answers.find(one => one.key === was.key);
    if (!answer) return;
    Object.assign(answer, { points: was.points, comment: was.comment, waits: was.waits, changed: was.changed });
    document.activeElement?.blur();
    paint(answer);
    focusOn(state.answers.indexOf(answer));
    count();
    say(`Taken back: ${answer.label}.`);
  });
}

function setAnonymous(wanted) {
  state.anonymous = wanted || state.lesson.always;
  found("anonymous").checked = state.anonymous;
  inTurn(() => open(state.question.name));
}

function explain() {
  found("keys").showModal();
}

const KEYS = {
  c: index => state.answers[index].item.querySelector("textarea").focus(),
  s: offer, n: toNextWaiting, u: undo,
  j: index => focusOn(index + 1), ArrowDown: index => focusOn(index + 1),
  k: index => focusOn(index - 1), ArrowUp: index => focusOn(index - 1),
  "+": index => half(index, 0.5), "-": index => half(index, -0.5),
  a: () => setAnonymous(!state.anonymous), "?": explain,
};

// Keys act only where an answer has the focus: whoever types elsewhere types.
found("answers").addEventListener("keydown", event => {
  const index = current(), typing = event.target.matches("textarea, input");
  if (index < 0) return;
  if (typing) {
    if (event.key === "Escape") focusOn(index);
    return;
  }
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  if (/^[0-9]$/.test(event.key)) {
    event.preventDefault();
    give(index, Number(event.key));
  } else if (Object.hasOwn(KEYS, event.key)) {
    event.preventDefault();
    KEYS[event.key](index);
  }
});
found("undo").onclick = undo;
found("help").onclick = explain;
found("anonymous").onchange = event => setAnonymous(event.target.checked);
found("question").onchange = event => inTurn(() => open(event.target.value));

inTurn(async () => {
  state.lesson = await ask("api/lesson");
  found("title").textContent = `Written answers, ${state.lesson.lesson}`;
  document.title = `Written answers, ${state.lesson.lesson}`;
  state.anonymous = state.lesson.always;
  found("anonymous").checked = state.anonymous;
  found("anonymous").disabled = state.lesson.always;
  const first = state.lesson.questions.find(one => one.marked < one.of) ?? state.lesson.questions[0];
  state.question = { name: first.name, points: first.points };
  await open(first.name);
});
