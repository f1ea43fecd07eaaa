/**
 * What `npm test` does before the tests: lints, checks the format and the types, and builds
 * what was changed, as many at a time as there are processors. Prints what each has to say when it has ended;
 * the exit code is 1 where one fails.
 */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** The slowest first. */
const waiting = [['lint'], ['format:check'], ['typecheck'], ['build', '--', '--if-changed']];

await Promise.all(Array.from({ length: availableParallelism() }, work));

async function work() {
  for (let words = waiting.shift(); words !== undefined; words = waiting.shift()) {
    const { code, text } = await run('npm', ['run', '--silent', ...words]);
    process.stdout.write(`${words[0]}: ${code === 0 ? 'fine' : 'failed'}\n${text}`);
    if (code !== 0) process.exitCode = 1;
  }
}

function run(command, words) {
  return new Promise((done) => {
    const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (bytes) => (text += bytes.toString()));
    }
    child.on('error', ({ message }) => done({ code: 1, text: `${command}: ${message}\n` }));
    child.on('close', (code) => done({ code, text }));
  });
}
