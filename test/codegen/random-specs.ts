import * as fc from 'fast-check';

/**
 * Specs of random blocks that call each other with random arguments, over one
 * size: what they share and where they differ is what emitting has to get right.
 */
export const randomSpec: fc.Arbitrary<string> = fc
  .record({
    blocks: fc.array(fc.array(randomLine(), { minLength: 1, maxLength: 3 }), {
      minLength: 1,
      maxLength: 4,
    }),
    defaults: fc.array(fc.constantFrom('c', '2 * c', 'in.channels', '3', 'c + 1'), {
      minLength: 4,
      maxLength: 4,
    }),
    calls: fc.array(randomCall(), { minLength: 2, maxLength: 5 }),
  })
  .map(({ blocks, defaults, calls }) => {
    const written = blocks.map((lines, index) => blockText(index, lines, defaults[index] ?? 'c'));
    const wires = calls.map(({ call, merges }, index) => {
      const source = index === 0 ? 'image' : `t${index}`;
      const merged = merges && index > 1 ? `[t${index}, t${index - 1}] -> concat` : source;
      return `    t${index + 1} = ${merged} -> ${call(blocks.length)}`;
    });
    const model = ['model Random {', '  input image: [H, W, 2]', '  wires {', ...wires, '  }'];
    return [...model, '  head mask: conv(1, 1)', '}', ...written, ''].join('\n');
  });

interface RandomCall {
  readonly call: (blocks: number) => string;
  readonly merges: boolean;
}

function randomCall(): fc.Arbitrary<RandomCall> {
  const number = fc.integer({ min: 1, max: 3 });
  return fc
    .record({
      block: fc.nat(3),
      c: number,
      mid: fc.option(number),
      flag: fc.option(fc.boolean()),
      merges: fc.boolean(),
    })
    .map(({ block, c, mid, flag, merges }) => ({
      call: (blocks) => callText(block % blocks, String(c), mid?.toString(), flag?.toString()),
      merges,
    }));
}

function callText(block: number, c: string, mid?: string, flag?: string): string {
  const words = [
    c,
    ...(mid === undefined ? [] : [`mid: ${mid}`]),
    ...(flag === undefined ? [] : [`flag: ${flag}`]),
  ];
  return `block${block}(${words.join(', ')})`;
}

/** One step of a block; `block` is the number of the block it stands in. */
type RandomStep = (block: number) => string;

function randomLine(): fc.Arbitrary<readonly RandomStep[]> {
  const expression = fc.constantFrom(
    'c',
    'mid',
    '2 * c',
    'c + mid',
    'in.channels',
    '3',
    '(c + 1) * mid',
    'max(c, 2)',
    'round(1.6 * mid)',
  );
  const convolution = fc
    .tuple(expression, fc.constantFrom('1', '3'), fc.boolean())
    .map(([filters, kernel, bias]): RandomStep => {
      return () => `conv(${filters}, ${kernel}${bias ? '' : ', bias: false'})`;
    });
  const plain = fc
    .constantFrom('relu', 'batch_norm', 'leaky_relu(0.2)', 'dropout(0.5)', 'depthwise_conv(3)')
    .map(
      (word): RandomStep =>
        () =>
          word,
    );
  const nested = fc
    .tuple(fc.nat(3), expression, fc.option(expression), fc.option(fc.constantFrom('flag', 'true')))
    .map(([callee, c, mid, flag]): RandomStep => {
      return (block) =>
        block === 0 ? 'relu6' : callText(callee % block, c, mid ?? undefined, flag ?? undefined);
    });
  return fc.array(fc.oneof(convolution, plain, nested), { minLength: 1, maxLength: 3 });
}

/** The second line of a block runs only where its flag is set. */
function blockText(
  block: number,
  lines: readonly (readonly RandomStep[])[],
  middle: string,
): string {
  const written = lines.map((steps, index) => {
    const pipeline = steps.map((step) => step(block)).join(' -> ');
    const source = index === 0 ? 'in' : `h${index}`;
    const condition = index === 1 ? ` if flag else ${source}` : '';
    return `  h${index + 1} = ${source} -> ${pipeline}${condition}`;
  });
  const parameters = `c: int, mid: int = ${middle}, flag: bool = false`;
  const last = `  out = h${lines.length} -> conv(c, 1)`;
  return [`block block${block}(${parameters}) {`, ...written, last, '}'].join('\n');
}
