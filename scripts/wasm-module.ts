import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const COLUMNS = 116;

/**
 * Compiles a source of `wasm/` and gives the TypeScript file that holds the module.
 *
 * @param name of the constant in that file.
 */
export function wasmModuleText(source: string, name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'driftd-wasm-'));
  try {
    const out = join(folder, 'module.wasm');
    const root = fileURLToPath(new URL('../', import.meta.url));
    execFileSync('npm', ['run', '--silent', 'compile:wasm', '--', source, '-o', out], { cwd: root });
    const lines =
      readFileSync(out)
        .toString('base64')
        .match(new RegExp(`.{1,${COLUMNS}}`, 'g')) ?? [];
    return [
      `// Generated from ${source} by "npm run generate". Do not edit.`,
      '',
      '/** A WebAssembly module, in base64. */',
      `export const ${name} =`,
      `${lines.map((line) => `  '${line}'`).join(' +\n')};`,
      '',
    ].join('\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
