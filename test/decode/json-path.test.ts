import { describe, expect, it } from 'vitest';
import { compileJsonPath } from '../../src/decode/json-path.ts';

function read(path: string, payload: unknown): unknown {
  const reader = compileJsonPath(path);
  if (reader === undefined) throw new Error(`${path} is no path`);
  return reader(payload);
}

const PAYLOAD = JSON.parse(`{
  "request": {"id": "8f2c", "odd key": 1, "with-dash": 2, "_x1": 3},
  "items": [{"price": 9}, null],
  "__proto__": {"hidden": "data"},
  "": "nameless"
}`) as unknown;

describe('compileJsonPath', () => {
  it.each([
    ['$', PAYLOAD],
    ['$.request.id', '8f2c'],
    ["$.request['odd key']", 1],
    ['$.request.with-dash', 2],
    ['$.request._x1', 3],
    ['$.items[0].price', 9],
    ["$['items'][0]['price']", 9],
    ['$.items[1]', null],
    ["$['__proto__'].hidden", 'data'],
    ["$['']", 'nameless'],
  ])('reads %s', (path, expected) => {
    expect(read(path, PAYLOAD)).toEqual(expected);
  });

  it.each([
    '$.absent',
    '$.request.id.deeper',
    '$.items[2]',
    '$.items[1].price',
    '$.request.toString',
    '$.constructor',
  ])('finds nothing at %s', (path) => {
    expect(read(path, PAYLOAD)).toBeUndefined();
  });

  it.each([null, undefined, 'text', 7])('finds nothing in %j', (payload) => {
    expect(read('$.a', payload)).toBeUndefined();
  });

  it.each([
    '',
    'request.id',
    '$request',
    '$.',
    '$..id',
    '$.items[*]',
    '$.items[-1]',
    '$.a b',
    "$['a",
    '$.items[',
    '$.1a',
    '$ ',
  ])('does not take %j for a path', (text) => {
    expect(compileJsonPath(text)).toBeUndefined();
  });

  it('gives readers that do not disturb one another', () => {
    const [id, price] = [compileJsonPath('$.request.id'), compileJsonPath('$.items[0].price')];
    compileJsonPath('$.not a path');
    expect([id?.(PAYLOAD), price?.(PAYLOAD), id?.(PAYLOAD)]).toEqual(['8f2c', 9, '8f2c']);
  });
});
