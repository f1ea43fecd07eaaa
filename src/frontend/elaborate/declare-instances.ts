import { reportDuplicate } from '../../diagnostics/report-duplicate.js';
import type { UnfoldedModel } from '../schemes/unfold.js';
import type { SharedInstance } from '../values/value.js';
import type { FlowContext } from './flow-context.js';
import { declareShared } from './shared-call.js';

/**
 * Declares the shared instances of a model, before all wires: slots of schemes call them, too.
 * One that has the name of a tensor, or of another, is reported.
 */
export function declareInstances(
  { shared, wires, heads }: UnfoldedModel,
  context: FlowContext,
): ReadonlyMap<string, SharedInstance> {
  const later = [...wires, ...heads].map(({ name }) => name);
  const instances = new Map<string, SharedInstance>();
  for (const line of shared) {
    const { text: name, span: at } = line.name;
    const first = instances.get(name)?.name ?? wires.find((wire) => wire.name === name)?.nameSpan;
    const isTaken = first !== undefined || context.environment.lookup(name)?.kind === 'tensor';
    if (isTaken || later.includes(name)) {
      const span = first !== undefined && 'text' in first ? first.span : first;
      const label = span && { first: { span, text: 'first made here' } };
      const help = 'Give the shared instance a name of its own.';
      reportDuplicate(context.reporter, { name, what: 'name', at, help, ...label });
    }
    instances.set(name, declareShared(line, context, later));
  }
  return instances;
}
