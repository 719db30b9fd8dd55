import { expect, it } from 'vitest';
import { hasSeveralStatements } from './sql-statements.ts';

it.each([
  'SELECT 1',
  'SELECT 1;',
  'SELECT 1; ; -- and that is all;\n /* really; */ ',
  "SELECT ';', 'it''s; so', 'a\\';b'",
  'SELECT `a;b`, "c;d" FROM t',
  "INSERT INTO t VALUES (1); ('x')",
  '-- rows;\nINSERT INTO t FORMAT CSV\n1;2',
])('takes for one statement: %s', (sql) => {
  expect(hasSeveralStatements(sql)).toBe(false);
});

it.each([
  'SELECT 1; SELECT 2',
  'CREATE TABLE a (x Int8) ENGINE = Memory;\n\nCREATE TABLE b (x Int8) ENGINE = Memory;',
  "SELECT 1; 'text'",
  "SELECT 'a;b'; SELECT 2;",
])('takes for several statements: %s', (sql) => {
  expect(hasSeveralStatements(sql)).toBe(true);
});
