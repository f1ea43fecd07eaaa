import type { Owner } from '../values/options.js';
import type { FlowContext } from './flow-context.js';

/** Deeper than any network nests its blocks. */
const callDepthLimit = 64;

/** Reports a call of a block or of a shared instance that is nested too deep. */
export function reportTooDeep(
  { span }: Owner,
  { calls, reporter }: Pick<FlowContext, 'calls' | 'reporter'>,
): boolean {
  if (calls.length < callDepthLimit) return false;
  const help = ['Call blocks one after another instead of inside each other.'];
  reporter.report('blocks-too-deep', { limit: callDepthLimit }, { at: span, help });
  return true;
}
