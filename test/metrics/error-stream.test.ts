import { describe, expect, it } from 'vitest';
import { changeDetectorPolicy } from '../../src/metrics/change-detector-options.ts';
import { type Change, isStreamOf, nextError, startedStream } from '../../src/metrics/error-stream.ts';
import { streamMetrics } from '../../src/metrics/stream-metrics.ts';
import { MINUTE, MORNING } from '../support/events.ts';

const OPTIONS = changeDetectorPolicy();

/** Errors one second apart: 1 in ten, then 1 in `every`. */
function changesIn(count: number, every: number): Change[] {
  let stream = startedStream('classification', 1);
  return Array.from({ length: count }, (_, i) => i).flatMap((i) => {
    const error = i % (i < 600 ? 10 : every) === 0 ? 1 : 0;
    const next = nextError(stream, { version: '7', at: MORNING + i * 1_000, error }, OPTIONS);
    stream = next.stream;
    return next.changes;
  });
}

describe('a stream of errors', () => {
  it('tells which detector said what, when, and of which labelled prediction', () => {
    const [change] = changesIn(1_000, 2).filter(({ signal }) => signal === 'increase');
    expect(change).toMatchObject({ version: '7', detector: 'ddm' });
    expect(change?.at).toBe(MORNING + (change?.observation ?? 0) * 1_000);
  });

  it('warns when the warning level is reached, and at most once a minute', () => {
    const warnings = changesIn(3_000, 8).filter(({ signal }) => signal === 'warning');
    const minutes = warnings.map(({ at }) => Math.floor(at / MINUTE));
    expect(warnings.length).toBeGreaterThan(0);
    expect(new Set(minutes).size).toBe(minutes.length);
  });

  it('is of one task, by whether errors are 0 and 1', () => {
    expect(isStreamOf(startedStream('regression', 1), 'regression')).toBe(true);
    expect(isStreamOf(startedStream('regression', 1), 'classification')).toBe(false);
  });
});

describe('streamMetrics', () => {
  const rise: Change = { version: '7', detector: 'adwin', signal: 'increase', at: MORNING, observation: 31 };
  const fall: Change = { ...rise, signal: 'decrease' };
  const warning: Change = { ...rise, detector: 'ddm', signal: 'warning' };
  const said = (changes: readonly Change[], observations = 100) =>
    Object.fromEntries(
      streamMetrics('classification', observations, changes).map((result) => [
        result.metric,
        result.status === 'ok' ? result.value : result.status,
      ]),
    );

  it('say what was said in a window, and in which direction', () => {
    expect(said([fall])).toEqual({
      stream_observations: 100,
      'adwin.detected': 1,
      'adwin.increased': 0,
      'page_hinkley.detected': 0,
      'ddm.detected': 0,
      'ddm.warning': 0,
    });
    expect(said([rise, warning])).toMatchObject({
      'adwin.increased': 1,
      'ddm.warning': 1,
      'ddm.detected': 0,
    });
  });

  it('name the newest in their method', () => {
    const [, detected] = streamMetrics('classification', 100, [rise, { ...rise, observation: 63 }]);
    expect(detected?.method).toBe('adwin: increase at 2026-11-22T08:00:00.000Z, observation 63');
  });

  it('have no value without any error, and are never true of DDM for a regression', () => {
    expect(said([], 0)).toMatchObject({ stream_observations: 0, 'adwin.detected': 'no_data' });
    const regression = streamMetrics('regression', 9, []);
    expect(regression.find(({ metric }) => metric === 'ddm.detected')).toMatchObject({
      status: 'ok',
      value: 0,
      method: expect.stringContaining('right or wrong'),
    });
  });
});
