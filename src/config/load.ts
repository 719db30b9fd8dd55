import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { DriftdError, messageOf } from '../base/errors.ts';
import { type Fault, formatFault } from '../base/fault.ts';
import { withFileKeys } from '../base/file-option.ts';
import { keysInJsonSchema, readYaml, schemaFaults, type YamlDocument } from '../base/yaml-document.ts';
import { checkNotifyReferences } from '../notify/option-references.ts';
import { substituteEnvironment } from './environment.ts';
import { atFileKeys, type ReadOptionFile, readOptionFiles } from './option-files.ts';
import { type Config, configSchema } from './schema.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface CheckedConfig {
  /** Undefined when there are faults. */
  readonly config: Config | undefined;
  readonly faults: readonly Fault[];
}

const OR_VARIABLE = '|\\$\\{';

/** The JSON Schema of the configuration file as people write it, for editors. */
export function configJsonSchema(): Record<string, unknown> {
  jsonSchema ??= makeJsonSchema();
  return jsonSchema;
}

/** Made once: it takes milliseconds, and the configuration is looked at every few seconds. */
let jsonSchema: Record<string, unknown> | undefined;

function makeJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(configSchema, {
    io: 'input',
    target: 'draft-2020-12',
    // Texts are checked after ${NAME} is filled in; an editor sees them before.
    override: ({ jsonSchema }) => {
      delete jsonSchema.format;
      const { pattern } = jsonSchema;
      if (pattern?.endsWith(OR_VARIABLE) === false) jsonSchema.pattern = pattern + OR_VARIABLE;
    },
  });
  return withFileKeys(schema) as Record<string, unknown>;
}

/** Checks the text of a configuration file, and the files that its options name. Never throws on what a user wrote. */
export function checkConfig(
  file: string,
  text: string,
  environment: Environment,
  read?: ReadOptionFile,
): CheckedConfig {
  const document = readYaml(file, text);
  if (document.faults.length > 0) return { config: undefined, faults: document.faults };
  return checkDocument({ ...document, value: document.value ?? {} }, environment, read);
}

function checkDocument(
  document: YamlDocument,
  environment: Environment,
  read?: ReadOptionFile,
): CheckedConfig {
  const substituted = substituteEnvironment(document, environment);
  if (substituted.faults.length > 0) return { config: undefined, faults: substituted.faults };
  const schema = configJsonSchema();
  const folder = dirname(resolve(document.file));
  const {
    value,
    faults: unread,
    filled,
  } = readOptionFiles(document, substituted.value, schema, folder, read);
  if (unread.length > 0) return { config: undefined, faults: unread };
  const parsed = configSchema.safeParse(value);
  if (!parsed.success) {
    const issues = atFileKeys(parsed.error.issues, filled);
    return {
      config: undefined,
      faults: schemaFaults(document, { issues }, (path) => keysInJsonSchema(schema, path)),
    };
  }
  const faults = checkNotifyReferences(parsed.data).map(({ path, message }) =>
    document.faultAt(path, message),
  );
  return { config: faults.length === 0 ? parsed.data : undefined, faults };
}

/** Reads a configuration file; paths in it are relative to it. Throws an `input` error that lists every fault. */
export function loadConfig(file: string, environment: Environment): Promise<Config> {
  return configLoader(file, environment)();
}

/**
 * Loads a configuration file again and again. While it says the same, and so do the files that its options name, the
 * configuration is the same object: making it is most of the work.
 */
export function configLoader(file: string, environment: Environment): () => Promise<Config> {
  let last: { readonly text: string; readonly named: NamedFiles; readonly config: Config } | undefined;
  return async () => {
    const text = await readConfig(file);
    if (last?.text === text && areSame(last.named)) return last.config;
    const named = new Map<string, Buffer>();
    const { config, faults } = checkConfig(file, text, environment, (name) => {
      // Several options may name one file, which may change meanwhile.
      const bytes = named.get(name) ?? readFileSync(name);
      named.set(name, bytes);
      return bytes;
    });
    if (config === undefined) throw new DriftdError('input', faults.map(formatFault).join('\n'));
    const { store } = config;
    last = {
      text,
      named,
      config:
        'path' in store
          ? { ...config, store: { ...store, path: resolve(dirname(file), store.path) } }
          : config,
    };
    return last.config;
  };
}

type NamedFiles = ReadonlyMap<string, Buffer>;

async function readConfig(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new DriftdError('input', `cannot read the configuration: ${messageOf(error)}`, { cause: error });
  }
}

function areSame(named: NamedFiles): boolean {
  try {
    return [...named].every(([name, bytes]) => readFileSync(name).equals(bytes));
  } catch {
    // What is wrong with it is said where the configuration is made of it.
    return false;
  }
}
