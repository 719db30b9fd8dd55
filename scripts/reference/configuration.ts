import { stringify } from 'yaml';
import { DURATION_FORM } from '../../src/base/duration.ts';
import { configJsonSchema } from '../../src/config/load.ts';
import { code, notice, page, table } from './markdown.ts';
import { below, inlined, KEY_COLUMNS, type SchemaNode } from './schema-rows.ts';

const HEAD = `# Configuration

One YAML file, given with \`--config\`. Keys marked as required are so wherever their parent is there; all others may be left out. A key that is not
in these tables is an error with file, line and column: \`driftd check driftd.yaml\` finds it before anything starts.

- Any text may hold \`\${NAME}\` or \`\${NAME:-default}\`, which is filled in from the environment. A variable that is not set
  is an error.
- A key with \`…_file\` beside it may be given as a file: \`password_file: secrets/password\` instead of \`password\`. One of the two,
  not both. The file is read once, at the start, and a line end behind its text does not count. Secrets belong there or
  into the environment; they are never logged.
- A duration is written as Prometheus writes it: ${DURATION_FORM.replace('a duration such as ', '')}.
- Paths are relative to the file.
- Editors that know JSON Schema complete and check the file with
  [schemas/driftd.schema.json](../../schemas/driftd.schema.json): begin it with
  \`# yaml-language-server: $schema=<path or URL of that file>\`.`;

/** docs/reference/configuration.md: a section for each key at the top. */
export function configurationPage(): string {
  const { properties = {} } = inlined(configJsonSchema());
  const sections = Object.entries(properties).flatMap(([name, node]) => section(name, node));
  return page(notice('the schemas in src/'), HEAD, ...sections);
}

function section(name: string, node: SchemaNode): string[] {
  const head = [
    `## ${code(name)}`,
    `${node.description ?? ''}${defaultSentence(node)}`,
    ...longDefault(name, node),
  ];
  if (node.anyOf !== undefined)
    return [...head, ...node.anyOf.flatMap((choice) => choiceTable(name, choice))];
  const rows = below(node, name);
  return rows.length === 0 ? head : [...head, table(KEY_COLUMNS, rows)];
}

/** One of several forms, called after the key that it cannot do without. */
function choiceTable(name: string, choice: SchemaNode): string[] {
  return [`With ${code(choice.required?.[0] ?? '')}:`, table(KEY_COLUMNS, below(choice, name))];
}

function defaultSentence({ default: fallback }: SchemaNode): string {
  if (fallback === undefined || JSON.stringify(fallback).length <= 2) return '';
  return isLong(fallback) ? ' Default:' : ` Default: ${code(JSON.stringify(fallback))}.`;
}

/** A default that does not fit into a sentence, as one would write it. */
function longDefault(name: string, { default: fallback }: SchemaNode): string[] {
  if (!isLong(fallback)) return [];
  return [`\`\`\`yaml\n${stringify({ [name]: fallback }, { lineWidth: 0 })}\`\`\``];
}

function isLong(fallback: unknown): boolean {
  return fallback !== undefined && JSON.stringify(fallback).length > 100;
}
