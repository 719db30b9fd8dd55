import { seededRandom } from '../src/base/random.ts';
import { ADWIN_DEFAULTS, ADWIN_START, adwin } from '../src/stats/change/adwin.ts';
import type { ChangeStep } from '../src/stats/change/change-step.ts';
import { DDM_DEFAULTS, DDM_START, ddm } from '../src/stats/change/ddm.ts';
import { PAGE_HINKLEY_DEFAULTS, PAGE_HINKLEY_START, pageHinkley } from '../src/stats/change/page-hinkley.ts';
import { markdownTable } from './detection/markdown.ts';

type Detect = (error: number) => boolean;

/** A fresh detector, which says whether it tells of a rise. */
function detecting<State>(start: State, step: (state: State, x: number) => ChangeStep<State>): () => Detect {
  return () => {
    let state = start;
    return (error) => {
      const next = step(state, error);
      state = next.state;
      return next.signal === 'increase';
    };
  };
}

const DETECTORS: ReadonlyArray<readonly [name: string, make: () => Detect]> = [
  ['Page-Hinkley', detecting(PAGE_HINKLEY_START, (state, x) => pageHinkley(state, x))],
  [
    'Page-Hinkley, threshold 20',
    detecting(PAGE_HINKLEY_START, (state, x) =>
      pageHinkley(state, x, { ...PAGE_HINKLEY_DEFAULTS, threshold: 20 }),
    ),
  ],
  ['ADWIN', detecting(ADWIN_START, (state, x) => adwin(state, x))],
  [
    'ADWIN, delta 0.00002',
    detecting(ADWIN_START, (state, x) => adwin(state, x, { ...ADWIN_DEFAULTS, delta: 0.00002 })),
  ],
  ['DDM', detecting(DDM_START, (state, x) => ddm(state, x))],
  [
    'DDM, warm_start 1000',
    detecting(DDM_START, (state, x) => ddm(state, x, { ...DDM_DEFAULTS, warmStart: 1_000 })),
  ],
];

/** The error rate before, and after. */
const CHANGES = [
  [0.02, 0.04],
  [0.02, 0.1],
  [0.1, 0.15],
  [0.1, 0.3],
  [0.3, 0.4],
] as const;

const RATES = [0.02, 0.1, 0.3] as const;
const CALM = 100_000;
const STREAMS = 10;
const RUNS = 50;
const BEFORE = 5_000;
/** A change that is not told by then counts as missed. */
const PATIENCE = 10_000;

/** How often change detectors are wrong, and how soon right: in labels. Prints the tables of docs/change-detectors.md. */
export async function changesBench(): Promise<void> {
  console.log(
    `False alarms in a million labels, where the error rate does not change (${STREAMS} streams of ${CALM}):\n`,
  );
  console.log(
    markdownTable(
      ['detector', ...RATES.map((rate) => `rate ${rate}`)],
      DETECTORS.map(([name, make]) => [name, ...RATES.map((rate) => falseAlarms(make, rate).toFixed(0))]),
    ),
  );
  console.log(
    `\nLabels until a rise is told, median of ${RUNS} streams with ${BEFORE} labels before it; in brackets how many of them told of it within ${PATIENCE}:\n`,
  );
  console.log(
    markdownTable(
      ['detector', ...CHANGES.map(([from, to]) => `${from} to ${to}`)],
      DETECTORS.map(([name, make]) => [name, ...CHANGES.map(([from, to]) => delay(make, from, to))]),
    ),
  );
}

function falseAlarms(make: () => Detect, rate: number): number {
  let alarms = 0;
  for (let seed = 0; seed < STREAMS; seed += 1) {
    const random = seededRandom(seed);
    const detect = make();
    for (let i = 0; i < CALM; i += 1) if (detect(random() < rate ? 1 : 0)) alarms += 1;
  }
  return (alarms * 1_000_000) / (CALM * STREAMS);
}

function delay(make: () => Detect, from: number, to: number): string {
  const delays: number[] = [];
  for (let seed = 0; seed < RUNS; seed += 1) {
    const random = seededRandom(1_000 + seed);
    const detect = make();
    for (let i = 0; i < BEFORE; i += 1) detect(random() < from ? 1 : 0);
    for (let i = 0; i < PATIENCE; i += 1) {
      if (!detect(random() < to ? 1 : 0)) continue;
      delays.push(i + 1);
      break;
    }
  }
  delays.sort((a, b) => a - b);
  const median = delays[Math.floor(delays.length / 2)];
  return `${median ?? 'n/a'} (${delays.length})`;
}
