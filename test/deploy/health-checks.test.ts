import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { readCompose, readRepository } from './compose-file.ts';

// The checks are programs that are written inside other files; here they run, with the port of a server of this test.

let stop: () => Promise<void> = async () => {};
afterEach(() => stop());

describe('the health check of the image', () => {
  it('is content while /livez answers', async () => {
    const port = await serve(200);
    expect(await exitCode(await imageCheck(), '9464', port)).toBe(0);
  });

  it('complains when /livez answers with an error', async () => {
    const port = await serve(503);
    expect(await exitCode(await imageCheck(), '9464', port)).toBe(1);
  });

  it('complains when nobody answers', async () => {
    const port = await serve(200);
    await stop();
    expect(await exitCode(await imageCheck(), '9464', port)).toBe(1);
  });
});

describe('the health check of the sink', () => {
  it('is content when the sink can be reached, without sending it anything', async () => {
    const requests: string[] = [];
    const port = await serve(200, (path) => requests.push(path));
    expect(await exitCode(await sinkCheck(), '8080', port)).toBe(0);
    expect(requests).toEqual([]);
  });

  it('complains when nobody answers', async () => {
    const port = await serve(200);
    await stop();
    expect(await exitCode(await sinkCheck(), '8080', port)).toBe(1);
  });
});

async function imageCheck(): Promise<readonly string[]> {
  const command = /HEALTHCHECK[^\n]*\\\n\s*CMD (\[.*\])$/m.exec(await readRepository('Dockerfile'))?.[1];
  return JSON.parse(command ?? '[]') as string[];
}

async function sinkCheck(): Promise<readonly string[]> {
  const { services } = await readCompose();
  return services['sink']?.healthcheck?.test?.slice(1) ?? [];
}

async function serve(status: number, heard: (path: string) => void = () => {}): Promise<number> {
  const server = createServer((request, response) => {
    heard(request.url ?? '');
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stop = () =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return (server.address() as AddressInfo).port;
}

function exitCode(command: readonly string[], port: string, actualPort: number): Promise<number> {
  const [program, ...args] = command.map((part) => part.replaceAll(port, String(actualPort)));
  expect(program).toBe('node');
  expect(args.join(' ')).toContain(String(actualPort));
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, () => resolve(child.exitCode ?? -1));
  });
}
