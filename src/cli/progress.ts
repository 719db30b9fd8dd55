import { Presets, SingleBar } from 'cli-progress';

export interface Progress {
  update(done: number): void;
  /** Lets something be printed above the bar, which comes back under it. */
  above(print: () => void): void;
  stop(): void;
}

const SAVE_CURSOR = '\x1b7';

const SILENT: Progress = { update: () => undefined, above: (print) => print(), stop: () => undefined };

/** A bar on stderr while that is a terminal; nothing at all when it is piped. */
export function progressBar(
  label: string,
  total: number,
  stream: NodeJS.WritableStream & { readonly isTTY?: boolean } = process.stderr,
): Progress {
  if (stream.isTTY !== true) return SILENT;
  const bar = new SingleBar(
    {
      format: `${label} [{bar}] {percentage}%  {eta_formatted} left`,
      stream,
      hideCursor: true,
      gracefulExit: false,
      // Else it is not drawn again below other lines while it stays the same.
      forceRedraw: true,
    },
    Presets.legacy,
  );
  const start = (done: number): void => bar.start(Math.max(1, total), done);
  let done = 0;
  start(done);
  return {
    update: (now) => {
      done = Math.min(now, total);
      bar.update(done);
    },
    above: (print) => {
      const terminal = stream as Partial<NodeJS.WriteStream>;
      terminal.cursorTo?.(0);
      terminal.clearLine?.(0);
      print();
      // When it ends, the bar jumps back to where the cursor was saved. That must now be its new line.
      stream.write(SAVE_CURSOR);
      bar.render();
    },
    stop: () => bar.stop(),
  };
}
