import { describe, expect, it } from 'vitest';
import { changeDetectorPolicy } from '../../src/metrics/change-detector-options.ts';
import { nextError, startedStream } from '../../src/metrics/error-stream.ts';
import { errorStreamView } from '../../src/pipeline/error-stream-view.ts';
import { MORNING } from '../support/events.ts';

function viewOf(task: 'classification' | 'regression', errors: readonly number[]): object {
  const stream = errors.reduce(
    (before, error, i) =>
      nextError(before, { version: '7', at: MORNING + i, error }, changeDetectorPolicy()).stream,
    startedStream(task, 2),
  );
  const row = { model: 'fraud', advancedTo: MORNING, panes: [], changes: [] };
  return errorStreamView({ ...row, state: JSON.stringify({ '7': stream }) });
}

describe('errorStreamView', () => {
  it('says how far a model is, and what each detector knows of each version', () => {
    expect(viewOf('regression', [2, 4])).toEqual({
      model: 'fraud',
      advancedTo: '2026-11-22T08:00:00.000Z',
      versions: [
        {
          version: '7',
          observations: 2,
          newest: '2026-11-22T08:00:00.001Z',
          errorScale: 2,
          meanError: 1.5,
          adwin: { width: 2, mean: 1.5 },
          pageHinkley: { observations: 2, mean: 1.5, sum: expect.closeTo(0.495, 12) },
          ddm: null,
        },
      ],
    });
  });

  it('has nothing to say of a window that begins anew', () => {
    expect(viewOf('classification', [])).toMatchObject({
      versions: [{ observations: 0, meanError: null, adwin: { width: 0, mean: null } }],
    });
  });
});
