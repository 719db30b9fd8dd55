import { createHash } from 'node:crypto';
import { Script } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { comparisonHtml } from '../../../src/cli/compare/html.ts';
import type { ComparedFeature, Comparison } from '../../../src/pipeline/compare/comparison.ts';
import { exampleComparison } from './example-comparison.ts';
import { attributeOf, elementsOf, textOf } from './html-elements.ts';

const MADE = { version: '1.2.3', at: new Date('2026-11-23T08:15:42Z') };
const EXAMPLE = exampleComparison();

function page(changes: Partial<Comparison> = {}): string {
  return comparisonHtml({ ...EXAMPLE, ...changes }, MADE);
}

function feature(name: string): ComparedFeature {
  const found = EXAMPLE.features.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no feature ${name}`);
  return found;
}

function quiet(each: ComparedFeature): ComparedFeature {
  return { ...each, drifted: false, alerts: [] };
}

/** The part of the page that is about one thing, from a tag that holds `start` to the next `end`. */
function part(html: string, start: string, end: string): string {
  const from = html.indexOf(start);
  expect(from).toBeGreaterThan(0);
  return textOf(html.slice(html.lastIndexOf('<', from), html.indexOf(end, from)));
}

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</style></title><!--',
  '&lt;b&gt;',
  '__proto__',
  'constructor',
  '👩‍👩‍👧 emoji',
  '\u202egnp.exe\u202c',
  'שלום',
  '\u0000\ud800',
  '',
  'long '.repeat(20_000),
  '${1+1}`$&$1',
];

