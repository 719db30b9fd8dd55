/** Reads one place of a parsed payload; undefined when it is not there. */
export type Reader = (payload: unknown) => unknown;

const STEP = /\.([A-Za-z_][\w-]*)|\[(\d+)\]|\['([^']*)'\]/y;

export const JSON_PATH_FORM = "a path such as $.request.id, $.items[0] or $['odd key']";

/**
 * Takes apart the part of JSONPath that leads to exactly one place: names, quoted names and array positions.
 *
 * @returns the keys on the way; undefined when the text is not such a path.
 */
export function jsonPathSteps(text: string): string[] | undefined {
  if (!text.startsWith('$')) return undefined;
  const steps: string[] = [];
  STEP.lastIndex = 1;
  while (STEP.lastIndex < text.length) {
    const match = STEP.exec(text);
    if (match === null) return undefined;
    steps.push(match[1] ?? match[2] ?? match[3] ?? '');
  }
  return steps;
}

/** @returns undefined when the text is not a path as `jsonPathSteps` takes it. */
export function compileJsonPath(text: string): Reader | undefined {
  const steps = jsonPathSteps(text);
  if (steps === undefined) return undefined;
  return (payload) => {
    let current = payload;
    for (const step of steps) {
      if (typeof current !== 'object' || current === null || !Object.hasOwn(current, step)) return undefined;
      current = Reflect.get(current, step);
    }
    return current;
  };
}
