import { expect, it } from 'vitest';
import { formatFault } from '../../src/base/fault.ts';

it('writes a fault in the form that editors turn into a link', () => {
  const fault = { file: 'rules/fraud.yaml', line: 12, column: 5, message: 'unknown key "wen"' };
  expect(formatFault(fault)).toBe('rules/fraud.yaml:12:5: unknown key "wen"');
});
