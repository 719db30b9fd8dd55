import type { Millis } from '../../base/clock.ts';
import type { Fault } from '../../base/fault.ts';
import { keysInJsonSchema, readYaml, schemaFaults, type YamlDocument } from '../../base/yaml-document.ts';
import type { MetricScope } from '../../metrics/table.ts';
import { explainUnknown } from '../explain-unknown.ts';
import { nameTest } from '../globs.ts';
import type { TextFault } from '../text-fault.ts';
import { findVariable } from '../variables.ts';
import { parseDistribution } from './distribution.ts';
import type { DrawnFeature, Expectation, GivenFeature, GivenSeries, Place, RuleTest } from './rule-test.ts';
import { parseSamplePlan, type SamplePlan } from './sample-plan.ts';
import { parseSeries } from './series.ts';
import { type FeatureOptions, type TestOptions, testFileJsonSchema, testFileSchema } from './test-file.ts';

export interface LoadedTests {
  /** Globs of the rule files, as the file names them. */
  readonly rules: readonly string[];
  readonly tests: readonly RuleTest[];
  readonly faults: readonly Fault[];
}

type Path = ReadonlyArray<string | number>;

/** Rows of a drawn baseline where a test does not say. */
const BASELINE_ROWS = 5_000;
/** All values that one test may draw. */
const MAX_DRAWS = 20_000_000;

/** Reads and checks a file of rule tests. Whatever a user wrote comes back as tests or as faults; nothing is thrown. */
export function loadTests(file: string, text: string): LoadedTests {
  const document = readYaml(file, text);
  if (document.faults.length > 0) return { rules: [], tests: [], faults: document.faults };
  const parsed = testFileSchema.safeParse(document.value ?? {});
  if (!parsed.success) {
    const schema = testFileJsonSchema();
    const faults = schemaFaults(document, parsed.error, (path) => keysInJsonSchema(schema, path));
    return { rules: [], tests: [], faults };
  }
  const { rules, seed, tests } = parsed.data;
  const reader = new TestReader(document);
  const read = tests.map((test, i) => reader.read(test, ['tests', i], seed));
  return { rules, tests: reader.faults.length === 0 ? read : [], faults: reader.faults };
}

class TestReader {
  readonly faults: Fault[] = [];
  readonly #document: YamlDocument;

  constructor(document: YamlDocument) {
    this.#document = document;
  }

