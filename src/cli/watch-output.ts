import { commandLineMessages } from '../diagnostics/messages/command-line.js';
import { describeSystemError } from '../files/index.js';

/**
 * Watches an output of the process; answers whether it is broken. A reader that goes
 * away (`| head`) is not a failure: the rest goes nowhere, and the command ends as it
 * would have. Whatever else cannot be written, as on a full disk, is told once, and
 * the exit code is 1 where it would have been 0.
 */
export function watchOutput(stream: NodeJS.WriteStream, name: string): () => boolean {
  let isBroken = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (isBroken) return;
    isBroken = true;
    if (error.code === 'EPIPE') return;
    process.once('exit', (code) => {
      if (code === 0) process.exitCode = 1;
    });
    if (stream === process.stderr) return;
    const { code, text } = commandLineMessages['output-broken'];
    const sentence = text({ output: name, reason: describeSystemError(error) });
    process.stderr.write(`error ${code}: ${sentence}\n`);
  });
  return () => isBroken;
}
