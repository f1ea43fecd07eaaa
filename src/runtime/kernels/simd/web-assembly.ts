/** A memory of WebAssembly, as far as it is used here. */
export interface WasmMemory {
  /** Another object after each growth. */
  readonly buffer: ArrayBufferLike;
}

/** A compiled module, which can be instantiated often. */
export type WasmModule = object & { readonly isModule?: never };

interface Host {
  validate(bytes: Uint8Array): boolean;
  compile(bytes: Uint8Array): Promise<WasmModule>;
  readonly Instance: new (
    module: WasmModule,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => { readonly exports: object };
}

/** WebAssembly as Node and browsers have it; the types of Node alone do not tell. */
export const webAssembly = (globalThis as unknown as { readonly WebAssembly: Host }).WebAssembly;
