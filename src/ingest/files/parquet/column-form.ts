import type { ColumnMetaData, SchemaElement, SchemaTree } from 'hyparquet';
import { type Meaning, utf8Text } from '../byte-dictionary.ts';
import type { CellKind } from '../column-batch.ts';
import type { Physical } from './column-pages.ts';
import { type NumberFormat, numberFormat } from './number-format.ts';
import type { ListLevels } from './number-lists.ts';

/** How a column is read. */
export type ColumnForm =
  | { readonly form: 'numbers'; readonly format: NumberFormat; readonly physical: Physical }
  | { readonly form: 'booleans'; readonly physical: Physical }
  | {
      readonly form: 'texts';
      readonly meaning: Meaning;
      /** Bytes of a value, where all have the same. */
      readonly width: number | undefined;
      readonly physical: Physical;
    }
  | {
      readonly form: 'lists';
      readonly format: NumberFormat;
      readonly levels: ListLevels;
      readonly physical: Physical;
    }
  | { readonly form: 'nested' };

/** Types whose values are objects, or need more than a look at their bytes. */
const STRUCTURED = new Set(['JSON', 'VARIANT', 'GEOMETRY', 'GEOGRAPHY']);

/**
 * What the types of a column say. Ids beyond 2^53 are categories, since as numbers they would run together; the statistics
 * of its chunks tell.
 */
export function columnForm(column: SchemaTree, chunks: readonly ColumnMetaData[]): ColumnForm {
  const { element, children } = column;
  if (children.length > 0 || element.repetition_type === 'REPEATED') return listForm(column);
  const physical = physicalOf([element]);
  const { type, converted_type: converted, logical_type: logical } = element;
  if (STRUCTURED.has(converted ?? '') || STRUCTURED.has(logical?.type ?? '')) return { form: 'nested' };
  if (type === 'BOOLEAN') return { form: 'booleans', physical };
  const format = numberFormat(element);
  if (format !== undefined) {
    return type === 'INT64' && format.kind === 'numeric' && hasLargeIds(chunks)
      ? { form: 'texts', meaning: idText(element), width: 8, physical }
      : { form: 'numbers', format, physical };
  }
  if (type === 'BYTE_ARRAY') {
    // A decimal of any length; hyparquet knows how to read it.
    if (converted === 'DECIMAL' || logical?.type === 'DECIMAL') return { form: 'nested' };
    return {
      form: 'texts',
      meaning: converted === 'BSON' ? hexText : utf8Text,
      width: undefined,
      physical,
    };
  }
  if (type === 'FIXED_LEN_BYTE_ARRAY') {
    const meaning = logical?.type === 'UUID' ? uuidText : hexText;
    return { form: 'texts', meaning, width: element.type_length ?? 0, physical };
  }
  return { form: 'nested' };
}

/** Undefined for columns of which not every value is of one kind. */
export function kindOfForm(form: ColumnForm): CellKind | undefined {
  switch (form.form) {
    case 'numbers':
      return form.format.kind;
    case 'booleans':
      return 'boolean';
    case 'texts':
      return 'categorical';
    case 'lists':
    case 'nested':
      return undefined;
  }
}

/** A list of numbers, in two levels or three, has one leaf and one repeated element on the way to it. */
function listForm(column: SchemaTree): ColumnForm {
  const path: SchemaTree[] = [column];
  for (let node = column; node.children.length > 0; ) {
    const [only, second] = node.children;
    if (only === undefined || second !== undefined) return { form: 'nested' };
    path.push(only);
    node = only;
  }
  const elements = path.map((node) => node.element);
  const leaf = path.at(-1) as SchemaTree;
  const physical = physicalOf(elements);
  const format = numberFormat(leaf.element);
  const isList = elements.length === 1 || elements[0]?.converted_type === 'LIST';
  if (!isList || format?.kind !== 'numeric' || physical.maxRepetition !== 1 || elements.length > 3) {
    return { form: 'nested' };
  }
  const repeated = elements.findIndex((element) => element.repetition_type === 'REPEATED');
  return {
    form: 'lists',
    format,
    physical,
    levels: {
      list: definitionLevel(elements.slice(0, repeated)),
      element: definitionLevel(elements.slice(0, repeated + 1)),
      value: physical.maxDefinition,
    },
  };
}

function physicalOf(elements: readonly SchemaElement[]): Physical {
  return {
    maxRepetition: elements.filter((element) => element.repetition_type === 'REPEATED').length,
    maxDefinition: definitionLevel(elements),
    typeLength: elements.at(-1)?.type_length,
  };
}

function definitionLevel(elements: readonly SchemaElement[]): number {
  return elements.filter((element) => element.repetition_type !== 'REQUIRED').length;
}

function hasLargeIds(chunks: readonly ColumnMetaData[]): boolean {
  return chunks.some(({ statistics }) =>
    [statistics?.min_value, statistics?.max_value, statistics?.min, statistics?.max].some(
      (bound) => typeof bound === 'bigint' && !Number.isSafeInteger(Number(bound)),
    ),
  );
}

function idText({ converted_type: converted, logical_type: logical }: SchemaElement): Meaning {
  const isUnsigned = converted === 'UINT_64' || (logical?.type === 'INTEGER' && !logical.isSigned);
  return (bytes, from) => String(isUnsigned ? bytes.readBigUInt64LE(from) : bytes.readBigInt64LE(from));
}

function hexText(bytes: Buffer, from: number, to: number): string {
  return bytes.toString('hex', from, to);
}

function uuidText(bytes: Buffer, from: number, to: number): string {
  return hexText(bytes, from, to).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
