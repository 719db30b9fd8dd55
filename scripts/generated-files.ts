import { dashboardFiles } from '../dashboards/generate.ts';
import { configJsonSchema } from '../src/config/load.ts';
import { eventJsonSchema } from '../src/event/event-schema.ts';
import { ruleFileJsonSchema } from '../src/rules/rule-file.ts';
import { testFileJsonSchema } from '../src/rules/unit-test/test-file.ts';
import { configurationPage } from './reference/configuration.ts';
import { eventsPage } from './reference/events.ts';
import { metricsPage } from './reference/metrics.ts';
import { rulesPage } from './reference/rules.ts';
import { telemetryPage } from './reference/telemetry.ts';
import { wasmModuleText } from './wasm-module.ts';

export interface GeneratedFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** Every file that is made from code and committed all the same, so that people and editors can read it. */
export function generatedFiles(): GeneratedFile[] {
  return [
    schemaFile('schemas/driftd.schema.json', 'src/config/schema.ts', configJsonSchema()),
    schemaFile('schemas/rules.schema.json', 'src/rules/rule-file.ts', ruleFileJsonSchema()),
    schemaFile('schemas/rule-tests.schema.json', 'src/rules/unit-test/test-file.ts', testFileJsonSchema()),
    schemaFile('schemas/event.schema.json', 'src/event/event-schema.ts', eventJsonSchema()),
    { path: 'docs/reference/configuration.md', text: configurationPage() },
    { path: 'docs/reference/rules.md', text: rulesPage() },
    { path: 'docs/reference/metrics.md', text: metricsPage() },
    { path: 'docs/reference/telemetry.md', text: telemetryPage() },
    { path: 'docs/reference/events.md', text: eventsPage() },
    { path: 'src/decode/scan/scan-module.ts', text: wasmModuleText('wasm/scan.ts', 'SCAN_MODULE') },
    { path: 'src/decode/scan/fields-module.ts', text: wasmModuleText('wasm/fields.ts', 'FIELDS_MODULE') },
    { path: 'src/profile/columns-module.ts', text: wasmModuleText('wasm/columns.ts', 'COLUMNS_MODULE') },
    {
      path: 'src/profile/derived/reconstruct-module.ts',
      text: wasmModuleText('wasm/reconstruct.ts', 'RECONSTRUCT_MODULE'),
    },
    ...dashboardFiles(),
  ];
}

function schemaFile(path: string, source: string, schema: Readonly<Record<string, unknown>>): GeneratedFile {
  const $comment = `Generated from ${source} by "npm run generate". Do not edit.`;
  return { path, text: `${JSON.stringify({ $comment, ...schema }, null, 2)}\n` };
}
