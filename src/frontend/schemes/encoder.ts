import { nameWithin } from '../../ir/lattice.js';
import type { Expression } from '../../parser/ast.js';
import { requireField, type Slots } from './slots.js';
import type { Level, Peer, SchemeContext, UnfoldedEncoder } from './scheme.js';
import { chain, tensorsBeside } from './slot.js';
import { readWidths } from './widths.js';
import type { Wire } from './wire.js';

/**
 * The levels of `encoder plain`; undefined when there are none.
 *
 * @param name what its tensors are called by, if it has a name.
 * @param input the tensor that it runs on.
 * @param beside the encoders above it, which its slots know by their names.
 */
export function unfoldPlain(
  encoder: Slots,
  name: string | undefined,
  input: string,
  beside: readonly Peer[],
  context: SchemeContext,
): UnfoldedEncoder | undefined {
  const widths = readWidths(encoder, 'encoder plain', undefined, context);
  requireField(
    encoder,
    'encoder plain',
    'stage',
    'stage: conv(width, 3) -> relu',
    context.reporter,
  );
  if (widths === undefined) return undefined;
  if (widths.length > 1) {
    requireField(encoder, 'encoder plain', 'down', 'down: max_pool(2)', context.reporter);
  }
  encoder.checkLevels(widths.length, context.reporter);
  const idle = encoder.own('down', 1);
  if (idle !== undefined) {
    context.reporter.report(
      'unused-field',
      { name: 'down', where: 'level 1' },
      { at: idle.name.span, help: ['Remove it, or move it to a level that is stepped down to.'] },
    );
  }
  return unfoldEncoder(encoder, name, input, widths, beside, context);
}

/** `encoder plain`: level i is a stage, below the first after a step down. */
function unfoldEncoder(
  slots: Slots,
  name: string | undefined,
  input: string,
  widths: readonly Expression[],
  beside: readonly Peer[],
  context: SchemeContext,
): UnfoldedEncoder {
  const wires: Wire[] = [];
  const levels: Level[] = [];
  const at = slots.section.keyword.span;
  for (const [index, width] of widths.entries()) {
    const level = index + 1;
    const own = (kind: string, of: number): string => nameWithin(name, `${kind}${of}`);
    const source = index === 0 ? input : own('e', index);
    const down = index === 0 ? undefined : slots.at('down', level);
    const stage = slots.at('stage', level);
    if (stage === undefined || (index > 0 && down === undefined)) break;
    const place = {
      ...({ kind: 'encoder', level } as const),
      ...(name === undefined ? {} : { encoder: name }),
    };
    levels.push({ tensor: own('e', level), width });
    wires.push(
      ...chain(
        {
          ...{ name: own('e', level), madeBy: { ...place, part: 'level' } },
          ...{ between: own('p', level), betweenMadeBy: { ...place, part: 'input' } },
        },
        source,
        down,
        stage,
        { level, width, at, beside: tensorsBeside(beside, level) },
        context,
      ),
    );
  }
  return { name, wires, levels };
}
