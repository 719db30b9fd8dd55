import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, resolve } from 'node:path';
import picomatch from 'picomatch';
import { glob } from 'tinyglobby';
import { DriftdError, messageOf } from '../base/errors.ts';
import type { RuleFileText } from '../rules/load-rules.ts';
import type { Config } from './schema.ts';

/** The texts of the rule files that a configuration names, in order of their names. */
export async function readRuleFiles(config: Config, configFile: string): Promise<RuleFileText[]> {
  const folder = dirname(resolve(configFile));
  const files = await findRuleFiles(config.rules, folder);
  if (files.length === 0) {
    throw new DriftdError(
      'input',
      `${configFile}: no rule file fits ${config.rules.join(', ')} in ${folder}`,
    );
  }
  return readTexts(files);
}

/** The files that globs fit, in order of their names. */
export async function findRuleFiles(globs: readonly string[], folder: string): Promise<string[]> {
  const patterns = globs.map((pattern) => (isAbsolute(pattern) ? pattern : resolve(folder, pattern)));
  const found = await Promise.all(
    patterns.map((pattern) =>
      glob(pattern, { cwd: startOf(pattern), absolute: true, onlyFiles: true, expandDirectories: false }),
    ),
  );
  return [...new Set(found.flat())].sort();
}

/**
 * The folder in which the search for a pattern begins. From any other, the search begins at the nearest folder above both, which may be the
 * root of the file system; and it is made every few seconds.
 */
function startOf(pattern: string): string {
  const { base, isGlob } = picomatch.scan(pattern);
  return (isGlob ? base : dirname(base)).replace(/\\(.)/g, '$1');
}

export async function readTexts(files: readonly string[]): Promise<RuleFileText[]> {
  return Promise.all(
    files.map(async (file) => {
      try {
        return { file, text: await readFile(file, 'utf8') };
      } catch (error) {
        throw new DriftdError('input', `cannot read ${file}: ${messageOf(error)}`, { cause: error });
      }
    }),
  );
}
