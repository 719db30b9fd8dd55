/**
 * The look of the report: light or dark as the reader's system has it, black on white on paper. The reference is always an
 * outline with a hatch and the current table always a filled area, so that they differ without colour as well.
 */
export const STYLE = `
:root{color-scheme:light dark;--page:#fff;--panel:#f5f7f9;--ink:#1b2127;--soft:#58636f;--line:#dce1e6;--faint:#eef1f4;
--link:#1f5f9e;--current:#79b0e0;--reference:#2c3640;--hatch:#8b97a3;--drift:#a8281c;--drift-back:#fdecea;--unsure:#7a5600;--unsure-back:#fbf1d8}
@media (prefers-color-scheme:dark){:root{--page:#13171c;--panel:#1b2128;--ink:#e4e8ec;--soft:#9ba6b2;--line:#323a43;--faint:#232a32;
--link:#85bdf2;--current:#2f6da6;--reference:#d8dfe6;--hatch:#77838f;--drift:#ff9c8e;--drift-back:#42201c;--unsure:#e8c26a;--unsure-back:#3a301a}}
*{box-sizing:border-box}
html{scroll-padding-top:3.5rem;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
.page{max-width:78rem;margin:0 auto;padding:0 1.25rem 3rem}
h1,h2,h3{line-height:1.25;font-weight:650;overflow-wrap:anywhere}
h1{font-size:1.7rem;margin:.2rem 0 1rem}
h2{font-size:1.25rem;margin:2.4rem 0 .6rem}
h3{font-size:1.08rem;margin:0}
p{margin:.4rem 0;max-width:52rem}
a{color:var(--link);text-decoration-thickness:1px;text-underline-offset:2px}
small,.about,.made,.why,.none,caption{color:var(--soft)}
bdi{overflow-wrap:anywhere;white-space:pre-wrap}
.made{margin:1.6rem 0 0;font-size:.87rem}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.defs{position:absolute}
.sides{display:grid;grid-template-columns:repeat(auto-fit,minmax(16rem,1fr));gap:.75rem;margin:0}
.sides>div{display:flex;gap:.75rem;align-items:center;padding:.6rem .8rem;border:1px solid var(--line);border-radius:8px;min-width:0}
.sides svg{flex:none}
.sides dt{font-size:.8rem;color:var(--soft)}
.sides dd{margin:0;min-width:0}
.verdict{font-size:1.2rem;line-height:1.4;margin:1.2rem 0 .3rem;padding:.8rem 1rem;border-left:5px solid var(--soft);background:var(--panel);border-radius:0 8px 8px 0;max-width:none}
.verdict.drift{border-color:var(--drift)}
nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;list-style:none;margin:.8rem 0 0;padding:0}
.badge{display:inline-block;padding:0 .5em;border:1px solid var(--line);border-radius:1em;font-size:.8rem;line-height:1.5;color:var(--soft);white-space:nowrap;vertical-align:middle}
.badge bdi{white-space:normal}
.badge.drift{color:var(--drift);background:var(--drift-back);border-color:currentColor;font-weight:600}
.badge.unsure{color:var(--unsure);background:var(--unsure-back);border-color:transparent}
.badge.alert{border-radius:4px;white-space:normal}
.moved{padding:0;margin:0;list-style:none}
.moved li{padding:.35rem 0;border-bottom:1px solid var(--faint)}
.moved .change{color:var(--soft)}
.tools{display:flex;flex-wrap:wrap;gap:.5rem 1.1rem;align-items:center;margin:.6rem 0}
.tools[hidden]{display:none}
.tools input[type=search]{font:inherit;color:inherit;background:var(--page);border:1px solid var(--soft);border-radius:6px;padding:.3rem .6rem;width:17rem;max-width:100%}
button{font:inherit;color:inherit;background:none;border:1px solid var(--soft);border-radius:6px;padding:.25rem .7rem;cursor:pointer}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
caption{text-align:start;font-weight:600;padding:.5rem 0 .3rem}
th,td{text-align:start;vertical-align:middle;padding:.3rem .6rem;border-bottom:1px solid var(--faint);font-weight:400}
thead th{color:var(--soft);font-size:.85rem;border-bottom-color:var(--line);vertical-align:bottom}
.num{text-align:end;white-space:nowrap}
.why{font-size:.87rem}
td.why{min-width:9rem}
#overview-table th[scope=row]{min-width:9rem;max-width:24rem;font-weight:600}
#overview-table th[scope=row]>:first-child{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:3;overflow:hidden}
#overview-table .why{display:block;max-width:20rem}
#overview-table thead th{background:var(--page);position:sticky;top:0;z-index:1;box-shadow:0 1px var(--line)}
th button{border:0;padding:.1rem 0;font-size:inherit;text-align:inherit;text-decoration:underline dotted;text-underline-offset:3px}
th[aria-sort] button{color:var(--ink);text-decoration:none;font-weight:600}
th[aria-sort=ascending] button::after{content:" ↑"}
th[aria-sort=descending] button::after{content:" ↓"}
.performance{max-width:46rem}
.mini{display:block;width:120px;height:28px}
.cur{fill:var(--current)}
.ref{fill:url(#hatch);stroke:var(--reference);stroke-width:1.3;vector-effect:non-scaling-stroke;stroke-linejoin:round}
.mini .ref{fill:none;stroke-width:1}
.hatch{stroke:var(--hatch);stroke-width:1}
.grid{stroke:var(--line);stroke-width:1}
.axis{stroke:var(--soft);stroke-width:1}
.chart{display:block;overflow:visible}
.chart text{font-size:12px;fill:var(--soft);paint-order:stroke;stroke:var(--page);stroke-width:3px;stroke-linejoin:round}
.cells rect{fill:transparent}
.cells rect:hover{fill:var(--ink);fill-opacity:.1}
.card{border:1px solid var(--line);border-radius:10px;padding:1rem 1.2rem;margin:0 0 1rem;content-visibility:auto;contain-intrinsic-size:auto 380px}
.card.drifted{border-inline-start:5px solid var(--drift)}
.card:target{outline:2px solid var(--link);outline-offset:2px}
.card[hidden]{display:none}
.card header{display:flex;flex-wrap:wrap;gap:.3rem .6rem;align-items:center}
.card header .about{font-size:.87rem;margin-inline-start:auto}
.card .body{display:grid;grid-template-columns:minmax(0,1fr) 19rem;gap:.6rem 2rem;margin-top:.7rem}
.card .body>.none{align-self:center}
.card dl{margin:0;align-self:start}
.card dl div{display:flex;justify-content:space-between;gap:1rem;padding:.16rem 0;border-bottom:1px solid var(--faint)}
.card dt{color:var(--soft)}
.card dd{margin:0;text-align:end;font-variant-numeric:tabular-nums}
.categories th[scope=row]{width:30%;max-width:15rem;overflow-wrap:anywhere}
.categories th,.categories td{border:0;padding:.12rem .5rem .12rem 0}
.categories .bars{min-width:5rem}
.categories .bars svg{display:block;overflow:visible}
.categories .num{width:5rem}
.rest{color:var(--soft)}
summary{cursor:pointer;color:var(--link)}
details{margin-top:.6rem}
.metrics{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,30rem),1fr));gap:.4rem 2.5rem;align-items:start;font-size:.9rem}
.metrics>table{display:block;overflow-x:auto}
.metrics th,.metrics td{padding:.2rem .5rem .2rem 0;vertical-align:top}
.metrics th[scope=row]{width:100%;min-width:6.5rem}
small{font-weight:400}
.metrics small,.performance small{display:block;font-size:.8rem;line-height:1.3}
.guide dt{font-weight:600;margin-top:.6rem}
.guide dd{margin:0 0 0 1rem;max-width:51rem}
.scroll{overflow-x:auto}
@media (min-width:60rem){#overview .scroll{overflow:visible}}
@media (max-width:48rem){
.page{padding:0 .9rem 2rem}
h1{font-size:1.4rem}
.verdict{font-size:1.08rem}
.card{padding:.8rem .9rem}
.card .body{grid-template-columns:minmax(0,1fr)}
.card header .about{margin:0;width:100%}
.between{display:none}
.categories .num{width:auto}
#overview-table th:first-child{position:sticky;left:0;background:var(--page);min-width:8.5rem;max-width:9.5rem;z-index:2}
#overview-table .why{min-width:9rem}
}
@page{margin:14mm}
@media print{
:root{color-scheme:light;--page:#fff;--panel:#fff;--ink:#000;--soft:#333;--line:#999;--faint:#ccc;--link:#000;--current:#b3b3b3;--reference:#000;--hatch:#666;--drift:#000;--drift-back:#fff;--unsure:#000;--unsure-back:#fff}
body{font-size:10pt}
.page{max-width:none;padding:0}
nav,.tools,.cells,#all-rows{display:none}
a{text-decoration:none}
h2{break-after:avoid}
.verdict{border:1px solid #000;border-left-width:5px}
.badge.drift{border-width:1.5px}
.card{content-visibility:visible;break-inside:avoid;border-color:#999}
.card .body{grid-template-columns:minmax(0,1fr) 15rem;gap:.5rem 1.2rem}
.figure,.card header,tr,li,.card dl div{break-inside:avoid}
.card:target{outline:0}
#overview-table thead th,#overview-table th:first-child{position:static}
.scroll{overflow:visible}
th button{text-decoration:none}
details:not([open])>summary{display:none}
.card.drifted details:not([open])>summary{display:block}
.card.drifted details::details-content{content-visibility:visible;display:block;height:auto}
summary{color:#000;list-style:none;font-weight:600}
.metrics{grid-template-columns:1fr 1fr;font-size:7.5pt;gap:.2rem 1.2rem}
.metrics th,.metrics td{padding:.1rem .4rem .1rem 0}
.metrics small{font-size:6.5pt}
.metrics>table{display:table}
}
`;
