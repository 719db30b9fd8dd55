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

/** A link, or nothing when there is none or when it is too long to be whole. */
export function slackLink(address: string | undefined, text: string, limit: number): string {
  if (address === undefined) return '';
  // Inside <...|...> these characters would end the link.
  const target = address.replace(/[<>|\s]/g, encodeURIComponent).replaceAll('&', '&amp;');
  const link = `<${target}|${text}>`;
  return link.length > limit ? '' : link;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function dropLast(safe: string): string {
  return safe.replace(/(?:&(?:amp|lt|gt);|[\s\S])$/u, '');
}
