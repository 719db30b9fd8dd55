import { jsonPathSteps } from '../json-path.ts';
import { MAPPED_FIELDS, type MappedField, type Mapping } from '../mapping.ts';
import { type Layout, ROOT } from './layout.ts';

/** Where each field of an event stands in the messages of a layout; -1 for those that no message had. */
export type FieldPositions = Readonly<Record<MappedField, number>>;

export interface FieldFinder {
  readonly find: (layout: Layout) => FieldPositions;
  /** What the mapping gives for every message. */
  readonly model?: string;
  readonly version?: string;
}

/**
 * Makes a function that finds the fields of an event in a layout, through the user's mapping where there is one.
 *
 * @returns undefined for mappings with constants for anything but the model and the version: those are rare, and messages
 *   are then read by JSON.parse.
 */
export function fieldFinder(mapping: Mapping | undefined): FieldFinder | undefined {
  const constants: { model?: string; version?: string } = {};
  const paths = new Map<MappedField, readonly string[]>();
  for (const field of MAPPED_FIELDS) {
    const source = mapping?.[field] ?? `$.${field}`;
    const steps = jsonPathSteps(source);
    if (steps !== undefined) paths.set(field, steps);
    else if (field === 'model' || field === 'version') constants[field] = source;
    else return undefined;
  }
  const positionOf = (layout: Layout, field: MappedField): number => {
    const steps = paths.get(field);
    if (steps === undefined) return -1;
    let position = ROOT;
    for (const step of steps) {
      position = layout.child(position, step);
      if (position < 0) return -1;
    }
    return position;
  };
  return {
    find: (layout) =>
      Object.fromEntries(MAPPED_FIELDS.map((field) => [field, positionOf(layout, field)])) as FieldPositions,
    ...constants,
  };
}
