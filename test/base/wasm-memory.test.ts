import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { WasmMemory } from '../../src/base/wasm-memory.ts';

interface GrowingMemory {
  grow(pages: number): number;
}

function caught(work: () => void): unknown {
  try {
    work();
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('a memory of WebAssembly', () => {
  it('gives each owner room of its own, and says when its arrays have become others', () => {
    const memory = new WasmMemory(100);
    let moves = 0;
    memory.onMove(() => {
      moves += 1;
    });
    const [first, second] = [memory.allocate({}, 70), memory.allocate({}, 8)];
    memory.bytes.fill(1, first, first + 70);
    memory.bytes.fill(2, second, second + 8);
    expect([first % 64, second % 64, moves]).toEqual([0, 0, 0]);
    const far = memory.allocate({}, 10 * 65_536);
    expect(moves).toBe(1);
    memory.doubles[(far >> 3) + 80_000] = 0.5;
    expect(memory.bytes.subarray(first, first + 70).every((byte) => byte === 1)).toBe(true);
    expect(memory.bytes.readDoubleLE(far + 640_000)).toBe(0.5);
    expect(memory.words.length).toBe(memory.bytes.length / 4);
  });

  it('grows in few steps, and to the last page that there is', () => {
    const memory = new WasmMemory();
    let moves = 0;
    memory.onMove(() => {
      moves += 1;
    });
    const kept = {};
    for (let i = 0; i < 1_000; i += 1) memory.allocate(kept, 65_536);
    expect(moves).toBeLessThan(60);
    expect(memory.bytes.length).toBeLessThan(1.2 * 1_000 * 65_536);
    const fill = (): never => {
      for (;;) memory.allocate(kept, 65_536);
    };
    expect(fill).toThrow('which take 2048 MB (2048 MB at most)');
    expect(memory.bytes.length).toBe(2 ** 31);
  });

  it('grows by what it needs where the system refuses a larger step', () => {
    const { WebAssembly } = globalThis as unknown as {
      WebAssembly: { Memory: { prototype: GrowingMemory } };
    };
    const grow = vi.spyOn(WebAssembly.Memory.prototype, 'grow');
    onTestFinished(() => grow.mockRestore());
    const memory = new WasmMemory(1_000 * 65_536);
    const refused = new RangeError('WebAssembly.Memory.grow(): Unable to grow instance memory');
    grow.mockImplementationOnce(() => {
      throw refused;
    });
    memory.allocate({}, 2 * 65_536);
    expect(memory.bytes.length).toBe(1_002 * 65_536);
    grow.mockImplementation(() => {
      throw refused;
    });
    const failure = caught(() => memory.allocate({}, 65_536));
    expect(failure).toMatchObject({ code: 'environment', cause: refused });
    expect((failure as Error).message).toContain('which take 63 MB (2048 MB at most)');
  });

  it('gives the room of owners that are gone to others', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const memory = new WasmMemory();
    const kept = {};
    const taken = new Set([memory.allocate(kept, 4_000)]);
    for (let i = 0; i < 50; i += 1) taken.add(memory.allocate({}, 4_000));
    expect(taken.size).toBe(51);
    let next = Number.NaN;
    for (let attempt = 0; attempt < 100 && !taken.has(next); attempt += 1) {
      collect();
      await sleep(10);
      // A bit smaller, but it fits.
      next = memory.allocate(kept, 3_990);
    }
    expect(taken.has(next)).toBe(true);
  });
});
