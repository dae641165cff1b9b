// What is wider than its box can be scrolled by keyboard too.
function reachable() {
  for (const box of document.querySelectorAll("pre, .table-wrapper, .cell_output > .text_html")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}
addEventListener("load", reachable);
addEventListener("resize", reachable);
