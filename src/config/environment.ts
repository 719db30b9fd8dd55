import type { Fault } from '../base/fault.ts';
import type { YamlDocument } from '../base/yaml-document.ts';

const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/**
 * Replaces `${NAME}` and `${NAME:-default}` in every text of a parsed file. A variable that is not set is a fault at
 * its place: an empty password would be found out much later.
 */
export function substituteEnvironment(
  document: YamlDocument,
  environment: Readonly<Record<string, string | undefined>>,
): { value: unknown; faults: Fault[] } {
  const faults: Fault[] = [];
  const visit = (value: unknown, path: PropertyKey[]): unknown => {
    if (typeof value === 'string') {
      return value.replaceAll(VARIABLE, (whole, name: string, fallback: string | undefined) => {
        const found = environment[name] ?? fallback;
        if (found !== undefined) return found;
        faults.push(document.faultAt(path, `the environment variable ${name} is not set`));
        return whole;
      });
    }
    if (Array.isArray(value)) return value.map((item, index) => visit(item, [...path, index]));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, visit(item, [...path, key])]),
      );
    }
    return value;
  };
  return { value: visit(document.value, []), faults };
}
