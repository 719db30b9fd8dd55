import type { WriteStream } from 'node:tty';
import { SingleBar } from 'cli-progress';

export interface ProgressBar {
  update(done: number): void;
  /** Runs `write`, which may print lines to the same terminal, without the bar in its way. */
  above(write: () => void): void;
  /** Ends the bar and leaves its last state on the terminal. */
  stop(): void;
}

type Stream = NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY' | 'clearLine' | 'cursorTo'>>;

/**
 * A progress bar on the terminal, and nothing at all when stderr is piped or redirected.
 *
 * @param total in whatever unit `update` is called with.
 */
export function progressBar(label: string, total: number, stream: Stream = process.stderr): ProgressBar {
  if (stream.isTTY !== true)
    return { update: () => undefined, above: (write) => write(), stop: () => undefined };
  const bar = new SingleBar({
    stream,
    format: `${label} [{bar}] {percentage}% {eta_formatted} left`,
    barCompleteChar: '=',
    barIncompleteChar: ' ',
    hideCursor: true,
    // Signals belong to main; a second handler here would end the process before it has cleaned up.
    gracefulExit: false,
  });
  bar.start(total, 0);
  return {
    update: (done) => bar.update(Math.min(done, total)),
    above(write) {
      stream.cursorTo?.(0);
      stream.clearLine?.(0);
      write();
      bar.render(true);
    },
    stop: () => bar.stop(),
  };
}
