/** Says of a generated page where it comes from. A comment, so that readers of the page do not see it. */
export function notice(source: string): string {
  return `<!-- Generated from ${source} by "npm run generate". Do not edit. -->`;
}

/** A table whose columns line up in the source as well; the last one is left as long as it is. */
export function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const cells = [head, ...rows].map((row) => row.map(escapeCell));
  const widths = head.map((_, column) => Math.max(3, ...cells.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => (column < head.length - 1 ? cell.padEnd(widths[column] ?? 0) : cell)).join(' | ')} |`;
  const rule = head.map((_, column) => '-'.repeat(column < head.length - 1 ? (widths[column] ?? 3) : 3));
  return [line(cells[0] ?? []), line(rule), ...cells.slice(1).map(line)].join('\n');
}

export function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}

/** Joins the parts of a page with empty lines between them. */
export function page(...parts: readonly string[]): string {
  return `${parts.join('\n\n')}\n`;
}

/** Keeps a cell in its row, and what looks like markup outside of code as it is. */
function escapeCell(text: string): string {
  const parts = text
    .replaceAll('|', '\\|')
    .replaceAll('\n', ' ')
    .split(/(`[^`]*`)/);
  return parts.map((part, i) => (i % 2 === 1 ? part : plain(part))).join('');
}

function plain(text: string): string {
  return text.replaceAll('__', '\\_\\_').replaceAll(/[*<]/g, '\\$&');
}
