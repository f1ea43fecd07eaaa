import { Reporter } from '../../../src/diagnostics/report.js';
import { SourceFile } from '../../../src/diagnostics/source.js';
import { Environment } from '../../../src/frontend/values/value.js';
import { Work } from '../../../src/frontend/values/work.js';
import { withoutTensors } from '../../../src/frontend/values/evaluation-context.js';
import { evaluate } from '../../../src/frontend/values/evaluate.js';
import { parse } from '../../../src/parser/parse.js';

/** `2 ceil(H / 4) + 1` or `3 W / 4` as a function of the input size, by the language's own arithmetic. */
export function readFormula(text: string): (size: number) => number | undefined {
  const written = text.replace(/(\d) ([a-zA-Z])/g, '$1 * $2');
  const { value, diagnostics } = parse(new SourceFile('size', `x { x: ${written} }`));
  const [member] = value.file.sections[0]?.body?.members ?? [];
  if (member?.kind !== 'field' || diagnostics.length > 0) throw new Error(`no formula: ${text}`);
  return (size) => {
    const environment = new Environment();
    for (const name of ['H', 'W']) environment.define(name, { kind: 'number', value: size });
    const reporter = new Reporter();
    const context = {
      ...withoutTensors(reporter, new Work()),
      environment,
    };
    const result = evaluate(member.value, context);
    return result.kind === 'number' ? result.value : undefined;
  };
}
