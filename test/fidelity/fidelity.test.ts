import { beforeAll, describe, expect, test } from '@jest/globals';
import { startEngine } from '../../src/runtime/engines/start-engine.js';
import { otherNetworks, randomNetworks, specNetworks } from './networks.js';
import { fidelityTargetNames, fidelityTargets } from './targets.js';

/**
 * Every target against our functional network. Skipped, and said to be, where what runs a
 * target is not installed. `npm run fidelity` compares more.
 */

beforeAll(() => startEngine('wasm'));

/** Specs with names that are none of the target. */
const refused: Readonly<Record<string, readonly string[]>> = {
  pytorch: ['odd-names'],
};

describe.each(fidelityTargetNames)('%s', (name) => {
  const { isThere, takes, compare, randomCount, needs } = fidelityTargets[name];
  const live = isThere() ? test : test.skip;
  const unlessNeeded = isThere() ? '' : ` (needs ${needs})`;

  live(`specs give what ours give${unlessNeeded}`, async () => {
    const all = specNetworks();
    const networks = all.filter(takes);
    expect(networks.length).toBeGreaterThan(40);
    const others = all.filter((each) => !networks.includes(each));
    expect(others.map((each) => each.name)).toEqual(refused[name] ?? []);
    // Keras takes minutes to build all: every third here, all by `npm run fidelity`.
    const compared = networks.filter((_, index) => name !== 'keras' || index % 3 === 0);
    expect((await compare(compared)).differences).toEqual([]);
  });

  live('networks of every other kind do', async () => {
    const networks = otherNetworks();
    expect(networks.length).toBeGreaterThan(3);
    expect((await compare(networks)).differences).toEqual([]);
  });

  live('random networks do', async () => {
    const networks = randomNetworks(randomCount, 20150518);
    expect(networks).toHaveLength(randomCount);
    expect((await compare(networks)).differences).toEqual([]);
  });
});
