import type { Position, SignatureHelp } from 'vscode-languageserver';
import { offsetAt } from '../positions.js';
import { describeDeclaration, findAmong, optionLabel, parameterLabel } from './components.js';
import { cursorAt, familiesAt } from './cursor.js';
import type { FeatureContext } from './feature.js';

/** What the call around a position takes, and which of it the position is at. */
export function signatureHelp(
  { analysis }: FeatureContext,
  at: Position,
): SignatureHelp | undefined {
  const cursor = cursorAt(analysis, offsetAt(analysis.source, at));
  const call = cursor.open.findLast(({ bracket }) => bracket === '(');
  const inner = cursor.open.at(-1);
  const [name] = call?.words ?? [];
  if (call === undefined || name === undefined || inner?.bracket === '{') return undefined;
  const block = analysis.compilation.files[0]!.blocks.get(name);
  if (block !== undefined) {
    const { parameters, doc } = block;
    const names = parameters.map((parameter) => parameter.name.text);
    return help(
      describeDeclaration(block),
      parameters.map((each) => ({ label: parameterLabel(each) })),
      doc,
      names,
      call,
    );
  }
  const component = findAmong(familiesAt(cursor), name);
  if (component === undefined) return undefined;
  const { options, positional, doc } = component;
  const others = Object.keys(options).filter((option) => !positional.includes(option));
  const names = [...positional, ...others];
  const parameters = names.map((option) => ({
    label: optionLabel(option, options[option]!),
    documentation: options[option]!.doc,
  }));
  const label = `${name}(${parameters.map((each) => each.label).join(', ')})`;
  return help(label, parameters, doc, names, call, positional.length);
}

function help(
  label: string,
  parameters: readonly { readonly label: string; readonly documentation?: string }[],
  doc: string | undefined,
  names: readonly string[],
  call: { readonly commas: number; readonly argument: string | undefined },
  unnamed: number = names.length,
): SignatureHelp {
  const named = call.argument === undefined ? -1 : names.indexOf(call.argument);
  const active = named >= 0 ? named : call.commas < unnamed ? call.commas : null;
  return {
    signatures: [
      { label, parameters: [...parameters], ...(doc === undefined ? {} : { documentation: doc }) },
    ],
    activeSignature: 0,
    activeParameter: active,
  };
}
