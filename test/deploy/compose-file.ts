import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';

export const ROOT = new URL('../../', import.meta.url);

export interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly restart?: string;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

export function readRepository(path: string): Promise<string> {
  return readFile(new URL(path, ROOT), 'utf8');
}

export async function readYamlFile<T>(path: string): Promise<T> {
  return parse(await readRepository(path), { merge: true }) as T;
}

export function readCompose(): Promise<ComposeFile> {
  return readYamlFile<ComposeFile>('docker-compose.yml');
}

/** The names in `${NAME}` and `${NAME:-default}`, comments left out. */
export function variablesIn(text: string): string[] {
  const code = text.replaceAll(/^\s*#.*$/gm, '');
  return [...code.matchAll(/\$\{(\w+)/g)].map((match) => match[1] as string);
}
