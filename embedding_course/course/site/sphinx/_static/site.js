// What is wider than its box can be scrolled by keyboard too.
function reachable() {
  for (const box of document.querySelectorAll("pre, .table-wrapper, .cell_output > .text_html")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}
// On a phone letters in a figure stay at least half as large as they were drawn; its box scrolls instead.
for (const figure of document.querySelectorAll(".cell_output > .text_html > svg")) {
  figure.style.minWidth = `calc(0.55 * ${figure.getAttribute("width")})`;
}
addEventListener("load", reachable);
addEventListener("resize", reachable);
// Who comes from the search lands where the words stand, not at the top. Sphinx marks them a moment after the page is there.
const marks = new MutationObserver(() => {
  const word = [...document.querySelectorAll("article .highlighted")].find(each => each.checkVisibility());
  if (!word) return;
  marks.disconnect();
  setTimeout(() => word.scrollIntoView({ block: "center" }), 100); // the browser first goes to where it was before
});
if (!location.hash) marks.observe(document.querySelector("article"), { childList: true, subtree: true });
// On paper nobody can click: what is held back is printed.
let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("details.explained:not([open])")];
  for (const each of opened) each.open = true;
});
addEventListener("afterprint", () => { for (const each of opened) each.open = false; });
