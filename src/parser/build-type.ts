import type { CstNode } from 'chevrotain';
import type { Bound, ChoiceOption, TypeExpression } from './ast.js';
import type { Leaves } from './build-leaves.js';
import { nodeOf, nodesOf, tokenOf } from './cst.js';

/** Builds types of parameters: `int from 1`, `[filters]`, `max | mean`. */
export function typeBuilder({
  identifier,
  number,
  spanOf,
}: Leaves): (node: CstNode) => TypeExpression {
  return buildType;

  function buildType(node: CstNode): TypeExpression {
    const item = nodeOf(node, 'typeRule');
    const span = spanOf(node);
    if (item !== undefined) return { kind: 'list-of', item: buildType(item), span };
    const options = nodesOf(node, 'choiceRule').map(buildChoice);
    const bounds = nodesOf(node, 'boundsRule').flatMap((each) =>
      [...nodesOf(each, 'lowerBoundRule'), ...nodesOf(each, 'upperBoundRule')].map(buildBound),
    );
    const [only] = options;
    const isNamed = options.length === 1 && only !== undefined;
    return isNamed && (only.value === undefined || bounds.length > 0)
      ? { kind: 'named', name: only, bounds, span }
      : { kind: 'choice', options, span };
  }

  function buildChoice(node: CstNode): ChoiceOption {
    const signed = nodeOf(node, 'signedNumberRule');
    if (signed === undefined) {
      return { ...identifier(tokenOf(node, 'Identifier'), node), value: undefined };
    }
    const { value, text } = signedNumber(signed);
    return { text, value, span: spanOf(signed) };
  }

  function buildBound(node: CstNode): Bound {
    const word = (['From', 'Above', 'To', 'Below'] as const).find((name) => tokenOf(node, name));
    const signed = nodeOf(node, 'signedNumberRule');
    const { value, text } = signed === undefined ? { value: 0, text: '0' } : signedNumber(signed);
    const words = { From: 'from', Above: 'above', To: 'to', Below: 'below' } as const;
    return { word: words[word ?? 'From'], value, text, span: spanOf(node) };
  }

  function signedNumber(node: CstNode): { readonly value: number; readonly text: string } {
    const token = tokenOf(node, 'Number');
    const { value, text } =
      token === undefined || token.image === '' ? { value: 0, text: '0' } : number(token);
    const isNegative = tokenOf(node, 'Minus') !== undefined;
    return { value: isNegative ? -value : value, text: isNegative ? `-${text}` : text };
  }
}
