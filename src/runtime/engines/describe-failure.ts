import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import { nowhere } from '../../diagnostics/source.js';
import { EngineFailure } from './engine.js';

/**
 * The message for what was thrown because memory is full or the engine broke;
 * undefined for everything else, which is a bug or belongs to someone else.
 */
export function describeFailure(error: unknown): Diagnostic | undefined {
  if (error instanceof EngineFailure) {
    const { backend: engine, kind, reason } = error;
    const isMemory = kind === 'out-of-memory';
    const what = isMemory ? 'ran out of memory' : 'failed';
    const help = isMemory
      ? [
          'For predictions take smaller tiles ("--tile 256"), for training a smaller batch or crop.',
          'Checkpoints and pictures that were written before are whole.',
        ]
      : ['Start again; checkpoints and pictures that were written before are whole.'];
    return createDiagnostic('engine-failed', { engine, what, reason }, { at: nowhere, help });
  }
  if (!(error instanceof RangeError) || !noRoom.test(error.message)) return undefined;
  const help = ['Work on smaller images, or on a machine with more memory.'];
  const parameters = { reason: error.message.replace(/\.$/, '') };
  return createDiagnostic('memory-exhausted', parameters, { at: nowhere, help });
}

/** How V8 says that an array of a size cannot be made. */
const noRoom = /allocation failed|invalid (typed )?array (buffer )?length/i;
