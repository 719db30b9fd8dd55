/** What a ClickHouse server says when a statement fails. */
export interface ClickHouseFailure {
  readonly code: number;
  readonly status: number;
  /** `Code: N. DB::Exception: text. (NAME) (version V (official build))` and a newline, as clients parse it. */
  readonly body: string;
}

const BAD_REQUEST = [
  6, 8, 15, 25, 26, 27, 36, 37, 38, 41, 44, 53, 62, 72, 117, 123, 167, 168, 223, 321, 376, 427, 441, 675, 676,
];
const NOT_FOUND = [46, 47, 50, 56, 60, 63, 73, 78, 81, 115, 152, 336, 511];
const FORBIDDEN = [192, 193, 497, 512, 516];

/** HTTP status by error code, as in ClickHouse's src/Server/HTTP/exceptionCodeToHTTPStatus.cpp; anything else is 500. */
const STATUS: ReadonlyMap<number, number> = new Map([
  ...BAD_REQUEST.map((code): [number, number] => [code, 400]),
  ...NOT_FOUND.map((code): [number, number] => [code, 404]),
  ...FORBIDDEN.map((code): [number, number] => [code, 403]),
  [48, 501],
  [76, 503],
  [159, 408],
  [194, 401],
  [209, 503],
  [229, 413],
  [381, 411],
  [439, 503],
  [779, 415],
]);

/** An error of the HTTP layer itself, in the engine's own words. */
export function exceptionMessage(code: number, name: string, text: string): string {
  return `Code: ${code}. DB::Exception: ${text}. (${name})`;
}

/** Shapes the engine's message the way a server does. What is not an engine's message becomes a LOGICAL_ERROR. */
export function describeFailure(message: string, version: string): ClickHouseFailure {
  // Inserts come wrapped twice: Code: 27. DB::Exception: Code: 27. DB::Exception: ...
  const innermost = message.slice(Math.max(0, message.lastIndexOf('Code: ')));
  const match = /^Code: (\d+)\. DB::Exception: (.*?\([A-Z][A-Z0-9_]{2,}\))/s.exec(innermost);
  const code = Number(match?.[1] ?? 49);
  const text = match?.[2] ?? `${message}. (LOGICAL_ERROR)`;
  return {
    code,
    status: STATUS.get(code) ?? 500,
    body: `Code: ${code}. DB::Exception: ${text} (version ${version} (official build))\n`,
  };
}
