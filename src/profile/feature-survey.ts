import { seededRandom } from '../base/random.ts';
import { categoryOf } from './categorical-profile.ts';
import { isVector } from './derived/embedding.ts';
import { createTextReader, type TextReader } from './derived/words.ts';
import { type FeatureSpec, isOutputFeature, SCORE_FEATURE } from './feature-spec.ts';
import { buildGrid, buildScoreGrid } from './grid.ts';
import { NumberSample } from './sample.ts';

/** Values that are kept of a numeric feature while its grid is being made. */
const SAMPLE_CAPACITY = 100_000;
/** Distinct categories that are counted while the most frequent ones are being found. */
const CATEGORY_CAPACITY = 50_000;
/**
 * How often a category must occur to be kept where not all can be: the most frequent of many rare ones are those that chance
 * favoured, and would all seem to have become rarer.
 */
const FEWEST = 30;
/** Longest category that is kept by name, in UTF-16 units. */
const CATEGORY_LENGTH = 256;

/** Strings are a text from this many on, when more than half are distinct and have this many words on average. */
const TEXT_VALUES = 50;
const TEXT_WORDS = 3;
/** Distinct strings whose words are counted for that. */
const TEXT_SAMPLE = 1_000;

export type FeatureKind = 'numeric' | 'categorical' | 'embedding' | 'text';

/** What the user says about kinds; features that are not named are inferred from their values. */
export interface DeclaredKinds {
  readonly numeric: ReadonlySet<string>;
  readonly categorical: ReadonlySet<string>;
  readonly text: ReadonlySet<string>;
  readonly embedding: ReadonlySet<string>;
}

export const NOTHING_DECLARED: DeclaredKinds = {
  numeric: new Set(),
  categorical: new Set(),
  text: new Set(),
  embedding: new Set(),
};

/** Finds out how one feature is to be profiled: its kind, and its grid or its categories. */
export class FeatureSurvey {
  readonly #name: string;
  readonly #declared: FeatureKind | undefined;
  // Each feature draws for itself, so that its sample does not depend on which others there are.
  readonly #numbers: NumberSample;
  readonly #categories = new Map<string, number>();
  #numberCount = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;
  #categoryCount = 0;
  /** Values whose category was not kept. */
  #unkept = 0;
  /** Some of those, and their words. */
  #unkeptTexts = 0;
  #unkeptWords = 0;
  #readText: TextReader | undefined;
  /** Vectors by their length. */
  readonly #vectors = new Map<number, number>();

  /** @param capacity numbers that are kept while the grid is being made. */
  constructor(name: string, declared: DeclaredKinds, capacity = SAMPLE_CAPACITY) {
    this.#name = name;
    this.#numbers = new NumberSample(capacity, seededRandom(1));
    this.#declared = kindOf(name, declared);
  }

  /** Takes note of one raw JSON value; null, undefined and values of no kind tell nothing. */
  add(value: unknown): void {
    const category = categoryOf(value, this.#declared === 'categorical');
    if (typeof category === 'string') this.addCategory(category, 1);
    else if (typeof value === 'number' && Number.isFinite(value)) this.#addNumber(value);
    else if (isVector(value)) this.#vectors.set(value.length, (this.#vectors.get(value.length) ?? 0) + 1);
  }

  /** Takes note of the first `rows` of a column of numbers, as `add` would; NaN tells nothing. */
  addNumbers(values: Float64Array, rows: number): void {
    for (let i = 0; i < rows; i += 1) {
      const value = values[i] as number;
      if (Number.isNaN(value)) continue;
      if (this.#declared === 'categorical') this.addCategory(String(value), 1);
      else this.#addNumber(value);
    }
  }

  /** Takes note of a category that occurs `count` times. */
  addCategory(category: string, count: number): void {
    this.#categoryCount += count;
    if (this.#declared === 'text' || this.#declared === 'embedding') return;
    const known = this.#categories.get(category);
    const isNew = known === undefined;
    if (isNew && (category.length > CATEGORY_LENGTH || this.#categories.size >= CATEGORY_CAPACITY)) {
      this.#unkept += count;
      if (this.#unkeptTexts >= TEXT_SAMPLE) return;
      this.#unkeptTexts += 1;
      this.#unkeptWords += this.#wordsIn(category);
    } else {
      this.#categories.set(category, (known ?? 0) + count);
    }
  }

  #addNumber(value: number): void {
    this.#numberCount += 1;
    this.#min = Math.min(this.#min, value);
    this.#max = Math.max(this.#max, value);
    this.#numbers.add(value);
  }

  /**
   * What the feature holds, as far as it is known: what was declared, or what most of its values are. Embeddings and texts
   * are not profiled as they are, but by what is derived from them.
   */
  get kind(): FeatureKind {
    if (this.#declared !== undefined) return this.#declared;
    const vectors = [...this.#vectors.values()];
    const all = vectors.reduce((sum, count) => sum + count, this.#numberCount + this.#categoryCount);
    if (!isOutputFeature(this.#name)) {
      if (2 * Math.max(0, ...vectors) > all) return 'embedding';
      if (this.#categoryCount >= this.#numberCount && this.#isText()) return 'text';
    }
    return this.#numberCount > this.#categoryCount ? 'numeric' : 'categorical';
  }

  #isText(): boolean {
    const distinct = this.#categories.size + this.#unkept;
    if (this.#categoryCount < TEXT_VALUES || 2 * distinct <= this.#categoryCount) return false;
    let words = this.#unkeptWords;
    let texts = this.#unkeptTexts;
    for (const category of this.#categories.keys()) {
      if (texts >= 2 * TEXT_SAMPLE) break;
      words += this.#wordsIn(category);
      texts += 1;
    }
    return words >= TEXT_WORDS * texts;
  }

  #wordsIn(text: string): number {
    let words = 0;
    this.#readText ??= createTextReader();
    this.#readText(text, () => {
      words += 1;
    });
    return words;
  }

  /**
   * How to profile the feature; undefined when nothing is known of it, and for embeddings and texts.
   *
   * @param limit categories that are kept by name, the most frequent first.
   */
  spec(limit: number): FeatureSpec | undefined {
    const { kind } = this;
    if (kind === 'numeric') return this.#numericSpec();
    if (kind !== 'categorical') return undefined;
    const ranked = [...this.#categories].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
    // A feature that was never there cannot be told from one that was left out: it gets an empty list.
    if (ranked.length === 0 && isOutputFeature(this.#name)) return undefined;
    const complete = this.#unkept === 0 && ranked.length <= limit;
    const kept =
      ranked.length <= limit ? ranked : ranked.slice(0, limit).filter(([, count]) => count >= FEWEST);
    return {
      kind: 'categorical',
      categories: kept.map(([category]) => category),
      acceptsNumbers: this.#declared === 'categorical',
      complete,
    };
  }

  #numericSpec(): FeatureSpec | undefined {
    const { values } = this.#numbers;
    if (values.length === 0) return undefined;
    const [min, max] = [this.#min, this.#max];
    const isShare = this.#name === SCORE_FEATURE && min >= 0 && max <= 1;
    return { kind: 'numeric', grid: isShare ? buildScoreGrid(values) : buildGrid(values, { min, max }) };
  }
}

function kindOf(name: string, declared: DeclaredKinds): FeatureKind | undefined {
  const kinds = ['categorical', 'numeric', 'text', 'embedding'] as const;
  const allowed = isOutputFeature(name) ? kinds.slice(0, 2) : kinds;
  return allowed.find((kind) => declared[kind].has(name));
}
