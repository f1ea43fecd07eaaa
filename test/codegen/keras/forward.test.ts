import { beforeAll, describe, expect, test } from '@jest/globals';
import { compileText } from '../../../src/compile.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { tellingSizes } from '../../networks/forms.js';
import { findPython } from '../../python/find-python.js';
import {
  compareKeras,
  findBackends,
  kerasCases,
  type KerasCase,
} from '../../python/keras-models.js';
import { edgeNetworks } from './edge-networks.js';

/**
 * Emitted models in Keras against our functional network, on every library that the Python
 * has for it; `test/fidelity` has the specs. Skipped, and said to be, where no Python has
 * Keras: `npm run python-env` makes one.
 */
const python = findPython();
const backends = findBackends(python);
const live = backends.length === 0 ? describe.skip : describe;

function casesOf(name: string, text: string): readonly KerasCase[] {
  const file = 'edges.unet';
  const { models } = compileText(file, text);
  const sizes = models.map((model) => tellingSizes(model, 6).slice(-2));
  return kerasCases({ name, file, set: {}, models, sizes });
}

live('in Keras', () => {
  beforeAll(() => startEngine('wasm'));

  test('what it says otherwise gives what ours gives, also read from a file that it wrote', async () => {
    const all = Object.entries(edgeNetworks);
    const cases = all.flatMap(([name, text]) => casesOf(name, text));
    expect(cases).toHaveLength(all.length);
    const saved = cases.map((each) => ({ ...each, isSaved: true }));
    expect((await compareKeras(python!, backends, saved)).differences).toEqual([]);
  });

  test('running statistics after a step of training are ours', async () => {
    const text = `model Norms {
      input image: [H, W, 2]
      wires {
        a = image -> conv(4, 3) -> batch_norm(momentum: 0.7) -> relu
        b = a -> conv(4, 3) -> batch_norm(momentum: 0.6)
      }
      head mask: b -> conv(1, 1)
    }`;
    const cases = casesOf('norms', text).map((each) => {
      return { ...each, sizes: [[3, 4] as const], isTrained: true };
    });
    expect(cases).toHaveLength(1);
    expect((await compareKeras(python!, backends, cases)).differences).toEqual([]);
  });
});
