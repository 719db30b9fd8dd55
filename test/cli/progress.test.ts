import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { progressBar } from '../../src/cli/progress.ts';

/** What a terminal is to a progress bar. */
function terminal(isTTY: boolean): { readonly stream: PassThrough; readonly written: () => string } {
  const stream = new PassThrough();
  let text = '';
  stream.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8');
  });
  const move = (code: string) => (): boolean => stream.write(code);
  Object.assign(stream, {
    isTTY,
    columns: 80,
    rows: 24,
    clearLine: move('\x1b[2K'),
    cursorTo: move('\x1b[1G'),
  });
  return { stream, written: () => text };
}

describe('a progress bar', () => {
  it('is drawn on a terminal, up to its end', () => {
    const { stream, written } = terminal(true);
    const bar = progressBar('reading', 200, stream);
    bar.update(100);
    bar.update(500);
    bar.stop();
    expect(written()).toContain('reading [');
    expect(written()).toContain('] 0%');
    expect(written()).toContain('] 100%');
    expect(written().endsWith('\n')).toBe(true);
  });

  it('makes room for lines above it and comes back under them', () => {
    const { stream, written } = terminal(true);
    const bar = progressBar('reading', 200, stream);
    bar.above(() => stream.write('an alert fires\n'));
    bar.stop();
    const [before = '', after = ''] = written().split('an alert fires\n');
    expect(before.endsWith('\x1b[2K')).toBe(true);
    expect(after).toContain('reading [');
    // The place to which the cursor goes back at the end was saved anew.
    expect(after.startsWith('\x1b7')).toBe(true);
  });

  it('writes nothing at all when the output is piped, but lets others write', () => {
    const { stream, written } = terminal(false);
    const bar = progressBar('reading', 200, stream);
    bar.update(100);
    bar.above(() => stream.write('an alert fires\n'));
    bar.stop();
    expect(written()).toBe('an alert fires\n');
  });

  it('leaves the handling of signals to others', () => {
    const { stream } = terminal(true);
    const before = [process.listenerCount('SIGINT'), process.listenerCount('SIGTERM')];
    const bar = progressBar('reading', 200, stream);
    expect([process.listenerCount('SIGINT'), process.listenerCount('SIGTERM')]).toEqual(before);
    bar.stop();
  });
});
