import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import type { LoadableNetwork } from '../../ir/encoder-files.js';
import { weightOwners } from '../../ir/operations/weights.js';
import { weightsOf } from '../../codegen/tfjs/weights.js';

/**
 * Warns of weights that are frozen at random numbers: those of a frozen encoder which
 * nothing gives. Only a call of `train` knows that, since `--weights` may give what the
 * spec does not name.
 *
 * @param given the weights that were read from a file, by name; undefined without a file.
 */
export function checkFrozen(
  { graph, encoderFiles }: LoadableNetwork,
  given: ReadonlyMap<string, unknown> | undefined,
): readonly Diagnostic[] {
  const frozen = weightOwners(graph)
    .filter(({ isFrozen }) => isFrozen)
    .flatMap((node) => weightsOf(graph, node));
  const missing = frozen.filter(({ name }) => given?.has(name) !== true).length;
  if (missing === 0) return [];
  const help = [
    'Give them: "weights: FILE" in the encoder section, or "--weights FILE" with the call.',
    'Without pretrained weights take "freeze" out, so that the encoder is trained.',
  ];
  const parameters = { missing, all: frozen.length };
  const at = encoderFiles!.origin;
  return [createDiagnostic('frozen-at-random', parameters, { at, help })];
}
