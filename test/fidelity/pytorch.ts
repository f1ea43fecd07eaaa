import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emitPyTorch } from '../../src/codegen/pytorch/emit.js';
import { root } from '../codegen/cases.js';
import { preloaded } from '../python/preloaded.js';
import type { FidelityNetwork } from './networks.js';
import { writeCase } from './write-cases.js';

/** How many networks one Python is given, whose files fill a disk. */
const chunk = 60;

/**
 * Emitted modules in PyTorch against our functional network, in one Python for many. Every
 * line of the answer is one difference.
 */
export async function comparePyTorch(
  python: string,
  networks: readonly FidelityNetwork[],
): Promise<readonly string[]> {
  const lines: string[] = [];
  for (let at = 0; at < networks.length; at += chunk) {
    lines.push(...(await compareSome(python, networks.slice(at, at + chunk))));
  }
  return lines;
}

async function compareSome(
  python: string,
  networks: readonly FidelityNetwork[],
): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'unetc-fidelity-'));
  try {
    const names = new Map<string, string>();
    const cases: object[] = [];
    for (const [index, { name, file, set, models, sizes }] of networks.entries()) {
      const { text, models: named } = emitPyTorch(models, { file, set }).value!;
      writeFileSync(join(folder, `module${index}.py`), text);
      for (const [at, model] of models.entries()) {
        const id = `case${index}_${at}`;
        names.set(id, `${name} ${model.name}`);
        cases.push({
          ...(await writeCase(folder, id, model, sizes[at]!)),
          file: `module${index}.py`,
          class: named[at]!.className,
          logits: named[at]!.outputs.map(({ isLogits }) => isLogits),
        });
      }
    }
    writeFileSync(join(folder, 'cases.json'), JSON.stringify(cases));
    const script = join(root, 'test/python/modules.py');
    const { status, stdout, stderr } = spawnSync(preloaded(python), ['-B', script, folder], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    if (status !== 0) throw new Error(stderr);
    const answers = JSON.parse(stdout) as Readonly<Record<string, readonly string[]>>;
    return Object.entries(answers).flatMap(([id, found]) =>
      found.map((line) => `${names.get(id)}: ${line}`),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
