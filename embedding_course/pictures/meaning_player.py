"""Lesson 6's film: rows while they train, until they lie over the map. HTML with a script of its own.

Where scripts don't run, the last picture of the film stands there.
"""
import hashlib
import json
from html import escape

import torch
from IPython.display import HTML

from embedding_course.figures import INK
from embedding_course.maps import laid_over

from .meaning_map import KNOWN, REGIONS, outlines, region_of

WIDTH, HEIGHT, KM = 720, 640, 0.0078      # pixels; thousands of km a pixel
TURN = 12                                 # pictures in which the finished rows turn onto the map
SHAPES = {"^": "M0-6 6 5-6 5Z", "s": "M-4.5-4.5h9v9h-9Z", "D": "M0-6 5 0 0 6-5 0Z",
          "o": "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0Z"}


def film(names, history, truth, description):
    """The rows of one table from their random start on, then turned onto the true map.

    names : level names, one a row
    history : the table at some moments, a dict from step to (levels, 2); step 0 is the start
    truth : float (levels, 2)
    description : what there is to see, in a sentence
    returns : IPython.display.HTML
    """
    frames, off = frames_of(history, truth), 1000 * (laid_over(history[max(history)], truth) - truth).norm(dim=1)
    description += (f" {len(names)} of them, coloured by region; at the end they are turned, as one sheet, onto the "
                    f"outlines of the states, half of them within {off.median():.0f} km of their true place.")
    data = json.dumps({"frames": frames}, separators=(",", ":"))
    key = "ec-" + hashlib.sha256(data.encode()).hexdigest()[:12]
    marks = "".join(mark(name, region, place) for name, region, place in
                    zip(names, region_of(names), frames[-1]["at"], strict=True))
    legend = " ".join(f'<tspan fill="{svg_colour(colour)}" dx="14">{sign(marker)}</tspan> {region}'
                      for region, (colour, marker, _) in REGIONS.items())
    return HTML(f"""<div class="ec-film" data-key="{key}" role="group" aria-label="{escape(description)}">
{STYLE}<div class="controls" hidden><button type="button" class="play">Play</button>
<input type="range" min="0" max="{len(frames) - 1}" value="{len(frames) - 1}" step="1" aria-label="moment"></div>
<p class="head">{escape(frames[-1]["head"])}</p>
<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(description)}">
<path class="land" d="{land()}"/>{marks}<text x="0" y="{HEIGHT - 6}">{legend}</text></svg>
<script type="application/json">{data}</script>
<script>{SCRIPT.replace("KEY", key)}</script></div>""")


def frames_of(history, truth):
    """The moments, and then the turn onto the map, as plain data: {head, at: [[x, y]], land}."""
    last = history[max(history)]
    shift = truth.mean(dim=0) - last.mean(dim=0)                                  # so that it ends where the map is
    frames = [{"head": f"after step {step:,}" if step else "random rows, before the first step",
               "at": pixels(history[step] + shift), "land": 0} for step in sorted(history)]
    end, over = last + shift, laid_over(last, truth)
    for i in range(1, TURN + 1):
        rows = end + (over - end) * i / TURN
        frames.append({"head": "trained; now the rows as one sheet are turned, or mirrored, onto the map",
                       "at": pixels(rows), "land": round(i / TURN, 2)})
    frames[-1]["head"] = "trained, and laid over the map"
    return frames


def pixels(rows):
    """Thousands of km as whole pixels, (0, 0) in the middle; what is far out stays at the edge."""
    middle = torch.tensor([WIDTH / 2, HEIGHT / 2 - 10])
    places = middle + rows.detach() / KM * torch.tensor([1, -1])
    return places.round().clamp(torch.tensor([8.0, 8.0]), torch.tensor([WIDTH - 8.0, HEIGHT - 30.0])).int().tolist()


def mark(name, region, place):
    """An airport: its region's shape, and its name if it is well known."""
    colour, marker, _ = REGIONS[region]
    words = f'<text x="7" y="-4">{name}</text>' if name in KNOWN else ""
    return (f'<g class="at" transform="translate({place[0]},{place[1]})"><path d="{SHAPES[marker]}" '
            f'fill="{svg_colour(colour)}"/>{words}<title>{name}</title></g>')


def svg_colour(colour):
    return "currentColor" if colour == INK else colour


def sign(marker):
    return {"^": "▲", "s": "■", "D": "◆", "o": "●"}[marker]


def land():
    """The outlines as one path."""
    return "".join("M" + "L".join(f"{x} {y}" for x, y in pixels(line)) for line in outlines())


STYLE = """<style>
.ec-film { color: inherit; margin: .6em 0; max-width: 720px; }
.ec-film svg { width: 100%; height: auto; max-height: 62vh; }
.ec-film button { font: inherit; color: inherit; background: transparent; border: 1px solid currentColor;
  border-radius: .3em; padding: .3em .8em; margin-right: .4em; min-height: 2em; min-width: 5em; cursor: pointer; }
.ec-film input { vertical-align: middle; width: 22em; max-width: 100%; }
.ec-film text { fill: currentColor; font-size: 13px; }
.ec-film text:has(tspan) { font-size: 15px; }
.ec-film .land { fill: none; stroke: currentColor; stroke-opacity: .35; stroke-width: .8; }
</style>"""

SCRIPT = """
for (const root of document.querySelectorAll('[data-key="KEY"]:not([data-ready])')) {
  root.dataset.ready = "yes";
  const {frames} = JSON.parse(root.querySelector('script[type="application/json"]').textContent);
  const find = what => root.querySelector(what), marks = root.querySelectorAll(".at"), land = find(".land");
  let now = 0, timer = null;
  const show = moment => {
    now = Math.max(0, Math.min(frames.length - 1, moment));
    frames[now].at.forEach(([x, y], i) => marks[i].setAttribute("transform", `translate(${x},${y})`));
    land.style.opacity = frames[now].land;
    find(".head").textContent = frames[now].head;
    find("input").value = now;
    find("input").setAttribute("aria-valuetext", frames[now].head);
  };
  const pause = () => { clearInterval(timer); timer = null; find(".play").textContent = "Play"; };
  const play = () => {
    if (now === frames.length - 1) show(0);
    find(".play").textContent = "Pause";
    timer = setInterval(() => {
      if (!root.isConnected || now === frames.length - 1) return pause();
      show(now + 1);
    }, 180);
  };
  find(".play").addEventListener("click", () => timer === null ? play() : pause());
  find("input").addEventListener("input", event => { pause(); show(Number(event.target.value)); });
  root.addEventListener("keydown", event => event.stopPropagation());
  find(".controls").hidden = false;
  show(0);
}
"""
