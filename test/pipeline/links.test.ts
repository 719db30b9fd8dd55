import { expect, it } from 'vitest';
import { linkMaker, OVERVIEW_UID } from '../../src/pipeline/links.ts';

const HOUR = 3_600_000;
const WINDOW = { from: 10 * HOUR, to: 11 * HOUR };
const own = () => 'http://driftd.example:9464';

it('leads to driftd itself where there is no Grafana', () => {
  expect(linkMaker(undefined, own)({ model: 'fraud' }, WINDOW)).toBe('http://driftd.example:9464/');
});

it('asks for the address of driftd when it is needed, since the port may not be known before', () => {
  let url = 'http://127.0.0.1:0';
  const link = linkMaker(undefined, () => url);
  url = 'http://127.0.0.1:4711';
  expect(link({}, WINDOW)).toBe('http://127.0.0.1:4711/');
});

it.each(['https://grafana.example', 'https://grafana.example/', 'https://example.com/grafana'])(
  'leads to the dashboard of the model at %s, with some windows before',
  (grafana) => {
    const link = new URL(linkMaker(grafana, own)({ model: 'a&b', version: '7', feature: 'x' }, WINDOW));
    expect(link.href.startsWith(grafana.replace(/\/$/, ''))).toBe(true);
    expect(link.pathname.endsWith(`/d/${OVERVIEW_UID}`)).toBe(true);
    expect(Object.fromEntries(link.searchParams)).toEqual({
      from: String(4 * HOUR),
      to: String(12 * HOUR),
      'var-model': 'a&b',
      'var-version': '7',
    });
  },
);
