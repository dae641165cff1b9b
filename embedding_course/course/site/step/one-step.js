// The page on which a reader takes training steps: it draws the state, which the address holds, and marks guesses.
"use strict";
(() => {
  const { DEFAULTS, forward, memory, oneHot, step, because } = window.OneStep;
  const { element, drawRows, drawHead } = window.RowDrawing; // the notebook's stepper draws with it too
  const AIRPORTS = ["ATL", "BOS", "JFK", "LAX", "SFO"];
  const LATE = [1, 3, 4, 2, 5]; // minutes of a flight that is added by its airport's button
  const START = [[0.5, 1], [-1, 0.5], [2, 1], [-0.5, 1.5], [1, -1.5]];
  const FIRST = "JFK:4,LAX:2,JFK:6";
  const MOST = { flights: 8, steps: 40 };

  /** Flights from text such as "JFK:4,LAX:2"; null for anything else. */
  function flightsOf(text) {
    if (text === "") return [];
    const flights = text.split(",").map(part => {
      const [name, late] = part.split(":");
      return { code: AIRPORTS.indexOf(name), target: Number(late || NaN) };
    });
    const fine = flights.every(({ code, target }) => code >= 0 && Number.isFinite(target) && Math.abs(target) <= 1000);
    return fine && flights.length <= MOST.flights ? flights : null;
  }

  const textOf = flights => flights.map(({ code, target }) => `${AIRPORTS[code]}:${target}`).join(",");

  /** The state that an address describes; what it says wrongly is left out. */
  function read(hash) {
    const said = Object.fromEntries(hash.replace(/^#/, "").split("&").map(part => {
      const at = part.indexOf("=");
      return [part.slice(0, at), part.slice(at + 1)];
    }));
    const steps = said.steps ? said.steps.split(";").map(flightsOf) : [];
    const lr = Number(said.lr || NaN);
    return {
      optimizer: Object.hasOwn(DEFAULTS, said.optimizer || "") ? said.optimizer : "sgd",
      lr: lr > 0 && lr <= 10 ? lr : 0.125,
      view: said.view === "onehot" ? "onehot" : "lookup",
      steps: steps.length <= MOST.steps && steps.every(Boolean) ? steps : [],
      next: (said.next !== undefined && flightsOf(said.next)) || flightsOf(FIRST),
    };
  }

  const address = ({ optimizer, lr, view, steps, next }) =>
    `#optimizer=${optimizer}&lr=${lr}&view=${view}&steps=${steps.map(textOf).join(";")}&next=${textOf(next)}`;

  /** All steps from the start: [{flights, before, after, moved, why}]. */
  function replay({ optimizer, lr, steps }) {
    let weight = START;
    let known = memory(weight);
    return steps.map(flights => {
      const done = step(optimizer, lr, weight, flights, known);
      const before = weight;
      const moved = before.map((row, level) => row.some((value, column) => value !== done.weight[level][column]));
      const why = before.map((_, level) => because(optimizer, level, flights, before, done.weight, known));
      weight = done.weight;
      known = done.memory;
      return { flights, before, after: weight, moved, why };
    });
  }

  const number = value => (Object.is(value, -0) ? 0 : value).toFixed(2).replace("-", "−");
  const list = names => names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;

  function start(root) {
    const find = what => root.querySelector(what);
    const own = root.hasAttribute("data-address"); // the page's address is this widget's
    let state = read(own ? location.hash : "");
    let guess = {}; // level → whether it will move, for the levels that were touched
    let answer = null; // the guess that the last step has answered

    function change(parts, { keep = false } = {}) {
      state = { ...state, ...parts };
      if (!keep) answer = null;
      if (own) history.replaceState(null, "", address(state));
      draw();
    }

    function take() {
      if (state.steps.length >= MOST.steps) return say(`${MOST.steps} steps are enough for a page: undo some, or reset.`);
      answer = guess;
      guess = {};
      change({ steps: [...state.steps, state.next] }, { keep: true });
      say(told(replay(state).at(-1), answer));
    }

    function told({ flights, moved }, guessed) {
      const named = wanted => AIRPORTS.filter((_, level) => moved[level] === wanted);
      const marks = Object.entries(guessed).map(([level, will]) => will === moved[level]);
      const right = marks.filter(Boolean).length;
      return [
        named(true).length ? `${list(named(true))} moved.` : "No row moved.",
        named(false).length ? `${list(named(false))} stayed, to the last bit.` : "",
        flights.length ? "Your data and the codes are what they were." : "There was no flight in this step.",
        marks.length ? `Your guess: ${right} of ${marks.length} right.` : "You made no guess this time.",
      ].filter(Boolean).join(" ");
    }

    const say = text => { find(".said").textContent = text; };

    function draw() {
      const all = replay(state);
      const last = answer ? all.at(-1) : null;
      const weight = all.length ? all.at(-1).after : START;
      drawFlights();
      drawTable(weight, last);
      drawPassing(weight);
      drawStrip(all);
      find('[data-do="undo"]').disabled = find('[data-do="reset"]').disabled = !all.length;
      find("select").value = state.optimizer;
      if (Number(find('[name="lr"]').value) !== state.lr) find('[name="lr"]').value = state.lr;
      for (const choice of root.querySelectorAll('[name="view"]')) choice.checked = choice.value === state.view;
    }

    function drawFlights() {
      const without = i => state.next.filter((_, other) => other !== i);
      drawRows(find(".flights tbody"), state.next.map(({ code, target }, i) => ({
        head: { text: AIRPORTS[code] },
        cells: [{ text: String(code), kind: "code" }, { parts: [element("input", {
          type: "number", value: target, step: "any", min: -1000, max: 1000,
          "aria-label": `minutes late, flight ${i + 1} from ${AIRPORTS[code]}`,
          onchange: event => {
            const late = Number(event.target.value);
            if (event.target.value !== "" && Math.abs(late) <= 1000) {
              change({ next: state.next.map((flight, other) => other === i ? { ...flight, target: late } : flight) });
            } else draw();
          },
        })] }, { parts: [element("button", {
          type: "button", text: "×", "aria-label": `remove flight ${i + 1} from ${AIRPORTS[code]}`,
          onclick: () => { change({ next: without(i) }); find(".add button").focus(); },
        })] }],
      })));
      if (!state.next.length) {
        find(".flights tbody").append(element("tr", {}, [element("td", { text: "no flight: a step without data", colspan: 4 })]));
      }
    }

    function drawTable(weight, last) {
      const looked = new Set((last ? last.flights : state.next).map(flight => flight.code));
      drawRows(find(".weight tbody"), weight.map((row, level) => {
        const moved = last !== null && last.moved[level];
        const numbers = row.map((value, column) => ({ kind: "number", moved, parts: [
          ...(moved ? [element("span", { text: `${number(last.before[level][column])} →`, kind: "was" })] : []),
          element("span", { text: number(value) }),
        ] }));
        return { head: { text: AIRPORTS[level], plucked: looked.has(level) },
          cells: [{ text: String(level), kind: "code" }, ...numbers,
            { kind: "guess", parts: [last ? verdict(level, last) : choice(level)] }] };
      }));
    }

    function choice(level) {
      return element("label", {}, [element("input", {
        type: "checkbox", checked: guess[level] === true, "aria-label": `${AIRPORTS[level]} will move`,
        onchange: event => {
          if (!Object.keys(guess).length) guess = Object.fromEntries(AIRPORTS.map((_, other) => [other, false]));
          guess[level] = event.target.checked;
        },
      }), "moves"]);
    }

    function verdict(level, last) {
      const right = answer[level] === undefined ? "" : answer[level] === last.moved[level] ? "✓ " : "✗ ";
      return element("span", { text: `${right}${last.moved[level] ? "moved" : "stayed"}: ${last.why[level]}` });
    }

    function drawPassing(weight) {
      const { rows, predictions, errors, loss } = forward(weight, state.next);
      const wide = state.view === "onehot";
      const rowsOfCodes = oneHot(state.next.map(flight => flight.code), AIRPORTS.length);
      drawHead(find(".passing thead"), [wide ? "one-hot row" : "code", "its row", "prediction", "error"]);
      drawRows(find(".passing tbody"), state.next.map(({ code }, i) => ({
        head: { text: wide ? rowsOfCodes[i].join(" ") : String(code), kind: "code" },
        cells: [{ text: rows[i].map(number).join("  "), kind: "number", plucked: true },
          { text: number(predictions[i]), kind: "number" }, { text: number(errors[i]), kind: "number" }],
      })));
      find(".loss").textContent = state.next.length
        ? `A prediction is the sum of its row; the loss, the sum of the squared errors, is ${number(loss)}.` : "";
    }

    function drawStrip(all) {
      find(".history").hidden = !all.length;
      drawHead(find(".strip thead"), ["level", ...all.map((_, i) => String(i + 1))]);
      drawRows(find(".strip tbody"), AIRPORTS.map((name, level) => ({
        head: { text: name },
        cells: all.map(({ flights, moved, why }) => {
          const plucked = flights.some(flight => flight.code === level);
          const words = `${plucked ? "looked up, " : ""}${moved[level] ? "moved" : "stayed"}`;
          return { plucked, moved: moved[level], title: why[level], parts: [element("span", { text: words, kind: "quiet" }),
            element("span", { text: moved[level] ? "●" : "·", "aria-hidden": "true" })] };
        }),
      })));
    }

    async function copy() {
      const link = location.href.split("#")[0].replace(/[^/]*$/, "step.html") + address(state);
      try {
        await navigator.clipboard.writeText(link);
        say("The link to exactly this state is copied.");
      } catch {
        say(`Copy this link: ${link}`);
      }
    }

    find("select").append(...Object.entries(DEFAULTS).map(([value, { words }]) => element("option", { value, text: words })));
    find(".add").append(...AIRPORTS.map((name, code) => element("button", {
      type: "button", text: `+ ${name}`, "aria-label": `add a flight from ${name}`,
      onclick: () => {
        if (state.next.length >= MOST.flights) return say(`${MOST.flights} flights are enough for one step.`);
        return change({ next: [...state.next, { code, target: LATE[code] }] });
      },
    })));
    find("select").addEventListener("change", event => change({ optimizer: event.target.value }));
    find('[name="lr"]').addEventListener("change", event => {
      const lr = Number(event.target.value);
      if (lr > 0 && lr <= 10) change({ lr });
      else { say("A learning rate is more than 0 and at most 10."); draw(); event.target.value = state.lr; }
    });
    for (const choice of root.querySelectorAll('[name="view"]')) {
      choice.addEventListener("change", () => change({ view: choice.value }, { keep: true }));
    }
    find(".typing").addEventListener("submit", event => {
      event.preventDefault();
      const words = find('[name="codes"]').value.split(/[\s,;]+/).filter(Boolean);
      const codes = words.map(word => /^\d$/.test(word) ? Number(word) : AIRPORTS.indexOf(word.toUpperCase()));
      if (codes.length > MOST.flights || codes.some(code => code < 0 || code >= AIRPORTS.length)) {
        return say(`Codes are 0 to ${AIRPORTS.length - 1}, or names such as JFK; at most ${MOST.flights} of them.`);
      }
      return change({ next: codes.map(code => ({ code, target: LATE[code] })) });
    });
    const doing = {
      step: take,
      undo: () => { change({ steps: state.steps.slice(0, -1) }); say("The last step is undone."); },
      reset: () => { guess = {}; change({ steps: [] }); say("The table is as it was at the start."); },
      copy,
    };
    for (const button of root.querySelectorAll("[data-do]")) button.addEventListener("click", doing[button.dataset.do]);
    if (own) window.addEventListener("hashchange", () => { state = read(location.hash); answer = null; draw(); });
    for (const part of root.querySelectorAll(".stage, .controls, .said")) part.hidden = false;
    draw();
  }

  for (const root of document.querySelectorAll("[data-one-step]")) start(root);
})();