describe('comparisonHtml', () => {
  it('is a well-formed page whose links lead to something', () => {
    const elements = elementsOf(page());
    const ids = elements.flatMap((element) => attributeOf(element, 'id') ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    const links = elements.flatMap((element) => attributeOf(element, 'href') ?? []);
    expect(links.length).toBeGreaterThan(EXAMPLE.features.length);
    for (const link of links) expect(ids).toContain(link.replace(/^#/, ''));
    for (const label of elements.flatMap((element) => attributeOf(element, 'aria-labelledby') ?? [])) {
      expect(ids).toContain(label);
    }
    expect(elements.filter(({ name }) => name === 'h1')).toHaveLength(1);
  });

  it('says what was compared, when, and by which version', () => {
    const text = textOf(page());
    expect(text).toContain('driftd 1.2.3, 2026-11-23 08:15 UTC');
    expect(text).toMatch(/march\.csv\.gz\s*4,000 rows/);
    expect(text).toMatch(/april\.parquet\s*1,000 rows/);
    expect(text).toContain('The column "coupon" is in the reference only.');
  });

  it('asks the network for nothing', () => {
    const html = page();
    expect(html).not.toMatch(/https?:|\bsrc=|srcset|@import|<link|<iframe|<object|<base|\bfetch\(|XMLHttp/i);
    expect([...html.matchAll(/url\([^)]*\)/g)].map(([found]) => found)).toEqual(['url(#hatch)']);
  });

  it('allows by its policy the one style and the one script that it has, and nothing else', () => {
    const html = page();
    const contents = (tag: string): string[] =>
      [...html.matchAll(new RegExp(`<${tag}>(.*?)</${tag}>`, 'gs'))].map(([, text]) => text ?? '');
    const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    const [style, ...otherStyles] = contents('style');
    const [script, ...otherScripts] = contents('script');
    expect([...otherStyles, ...otherScripts]).toEqual([]);
    expect(html).toContain(
      `content="default-src 'none'; style-src ${hash(style ?? '')}; script-src ${hash(script ?? '')}; base-uri 'none'; form-action 'none'"`,
    );
    expect(() => new Script(script ?? '')).not.toThrow();
    expect(html).not.toMatch(/<[^>]* style=/);
  });

  it('gives the same page for the same comparison', () => {
    expect(page()).toBe(comparisonHtml(EXAMPLE, MADE));
  });

  it('shows names, categories, files, alerts and notes from outside as text, whatever they hold', () => {
    const features = HOSTILE.map((name, i): ComparedFeature => {
      const base = EXAMPLE.features[i] as ComparedFeature;
      const labels = base.picture?.labels.map((_, cell) => HOSTILE[cell % HOSTILE.length] ?? '') ?? [];
      return {
        ...base,
        name,
        drifted: true,
        alerts: [name],
        change: `${name} 0% -> 5%`,
        reason: name,
        picture: base.picture && { ...base.picture, labels },
      };
    });
    const html = page({
      features,
      reference: { file: HOSTILE[1] ?? '', rows: 1 },
      current: { file: HOSTILE[3] ?? '', rows: 2 },
      notes: HOSTILE,
    });
    const known = elementsOf(page());
    const names = new Set(known.map(({ name }) => name));
    const attributes = new Set(known.flatMap((element) => element.attributes.map(([name]) => name)));
    for (const element of elementsOf(html)) {
      expect(names).toContain(element.name);
      for (const [name] of element.attributes) expect(attributes).toContain(name);
    }
    expect(html.isWellFormed()).toBe(true);
    for (const unseen of ['\u0000', '\u202e', '\u202c']) expect(html).not.toContain(unseen);
    const text = textOf(html);
    for (const shown of [...HOSTILE.slice(0, 8), 'שלום', '${1+1}`$&$1', '(empty)']) {
      expect(text).toContain(shown);
    }
    expect(text).toContain('\\u202egnp.exe\\u202c');
    expect(text).toContain('… (100000 characters)');
  });

  it('names what drifted in one sentence, with its alerts and its change below', () => {
    const html = page();
    const verdict = part(html, 'class="verdict drift"', '</p>');
    expect(verdict).toMatch(
      /^Drift: \d of 14 features moved further than the rules allow \(latency_ms, .*\)/,
    );
    const moved = part(html, 'id="moved"', '</section>');
    expect(moved).toMatch(/latency_ms\s+FeatureDrift\s+median .* → /);
    expect(moved).toMatch(/refund\s+MissingValues\s+missing 0% → 100%/);
  });

  it('says so when nothing drifted, when only all features together did, and when there is nothing to compare', () => {
    const features = EXAMPLE.features.map(quiet);
    const { multivariate } = EXAMPLE;
    const verdict = (changes: Partial<Comparison>): string => part(page(changes), 'class="verdict', '</p>');
    expect(verdict({ features, multivariate: undefined })).toBe(
      'No drift: none of 14 features moved further than the rules allow.',
    );
    expect(verdict({ features, multivariate: multivariate && { ...multivariate, drifted: true } })).toBe(
      'Drift in the numeric features taken together, while none of 14 features alone moved further than the rules allow.',
    );
    expect(verdict({ features: [], multivariate: undefined })).toBe('There is no feature to compare.');
    const empty = { ...quiet(feature('refund')), status: 'no_data' } as const;
    expect(verdict({ features: [empty], multivariate: undefined })).toMatch(/^Nothing could be compared/);
  });

  it('has a row with a picture and a card for each feature, those that moved most first', () => {
    const html = page();
    const elements = elementsOf(html);
    const cards = elements.filter(({ name }) => name === 'article').map((each) => attributeOf(each, 'id'));
    expect(cards).toEqual([...EXAMPLE.features.map((_, i) => `f${i + 1}`), 'together']);
    expect(html.match(/<svg class="mini"/g)).toHaveLength(cards.length);
    const table = html.slice(html.indexOf('<table id="overview-table"'), html.indexOf('id="each"'));
    const names = [...table.matchAll(/<th scope="row">(.*?)<\/th>/g)].map(([, name]) => textOf(name ?? ''));
    expect(names.slice(0, 2)).toEqual(EXAMPLE.features.slice(0, 2).map(({ name }) => name));
    expect(names.at(-1)).toBe('All numeric features together');
  });

  it('describes every picture in words', () => {
    const html = page();
    const pictures = [...html.matchAll(/<svg class="(?:chart|mini)" role="img"[^>]*>\s*<title>([^<]*)</g)];
    expect(pictures.length).toBeGreaterThan(EXAMPLE.features.length);
    for (const [, title] of pictures) expect(title).toMatch(/\w/);
    expect(html).not.toContain('NaN');
  });

  it('shows the shares of categories with their names, a new one among them', () => {
    const card = part(page({ features: [feature('merchant')] }), 'id="f1"', '</article>');
    expect(card).toMatch(/crypto\s+0%\s+7\.\d+%/);
    expect(card).toMatch(/grocery\s+3\d\.?\d*%\s+3\d\.?\d*%/);
  });

  it('lists all metrics of a feature with value, p-value and method', () => {
    const card = part(page({ features: [feature('latency_ms')] }), 'id="f1"', '</article>');
    expect(card).toMatch(/\bks\s+two-sample Kolmogorov-Smirnov.*?\s0\.\d+\s+\d(\.\d)?e-\d+/);
    expect(card).toMatch(/\bp50\s.*?40\.\d+\s+39\.\d+/);
    expect(card).toMatch(/4,000 values of the reference and 1,000 current/);
  });

  it('gives the reason where there is no number', () => {
    const html = page({ features: [feature('refund')] });
    const { reason } = feature('refund');
    expect(reason).toMatch(/\w/);
    expect(part(html, '<table id="overview-table"', '</table>')).toContain(reason);
    const card = part(html, 'id="f1"', '</article>');
    expect(card).toMatch(/psi, .*ks, .*no number: \w/);
    expect(card).toMatch(/mean, .*no number in the current table: \w/);
  });

  it('shows a feature that neither table has a value of', () => {
    const nothing: ComparedFeature = {
      ...quiet(feature('refund')),
      status: 'no_data',
      reason: 'the column is in the reference only',
      metrics: new Map(),
      referenceMetrics: new Map(),
      change: undefined,
      picture: undefined,
      n: 0,
      baselineN: 0,
    };
    const html = page({ features: [nothing] });
    elementsOf(html);
    expect(part(html, 'id="f1"', '</article>')).toContain('The column is in the reference only.');
  });

  it('puts the performance on both tables side by side', () => {
    const section = part(page(), 'id="performance"', '</section>');
    expect(section).toMatch(/accuracy\s+0\.9325\s+0\.885\s+-0\.0475\s+4,000 → 1,000/);
    expect(page({ performance: undefined })).not.toContain('id="performance"');
  });

  it('draws the first thousand features and says that the others are in the table only', () => {
    const features = Array.from({ length: 1100 }, (_, i) => ({ ...feature('is_new'), name: `column_${i}` }));
    const html = page({ features, multivariate: undefined });
    expect(html.match(/<article/g)).toHaveLength(1000);
    expect(html.match(/<svg class="mini"/g)).toHaveLength(1000);
    expect(textOf(html)).toContain(
      'The 1,000 features that moved most are drawn here; the other 100 are in the table only.',
    );
    expect(html).toContain('<th scope="row"><span><bdi>column_<wbr>1099</bdi></span></th>');
  });
});
