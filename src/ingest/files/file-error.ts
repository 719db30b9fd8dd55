import { DriftdError, messageOf } from '../../base/errors.ts';

/** Says in words what is wrong with a file that could not be read. */
export function fileError(file: string, error: unknown): DriftdError {
  if (error instanceof DriftdError) return error;
  const code = codeOf(error);
  const input = (problem: string): DriftdError =>
    new DriftdError('input', `${file}: ${problem}`, { cause: error });
  if (code === 'ENOENT' || code === 'ENOTDIR') return input('there is no such file');
  if (code === 'EISDIR') return input('is a directory; name the files in it');
  if (code === 'EACCES' || code === 'EPERM') return input('may not be read by this user');
  if (code.startsWith('Z_')) return input(`the gzip data is damaged or cut off (${messageOf(error)})`);
  return new DriftdError('environment', `${file}: cannot be read (${messageOf(error)})`, { cause: error });
}

/** A fault on a certain line, in the form that editors turn into a link. */
export function lineError(file: string, line: number, problem: string, cause?: unknown): DriftdError {
  return new DriftdError('input', `${file}:${line}: ${problem}`, cause === undefined ? {} : { cause });
}

function codeOf(error: unknown): string {
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' ? code : '';
}
