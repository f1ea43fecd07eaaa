import { format, resolveConfig } from 'prettier';
import { graphOperations } from '../test/runtime/audit/graph-operations.js';
import { stockOperations } from '../test/runtime/audit/stock-operations.js';
import { auditedEngines, readVerdicts } from '../test/runtime/audit/verdicts.js';
import { traps } from '../test/runtime/engine-traps.js';

/** The page of the gradient audit. */
export const auditPath = 'docs/gradient-audit.md';

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

/** What the runtime does where an engine is wrong, in a few words. */
function renderInstead(title: string, isRight: boolean): string {
  const { instead } = stockOperations[title]!;
  if (isRight || instead === undefined) return '';
  return 'cases' in instead ? 'replaced' : 'not used';
}

/** The page from the stored verdicts and the lists of cases. */
export async function renderAudit(): Promise<string> {
  const verdicts = readVerdicts();
  const stock = Object.keys(stockOperations).map((title) => {
    const found = auditedEngines.map((engine) => verdicts[engine][title]!);
    const isRight = found.every((verdict) => verdict === 'right');
    return [title, ...found, renderInstead(title, isRight)];
  });
  const counts = auditedEngines.map(
    (engine) => Object.values(verdicts[engine]).filter((verdict) => verdict === 'right').length,
  );
  const total = ['right, of ' + stock.length, ...counts.map(String), ''];
  const own = graphOperations.map(([kind, count]) => [
    `\`${kind}\``,
    String(count),
    ...auditedEngines.map(() => 'right'),
  ]);
  const text = `# The gradient audit

Written by \`npm run generate\` from what the tests measure.

Engines compute gradients wrongly now and then, and say nothing. Two lists of operations are
therefore tried on each engine.

## TensorFlow.js alone

Operations as a program calls them that trains on TensorFlow.js 4.22 without unetc; \`webgpu\` in
software (SwiftShader), \`tfjs-node\` linked to TensorFlow 2.21. A value is wrong where it
differs from that of \`cpu\`, a gradient where it differs from central differences of the value by more
than a hundredth. "refused" is an operation without a gradient or a kernel, or whose options are.

${table(['operation', ...auditedEngines, 'in unetc'], [...stock, total])}

"replaced": unetc computes it by other operations or by a kernel of its own, which the next lists hold.
"not used": no network of unetc runs it.

## unetc

Every operation of a graph in the forms that matter, with our kernels and compositions. Values
and gradients are those of \`cpu\` to a ten-thousandth, and those of \`cpu\` and \`wasm\` central
differences. The tests fail where one is not.

${table(['operation', 'cases', ...auditedEngines], own)}

These are held to definitions in float64 and their differences as well, on the four engines; each is
something that some engine has wrong, ignores or refuses:

${traps.map(({ title }) => `- ${title}`).join('\n')}
`;
  return format(text, { ...(await resolveConfig(auditPath)), parser: 'markdown' });
}
