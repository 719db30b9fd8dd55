import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';

/** A directory that is removed when the test ends. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'driftd-files-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Writes a file under a name that ends in `name`; one that ends in .gz is packed. */
export function temporaryFile(name: string, content: string | Buffer): string {
  const file = join(temporaryDirectory(), name);
  writeFileSync(file, name.endsWith('.gz') ? gzipSync(content) : content);
  return file;
}
