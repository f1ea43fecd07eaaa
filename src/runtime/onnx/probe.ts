import type { Graph } from '../../ir/graph.js';
import { analyseSizes, legalAtLeast } from '../../ir/sizes/sizes.js';
import type { AxisAnalysis } from '../../ir/sizes/analysis.js';
import type { WindowNetwork, Windows } from '../prediction/window-network.js';
import { Random } from '../random.js';

/** The smallest sides of a probe, where they are legal. */
const side = 256;

/** A window of noise, of mean 0 and deviation 1, of a legal size. */
export function probeOf(graph: Graph): Windows {
  const analysed = analyseSizes(graph);
  if (analysed.kind !== 'sizes') throw new Error('a network that was trained has no legal size');
  const sideOf = (axis: AxisAnalysis): number =>
    typeof axis.input === 'number'
      ? axis.input
      : (legalAtLeast(axis, side) ?? legalAtLeast(axis, 1) ?? side);
  const [height, width] = [sideOf(analysed.sizes.height), sideOf(analysed.sizes.width)];
  const { channels } = graph.nodes[graph.inputs[0]!.node]!;
  const random = new Random(1);
  const data = Float32Array.from({ length: height * width * channels }, () => random.normal(0, 1));
  return { count: 1, height, width, channels, data };
}

/** How another network does beside the one that is trusted. */
export interface ProbeResult {
  /** The largest difference of a value; infinite where it fails or gives none. */
  readonly difference: number;
  /** Its time for the probe beside that of the trusted one. */
  readonly slowdown: number;
}

/** Runs both twice: the first run of each also compiles. */
export async function compareOn(
  probe: Windows,
  trusted: WindowNetwork,
  other: WindowNetwork,
): Promise<ProbeResult> {
  try {
    const [[expected, usual], [found, taken]] = [
      await runTwice(trusted, probe),
      await runTwice(other, probe),
    ];
    let difference = 0;
    for (const [name, values] of expected) {
      const others = found.get(name);
      if (others?.length !== values.length) return failed;
      values.forEach((value, at) => {
        const apart = Math.abs(value - others[at]!);
        difference = Number.isNaN(apart) ? Infinity : Math.max(difference, apart);
      });
    }
    return { difference, slowdown: taken / usual };
  } catch {
    return failed;
  }
}

const failed: ProbeResult = { difference: Infinity, slowdown: Infinity };

async function runTwice(
  network: WindowNetwork,
  probe: Windows,
): Promise<readonly [Awaited<ReturnType<WindowNetwork['run']>>, number]> {
  await network.run(probe);
  const start = performance.now();
  return [await network.run(probe), performance.now() - start];
}
