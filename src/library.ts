import { withArticle } from './diagnostics/counted.js';
import {
  emitTypeScript as emit,
  type EmittedModel,
  type EmitSource,
} from './codegen/typescript/emit.js';
import {
  compileText as compilePathAndText,
  type Compilation,
  type CompileOptions,
} from './compile.js';
import { hasErrors } from './diagnostics/diagnostic.js';

/** What is compiled, by name. */
export interface CompileRequest extends CompileOptions {
  /** The text of a spec. */
  readonly text: string;
  /** What the spec is called in messages, and where its imports are looked for; `spec.unet` unless given. */
  readonly path?: string;
}

/**
 * Compiles the text of a spec: `compile({ text })`. Mistakes in the spec are
 * diagnostics of the result; a wrong call throws `TypeError`.
 *
 * @example
 * ```ts
 * import { compile } from 'unetc';
 *
 * const text = `
 * model Tiny {
 *   input image: [H, W, 1]
 *   wires {
 *     a = image -> conv(4, 3) -> relu
 *     b = [a, a -> max_pool(2) -> nearest(2)] -> concat
 *   }
 *   head mask: b -> conv(1, 1) -> sigmoid
 * }`;
 * const { models, diagnostics } = compile({ text, path: 'tiny.unet' });
 * console.log(models.length, models[0]?.name, diagnostics.length);
 * ```
 *
 * ```text
 * 1 Tiny 0
 * ```
 */
export function compile(request: CompileRequest): Compilation {
  const form = 'compile({ text, path?, set?, resolve? })';
  if (typeof request !== 'object' || request === null) {
    throw new TypeError(`${form} takes one object; found ${describe(request)}.`);
  }
  const { text, path = 'spec.unet', ...options } = request;
  return compileText(path, text, options);
}

/**
 * Compiles a spec: its path first, then its text. Throws `TypeError` when they are
 * given the other way round.
 *
 * @example
 * ```ts
 * import { compileText } from 'unetc';
 *
 * const text = `
 * model Wide(base: int = 4) {
 *   input image: [H, W, 1]
 *   wires { a = image -> conv(base, 3) -> relu }
 *   head mask: a -> conv(1, 1)
 * }`;
 * const { models } = compileText('wide.unet', text, { set: { base: '8' } });
 * const { graph } = models[0]!;
 * console.log(graph.nodes.map(({ name, channels }) => `${name}: ${channels}`).join(', '));
 * ```
 *
 * ```text
 * image: 1, a/conv1: 8, a: 8, mask: 1
 * ```
 */
export function compileText(path: string, text: string, options: CompileOptions = {}): Compilation {
  const form = 'compileText(path, text, options?)';
  if (typeof path !== 'string' || typeof text !== 'string') {
    throw new TypeError(`${form} takes two texts; found ${describe(path)} and ${describe(text)}.`);
  }
  if (/[\r\n{]/.test(path) || (!/\s/.test(text) && text.endsWith('.unet'))) {
    throw new TypeError(
      `${form} takes the path first: the first argument looks like the text of a spec, or the second like a path.`,
    );
  }
  return compilePathAndText(path, text, options);
}

/**
 * The models of a compiled spec as one TypeScript module. `set` are the parameters
 * that it was compiled with, which the module's first line names. Rejects with an
 * `Error` that holds the first message where the spec has errors.
 *
 * @example
 * ```ts
 * import { compile, emitModule } from 'unetc';
 *
 * const text = `
 * model Tiny {
 *   input image: [H, W, 1]
 *   wires {
 *     a = image -> conv(4, 3) -> relu
 *     b = [a, a -> max_pool(2) -> nearest(2)] -> concat
 *   }
 *   head mask: b -> conv(1, 1) -> sigmoid
 * }`;
 * const code = await emitModule(compile({ text, path: 'tiny.unet' }));
 * console.log(/^export function .*\(/m.exec(code)?.[0]);
 * ```
 *
 * ```text
 * export function buildTiny(
 * ```
 */
export async function emitModule(
  compilation: Compilation,
  { set }: Pick<CompileOptions, 'set'> = {},
): Promise<string> {
  if (!Array.isArray(compilation?.models)) {
    throw new TypeError(
      `emitModule(compilation) takes what compile returned; found ${describe(compilation)}.`,
    );
  }
  const { models, source, diagnostics } = compilation;
  if (hasErrors(diagnostics)) {
    const first = diagnostics.find(({ severity }) => severity === 'error')!;
    throw new Error(`The spec has errors, and makes no module: ${first.message}`);
  }
  const file = source.path.split(/[\\/]/).at(-1)!;
  return emit(models, { file, ...(set === undefined ? {} : { set }) });
}

/**
 * Some models as one TypeScript module; `emitModule` makes that of a whole spec.
 * Rejects with `TypeError` for arguments of another shape.
 *
 * @example
 * ```ts
 * import { compileText, emitTypeScript } from 'unetc';
 *
 * const text = `
 * model Tiny {
 *   input image: [H, W, 1]
 *   wires {
 *     a = image -> conv(4, 3) -> relu
 *     b = [a, a -> max_pool(2) -> nearest(2)] -> concat
 *   }
 *   head mask: b -> conv(1, 1) -> sigmoid
 * }`;
 * const { models } = compileText('nets/tiny.unet', text);
 * const code = await emitTypeScript(models, { file: 'tiny.unet' });
 * console.log(code.split('\n')[0]);
 * ```
 *
 * ```text
 * // Made by unetc from tiny.unet; edits are lost.
 * ```
 */
export async function emitTypeScript(
  models: readonly EmittedModel[],
  source: EmitSource,
): Promise<string> {
  if (!Array.isArray(models) || typeof source?.file !== 'string') {
    throw new TypeError(
      'emitTypeScript(models, { file }) takes a list of models and where they come from; emitModule(compilation) takes what compile returned.',
    );
  }
  return emit(models, source);
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value)
    ? 'a list'
    : value === undefined
      ? 'nothing'
      : withArticle(typeof value);
}
