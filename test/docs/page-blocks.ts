import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { callCli } from '../cli/run-cli.js';

/** A fence of a page. */
export interface Block {
  readonly language: string;
  readonly code: string;
  /** What the page shows behind it as printed: the fence that follows, if that is text. */
  readonly printed: string | undefined;
}

/** The fences of a page in their order; text that shows what another prints is part of that one. */
export const blocksOf = (page: string): readonly Block[] => blocksIn(readFileSync(page, 'utf8'));

/** The same of a text. */
export function blocksIn(text: string): readonly Block[] {
  const fences = [...text.matchAll(/^```(\w+)\n([^]*?)^```$/gm)];
  return fences.flatMap(([, language, code], at) => {
    if (language === 'text') return [];
    const [, next, printed] = fences[at + 1] ?? [];
    return [{ language: language!, code: code!, printed: next === 'text' ? printed : undefined }];
  });
}

/** The calls of unetc in a fence of a shell, with and without npx. */
export const callsIn = (code: string): readonly (readonly string[])[] =>
  [...code.matchAll(/^(?:npx )?unetc (.*)$/gm)].map(([, line]) =>
    line!
      .replace(/\s#.*$/, '')
      .trim()
      .split(/\s+/),
  );

/** Lines of a shell that are none of ours: they fetch packages that a checkout has. */
const fetches = /^(npm install|pip install) /;

/** Runs the calls of a fence of a shell in a folder. Throws where one fails, or is not known. */
export async function runCalls(code: string, folder: string): Promise<void> {
  for (const line of code.split('\n').filter(Boolean)) {
    const [words] = callsIn(line);
    if (words === undefined && fetches.test(line)) continue;
    if (words === undefined) throw new Error(`Nobody knows how to run "${line}".`);
    const { code: ended, stderr } = await callCli(words, { folder });
    if (ended !== 0) throw new Error(`"${line}" ended with ${ended}:\n${stderr}`);
  }
}

/** Runs an example in a folder as a program of its own, and gives what it prints. */
export function runExample({ language, code }: Block, folder: string, python?: string): string {
  const isPython = language === 'python';
  const file = join(folder, isPython ? 'example.py' : 'example.ts');
  writeFileSync(file, code);
  const env = { ...process.env, NODE_OPTIONS: '', KERAS_BACKEND: 'torch', OMP_NUM_THREADS: '1' };
  const [program, ...words] = isPython
    ? [python!, file]
    : [process.execPath, resolve('test/docs/run-example.mjs'), file];
  const options = { cwd: folder, env, encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync(program, words, options);
  if (status !== 0) throw new Error(`It ended with ${status}:\n${code}\n${stderr}`);
  return stdout;
}
