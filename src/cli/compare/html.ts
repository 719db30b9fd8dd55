import { createHash } from 'node:crypto';
import { escapeHtml } from '../../base/escape-html.ts';
import type { Comparison, Side } from '../../pipeline/compare/comparison.ts';
import { featureCard } from './html-card.ts';
import { entriesOf, PICTURED } from './html-entries.ts';
import { guide } from './html-guide.ts';
import { overviewTable } from './html-overview.ts';
import { performanceSection } from './html-performance.ts';
import { SCRIPT } from './html-script.ts';
import { STYLE } from './html-style.ts';
import { fileText } from './html-text.ts';
import { driftedList, verdictSentence } from './html-verdict.ts';
import { counted, OF_A_NOTE, plainFileText } from './plain-text.ts';

/** Notes that are listed without a fold. */
const OPEN_NOTES = 8;

/**
 * The comparison of two tables as one page of HTML, to be opened from a disk or a mail: it asks the network for nothing and
 * its own policy forbids it to. It reads well without script and on paper.
 */
export function comparisonHtml(comparison: Comparison, made: { version: string; at: Date }): string {
  const { features, reference, current } = comparison;
  const entries = entriesOf(comparison);
  const drifted = entries.some(({ feature }) => feature.drifted);
  const title = `Drift report: ${plainFileText(current.file)} against ${plainFileText(reference.file)}`;
  const cards = entries.flatMap(({ feature, card }) =>
    card === undefined ? [] : [featureCard(feature, card)],
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="driftd ${escapeHtml(made.version)}">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<svg class="defs" width="0" height="0" aria-hidden="true"><defs><pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="hatch" x1="0" x2="0" y1="0" y2="5"/></pattern></defs></svg>
<div class="page">
<header>
<p class="made">driftd ${escapeHtml(made.version)}, ${minute(made.at)} UTC</p>
<h1>Drift report</h1>
<dl class="sides">${side('Reference', 'ref', reference)}${side('Current', 'cur', current)}</dl>
<p class="verdict${drifted ? ' drift' : ''}">${verdictSentence(comparison)}</p>
${notCompared(comparison)}
${contents(comparison)}
</header>
<main>
${driftedList(entries)}
${performanceSection(comparison)}
${notes(comparison.notes)}
<section id="overview" aria-labelledby="all"><h2 id="all">All features</h2>
${toolbar()}
<div class="scroll" tabindex="0" role="region" aria-labelledby="all">${overviewTable(entries)}</div>
<p id="cut" hidden><span id="cut-text"></span> <button type="button" id="all-rows">Show all rows</button></p></section>
<section aria-labelledby="each"><h2 id="each">Feature by feature</h2>
${beyond(features.length)}<div id="cards">
${cards.join('\n')}
</div></section>
${guide(comparison)}
</main>
</div>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

/** Nothing may be loaded, and only this very style and this very script apply. */
function policy(): string {
  const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  return `default-src 'none'; style-src ${hash(STYLE)}; script-src ${hash(SCRIPT)}; base-uri 'none'; form-action 'none'`;
}

function side(title: string, drawn: 'ref' | 'cur', { file, rows }: Side): string {
  return `<div><svg width="34" height="26" aria-hidden="true"><rect class="${drawn}" x="1" y="1" width="32" height="24"/></svg><div><dt>${title}</dt><dd><strong>${fileText(file)}</strong><br>${counted(rows, 'row')}</dd></div></div>`;
}

function notCompared({ features }: Comparison): string {
  const without = features.filter(({ status }) => status !== 'ok').length;
  if (without === 0) return '';
  return `<p>${counted(without, 'feature')} could not be compared; the table says why.</p>`;
}

function contents({ performance }: Comparison): string {
  const links = [
    ...(performance === undefined ? [] : [['performance', 'Performance']]),
    ['all', 'All features'],
    ['each', 'Feature by feature'],
    ['guide', 'How to read this'],
  ];
  return `<nav aria-label="On this page"><ul>${links.map(([id, text]) => `<li><a href="#${id}">${text}</a></li>`).join('')}</ul></nav>`;
}

function notes(lines: readonly string[]): string {
  if (lines.length === 0) return '';
  const items = `<ul>${lines.map((line) => `<li>${fileText(line, OF_A_NOTE)}</li>`).join('')}</ul>`;
  const body =
    lines.length > OPEN_NOTES
      ? `<details><summary>${counted(lines.length, 'note')}</summary>${items}</details>`
      : items;
  return `<section aria-labelledby="notes"><h2 id="notes">Notes</h2>${body}</section>`;
}

function toolbar(): string {
  return `<div class="tools" id="tools" hidden><label>Find <input type="search" id="search" placeholder="part of a name" autocomplete="off"></label><label><input type="checkbox" id="only-drifted"> only drifted</label><button type="button" id="unfold" aria-pressed="false">Show all metrics of each</button><span id="shown" role="status"></span></div>`;
}

function beyond(features: number): string {
  if (features <= PICTURED) return '';
  return `<p>The ${PICTURED.toLocaleString('en-US')} features that moved most are drawn here; the other ${(features - PICTURED).toLocaleString('en-US')} are in the table only.</p>`;
}

function minute(at: Date): string {
  return at.toISOString().slice(0, 16).replace('T', ' ');
}
