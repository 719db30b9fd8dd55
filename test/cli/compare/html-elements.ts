/** An element as it begins in the text of a page. */
export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyArray<readonly [name: string, value: string]>;
}

const VOID = new Set(['meta', 'br', 'wbr', 'input']);
const TAG = /^<(\/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s+[a-zA-Z][a-zA-Z0-9-]*(?:="[^"<]*")?)*)\s*(\/?)>/;

/** The elements of a page in order. Throws where a tag is not one, and where tags do not close in the order they opened. */
export function elementsOf(html: string): Element[] {
  const elements: Element[] = [];
  const open: string[] = [];
  let at = html.indexOf('<', '<!doctype html>'.length);
  while (at !== -1) {
    const [tag, slash, name, attributes, closed] = TAG.exec(html.slice(at, at + 20_000)) ?? [];
    if (tag === undefined || name === undefined) throw new Error(`no tag: ${html.slice(at, at + 60)}`);
    if (slash === '/') {
      const last = open.pop();
      if (last !== name) throw new Error(`</${name}> closes <${last}>: ${html.slice(at - 60, at + 60)}`);
    } else {
      elements.push({ name, attributes: attributesOf(attributes ?? '') });
      if (closed !== '/' && !VOID.has(name)) open.push(name);
    }
    const raw = slash !== '/' && (name === 'script' || name === 'style');
    at = raw ? html.indexOf(`</${name}`, at) : html.indexOf('<', at + tag.length);
  }
  if (open.length > 0) throw new Error(`never closed: ${open.join(', ')}`);
  return elements;
}

export function attributeOf({ attributes }: Element, name: string): string | undefined {
  return attributes.find(([each]) => each === name)?.[1];
}

/** What a reader sees, roughly: a space for each tag that begins or ends something of its own. */
export function textOf(html: string): string {
  return html
    .replaceAll(/<(style|script)>.*?<\/\1>/gs, '')
    .replaceAll(/<\/?(?:bdi|wbr|strong|em|a|span)\b[^>]*>/g, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .trim();
}

function attributesOf(text: string): Array<readonly [string, string]> {
  return [...text.matchAll(/([a-zA-Z][a-zA-Z0-9-]*)(?:="([^"]*)")?/g)].map(([, name, value]) => [
    name ?? '',
    value ?? '',
  ]);
}
