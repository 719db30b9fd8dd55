import type { TextFault } from './text-fault.ts';

/** A text with places for values, such as `{{feature}} of {{model}} drifted (psi {{psi}})`. */
export interface Template {
  /** Text and names in turn: even positions are text, odd ones are names. */
  readonly parts: readonly string[];
}

/** What to put where a value is missing. */
const MISSING = 'n/a';

const PLACE = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** Reads a template. `explain` says what is wrong with a name, or nothing. Never throws. */
export function parseTemplate(
  text: string,
  explain: (name: string) => string | undefined,
): { readonly template: Template; readonly faults: readonly TextFault[] } {
  const parts: string[] = [];
  const faults: TextFault[] = [];
  let end = 0;
  const addText = (until: number): void => {
    const plain = text.slice(end, until);
    const stray = /\{\{|\}\}/.exec(plain);
    if (stray !== null) {
      faults.push({
        message: `"${stray[0]}" without its other half; write {{name}}`,
        offset: end + stray.index,
      });
    }
    parts.push(plain);
  };
  for (const match of text.matchAll(PLACE)) {
    const name = match[1] ?? '';
    addText(match.index);
    const message = name === '' ? 'there is no name between {{ and }}' : explain(name);
    if (message !== undefined)
      faults.push({ message, offset: match.index + Math.max(2, match[0].indexOf(name, 2)) });
    parts.push(name);
    end = match.index + match[0].length;
  }
  addText(text.length);
  return { template: { parts }, faults };
}

/** Fills a template. A value that is missing prints `n/a`. */
export function renderTemplate(
  template: Template,
  lookUp: (name: string) => string | number | undefined,
): string {
  return template.parts
    .map((part, position) => {
      if (position % 2 === 0) return part;
      const value = lookUp(part) ?? MISSING;
      return typeof value === 'number' ? formatNumber(value) : value;
    })
    .join('');
}

/**
 * A number for people: three significant digits, and never fewer than all digits before the point.
 *
 * @example formatNumber(0.123456) // '0.123'
 * @example formatNumber(12_345.6) // '12346'
 */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return MISSING;
  return String(Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
}
