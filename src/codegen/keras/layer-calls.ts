import type { LayerFunctionName, SharedOptions } from './layer-functions.js';

/** The call of a function that makes a layer and applies it. */
export interface LayerCall {
  readonly of: LayerFunctionName;
  /** The tensor, or a list of tensors. */
  readonly x: string;
  /** What the layer is called, an expression. */
  readonly name: string;
  /** What calls always say. */
  readonly args: readonly string[];
  /** What else they say, in the order of writing: keyword and value. */
  readonly options: readonly (readonly [string, string])[];
  /** Keywords that change nothing here, whatever the function says. */
  readonly free?: readonly string[];
}

/** Values that say the same everywhere in a file. */
const isLiteral = (text: string): boolean =>
  /^("\w*"|-?[\d.e-]+|True|False|\([\d, ()]+\))$/.test(text);

/**
 * The calls of a file. What all calls of one function say alike stands in the function, so
 * bodies are written twice: `before` are the calls that were written first.
 */
export class LayerCalls {
  readonly #calls = new Map<LayerFunctionName, LayerCall[]>();
  /** The functions that are called, each with what it says for its calls. */
  readonly functions: ReadonlyMap<LayerFunctionName, SharedOptions>;

  constructor(
    readonly functionName: (of: LayerFunctionName) => string,
    before?: LayerCalls,
  ) {
    this.functions = before?.gathered() ?? new Map();
  }

  /** The text of a call. */
  write(call: LayerCall): string {
    return this.#write(call, [call.x, call.name]);
  }

  /** The text of a call that makes a layer, which tensors are sent through later. */
  make(call: LayerCall): string {
    return this.#write(call, [call.name]);
  }

  #write(call: LayerCall, first: readonly string[]): string {
    const known = this.#calls.get(call.of);
    if (known === undefined) this.#calls.set(call.of, [call]);
    else known.push(call);
    const shared = this.functions.get(call.of)?.shared;
    const options = call.options
      .filter(([key]) => shared?.has(key) !== true)
      .map(([key, value]) => `${key}=${value}`);
    return `${this.functionName(call.of)}(${[...first, ...call.args, ...options].join(', ')})`;
  }

  /** The functions that were called. */
  gathered(): ReadonlyMap<LayerFunctionName, SharedOptions> {
    return new Map(
      [...this.#calls].map(([of, calls]) => {
        const shared = sharedBy(calls);
        const given = new Set(calls.flatMap(({ options }) => options.map(([key]) => key)));
        const own = [...given].filter((key) => !shared.has(key));
        return [of, { shared, own }] as const;
      }),
    );
  }
}

function sharedBy(calls: readonly LayerCall[]): ReadonlyMap<string, string> {
  const shared = new Map<string, string>();
  if (calls.length < 2) return shared;
  for (const [key, value] of calls.flatMap(({ options }) => options)) {
    const isAgreed = calls.every(({ options, free = [] }) => {
      const own = options.find(([name]) => name === key)?.[1];
      return own === undefined ? free.includes(key) : own === value;
    });
    if (isAgreed && isLiteral(value)) shared.set(key, value);
  }
  return shared;
}
