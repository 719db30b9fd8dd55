import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import { type Random, seededRandom } from '../src/base/random.ts';
import {
  type Draw,
  lognormal,
  normal,
  poisson,
  sometimes,
  studentT,
  uniformCategory,
  zipfCategory,
} from './detection/draw.ts';

/** Rows that are in memory at a time, and in a row group of the Parquet file. */
const SLICE = 100_000;

interface Column {
  readonly name: string;
  readonly kind: 'numeric' | 'categorical';
  readonly draw: Draw;
  /** Decimals of a number; undefined for all that it has, as data frames write them. */
  readonly decimals: number | undefined;
}

/** The same table in two formats. */
export interface TableFiles {
  readonly csv: string;
  readonly parquet: string;
  readonly rows: number;
  readonly columns: ReadonlyArray<{ readonly name: string; readonly kind: 'numeric' | 'categorical' }>;
}

export interface TableOptions {
  readonly name: string;
  readonly rows: number;
  readonly seed: number;
}

/**
 * Twenty numeric columns (eight with all digits of a double, seven with two decimals, five of whole numbers; two of them
 * with gaps) and five categorical ones with 2 to 5 000 categories.
 */
function tableColumns(): readonly Column[] {
  const full = [0, 1, 2, 3].flatMap((i) => [normal(i, 1 + i), studentT(3 + i)]);
  const amounts = [0.25, 0.5, 0.75, 1, 1.25, 1.5].map((sigma) => lognormal(sigma, 0));
  const whole = [0.5, 3, 12, 50].map((mean) => poisson(mean));
  const draws: ReadonlyArray<readonly [Draw, number | undefined]> = [
    ...full.map((draw) => [draw, undefined] as const),
    ...amounts.map((draw) => [scaled(draw, 100), 2] as const),
    [sometimes(0.05, Number.NaN, normal(100, 15)), 2],
    ...whole.map((draw) => [draw, 0] as const),
    [sometimes(0.01, Number.NaN, scaled(uniformCategory(1_000_000), 1)), 0],
  ];
  const categories = [
    uniformCategory(2),
    uniformCategory(20),
    zipfCategory(200, 1),
    sometimes(0.02, Number.NaN, uniformCategory(50)),
    zipfCategory(5_000, 1.1),
  ];
  return [
    ...draws.map(([draw, decimals], i) => ({ name: `n${i}`, kind: 'numeric' as const, draw, decimals })),
    ...categories.map((draw, i) => ({ name: `c${i}`, kind: 'categorical' as const, draw, decimals: 0 })),
  ];
}

/** Writes a table that the seed decides, into a folder that is there; memory does not grow with the rows. */
export async function writeTable(folder: string, options: TableOptions): Promise<TableFiles> {
  const { name, rows, seed } = options;
  const columns = tableColumns();
  const csv = join(folder, `${name}.csv`);
  const parquet = join(folder, `${name}.parquet`);
  const random = seededRandom(seed);
  const handle = openSync(csv, 'w');
  let writer: ParquetWriter | undefined;
  try {
    writeSync(handle, `${columns.map((column) => column.name).join(',')}\n`);
    for (let start = 0; start < rows; start += SLICE) {
      const cells = columns.map((column) => drawCells(column, Math.min(SLICE, rows - start), random));
      writeSync(handle, csvText(cells));
      const columnData = columns.map(({ name: column, kind }, i) => ({
        name: column,
        data: cells[i] as Array<number | string | null>,
        type: kind === 'numeric' ? ('DOUBLE' as const) : ('STRING' as const),
        nullable: true,
      }));
      writer ??= new ParquetWriter({
        writer: fileWriter(parquet),
        schema: schemaFromColumnData({ columnData }),
      });
      await writer.write({ columnData, rowGroupSize: SLICE });
    }
    await writer?.finish();
  } finally {
    closeSync(handle);
  }
  return { csv, parquet, rows, columns: columns.map(({ name: column, kind }) => ({ name: column, kind })) };
}

/** SQL by which the embedded engine reads every value of such a file and does nothing with it. */
export function readingQuery(file: string, { columns }: TableFiles): string {
  const sums = columns.map(({ name, kind }) =>
    kind === 'numeric' ? `sum(${name})` : `sum(cityHash64(${name}))`,
  );
  const types = columns.map(
    ({ name, kind }) => `${name} Nullable(${kind === 'numeric' ? 'Float64' : 'String'})`,
  );
  const format = file.endsWith('.parquet') ? 'Parquet' : 'CSVWithNames';
  return `SELECT ${sums.join(', ')} FROM file('${file}', ${format}, '${types.join(', ')}')`;
}

function scaled(draw: Draw, factor: number): Draw {
  return (random, wave) => factor * draw(random, wave);
}

function drawCells(
  { kind, draw, decimals }: Column,
  rows: number,
  random: Random,
): Array<number | string | null> {
  const factor = 10 ** (decimals ?? 0);
  return Array.from({ length: rows }, () => {
    const value = draw(random, 0);
    if (Number.isNaN(value)) return null;
    if (kind === 'categorical') return `category ${value}`;
    return decimals === undefined ? value : Math.round(value * factor) / factor;
  });
}

function csvText(cells: ReadonlyArray<ReadonlyArray<number | string | null>>): string {
  const rows = cells[0]?.length ?? 0;
  const lines: string[] = [];
  for (let row = 0; row < rows; row += 1) lines.push(cells.map((column) => column[row] ?? '').join(','));
  return `${lines.join('\n')}\n`;
}
