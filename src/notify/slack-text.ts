/** A number as a person wants to read it: four significant digits, but never fewer than the whole part has. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return String(Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(4)));
}

/**
 * Makes foreign text safe for Slack: & < > escaped, so that no name can mention a channel or make a link; white space
 * folded to single spaces; at most `limit` characters after escaping, and never half a character or half an escape.
 */
export function slackText(text: string, limit: number): string {
  let safe = '';
  for (const character of text.replace(/\s+/g, ' ').trim()) {
    const next = ESCAPES[character] ?? character;
    if (safe.length + next.length > limit) return `${dropLast(safe)}…`;
    safe += next;
  }
  return safe;
}

/** The same in the fixed-width face that Slack gives to names. */
export function slackName(text: string, limit = 200): string {
  return `\`${slackText(text.replaceAll('`', "'"), limit)}\``;
}

/** `3 alerts`, `1 alert`. */
export function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function dropLast(safe: string): string {
  return safe.replace(/(?:&(?:amp|lt|gt);|[\s\S])$/u, '');
}
