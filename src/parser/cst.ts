import type { CstElement, CstNode, IToken } from 'chevrotain';

const none: readonly CstElement[] = [];
type Children = Readonly<Record<string, readonly CstElement[] | undefined>>;

/** The nodes of a rule below a node: no token has a rule's name. */
export function nodesOf(node: CstNode, rule: string): readonly CstNode[] {
  return ((node.children as Children)[rule] ?? none) as readonly CstNode[];
}

/** The first node of a rule below a node. */
export function nodeOf(node: CstNode, rule: string): CstNode | undefined {
  return nodesOf(node, rule)[0];
}

/** The tokens of a name below a node, those that recovery inserted among them. */
export function tokensOf(node: CstNode, name: string): readonly IToken[] {
  return ((node.children as Children)[name] ?? none) as readonly IToken[];
}

/** The first token of a name; tokens that recovery inserted count, with their empty image. */
export function tokenOf(node: CstNode, name: string): IToken | undefined {
  return tokensOf(node, name)[0];
}
