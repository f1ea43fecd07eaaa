/**
 * Compares every target with our functional network, on more networks than `npm test`.
 *
 *   npm run fidelity -- [--random N] [--seed N] [--specs FOLDER ...] [--target NAME ...]
 *
 * Without --random and --specs: the specs of this repository and 300 random networks.
 * Prints a line for each difference, what a target has to say of how close numbers were, and
 * for each target how many models were compared.
 * The exit code is 1 where something differs, 2 where a target cannot be run.
 */
import { parseArgs } from 'node:util';
import { startEngine } from '../../src/runtime/engines/start-engine.js';
import {
  networksIn,
  otherNetworks,
  randomNetworks,
  specNetworks,
  zooNetworks,
  type FidelityNetwork,
} from './networks.js';
import { fidelityTargetNames, fidelityTargets, type FidelityTargetName } from './targets.js';

process.exitCode = await main(process.argv.slice(2));

async function main(words: string[]): Promise<number> {
  const { values } = parseArgs({
    args: words,
    options: {
      random: { type: 'string' },
      seed: { type: 'string', default: '20150518' },
      specs: { type: 'string', multiple: true, default: [] },
      target: { type: 'string', multiple: true, default: [...fidelityTargetNames] },
    },
  });
  const isAll = values.random === undefined && values.specs.length === 0;
  const [count, seed] = [Number(values.random ?? (isAll ? 300 : 0)), Number(values.seed)];
  const unknown = values.target.find((name) => !isTarget(name));
  if (unknown !== undefined || !Number.isInteger(count) || !Number.isInteger(seed)) {
    const names = fidelityTargetNames.join(', ');
    const reason = unknown === undefined ? '"--random" and "--seed" are whole numbers' : names;
    process.stderr.write(`Found ${unknown ?? `${values.random} and ${values.seed}`}: ${reason}.\n`);
    return 2;
  }
  await startEngine('wasm');
  const sets: readonly (readonly [string, readonly FidelityNetwork[]])[] = [
    ...(isAll ? [['specs', [...specNetworks(), ...otherNetworks()]] as const] : []),
    ...(isAll ? [['the zoo', zooNetworks()] as const] : []),
    ...values.specs.map((folder) => [folder, networksIn(folder)] as const),
    ...(count > 0 ? [[`random, seed ${seed}`, randomNetworks(count, seed)] as const] : []),
  ];
  let code = 0;
  for (const name of values.target.filter(isTarget)) {
    const { isThere, needs, takes, compare } = fidelityTargets[name];
    if (!isThere()) {
      process.stderr.write(`${name} is skipped; it needs ${needs}.\n`);
      code ||= 2;
      continue;
    }
    for (const [title, all] of sets) {
      const start = performance.now();
      const networks = all.filter(takes);
      const { differences, remarks } = await compare(networks);
      for (const line of [...differences, ...remarks]) process.stdout.write(`${line}\n`);
      const models = networks.reduce((sum, each) => sum + each.models.length, 0);
      const seconds = ((performance.now() - start) / 1000).toFixed(0);
      const refused = all.length - networks.length;
      process.stdout.write(
        `${name}, ${title}: ${models} models, ${differences.length} differences, ` +
          `${refused} specs refused, ${seconds} s\n`,
      );
      if (differences.length > 0) code = 1;
    }
  }
  return code;
}

function isTarget(name: string): name is FidelityTargetName {
  return (fidelityTargetNames as readonly string[]).includes(name);
}
