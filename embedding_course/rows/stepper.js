// Plays the steps that Python has written into the page, for the notebook's output whose key is KEY.
for (const root of document.querySelectorAll('[data-key="KEY"]:not([data-ready])')) {
  root.dataset.ready = "yes";
  const data = JSON.parse(root.querySelector('script[type="application/json"]').textContent);
  const find = what => root.querySelector(what);
  const line = find("polyline"), points = line ? line.getAttribute("points").split(" ").map(p => p.split(",")) : [];
  let now = 0, timer = null;
  const show = step => {
    now = Math.max(0, Math.min(data.frames.length - 1, step));
    const frame = data.frames[now];
    find(".head").setAttribute("aria-live", timer ? "off" : "polite");
    find(".head").textContent = frame.head;
    find("input").value = now;
    find("input").setAttribute("aria-valuetext", frame.head);
    window.RowDrawing.drawRows(find("tbody"), frame.rows.map(([name, times, numbers, change, why, moved]) => {
      const plucked = times !== "no";
      return { head: { text: name, plucked }, cells: [{ text: times, plucked }, { text: numbers, kind: "n", moved },
        { text: change, kind: "n", moved }, { text: why }] };
    }));
    if (points.length) {
      find("circle").setAttribute("cx", points[Math.max(0, now - 1)][0]);
      find("circle").setAttribute("cy", points[Math.max(0, now - 1)][1]);
    }
  };
  const pause = () => { clearInterval(timer); timer = null; find('[data-go="play"]').textContent = "Play"; };
  const play = () => {
    if (now === data.frames.length - 1) show(0);
    find('[data-go="play"]').textContent = "Pause";
    timer = setInterval(() => {
      if (!root.isConnected || now === data.frames.length - 1) return pause();
      show(now + 1);
    }, 900);
  };
  const go = {first: () => show(0), back: () => show(now - 1), forward: () => show(now + 1)};
  for (const button of root.querySelectorAll("button")) button.addEventListener("click", () => {
    const playing = timer !== null;
    pause();
    if (button.dataset.go !== "play") go[button.dataset.go]();
    else if (!playing) play();
  });
  find("input").addEventListener("input", event => { pause(); show(Number(event.target.value)); });
  root.addEventListener("keydown", event => event.stopPropagation());
  find(".controls").hidden = false;
  show(0);
}
