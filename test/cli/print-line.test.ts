import { expect, it } from 'vitest';
import { printLine } from '../../src/cli/print-line.ts';
import { transitionLines } from '../../src/cli/transition-text.ts';
import { visibleLines } from '../../src/cli/visible-text.ts';
import { alertOf } from '../notify/examples.ts';

it('shows what would command a terminal, or begin another line, and leaves names as they are', () => {
  const printed: string[] = [];
  const output = { print: (line: string) => void printed.push(line) };
  for (const model of ['fraud', 'größe 国 👩‍🔬', '\u001b]0;owned\u0007', 'a\nb\r\u009b2J', '\u202egnp'])
    printLine(output, `1  ${model}`);
  expect(printed).toEqual([
    '1  fraud',
    '1  größe 国 👩‍🔬',
    '1  \\u001b]0;owned\\u0007',
    '1  a\\u000ab\\u000d\\u009b2J',
    '1  \\u202egnp',
  ]);
});

it('leaves the lines and tabs of a message as they are, and nothing else that is unseen', () => {
  expect(visibleLines('a.yaml:1:2\twrong\n  \u001b[2Jhere\r\u009b')).toBe(
    'a.yaml:1:2\twrong\n  \\u001b[2Jhere\\u000d\\u009b',
  );
});

it('says of a change of an alert which segment it is about', () => {
  const alert = alertOf({ labels: { alertname: 'Drop', model: 'm', version: '1', segment: 'country=DE' } });
  const [line] = transitionLines({
    id: 'x',
    alert,
    from: 'inactive',
    to: 'resolved',
    reason: 'clean',
    at: 0,
  });
  expect(line).toContain('Drop  m 1 country=DE');
  const broken = { ...alert, annotations: { summary: 'accuracy fell\n  in a country\n' } };
  expect(
    transitionLines({
      id: 'x',
      alert: broken,
      from: 'pending',
      to: 'firing',
      reason: 'condition_met',
      at: 0,
    })[0],
  ).toContain(': accuracy fell in a country');
});
