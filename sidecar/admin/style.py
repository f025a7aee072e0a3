"""How the status page looks, in light and in dark."""

import base64
import hashlib
from typing import Final

STYLE: Final = """
:root { color-scheme: light dark; --back: #f6f7f9; --card: #fff; --text: #16202c; --soft: #5b6875; --line: #dde2e8;
  --link: #1659b8; --good: #17703c; --good-back: #e3f4ea; --warn: #875300; --warn-back: #fdf0d8; --bad: #ad2020;
  --bad-back: #fdeaea; --none: #4d5863; --none-back: #eaedf0;
  --calm: #5b8fd6; --amber: #e0a029; --red: #d33a3a; --gray: #98a3af; --empty: #e6eaef; }
@media (prefers-color-scheme: dark) { :root { --back: #10151b; --card: #19202a; --text: #e5eaf0; --soft: #9aa8b6;
  --line: #2c3744; --link: #83b4ff; --good: #73d397; --good-back: #14301f; --warn: #f0bd62; --warn-back: #372a10;
  --bad: #ff9999; --bad-back: #411d1f; --none: #b3bfca; --none-back: #28323d;
  --calm: #5d8fd8; --amber: #e2ab48; --red: #f06a6a; --gray: #6d7a88; --empty: #2a3441; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); line-height: 1.5;
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; font-size: 15px; }
header, main, footer { max-width: 72rem; margin: 0 auto; padding: 0 1.25rem; }
header { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem .75rem; padding-top: 1.75rem; }
h1 { font-size: 1.45rem; margin: 0 auto 0 0; letter-spacing: -.01em; }
h1 small { color: var(--soft); font-weight: 400; font-size: .95rem; margin-left: .35rem; }
h2 { font-size: 1.05rem; margin: 0 0 .6rem; }
main { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1rem; margin-top: 1.25rem; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1.1rem 1.25rem;
  min-width: 0; }
section.wide { grid-column: 1 / -1; }
section.bad { border-color: var(--bad); background: var(--bad-back); }
section.bad h2, p.failed { color: var(--bad); }
@media (max-width: 50rem) { main { grid-template-columns: minmax(0, 1fr); } }
.badge { display: inline-block; border-radius: 999px; padding: .1rem .7rem; font-weight: 600; font-size: .9rem;
  white-space: nowrap; }
.good { color: var(--good); background: var(--good-back); } .warn { color: var(--warn); background: var(--warn-back); }
.badge.bad { color: var(--bad); background: var(--bad-back); }
.none { color: var(--none); background: var(--none-back); }
dl { display: grid; grid-template-columns: minmax(6.5rem, auto) 1fr; gap: .35rem 1rem; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; color: var(--soft); padding-bottom: .4rem; font-size: .9rem; }
th, td { text-align: left; padding: .35rem .9rem .35rem 0; border-top: 1px solid var(--line); vertical-align: top; }
thead th { border-top: 0; color: var(--soft); font-weight: 500; font-size: .85rem; }
tbody th { font-weight: 600; }
th:last-child, td:last-child { padding-right: 0; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; padding: .35rem 0 .35rem .9rem; }
.number + .text { padding-left: 1.75rem; }
code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .9em; }
pre { margin: .5rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; }
p { margin: 0; } p.soft, footer { color: var(--soft); }
a { color: var(--link); }
.plots { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 1.25rem 1.75rem; }
figure { margin: 0; min-width: 0; display: grid; grid-row: span 4; grid-template-rows: subgrid; gap: 0; }
figcaption { font-weight: 600; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 0 1rem; margin: .1rem 0 .55rem; padding: 0;
  color: var(--soft); font-size: .87rem; }
.legend b { color: var(--text); font-variant-numeric: tabular-nums; }
.dot { display: inline-block; width: .6rem; height: .6rem; border-radius: 2px; margin-right: .4rem; }
.dot.calm { background: var(--calm); } .dot.warn { background: var(--amber); } .dot.bad { background: var(--red); }
.dot.none { background: var(--gray); }
rect.calm { fill: var(--calm); } rect.warn { fill: var(--amber); } rect.bad { fill: var(--red); }
rect.none { fill: var(--gray); }
rect.empty { fill: var(--empty); } rect.touch { fill: transparent; } g:hover .touch { fill: var(--text); opacity: .12; }
.grid { stroke: var(--line); stroke-width: 1; vector-effect: non-scaling-stroke; }
.bars { position: relative; margin-top: .8rem; }
.bars svg { display: block; width: 100%; height: 7.5rem; overflow: visible; }
.top { position: absolute; top: -1.1rem; right: 0; color: var(--soft); font-size: .8rem; line-height: 1.2;
  font-variant-numeric: tabular-nums; }
.ends { display: flex; justify-content: space-between; color: var(--soft); font-size: .8rem; padding-top: .25rem;
  font-variant-numeric: tabular-nums; }
.level { display: block; width: 100%; max-width: 16rem; height: .4rem; margin-top: .25rem; }
.refusals { list-style: none; margin: .3rem 0 0; padding: 0; }
.refusals li { border-top: 1px solid var(--line); padding: .6rem 0 .65rem; }
.refusals li:last-child { padding-bottom: 0; }
.refusals div { display: flex; flex-wrap: wrap; align-items: baseline; gap: .15rem .7rem; }
.refusals time { font-variant-numeric: tabular-nums; } .refusals .badge { font-size: .8rem; padding: 0 .55rem; }
.refusals div code { font-weight: 600; } .refusals p { overflow-wrap: anywhere; padding-top: .15rem; }
details { border-top: 1px solid var(--line); margin-top: .65rem; padding-top: .5rem; }
summary { color: var(--link); cursor: pointer; }
.facts { color: var(--soft); font-size: .87rem; display: flex; flex-wrap: wrap; gap: .05rem 1.1rem; }
.facts .name, .facts code { color: var(--text); overflow-wrap: anywhere; }
.code-point { font: 600 .72em/1 ui-monospace, "DejaVu Sans Mono", monospace; color: var(--bad); unicode-bidi: isolate;
  background: var(--bad-back); border-radius: 3px; padding: .1em .3em; margin: 0 .1em; white-space: nowrap; }
@media (max-width: 50rem) { .plots { grid-template-columns: minmax(0, 1fr); } .bars svg { height: 6rem; } }
@media (max-width: 30rem) { header, main, footer { padding-left: .75rem; padding-right: .75rem; }
  h1 { flex-basis: 100%; } header { padding-top: 1.1rem; } section { padding: .9rem .95rem; }
  dl { grid-template-columns: minmax(0, 1fr); gap: 0; } dd { padding-bottom: .5rem; } }
footer { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding-top: 1.25rem; padding-bottom: 2rem;
  font-size: .9rem; }
"""

HASH: Final = "sha256-" + base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
"""What the Content-Security-Policy lets in: this style and nothing else."""
