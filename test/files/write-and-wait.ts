/** Run as a process of its own: begins a file at the stated path and waits; the second word says what it does at SIGTERM. */
import { openOutput } from '../../src/files/index.js';

const [path, listener] = process.argv.slice(2);
const output = await openOutput(path!);
await output.write('a part');
if (listener === 'exits') process.on('SIGTERM', () => process.exit(7));
if (listener === 'finishes') {
  process.on('SIGTERM', () => void output.finish().then(() => process.exit(0)));
}
setInterval(() => undefined, 1000);
console.log('begun');
