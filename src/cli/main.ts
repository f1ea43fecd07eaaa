#!/usr/bin/env node
import { version } from '../version.js';

// The version is asked for by scripts at every turn: answer before loading anything.
const words = process.argv.slice(2);
if (words.length === 1 && (words[0] === '--version' || words[0] === '-v')) {
  process.stdout.write(`${version}\n`);
} else {
  const [{ runCli }, { createProcessContext }] = await Promise.all([
    import('./run.js'),
    import('./process-context.js'),
  ]);
  process.exitCode = await runCli(words, createProcessContext());
}