  read(test: TestOptions, path: Path, seed: number): RuleTest {
    const { name, model, version, segment, interval, groups } = test;
    const given = new Map<string, GivenFeature>();
    const drawn = new Map<string, DrawnFeature>();
    for (const [feature, options] of Object.entries(test.features)) {
      const at = [...path, 'features', feature];
      if (options.metrics !== undefined) {
        const series = this.#series(options.metrics, [...at, 'metrics'], 'feature');
        given.set(feature, { kind: options.kind, series });
      } else drawn.set(feature, this.#drawn(options, at, interval));
    }
    this.#sameLengths(drawn, [...path, 'features']);
    return {
      name,
      place: this.#place([...path, 'name']),
      model,
      version,
      segment,
      start: Date.parse(test.start),
      interval,
      seed,
      wantsGroup: nameTest(groups ?? ['*']),
      given,
      drawn,
      metrics: this.#series(test.metrics, [...path, 'metrics'], 'model'),
      expectations: this.#expectations(test, path),
    };
  }

  #series(metrics: Readonly<Record<string, string | number>>, path: Path, scope: MetricScope): GivenSeries[] {
    const series = Object.entries(metrics).flatMap(([name, given]): GivenSeries[] => {
      const variable = findVariable(name, scope);
      if (variable === undefined || variable.kind === 'text') {
        const message =
          variable === undefined ? explainUnknown(name, scope) : `"${name}" is a text and no number`;
        this.faults.push(this.#document.faultAtKey([...path, name], message));
        return [];
      }
      if (typeof given === 'number') return [{ variable, values: given }];
      const parsed = parseSeries(given);
      if ('values' in parsed) return [{ variable, values: parsed.values }];
      this.#fault([...path, name], parsed.fault);
      return [];
    });
    for (const { variable } of series) {
      if (variable.kind !== 'p_value') continue;
      const isThere = series.some(
        ({ variable: other }) =>
          other.kind === 'metric' &&
          other.metric === variable.metric &&
          other.frame?.name === variable.frame?.name,
      );
      if (isThere) continue;
      const message = `${variable.metric}_p_value needs ${variable.metric} beside it: a test has both or none`;
      this.faults.push(this.#document.faultAt(path, message));
    }
    return series;
  }

  #drawn({ baseline = '', windows = [] }: FeatureOptions, path: Path, interval: Millis): DrawnFeature {
    const plans = windows.flatMap((text, i): SamplePlan[] => {
      const parsed = parseSamplePlan(text, interval);
      if ('plan' in parsed) return [parsed.plan];
      this.#fault([...path, 'windows', i], parsed.fault);
      return [];
    });
    return { baseline: this.#baseline(baseline, [...path, 'baseline']), windows: plans };
  }

  #baseline(text: string, path: Path): DrawnFeature['baseline'] {
    const parsed = parseDistribution(text);
    const [, count] =
      'end' in parsed ? (/^\s*(?:x\s*(\d{1,7}))?\s*$/.exec(text.slice(parsed.end)) ?? []) : [];
    if ('fault' in parsed) {
      this.#fault(path, parsed.fault);
      return { draw: () => null, count: 0 };
    }
    const rest = text.slice(parsed.end);
    if (rest.trim() !== '' && count === undefined) {
      const message = 'expected how many values, such as x5000';
      this.#fault(path, { message, offset: parsed.end + rest.search(/\S/) });
    }
    return { draw: parsed.draw, count: Number(count ?? BASELINE_ROWS) };
  }

  /** Every event has all features, so each interval draws as many of one as of another. */
  #sameLengths(drawn: ReadonlyMap<string, DrawnFeature>, path: Path): void {
    const [first, ...others] = [...drawn].map(([name, { baseline, windows }]) => ({
      name,
      baseline: baseline.count,
      counts: windows.flatMap(({ count, intervals }) =>
        new Array<number>(Math.min(intervals, 100_000)).fill(count),
      ),
    }));
    if (first === undefined) return;
    for (const { name, baseline, counts } of others) {
      const differs = counts.findIndex((count, i) => count !== first.counts[i]);
      const message =
        baseline !== first.baseline
          ? `its baseline has ${baseline} values and that of ${first.name} ${first.baseline}`
          : counts.length !== first.counts.length
            ? `it is drawn for ${counts.length} intervals and ${first.name} for ${first.counts.length}`
            : differs === -1
              ? undefined
              : `interval ${differs + 1} draws ${counts[differs]} values and that of ${first.name} ${first.counts[differs]}`;
      if (message === undefined) continue;
      this.faults.push(
        this.#document.faultAtKey([...path, name], `${message}; every event has all drawn features`),
      );
    }
    const draws = (first.baseline + first.counts.reduce((sum, count) => sum + count, 0)) * drawn.size;
    if (draws > MAX_DRAWS)
      this.faults.push(
        this.#document.faultAt(path, `a test draws at most ${MAX_DRAWS} values; this one ${draws}`),
      );
  }

  #expectations({ expect }: TestOptions, path: Path): Expectation[] {
    return expect
      .map(({ at, alert, alerts }, i): Expectation => {
        return { place: this.#place([...path, 'expect', i, 'at']), at, alert, alerts };
      })
      .sort((a, b) => a.at - b.at);
  }

  #fault(path: Path, { message, offset }: TextFault): void {
    this.faults.push(this.#document.faultAt(path, message, offset));
  }

  #place(path: Path): Place {
    const { message: _, ...place } = this.#document.faultAt(path, '');
    return place;
  }
}
