import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, parse, resolve } from 'node:path';
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
      // From the root, the search begins where the pattern's plain folders end. From elsewhere it would begin where both part, perhaps at
      // the root, and read what lies below; and it is made every few seconds.
      glob(pattern, { cwd: parse(pattern).root, absolute: true, onlyFiles: true, expandDirectories: false }),
    ),
  );
  return [...new Set(found.flat())].sort();
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
