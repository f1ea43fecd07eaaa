import type { Section } from '../ast.js';

/**
 * Every name that a section writes, declares aside: of values, tensors, layers and
 * blocks, of the sections inside, and in the braces of strings. Whether a name is used
 * is a question about the text, not about a run: a branch that today's parameters do
 * not take is in use, too.
 */
export function mentionsOf(section: Section): ReadonlySet<string> {
  const known = mentions.get(section);
  if (known !== undefined) return known;
  const names = new Set<string>();
  mentions.set(section, names);
  collect(section.parameters, names);
  collect(section.value, names);
  collect(section.body, names);
  return names;
}

/** Several lints ask for them. */
const mentions = new WeakMap<Section, ReadonlySet<string>>();

function collect(tree: unknown, into: Set<string>): void {
  if (typeof tree !== 'object' || tree === null) return;
  if (Array.isArray(tree)) {
    for (const item of tree) collect(item, into);
    return;
  }
  const node = tree as {
    readonly kind?: unknown;
    readonly name?: string | { readonly text: string };
    readonly callee?: { readonly text: string };
    readonly value?: unknown;
  };
  if (node.kind === 'name' && typeof node.name === 'string') into.add(node.name);
  if (node.kind === 'section' && typeof node.name === 'object') into.add(node.name.text);
  if (node.kind === 'call' && node.callee !== undefined) into.add(node.callee.text);
  if (node.kind === 'string' && typeof node.value === 'string') {
    for (const [, name] of node.value.matchAll(/\{\s*(\w+)\s*\}/g)) into.add(name!);
  }
  for (const child of Object.values(node)) collect(child, into);
}
