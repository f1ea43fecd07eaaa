import {
  isTextTarget,
  textTargets,
  type TextTargetName,
} from '../../../src/codegen/text-targets.js';
import type { EmitResult } from '../../../src/lsp/protocol.js';

/** The scheme of documents that show emitted modules. */
export const emittedScheme = 'unetc-emitted';

/** The parts of an address, as `vscode.Uri` has them. */
export interface Address {
  readonly scheme: string;
  readonly path: string;
  readonly query: string;
}

/** Whose module a document shows. */
export interface EmittedSource {
  readonly uri: string;
  readonly target: TextTargetName;
  readonly model: string | undefined;
}

/** The address of the document for a spec; its name ends as the target's files do, which gives it its colours. */
export function emittedAddress({ uri, target, model }: EmittedSource, path: string): Address {
  const query = new URLSearchParams({
    spec: uri,
    ...(target === 'ts' ? {} : { target }),
    ...(model === undefined ? {} : { model }),
  });
  const words = [
    path.replace(/\.unet$/, ''),
    ...(model === undefined ? [] : [model]),
    // Files of two targets end alike.
    ...(target === 'ts' ? [] : [target]),
  ];
  return {
    scheme: emittedScheme,
    path: words.join('.') + textTargets[target].ending,
    query: query.toString(),
  };
}

/** The spec of such a document; undefined for an address of another kind. */
export function sourceOfAddress({ scheme, query }: Address): EmittedSource | undefined {
  const found = new URLSearchParams(query);
  const uri = found.get('spec');
  const target = found.get('target') ?? 'ts';
  if (scheme !== emittedScheme || uri === null || !isTextTarget(target)) return undefined;
  return { uri, target, model: found.get('model') ?? undefined };
}

/**
 * What the document shows: the module, or why there is none and below it the last one
 * that there was, so that a half typed line does not take the text away.
 */
export function emittedText(
  result: EmitResult,
  last: string | undefined,
  target: TextTargetName,
): string {
  switch (result.kind) {
    case 'module':
      return result.text;
    case 'unavailable': {
      const { comment } = textTargets[target];
      const reason = result.reason
        .split(/\r\n|\r|\n/)
        .map((line) => `${comment} ${line}`.trimEnd());
      const below =
        last === undefined ? [] : [`${comment} The module below is of an earlier state.`, '', last];
      return [...reason, ...below].join('\n') + (last === undefined ? '\n' : '');
    }
  }
}

/** What a server answered that was asked for a target: a server of an earlier version knows one alone. */
export function checkTarget(result: EmitResult, target: TextTargetName): EmitResult {
  const made = result.kind === 'module' ? (result.target ?? 'ts') : target;
  if (made === target) return result;
  const { title } = textTargets[target];
  return { kind: 'unavailable', reason: `The language server is too old to write ${title}.` };
}
