import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import type { CommandContext } from '../../src/cli/context.ts';
import { createProgram } from '../../src/cli/program.ts';
import { createTelemetry } from '../../src/telemetry/telemetry.ts';
import { documents, type Page, REPOSITORY } from './documents.ts';

const pages = documents();
const program = await createProgram({ version: '0.0.0' } as CommandContext);

/** The text without code, in which a link is no link. */
function proseOf({ text }: Page): string {
  return text.replaceAll(/^```.*?^```$/gms, '').replaceAll(/`[^`\n]*`/g, '');
}

/** Every match of the first group in all documents, with the file that it stands in. */
function mentions(pattern: RegExp): Array<{ file: string; found: string }> {
  return pages.flatMap(({ file, text }) =>
    Array.from(text.matchAll(pattern), (match) => ({ file, found: match[1] ?? '' })),
  );
}

describe('what the documents refer to', () => {
  it('is there: every file and heading that is linked to', () => {
    const missing = pages.flatMap((page) =>
      [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) => {
        if (/^https?:/.test(target)) return [];
        const [path = '', heading] = target.split('#');
        const file = path === '' ? page.file : join(dirname(page.file), path);
        if (!existsSync(join(REPOSITORY, file))) return [`${page.file}: ${target}`];
        if (heading === undefined) return [];
        const text = pages.find((other) => other.file === file)?.text ?? '';
        const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => anchorOf(title));
        return headings.includes(heading) ? [] : [`${page.file}: ${target}`];
      }),
    );
    expect(missing).toEqual([]);
  });

  it('is a command with flags that driftd has', () => {
    const spans = mentions(/`driftd ([a-z][^`]*)`/g);
    const lines = mentions(/^ {4}driftd ((?:.*\\\n)*.*)$/gm);
    const unknown = [...spans, ...lines].filter(({ found }) => !isCommandLine(found));
    expect(spans.length).toBeGreaterThan(10);
    expect(lines.length).toBeGreaterThan(2);
    expect(unknown).toEqual([]);
  });

  it('is a script of package.json', () => {
    const scripts = mentions(/npm run (?:-s )?([\w:]+)/g);
    expect(scripts.length).toBeGreaterThan(5);
    expect(scripts.filter(({ found }) => !Object.hasOwn(packageJson.scripts, found))).toEqual([]);
  });

  it('is a metric that /metrics has', async () => {
    const exposed = await createTelemetry().registry.getMetricsAsJSON();
    const known = exposed.map(({ name }) => name);
    const named = mentions(/\b(driftd_[a-z_]+(?:_total|_seconds|_records|_up|_pending|_offset))\b/g);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter(({ found }) => !known.includes(found))).toEqual([]);
  });
});

/** As GitHub makes it from a heading. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}

/** True when the words lead to a command, and all that begin with dashes are flags of it. */
function isCommandLine(text: string): boolean {
  const words = text.split(/[\s\\]+/).filter((word) => word !== '');
  let command: Command | undefined = program;
  while (command !== undefined && command.commands.length > 0 && /^[a-z]/.test(words[0] ?? '')) {
    const name = words.shift();
    command = command.commands.find((candidate) => candidate.name() === name);
  }
  const flags = command?.options.flatMap(({ long, short }) => [long, short]) ?? [];
  return command !== undefined && words.every((word) => !word.startsWith('-') || flags.includes(word));
}
