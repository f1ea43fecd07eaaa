import type { Expression } from '../../parser/ast.js';
import type { Slots } from './slots.js';
import type { Level, SchemeContext, UnfoldedEncoder } from './scheme.js';
import { chain } from './slot.js';
import type { Wire } from './wire.js';

/** `encoder plain`: level i is a stage, below the first after a step down. */
export function unfoldEncoder(
  slots: Slots,
  input: string,
  widths: readonly Expression[],
  context: SchemeContext,
): UnfoldedEncoder {
  const wires: Wire[] = [];
  const levels: Level[] = [];
  const at = slots.section.keyword.span;
  for (const [index, width] of widths.entries()) {
    const level = index + 1;
    const source = index === 0 ? input : `e${index}`;
    const down = index === 0 ? undefined : slots.at('down', level);
    const stage = slots.at('stage', level);
    if (stage === undefined || (index > 0 && down === undefined)) break;
    const place = { kind: 'encoder', level } as const;
    levels.push({ tensor: `e${level}`, width });
    wires.push(
      ...chain(
        {
          ...{ name: `e${level}`, madeBy: { ...place, part: 'level' } },
          ...{ between: `p${level}`, betweenMadeBy: { ...place, part: 'input' } },
        },
        source,
        down,
        stage,
        { level, width, at },
        context,
      ),
    );
  }
  return { wires, levels };
}
