import { compileText, type CompiledModel } from '../../src/compile.js';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { SourceFile } from '../../src/diagnostics/source.js';
import { readBlocks } from '../../src/frontend/declarations/blocks.js';
import { buildModel } from '../../src/frontend/elaborate/build-model.js';
import { Work } from '../../src/frontend/values/work.js';
import type { Graph, GraphNode } from '../../src/ir/graph.js';
import { parse } from '../../src/parser/parse.js';

export type Settings = Readonly<Record<string, string>>;

/** The first model of a spec that must compile without errors or warnings. */
export function compile(text: string, set: Settings = {}): CompiledModel {
  const { models, diagnostics } = compileText('test.unet', text, { set });
  const [model] = models;
  if (model === undefined || diagnostics.length > 0) {
    throw new Error([...diagnostics.map(({ message }) => message), text].join('\n'));
  }
  return model;
}

/** The messages of a spec, as `UNET2001: Unknown name ...`. */
export function messagesOf(text: string, set: Settings = {}): readonly string[] {
  return compileText('test.unet', text, { set }).diagnostics.map(
    ({ code, message }) => `${code}: ${message}`,
  );
}

/** The codes of a spec's messages. */
export function codesOf(text: string, set: Settings = {}): readonly string[] {
  return diagnose(text, set).map(({ code }) => code);
}

/** The diagnostics of a spec. */
export function diagnose(text: string, set: Settings = {}): readonly Diagnostic[] {
  return compileText('test.unet', text, { set }).diagnostics;
}

/** The graph of a spec whose sizes are not asked for: they may all be illegal. */
export function graphOf(text: string): Graph {
  const { value, diagnostics } = parse(new SourceFile('test.unet', text));
  const blocks = readBlocks(value.file.sections).value;
  const model = value.file.sections.find(({ keyword }) => keyword.text === 'model')!;
  const built = buildModel(model, blocks, {}, new Work());
  const { graph } = built.value;
  if (graph === undefined || diagnostics.length > 0) {
    throw new Error([...built.diagnostics.map(({ message }) => message), text].join('\n'));
  }
  return graph;
}

/** The node of a name. */
export function nodeOf(graph: Graph, name: string): GraphNode {
  const found = graph.nodes.find((node) => node.name === name);
  if (found === undefined) {
    throw new Error(`no "${name}" among ${graph.nodes.map((node) => node.name).join(', ')}`);
  }
  return found;
}

/** A model around wires and a head, on an input of named sizes. */
export function modelOf(wires: string, head = 'conv(1, 1)', shape = '[H, W, 1]'): string {
  return `model Test {\ninput image: ${shape}\nwires {\n${wires}\n}\nhead mask: ${head}\n}\n`;
}
