/** What a WebAssembly module of ours exports: functions, constants, its memory. */
export type WasmExports = Readonly<Record<string, unknown>>;

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  /** Adds pages of 64 KB; `buffer` is another one then. */
  grow(pages: number): number;
}

export const WASM_PAGE = 65_536;

/** Node has WebAssembly, and its types come with those of browsers only. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: WasmExports };
}

/** Makes an instance, with a memory of its own, of a module that is given in base64 and imports nothing. */
export function wasmInstance(base64: string): WasmExports {
  const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyApi };
  const module = new WebAssembly.Module(Buffer.from(base64, 'base64'));
  return new WebAssembly.Instance(module, {}).exports;
}
