import { expect, it } from 'vitest';
import { JointInserts } from '../../src/pipeline/joint-inserts.ts';

interface Begun {
  readonly table: string;
  readonly rows: readonly object[];
  readonly end: (error?: unknown) => void;
}

/** A store that keeps each insert open until the test ends it. */
function openInserts(writers = 1) {
  const begun: Begun[] = [];
  const joint = new JointInserts({
    writers,
    insert: (table, rows) =>
      new Promise((resolve, reject) => {
        begun.push({ table, rows, end: (error) => (error === undefined ? resolve() : reject(error)) });
      }),
  });
  const sizes = (): number[] => begun.map(({ rows }) => rows.length);
  /** Lets promises go on. */
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return { joint, begun, sizes, settle };
}

const rows = (count: number): object[] => Array.from({ length: count }, (_, n) => ({ n }));

it('begins at once what nothing stands before, each table by itself', async () => {
  const { joint, begun, settle } = openInserts();
  void joint.insert('profile_parts', rows(3));
  void joint.insert('progress', rows(1));
  await settle();
  expect(begun.map(({ table }) => table)).toEqual(['profile_parts', 'progress']);
});

it('puts together what waits, up to what an insert may hold', async () => {
  const { joint, begun, sizes, settle } = openInserts();
  for (const count of [10, 100, 100, 100, 50]) void joint.insert('profile_parts', rows(count));
  await settle();
  expect(sizes()).toEqual([10]);
  begun[0]?.end();
  await settle();
  // What does not fit goes with the next; what fits does not wait for it.
  expect(sizes()).toEqual([10, 250]);
  begun[1]?.end();
  await settle();
  expect(sizes()).toEqual([10, 250, 100]);
});

it('begins as many at a time as the store makes use of', async () => {
  const { joint, begun, sizes, settle } = openInserts(2);
  for (let i = 0; i < 5; i += 1) void joint.insert('progress', rows(1));
  await settle();
  expect(sizes()).toEqual([1, 1]);
  begun[1]?.end();
  await settle();
  expect(sizes()).toEqual([1, 1, 3]);
});

it('tells everybody when their rows are stored, and not before', async () => {
  const { joint, begun, settle } = openInserts();
  const stored: string[] = [];
  for (const name of ['a', 'b', 'c'])
    void joint.insert('progress', rows(1)).then(() => {
      stored.push(name);
    });
  await settle();
  expect(stored).toEqual([]);
  begun[0]?.end();
  await settle();
  expect(stored).toEqual(['a']);
  begun[1]?.end();
  await settle();
  expect(stored).toEqual(['a', 'b', 'c']);
});

it('fails all whose rows went together, and goes on with the next', async () => {
  const { joint, begun, settle } = openInserts();
  void joint.insert('progress', rows(1));
  const failing = Promise.allSettled([joint.insert('progress', rows(1)), joint.insert('progress', rows(1))]);
  await settle();
  begun[0]?.end();
  await settle();
  begun[1]?.end(new Error('on purpose'));
  expect((await failing).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  const next = joint.insert('progress', rows(1));
  await settle();
  begun[2]?.end();
  await next;
});
