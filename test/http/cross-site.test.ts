import { describe, expect, it } from 'vitest';
import { crossSiteFault, originsOf } from '../../src/http/cross-site.ts';

const OWN = originsOf(9464, 'https://driftd.example.com/watch');
const json = { 'content-type': 'application/json' };

describe('crossSiteFault', () => {
  it.each([
    ['a program', 'POST', json],
    ['a program that names its charset', 'POST', { 'content-type': 'Application/JSON; charset=utf-8' }],
    ['a program that deletes', 'DELETE', {}],
    [
      'a page of driftd',
      'POST',
      { ...json, origin: 'http://localhost:9464', 'sec-fetch-site': 'same-origin' },
    ],
    ['a page behind the proxy', 'DELETE', { origin: 'https://driftd.example.com' }],
  ])('lets %s pass', (_, method, headers) => {
    expect(crossSiteFault({ method, headers }, OWN)).toBeUndefined();
  });

  it.each([
    ['a form of another site', 'POST', { 'content-type': 'text/plain', origin: 'https://evil.example' }, 403],
    ['a script of another site', 'POST', { ...json, origin: 'https://evil.example' }, 403],
    ['a deletion from another site', 'DELETE', { origin: 'https://evil.example' }, 403],
    ['a sandboxed page', 'POST', { ...json, origin: 'null' }, 403],
    ['another port of this machine', 'POST', { ...json, origin: 'http://localhost:3000' }, 403],
    [
      'a name that was made to lead here',
      'POST',
      { ...json, origin: 'http://evil.example:9464', host: 'evil.example:9464' },
      403,
    ],
    [
      'a request without an origin that came from another site',
      'POST',
      { ...json, 'sec-fetch-site': 'cross-site' },
      403,
    ],
    ['a sibling site', 'DELETE', { 'sec-fetch-site': 'same-site' }, 403],
    ['a form', 'POST', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['a body that says nothing of itself', 'POST', {}, 415],
    ['a type that only begins like JSON', 'POST', { 'content-type': 'application/jsonp' }, 415],
  ])('refuses %s', (_, method, headers, status) => {
    expect(crossSiteFault({ method, headers }, OWN)).toMatchObject({ status });
  });
});
