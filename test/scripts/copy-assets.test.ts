import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

it('copies everything but TypeScript to the same place under the target', () => {
  const root = mkdtempSync(join(tmpdir(), 'driftd-assets-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, 'src/store/migrations'), { recursive: true });
  writeFileSync(join(root, 'src/main.ts'), '');
  writeFileSync(join(root, 'src/page.html'), '<p>');
  writeFileSync(join(root, 'src/store/migrations/0001-tables.sql'), 'SELECT 1');

  execFileSync(process.execPath, [
    ...['--import', 'tsx', 'scripts/copy-assets.ts'],
    ...[join(root, 'src'), join(root, 'dist')],
  ]);

  const files = readdirSync(join(root, 'dist'), { recursive: true, withFileTypes: true });
  const names = files.filter((entry) => entry.isFile()).map((entry) => entry.name);
  expect(names.sort()).toEqual(['0001-tables.sql', 'page.html']);
  expect(readFileSync(join(root, 'dist/store/migrations/0001-tables.sql'), 'utf8')).toBe('SELECT 1');
});
