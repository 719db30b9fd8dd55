import { describe, expect, it } from 'vitest';
import { formatNumber, parseTemplate, renderTemplate } from '../../src/rules/template.ts';

function render(text: string, values: Record<string, string | number>): string {
  return renderTemplate(parseTemplate(text, () => undefined).template, (name) => values[name]);
}

function faultsIn(text: string): string[] {
  const explain = (name: string): string | undefined => (name === 'psi' ? undefined : `what is ${name}?`);
  return parseTemplate(text, explain).faults.map(({ offset, message }) => `${offset} ${message}`);
}

describe('renderTemplate', () => {
  it('puts values in their places', () => {
    const values = { feature: 'amount', psi: 0.31234, 'baseline.f1': 0.9 };
    expect(render('{{feature}} drifted (psi {{ psi }}, was {{baseline.f1}})', values)).toBe(
      'amount drifted (psi 0.312, was 0.9)',
    );
    expect(render('{{feature}}{{feature}}', values)).toBe('amountamount');
    expect(render('nothing to fill', values)).toBe('nothing to fill');
    expect(render('', values)).toBe('');
  });

  it('prints n/a for what is missing', () => {
    expect(render('psi {{psi}}', {})).toBe('psi n/a');
  });

  it('does not look for places in values', () => {
    expect(render('{{feature}}', { feature: '{{psi}}', psi: 1 })).toBe('{{psi}}');
  });
});

describe('parseTemplate', () => {
  it('has nothing to say about names that exist, nor about single braces', () => {
    expect(faultsIn('psi {{psi}} {{ psi }} {a} }')).toEqual([]);
  });

  it.each([
    ['{{psy}}', '2 what is psy?'],
    ['psi {{psi}}, {{  psy }}', '17 what is psy?'],
    ['{{}}', '2 there is no name between {{ and }}'],
    ['psi {{psi}', '4 "{{" without its other half; write {{name}}'],
    ['psi psi}}', '7 "}}" without its other half; write {{name}}'],
  ])('says what is wrong with %j, and where', (text, fault) => {
    expect(faultsIn(text)).toEqual([fault]);
  });
});

describe('formatNumber', () => {
  it.each([
    [0, '0'],
    [0.123456, '0.123'],
    [-0.98765, '-0.988'],
    [1.5e-9, '1.5e-9'],
    [41.25, '41.3'],
    [99.96, '100'],
    [1234.4, '1234'],
    [123_456, '123456'],
    [Number.NaN, 'n/a'],
    [Number.POSITIVE_INFINITY, 'n/a'],
  ])('writes %d as %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });
});
