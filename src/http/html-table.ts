import { escapeHtml } from '../base/escape-html.ts';

/** @param rows cells that are HTML already. */
export function htmlTable(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  if (rows.length === 0) return '<p>None.</p>';
  const cells = (tag: string, row: readonly string[]): string =>
    row.map((cell) => `<${tag}>${cell}</${tag}>`).join('');
  return `<table><tr>${cells('th', head)}</tr>${rows.map((row) => `<tr>${cells('td', row)}</tr>`).join('')}</table>`;
}

/** To the minute, UTC; as HTML. */
export function timeText(time: number | string): string {
  return escapeHtml(new Date(time).toISOString().slice(0, 16).replace('T', ' '));
}
