import { expect, test } from '@jest/globals';
import { readFileSync, readdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Compilation } from '../../src/compile.js';
import { createNodeHost } from '../../src/host-node.js';
import { Workspace, type Analysis } from '../../src/lsp/workspace.js';

const specs = readdirSync('specs', { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.unet'),
);

/** The text of a spec; a library gets a model for each of its encoders, for only models are networks. */
function readSpec(path: string): string {
  const text = readFileSync(path, 'utf8');
  if (/^model /m.test(text)) return text;
  const models = [...text.matchAll(/^encoder (\w+)/gm)].map(
    ([, name]) =>
      `model With_${name!} {\n  input image: [H, W, 3]\n  encoder ${name!} {}\n  head mask: conv(1, 1)\n}\n`,
  );
  return `${text}\n${models.join('\n')}`;
}

function analyse(path: string, text: string): Analysis {
  const workspace = new Workspace(createNodeHost('/'), undefined);
  const uri = pathToFileURL(path).href;
  workspace.update(uri, 1, text);
  return workspace.analyse(uri)!;
}

/** Networks without their names, and what was reported. */
const meaningOf = ({ models, diagnostics }: Compilation): object => ({
  networks: models.map(({ graph, encoderFiles }) =>
    graph.nodes.map(({ name, op, inputs, channels }) => ({
      op,
      inputs,
      channels,
      storedNames: encoderFiles?.names.get(name),
    })),
  ),
  codes: diagnostics.map(({ code }) => code),
});

// What the index takes for one name is one name for the compiler: were a use missed, or a
// word taken for a name, the text with other names would be another network or none.
test.each(specs)('all names of %s can be others, and the networks stay', (name) => {
  const path = `${process.cwd()}/specs/${name}`;
  const { index, source, compilation } = analyse(path, readSpec(path));
  const fresh = new Map<string, string>();
  let { text } = source;
  for (const { span, symbol } of index.occurrences.toReversed()) {
    const isFree = !symbol.isImplicit && symbol.name !== 'out' && symbol.declaration.file === path;
    if (!isFree) continue;
    if (!fresh.has(symbol.id)) fresh.set(symbol.id, `fresh_${fresh.size}`);
    text = text.slice(0, span.start) + fresh.get(symbol.id)! + text.slice(span.end);
  }
  expect(fresh.size).toBeGreaterThan(0);
  expect(meaningOf(analyse(path, text).compilation)).toEqual(meaningOf(compilation));
});
