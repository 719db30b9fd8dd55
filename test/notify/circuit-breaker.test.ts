import { describe, expect, it } from 'vitest';
import { afterOutcome, type Circuit, CLOSED, isOpen } from '../../src/notify/circuit-breaker.ts';
import type { SendOutcome } from '../../src/notify/send-outcome.ts';
import { DAY, HOUR } from './examples.ts';

const POLICY = { failures: 3, probe: { base: 30_000, max: 300_000, random: () => 0.999999 } };
const NOW = 1_000;
const retry: SendOutcome = { kind: 'retry', reason: 'ECONNREFUSED' };

function circuitAfter(...outcomes: readonly SendOutcome[]): Circuit {
  return outcomes.reduce((circuit, outcome) => afterOutcome(circuit, outcome, NOW, POLICY), CLOSED);
}

describe('the circuit to a receiver', () => {
  it.each([
    [1, false, 0],
    [2, false, 0],
    [3, true, 30_000],
    [4, true, 60_000],
    [7, true, 300_000],
    [900, true, 300_000],
  ])('after %d failures in a row is open: %s, and waits %d ms', (failures, open, wait) => {
    const circuit = circuitAfter(...Array.from({ length: failures }, () => retry));
    expect(isOpen(circuit, POLICY)).toBe(open);
    expect(circuit.heldUntil).toBe(NOW + wait);
  });

  it.each(['sent', 'gone', 'refused'] as const)('is closed by an answer, be it %s', (kind) => {
    const answer = kind === 'sent' ? { kind } : { kind, reason: 'answered 400' };
    expect(circuitAfter(retry, retry, retry, retry, answer)).toEqual(CLOSED);
  });

  it('holds everything for as long as the receiver asks, up to an hour, and then no longer', () => {
    expect(circuitAfter({ ...retry, after: 5_000 }).heldUntil).toBe(NOW + 5_000);
    expect(circuitAfter(retry, retry, retry, { ...retry, after: 5_000 }).heldUntil).toBe(NOW + 5_000);
    expect(circuitAfter({ ...retry, after: 10 * DAY }).heldUntil).toBe(NOW + HOUR);
  });
});
