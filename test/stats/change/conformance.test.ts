import { describe, expect, it } from 'vitest';
import { streamCases } from '../conformance-cases.ts';
import { DETECTORS, signalsOf } from './detectors.ts';

const cases = streamCases().flatMap(({ name, values, expected }) =>
  Object.entries(expected).map(([detector, { parameters, detected_at }]) => ({
    name,
    detector,
    values,
    parameters,
    detected_at,
  })),
);

describe('change detectors on the published streams', () => {
  it.each(cases)('$detector on $name: at $detected_at', ({ detector, values, parameters, detected_at }) => {
    const made = DETECTORS[detector]?.(parameters);
    if (made === undefined) throw new Error(`there is no detector ${detector}`);
    const changes = signalsOf(made, values).filter(([, signal]) => signal !== 'warning');
    expect(changes.map(([place]) => place)).toEqual(detected_at);
  });
});
