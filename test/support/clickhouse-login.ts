import type { IncomingMessage } from 'node:http';

export interface Login {
  readonly user: string;
  readonly password: string;
}

/** Who the request says it is: a Basic header, ClickHouse's own headers, or URL parameters; else `default` without password. */
export function loginOf(request: IncomingMessage, url: URL): Login {
  const basic = /^Basic (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (basic !== undefined) {
    const [user = '', ...password] = Buffer.from(basic, 'base64').toString().split(':');
    return { user, password: password.join(':') };
  }
  const headers = request.headers;
  if (headers['x-clickhouse-user'] !== undefined || headers['x-clickhouse-key'] !== undefined) {
    return {
      user: String(headers['x-clickhouse-user'] ?? 'default'),
      password: String(headers['x-clickhouse-key'] ?? ''),
    };
  }
  return {
    user: url.searchParams.get('user') ?? 'default',
    password: url.searchParams.get('password') ?? '',
  };
}
