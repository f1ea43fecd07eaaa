#!/usr/bin/env node
import { join } from 'node:path';
import { version } from '../version.js';
import { loadWithCodeCache } from './code-cache.js';
import { expectShortRun } from './short-run.js';
import { watchOutput } from './watch-output.js';
import type * as Program from './program.js';

// The version is asked for by scripts at every turn: answer before loading anything.
const words = process.argv.slice(2);
if (words.length === 1 && (words[0] === '--version' || words[0] === '-v')) {
  watchOutput(process.stdout, 'standard output');
  process.stdout.write(`${version}\n`);
} else {
  expectShortRun(words[0]);
  const program = join(import.meta.dirname, 'program.js');
  const { runProgram } = loadWithCodeCache<typeof Program>(program, words[0]);
  void runProgram(words);
}
