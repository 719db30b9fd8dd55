import { DriftdError } from './errors.ts';

const PAGE = 65_536;
/** Two gigabytes: addresses are signed words in JavaScript. */
const MAX_PAGES = 32_768;
/** The memory grows by this share of itself at least: whenever it does, V8 counts all of it anew and soon looks for garbage. */
const STEP = 1 / 8;
/** Sizes are rounded up to a quarter of a power of two, so that what one leaves fits the next. */
const SMALLEST = 64;

interface WebAssemblyMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** Node has WebAssembly, and its types come with those of browsers only. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
  readonly Memory: new (limits: { initial: number; maximum: number }) => WebAssemblyMemory;
}

const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyApi };

const modules = new Map<string, object>();

function moduleOf(base64: string): object {
  let module = modules.get(base64);
  if (module === undefined) {
    module = new WebAssembly.Module(Buffer.from(base64, 'base64'));
    modules.set(base64, module);
  }
  return module;
}

interface Block {
  readonly address: number;
  readonly size: number;
}

/**
 * A memory that modules of WebAssembly work in, and JavaScript through typed arrays. Several modules may work in one, each on
 * blocks that were allocated there; so none of them may have data of its own outside what is reserved.
 */
export class WasmMemory {
  /** The whole memory. Others once it has grown, so they are not to be kept: see `onMove`. */
  buffer = new ArrayBuffer(0);
  bytes: Buffer = Buffer.alloc(0);
  words = new Int32Array(0);
  doubles = new Float64Array(0);
  readonly #memory: WebAssemblyMemory;
  readonly #instances = new Map<string, object>();
  /** Blocks that were given back, by their size. */
  readonly #free = new Map<number, number[]>();
  readonly #owners = new FinalizationRegistry<Block>((block) => this.#release(block));
  readonly #listeners: Array<() => void> = [];
  #end: number;

  /** @param reserved bytes from the beginning that are laid out by a module itself. */
  constructor(reserved = SMALLEST) {
    this.#end = Math.ceil(reserved / SMALLEST) * SMALLEST;
    this.#memory = new WebAssembly.Memory({ initial: Math.ceil(reserved / PAGE), maximum: MAX_PAGES });
    this.#look();
  }

  /** An instance, in this memory, of a module in base64 that imports nothing else; one for all who ask. */
  instance<Exports extends object>(base64: string): Exports {
    let exports = this.#instances.get(base64);
    if (exports === undefined) {
      const module = moduleOf(base64);
      exports = new WebAssembly.Instance(module, { env: { memory: this.#memory } }).exports;
      this.#instances.set(base64, exports);
    }
    return exports as Exports;
  }

  /**
   * The address of so many bytes, a multiple of 64. What they hold is undefined. They are given back once nobody has the owner
   * any more.
   */
  allocate(owner: object, bytes: number): number {
    const size = roundedUp(bytes);
    const address = this.#free.get(size)?.pop() ?? this.#append(size);
    this.#owners.register(owner, { address, size });
    return address;
  }

  /** Calls back whenever the arrays have become others. */
  onMove(listener: () => void): void {
    this.#listeners.push(listener);
  }

  #append(size: number): number {
    const address = this.#end;
    const missing = address + size - this.#memory.buffer.byteLength;
    if (missing > 0) {
      this.#grow(Math.ceil(missing / PAGE));
      this.#look();
      for (const listener of this.#listeners) listener();
    }
    this.#end += size;
    return address;
  }

  #grow(missing: number): void {
    const pages = this.#memory.buffer.byteLength / PAGE;
    const step = Math.min(Math.ceil(pages * STEP), MAX_PAGES - pages);
    if (step > missing && this.#refusal(step) === undefined) return;
    const cause = this.#refusal(missing);
    if (cause === undefined) return;
    throw new DriftdError(
      'environment',
      `no memory is left for the look-up tables of all baselines, which take ${Math.round((pages * PAGE) / 2 ** 20)} MB (2048 MB at most): ` +
        'spread the partitions over more instances, or profile fewer features',
      { cause },
    );
  }

  /** Grows. @returns why not: because of the limit, or of a system that gives no more. */
  #refusal(pages: number): RangeError | undefined {
    try {
      this.#memory.grow(pages);
      return undefined;
    } catch (error) {
      if (error instanceof RangeError) return error;
      throw error;
    }
  }

  #release({ address, size }: Block): void {
    const free = this.#free.get(size);
    if (free === undefined) this.#free.set(size, [address]);
    else free.push(address);
  }

  #look(): void {
    const { buffer } = this.#memory;
    this.buffer = buffer;
    this.bytes = Buffer.from(buffer);
    this.words = new Int32Array(buffer);
    this.doubles = new Float64Array(buffer);
  }
}

function roundedUp(bytes: number): number {
  const power = 2 ** Math.floor(Math.log2(Math.max(bytes, SMALLEST)));
  const step = Math.max(SMALLEST, power / 4);
  return Math.ceil(bytes / step) * step;
}

let shared: WasmMemory | undefined;

/** The memory of those who have no reason for one of their own: each takes gigabytes of addresses. */
export function sharedMemory(): WasmMemory {
  shared ??= new WasmMemory();
  return shared;
}
