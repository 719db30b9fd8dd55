import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '../src/base/random.ts';
import type { MetricResult, MetricResults } from '../src/metrics/result.ts';
import { METRIC_NAMES, METRICS, type MetricName } from '../src/metrics/table.ts';
import type { Period } from '../src/rules/alert.ts';
import { evaluateGroup } from '../src/rules/evaluate-group.ts';
import { loadRules } from '../src/rules/load-rules.ts';
import type { GroupStates } from '../src/rules/remembered-alerts.ts';
import type { RuleGroup } from '../src/rules/rule.ts';
import type { Subject } from '../src/rules/subject.ts';
import { median } from './measure.ts';

const HOUR = 3_600_000;
const RULES = 1_000;
const FEATURES = 1_000;
const WINDOWS = 9;
/** One feature in a hundred drifts, in some windows and not in others. */
const DRIFTING = 100;

/** How long it takes to evaluate many rules over many features, in one window after another. */
export async function rulesBench(): Promise<void> {
  const before = process.cpuUsage();
  const group = manyRules();
  const { user, system } = process.cpuUsage(before);
  const loading = (user + system) / 1000;
  const random = seededRandom(1);
  let states: GroupStates = {};
  const times: number[] = [];
  let alerts = 0;
  for (let i = 0; i < WINDOWS; i += 1) {
    const window = { from: i * HOUR, to: (i + 1) * HOUR };
    const subjects = Array.from({ length: FEATURES }, (_, feature) => subject(feature, window, random));
    // Of this process alone: what others do on the machine does not count.
    const begun = process.cpuUsage();
    const outcome = evaluateGroup({
      group,
      instant: window.to,
      window,
      subjects,
      undecided: { inputs: new Set(), performance: new Set() },
      states,
    });
    const { user, system } = process.cpuUsage(begun);
    times.push((user + system) / 1000);
    states = outcome.states;
    alerts = Math.max(alerts, Object.keys(states).length);
  }
  const typical = median(times);
  console.log(
    `${group.rules.length.toLocaleString('en')} rules x ${FEATURES.toLocaleString('en')} features, ` +
      `median of ${WINDOWS} windows, up to ${alerts.toLocaleString('en')} alerts at once; Node ${process.versions.node}, ${availableParallelism()} cores (${cpus()[0]?.model ?? '?'})\n`,
  );
  console.log(`CPU time of loading the rules        ${loading.toFixed(0).padStart(6)} ms`);
  console.log(`            evaluating a window      ${typical.toFixed(0).padStart(6)} ms`);
  console.log(
    `            the slowest of them      ${Math.max(...times)
      .toFixed(0)
      .padStart(6)} ms`,
  );
  const each = (typical * 1e6) / (RULES * FEATURES);
  console.log(`            a rule and a feature     ${each.toFixed(0).padStart(6)} ns`);
  const { seconds, cpu } = testsOfShippedRules();
  console.log(
    `\ndriftd test of the shipped rules, its start included: ${seconds.toFixed(2)} s, ${cpu.toFixed(2)} s of processor time`,
  );
}

/** Tells what it cost when it ends. */
const TELL_COST = `data:text/javascript,${encodeURIComponent(
  'process.on("exit", () => process.stderr.write(JSON.stringify(process.cpuUsage())))',
)}`;

/** Runs the tests of the rules that ship, from source, as a process of its own: medians of five times. */
function testsOfShippedRules(): { readonly seconds: number; readonly cpu: number } {
  const args = ['--import', TELL_COST, '--import', 'tsx', 'src/main.ts', 'test', 'rules/tests/default.yaml'];
  const runs = Array.from({ length: 5 }, () => {
    const begun = performance.now();
    const { status, stderr } = spawnSync(process.execPath, args, {
      cwd: join(import.meta.dirname, '..'),
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`driftd test ended with ${status}: ${stderr}`);
    const { user, system } = JSON.parse(stderr) as NodeJS.CpuUsage;
    return { seconds: (performance.now() - begun) / 1000, cpu: (user + system) / 1e6 };
  });
  return { seconds: median(runs.map(({ seconds }) => seconds)), cpu: median(runs.map(({ cpu }) => cpu)) };
}

/** The conditions about features that ship, again and again, each with limits of its own. */
function manyRules(): RuleGroup {
  const file = join(import.meta.dirname, '../rules/default.yaml');
  const shipped = loadRules([{ file, text: readFileSync(file, 'utf8') }], {}).groups.flatMap(({ rules }) =>
    rules.filter(({ each }) => each === 'feature'),
  );
  const rules = Array.from({ length: RULES }, (_, i) => {
    const { alert, condition } = shipped[i % shipped.length] ?? { alert: '', condition: { text: '' } };
    const when = condition.text.replaceAll('0.1', `0.1${String(i).padStart(4, '0')}`);
    return {
      alert: `${alert}${i}`,
      each: 'feature',
      when,
      for: '2/3',
      clear: 3,
      summary: '{{feature}} of {{model}} {{version}} drifted (psi {{psi}}, {{n}} values)',
    };
  });
  const text = JSON.stringify({ groups: [{ name: 'many', schedule: '0 * * * *', window: '1h', rules }] });
  const { groups, faults } = loadRules([{ file: 'many.yaml', text }], {});
  const [group] = groups;
  if (group === undefined) throw new Error(faults[0]?.message);
  return group;
}

/** A feature with every metric that its kind has; two in five are categorical. */
function subject(feature: number, window: Period, random: () => number): Subject {
  const kind = feature % 5 < 2 ? 'categorical' : 'numeric';
  const drifts = feature % DRIFTING === 0 && random() < 0.7;
  const value = (metric: MetricName): number => {
    if (metric.endsWith('q_value') || metric === 'p_value') return drifts ? 1e-6 : 0.5;
    return drifts ? 0.4 : 0.01 * random();
  };
  const metricsOf = (nature: 'difference' | 'level' | undefined): MetricResults =>
    new Map(
      METRIC_NAMES.flatMap((metric): Array<[MetricName, MetricResult]> => {
        const { scope, kinds, nature: its } = METRICS[metric];
        if (scope !== 'feature' || (kinds !== 'any' && kinds !== kind)) return [];
        if (nature !== undefined && nature !== its) return [];
        const about = { metric, n: 1_000, baselineN: 5_000, method: 'bench', pValue: 0.5 };
        return [[metric, { ...about, status: 'ok', value: value(metric) }]];
      }),
    );
  return {
    each: 'feature',
    model: 'bench',
    version: '1',
    feature: `feature_${feature}`,
    featureKind: kind,
    window,
    metrics: metricsOf(undefined),
    baselineMetrics: metricsOf('level'),
    natural: new Map(),
    events: 1_000,
  };
}
