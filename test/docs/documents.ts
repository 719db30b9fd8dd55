import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const REPOSITORY = join(import.meta.dirname, '../..');

export interface Page {
  /** From the root of the repository. */
  readonly file: string;
  readonly text: string;
}

export interface Block {
  readonly file: string;
  /** `docs/operations.md:12`, the line at which the block begins. */
  readonly place: string;
  readonly text: string;
}

/** All Markdown that people read, the generated pages included. */
export function documents(): Page[] {
  const root = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md'];
  const docs = readdirSync(join(REPOSITORY, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file));
  return [...root, ...docs].map((file) => ({ file, text: readFileSync(join(REPOSITORY, file), 'utf8') }));
}

/** The fenced blocks of a language, in all documents. */
export function blocks(language: string): Block[] {
  return documents().flatMap(({ file, text }) =>
    [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].flatMap((match) => {
      const line = text.slice(0, match.index).split('\n').length;
      return match[1] === language ? [{ file, place: `${file}:${line}`, text: match[2] ?? '' }] : [];
    }),
  );
}
