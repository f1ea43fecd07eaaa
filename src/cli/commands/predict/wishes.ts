import type { Diagnostic } from '../../../diagnostics/diagnostic.js';
import { Reporter } from '../../../diagnostics/report.js';
import type { ArgumentDescription } from '../../command.js';
import type { CommandContext } from '../../context.js';
import { nowhere } from '../../report.js';
import { areSeveral, splitNetworks } from '../../several-networks.js';

/** The argument behind the networks. */
export const imageArgument = {
  name: 'IMAGE',
  help: 'an image, or a folder of images',
  repeated: true,
} as const satisfies ArgumentDescription;

/** Reports networks without an image, and an uncertainty where nothing can disagree. */
export function checkPredictWishes(
  given: readonly string[],
  { uncertainty, tta }: { readonly uncertainty: boolean; readonly tta: string | undefined },
  context: CommandContext,
): readonly Diagnostic[] {
  const { networks, rest } = splitNetworks(given, context);
  const reporter = new Reporter();
  if (rest.length === 0) {
    const { name, help } = imageArgument;
    const parameters = { command: 'unetc predict', expected: `${name} (${help})` };
    reporter.report('missing-argument', parameters, { at: nowhere });
  }
  if (uncertainty && tta === undefined && !areSeveral(networks, context)) {
    const parameters = { option: '--uncertainty', other: '--tta' };
    const help = ['Several runs disagree without it: "unetc predict RUN RUN IMAGE".'];
    reporter.report('option-needs-other', parameters, { at: nowhere, help });
  }
  return reporter.diagnostics;
}
