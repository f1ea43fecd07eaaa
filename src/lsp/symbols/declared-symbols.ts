import type { Declaration } from '../../frontend/declarations/blocks.js';
import type { Identifier, ParameterNode } from '../../parser/ast.js';
import type { SpecSymbol } from './symbol.js';
import { wordsOf } from '../../frontend/values/parameters.js';

/** The symbol of a block or an encoder, in whichever file it is declared. */
export function symbolOf({ kind, name, doc }: Declaration): SpecSymbol {
  return {
    id: `${name.span.file}#${kind}:${name.text}`,
    kind,
    name: name.text,
    declaration: name.span,
    isImplicit: false,
    what: kind,
    doc,
  };
}

/** The symbol of a parameter of a block or an encoder. */
export function parameterOf(owner: Declaration, { name }: ParameterNode): SpecSymbol {
  return {
    id: `${name.span.file}#${owner.name.text}.parameter:${name.text}`,
    kind: 'parameter',
    name: name.text,
    declaration: name.span,
    isImplicit: false,
    what: `parameter of ${owner.kind} "${owner.name.text}"`,
    doc: undefined,
  };
}

/** The symbol of a tap, which stands where it is first taken. */
export function tapOf(owner: Declaration, tap: string): SpecSymbol | undefined {
  const lines = owner.kind === 'encoder' ? owner.body : [];
  const place = findTap(lines, tap);
  if (place === undefined) return undefined;
  return {
    id: `${place.span.file}#${owner.name.text}.tap:${tap}`,
    kind: 'tap',
    name: tap,
    declaration: place.span,
    isImplicit: false,
    what: `tap of encoder "${owner.name.text}"`,
    doc: undefined,
  };
}

function findTap(
  lines: Extract<Declaration, { kind: 'encoder' }>['body'],
  tap: string,
): Identifier | undefined {
  for (const line of lines) {
    if (line.kind === 'tensor' && line.isTap && line.name.text === tap) return line.name;
    const inner = line.kind === 'loop' ? findTap(line.lines, tap) : undefined;
    if (inner !== undefined) return inner;
  }
  return undefined;
}

/** The words that a parameter takes, if its type is a choice. */
export function choicesOf({ type }: ParameterNode): readonly string[] | undefined {
  return type?.kind === 'choice' ? wordsOf(type) : undefined;
}
