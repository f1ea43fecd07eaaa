import type { SplitRule } from '../../../../ir/data-source.js';
import { stringText } from '../../../python/docstring.js';
import { layOut } from '../../../python/layout.js';

type Drawn = SplitRule & { readonly kind: 'fraction' | 'folds' };

/** Statements that give each pair its group. */
export function groupLines({ group }: Drawn, isListed: boolean): readonly string[] {
  if (group !== undefined && group !== '') {
    const text = `item.name.partition(${stringText(group)})[0]`;
    return layOut(4, `groups = {item.name: ${text} for item in items}`);
  }
  return isListed
    ? layOut(4, 'groups = {row.item.name: row.group or row.item.name for row in rows}')
    : ['    groups = {item.name: item.name for item in items}'];
}

/** What draws parts, as `drawValidation` does. */
export function drawText(rule: Drawn): string {
  const needed = rule.kind === 'folds' ? rule.count : 2;
  const draw =
    rule.kind === 'fraction'
      ? [
          '    drawn: set[str] = set()',
          '    taken = 0',
          '    for group in order[:-1]:',
          `        if taken > 0 and taken + sizes[group] / 2 > ${String(rule.val)} * len(groups):`,
          '            break',
          '        drawn.add(group)',
          '        taken += sizes[group]',
        ]
      : [
          `    folds: list[set[str]] = [set() for _ in range(${rule.count})]`,
          '    taken = [0] * len(folds)',
          '    for group in sorted(order, key=lambda group: -sizes[group]):',
          '        fold = taken.index(min(taken))',
          '        folds[fold].add(group)',
          '        taken[fold] += sizes[group]',
          `    drawn = folds[${rule.fold}]`,
        ];
  return [
    'def draw_parts(groups: dict[str, str]) -> dict[str, str]:',
    '    """The part of each pair by its name. What is drawn follows from the names of the',
    '    groups alone; no group is divided.',
    '    """',
    '    sizes = Counter(groups.values())',
    '',
    '    def place(group: str) -> str:',
    `        return sha256(f"${rule.seed}/{group}".encode()).hexdigest()`,
    '',
    '    order = sorted(sizes, key=place)',
    `    if len(order) < ${needed}:`,
    `        raise DataError(f"${needed} groups of pairs are needed; found {len(order)}")`,
    ...draw,
    '    return {name: "val" if groups[name] in drawn else "train" for name in groups}',
  ].join('\n');
}
