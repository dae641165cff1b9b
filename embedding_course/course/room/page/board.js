"use strict";
// The board: one WebSocket brings all that is shown, as data; everything is set as text, never as HTML.
const at = id => document.getElementById(id);
const AGAIN = 1500;   // milliseconds until the next attempt to connect
let picture = null, line = null, ahead = 0, namesShown = false, answerShown = false;

// The secret comes in the address once; it doesn't stay there, for the address is on the projector too.
if (location.hash.length > 1) {
  sessionStorage.setItem("board", location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
}

function make(tag, text = "", kind = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

function connect() {
  line = new WebSocket(`ws://${location.host}/board/line`);
  line.onopen = () => line.send(JSON.stringify({token: sessionStorage.getItem("board") || ""}));
  line.onmessage = event => {
    picture = JSON.parse(event.data);
    ahead = Date.now() / 1000 - picture.now;
    draw();
  };
  line.onclose = event => {
    if (event.code === 4401) return say("this address lacks the board's secret: open the one that the terminal shows");
    if (picture?.closed) return say("the room is closed");
    say("the board's program is away; trying again");
    setTimeout(connect, AGAIN);
  };
}

const say = text => { at("state").textContent = text; };
const tell = what => { if (line?.readyState === WebSocket.OPEN) line.send(JSON.stringify(what)); };
const who = person => namesShown && person.name ? `${person.name} (${person.mark})` : person.mark;

function ago(when) {
  const seconds = Math.max(0, Date.now() / 1000 - ahead - when);
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

function fill(id, items, nothing) {
  at(id).replaceChildren(...(items.length ? items : [make("li", nothing, "soft")]));
}

function exercise(each) {
  const item = make("li"), row = make("div", "", "row"), track = make("div", "", "track");
  row.append(make("span", each.name, "name"),
             make("span", `${each.passed} passed · ${each.trying} trying · ${each.not_begun} not begun`));
  track.setAttribute("aria-hidden", "true");
  const all = Math.max(1, picture.here);
  for (const kind of ["passed", "trying"]) {
    const part = make("span", "", kind);
    part.style.width = `${100 * each[kind] / all}%`;
    track.append(part);
  }
  item.append(row, track);
  if (each.begun) {
    const since = each.moved ? `last one through ${ago(each.moved)} ago` : `begun ${ago(each.first)} ago, nobody through yet`;
    item.append(make("div", since, "soft"));
  }
  return item;
}

function slip(each) {
  const item = make("li"), words = make("div");
  words.append(make("div", `${each.exercise}: ${each.slip.replaceAll("_", " ")}`, "name"), make("div", each.hint));
  if (each.advice) words.append(make("div", `The guide: ${each.advice}`, "soft"));
  words.append(make("div", each.who.map(who).join(", "), "soft"));
  item.append(make("span", String(each.count), "count"), words);
  return item;
}

function hand(each) {
  const item = make("li", `${who(each)}, for ${ago(each.since)}`), lower = make("button", "down");
  lower.setAttribute("aria-label", `Take down the hand of ${each.mark}`);
  lower.dataset.lower = each.mark;
  item.append(lower);
  return item;
}

function stuck(each) {
  const what = each.slip ? `, ${each.slip.replaceAll("_", " ")}` : "";
  return make("li", `${who(each)}: ${each.exercise}, ${each.fails} failures in ${ago(each.since)}${what}`);
}

function poll() {
  const chosen = at("guess").value, names = picture.polls.map(each => each.guess);
  if (names.join() !== [...at("guess").options].map(option => option.value).join()) {
    at("guess").replaceChildren(...names.map(name => new Option(name, name)));
    at("guess").value = names.includes(chosen) ? chosen : names.at(-1) ?? "";
  }
  const shown = picture.polls.find(each => each.guess === at("guess").value);
  at("round").disabled = !shown;
  at("entries").replaceChildren();
  if (!shown) { at("poll-state").textContent = "Nobody has guessed yet."; return; }
  at("round").lastChild.textContent = shown.round === 1 ? " vote again" : " back to the first vote";
  const [before, after] = shown.voted, knew = shown.knew ? `; ${shown.knew} of those had seen the answer` : "";
  at("poll-state").textContent = shown.round === 1 && !after ? `First vote: ${before}`
    : `Before (striped): ${before} · after (full): ${after}${knew}`;
  const most = Math.max(1, ...shown.voted), two = shown.round === 2 || after > 0;
  for (const entry of shown.entries.filter(each => each.bars.length)) {
    const part = make("div"), bars = make("div", "", "bars");
    for (const bar of entry.bars) {
      const said = bar.said === null ? "something else" : bar.said;
      bars.append(make("div", (answerShown && bar.right ? "✓ " : "") + said, answerShown && bar.right ? "said name" : "said"));
      const pair = make("div");
      for (const round of two ? [0, 1] : [0]) {
        const drawn = make("div", "", `bar ${round ? "after" : "before"}`), length = make("i");
        length.style.width = `calc(${bar.counts[round] / most} * (100% - 3rem))`;
        drawn.append(length, make("b", String(bar.counts[round])));
        pair.append(drawn);
      }
      bars.append(pair);
    }
    part.append(make("h3", entry.entry), bars);
    at("entries").append(part);
  }
}

function draw() {
  document.title = `Room: ${picture.lesson}`;
  at("title").textContent = picture.title;
  at("here").textContent = `${picture.here} here`;
  at("code").textContent = picture.code;
  say(picture.closed ? "the room is closed" : "");
  at("crowd").hidden = picture.crowd <= 3;
  at("crowd").textContent = `${picture.crowd} of them share one network address: a hub, a router, or one person many times.`;
  fill("exercises", picture.exercises.map(exercise), "none");
  fill("slips", picture.slips.map(slip), "None that we know by name.");
  fill("hands", picture.hands.map(hand), "No hand is up.");
  fill("stuck", picture.stuck.map(stuck), "Nobody: three failures and four minutes make somebody stuck.");
  poll();
}

function toggle(id, on) {
  at(id).setAttribute("aria-pressed", String(on));
  if (picture) draw();
  return on;
}

const actions = {
  names: () => { namesShown = !namesShown; toggle("names", namesShown); },
  answer: () => { answerShown = !answerShown; toggle("answer", answerShown); },
  alone: () => toggle("alone", document.body.classList.toggle("poll-alone")),
  look: () => {
    const dark = document.documentElement.dataset.look === "dark" ||
      (!document.documentElement.dataset.look && matchMedia("(prefers-color-scheme: dark)").matches);
    document.documentElement.dataset.look = dark ? "light" : "dark";
  },
  round: () => {
    const shown = picture?.polls.find(each => each.guess === at("guess").value);
    if (shown) tell({do: "round", guess: shown.guess, round: shown.round === 1 ? 2 : 1});
  },
  close: () => { if (confirm("Close the room and write the report? Nobody can send any more.")) tell({do: "close"}); },
};
const KEYS = {n: "names", p: "alone", a: "answer", l: "look", 2: "round"};

for (const [id, action] of Object.entries(actions)) at(id).addEventListener("click", action);
at("guess").addEventListener("change", () => picture && draw());
at("hands").addEventListener("click", event => {
  if (event.target.dataset.lower) tell({do: "lower", mark: event.target.dataset.lower});
});
addEventListener("keydown", event => {
  if (!at("keys").checked || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("select, input")) return;
  if (KEYS[event.key.toLowerCase()]) actions[KEYS[event.key.toLowerCase()]]();
});
setInterval(() => picture && !at("hands").contains(document.activeElement) && draw(), 10000);
connect();
