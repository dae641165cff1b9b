// Draws a table's rows with the course's two marks: what is outlined was looked up, what is filled has moved.
// The page One step and the notebook's stepper both draw with this file. Nothing is calculated here.
"use strict";
window.RowDrawing = (() => {
  /** An element with text or children; "on…" names a listener, and what is false is left out. */
  function element(tag, { text = "", kind = "", ...more } = {}, children = []) {
    const made = document.createElement(tag);
    if (text !== "") made.textContent = text;
    if (kind) made.className = kind;
    for (const [name, value] of Object.entries(more)) {
      if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (value !== false) made.setAttribute(name, value === true ? "" : value);
    }
    made.append(...children);
    return made;
  }

  const marked = ({ kind = "", plucked = false, moved = false }) =>
    [kind, plucked && "plucked", moved && "moved"].filter(Boolean).join(" ");

  const cell = (tag, { text = "", parts = [], title = false, scope = false, ...marks }) =>
    element(tag, { text, kind: marked(marks), title, scope }, parts);

  /** Fills a table's body: [{head, cells}], where each cell is {text or parts, kind, plucked, moved, title}. */
  function drawRows(body, rows) {
    body.replaceChildren(...rows.map(({ head, cells }) =>
      element("tr", {}, [cell("th", { scope: "row", ...head }), ...cells.map(each => cell("td", each))])));
  }

  /** Fills a table's head with column titles. */
  function drawHead(head, titles) {
    head.replaceChildren(element("tr", {}, titles.map(text => element("th", { text, scope: "col" }))));
  }

  return { element, drawRows, drawHead };
})();
