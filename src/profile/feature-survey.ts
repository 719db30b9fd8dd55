import { seededRandom } from '../base/random.ts';
import { categoryOf } from './categorical-profile.ts';
import { type FeatureSpec, isOutputFeature, SCORE_FEATURE } from './feature-spec.ts';
import { buildGrid, buildScoreGrid } from './grid.ts';
import { NumberSample } from './sample.ts';

/** Values that are kept of a numeric feature while its grid is being made. */
const SAMPLE_CAPACITY = 100_000;
/** Distinct categories that are counted while the most frequent ones are being found. */
const CATEGORY_CAPACITY = 50_000;
/** Longest category that is kept by name, in UTF-16 units. */
const CATEGORY_LENGTH = 256;

/** What the user says about kinds; features that are not named are inferred from their values. */
export interface DeclaredKinds {
  readonly numeric: ReadonlySet<string>;
  readonly categorical: ReadonlySet<string>;
}

export const NOTHING_DECLARED: DeclaredKinds = { numeric: new Set(), categorical: new Set() };

/** Finds out how one feature is to be profiled: its kind, and its grid or its categories. */
export class FeatureSurvey {
  readonly #name: string;
  readonly #declared: 'numeric' | 'categorical' | undefined;
  // Each feature draws for itself, so that its sample does not depend on which others there are.
  readonly #numbers = new NumberSample(SAMPLE_CAPACITY, seededRandom(1));
  readonly #categories = new Map<string, number>();
  #numberCount = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;
  #categoryCount = 0;
  #overflow = false;

  constructor(name: string, declared: DeclaredKinds) {
    this.#name = name;
    this.#declared = kindOf(name, declared);
  }

  /** Takes note of one raw JSON value; null, undefined and values of no kind tell nothing. */
  add(value: unknown): void {
    const category = categoryOf(value, this.#declared === 'categorical');
    if (typeof category === 'string') this.#addCategory(category);
    else if (typeof value === 'number' && Number.isFinite(value)) this.#addNumber(value);
  }

  #addNumber(value: number): void {
    this.#numberCount += 1;
    this.#min = Math.min(this.#min, value);
    this.#max = Math.max(this.#max, value);
    this.#numbers.add(value);
  }

  #addCategory(category: string): void {
    this.#categoryCount += 1;
    const count = this.#categories.get(category);
    const isNew = count === undefined;
    if (isNew && (category.length > CATEGORY_LENGTH || this.#categories.size >= CATEGORY_CAPACITY)) {
      this.#overflow = true;
    } else {
      this.#categories.set(category, (count ?? 0) + 1);
    }
  }

  /**
   * How to profile the feature; undefined when nothing is known of it.
   *
   * @param limit categories that are kept by name, the most frequent first.
   */
  spec(limit: number): FeatureSpec | undefined {
    const isNumeric = this.#declared === undefined && this.#numberCount > this.#categoryCount;
    if (this.#declared === 'numeric' || isNumeric) return this.#numericSpec();
    const ranked = [...this.#categories].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
    // A feature that was never there cannot be told from one that was left out: it gets an empty list.
    if (ranked.length === 0 && isOutputFeature(this.#name)) return undefined;
    return {
      kind: 'categorical',
      categories: ranked.slice(0, limit).map(([category]) => category),
      acceptsNumbers: this.#declared === 'categorical',
      complete: !this.#overflow && ranked.length <= limit,
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

function kindOf(name: string, declared: DeclaredKinds): 'numeric' | 'categorical' | undefined {
  if (declared.categorical.has(name)) return 'categorical';
  return declared.numeric.has(name) ? 'numeric' : undefined;
}
