/**
 * Kernels of the WebAssembly backend report some failures on the error output
 * alone, and then give back a tensor of arbitrary values ("XNN status for ... is
 * not successful"). What the backend prints is therefore kept here until the
 * guard around the kernels asks for it.
 */
let printed: string | undefined;

/** What the backend printed since the last call, if anything. */
export function takePrintedError(): string | undefined {
  const text = printed;
  printed = undefined;
  return text;
}

/**
 * Runs `start`, in which the backend makes its WebAssembly module, and receives
 * from then on what the module prints. The module looks for the functions
 * `print` and `printErr` in its settings, which the backend makes as a plain
 * object without them; they are found in the prototype instead, for as long as
 * the start takes.
 */
export async function hearPrintedErrors<T>(start: () => Promise<T>): Promise<T> {
  const receive = (text: unknown): void => {
    // The first line says what went wrong; those behind it follow from it.
    printed ??= String(text);
  };
  const names = ['print', 'printErr'];
  for (const name of names) {
    Object.defineProperty(Object.prototype, name, {
      configurable: true,
      enumerable: false,
      get: () => receive,
      set(this: object, value: unknown) {
        const own = { value, configurable: true, enumerable: true, writable: true };
        Object.defineProperty(this, name, own);
      },
    });
  }
  try {
    return await start();
  } finally {
    for (const name of names) Reflect.deleteProperty(Object.prototype, name);
    printed = undefined;
  }
}
