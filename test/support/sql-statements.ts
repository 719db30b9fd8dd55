// Comments, then everything in which a semicolon means nothing, then the semicolon itself.
const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S])*"|`(?:[^`\\]|\\[\s\S])*`|;/g;
const COMMENT = /^(?:--|\/\*)/;

/**
 * True when text goes on behind a semicolon. A ClickHouse server refuses that, the embedded engine does not, so code
 * tested on the engine alone may rely on it. Inline data of an INSERT is not looked at.
 */
export function hasSeveralStatements(sql: string): boolean {
  if (/^\s*INSERT\b/i.test(withoutComments(sql))) return false;
  let rest = '';
  let ended = false;
  let position = 0;
  for (const { 0: token, index } of sql.matchAll(TOKEN)) {
    if (ended) rest += sql.slice(position, index) + (COMMENT.test(token) || token === ';' ? '' : token);
    if (token === ';') ended = true;
    position = index + token.length;
  }
  if (ended) rest += sql.slice(position);
  return rest.trim() !== '';
}

function withoutComments(sql: string): string {
  return sql.replace(TOKEN, (token) => (COMMENT.test(token) ? ' ' : token));
}
