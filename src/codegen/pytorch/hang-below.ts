import { layOut } from '../python/layout.js';

/**
 * Modules below a name that makes no stage, since steps of other names come between: what
 * holds them is made where the first of them is.
 */
export function hangBelow(path: string, text: string, holders: Set<string>): readonly string[] {
  const parts = path.split('/');
  const lines: string[] = [];
  for (let count = 1; count < parts.length; count++) {
    const holder = parts.slice(0, count).join('/');
    if (holders.has(holder)) continue;
    holders.add(holder);
    lines.push(...addModule(parts.slice(0, count), 'nn.ModuleDict()'));
  }
  return [...lines, ...addModule(parts, text)];
}

function addModule(parts: readonly string[], text: string): readonly string[] {
  const name = parts.at(-1)!;
  if (parts.length === 1) return layOut(8, `self.${name} = ${text}`);
  const [first, ...others] = parts.slice(0, -1);
  const holder =
    others.length === 0 ? `self.${first}` : `self.get_submodule("${[first, ...others].join('.')}")`;
  return layOut(8, `${holder}.add_module("${name}", ${text})`);
}
