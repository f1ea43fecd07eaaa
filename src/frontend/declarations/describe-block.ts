import { wordsOf } from '../values/parameters.js';
import type { BlockDescription, BlockParameter } from '../../ir/block.js';
import { isFormulaFunction, type Formula } from '../../ir/formula.js';
import type { Expression } from '../../parser/ast.js';
import type { BlockDeclaration, EncoderDeclaration } from './blocks.js';

const known = new WeakMap<BlockDeclaration, BlockDescription>();

/** What the graph keeps of a block: one description for all its calls. */
export function describeBlock(block: BlockDeclaration): BlockDescription {
  const found = known.get(block) ?? describe(block);
  known.set(block, found);
  return found;
}

/** What the graph keeps of the encoder that made a part of it. */
export const describeEncoder = ({
  name,
  doc,
}: EncoderDeclaration): Omit<BlockDescription, 'parameters'> => ({
  name: name.text,
  file: name.span.file,
  ...(doc === undefined ? {} : { doc }),
  origin: name.span,
});

function describe({ name, doc, parameters }: BlockDeclaration): BlockDescription {
  return {
    name: name.text,
    file: name.span.file,
    ...(doc === undefined ? {} : { doc }),
    parameters: parameters.map(({ name: parameter, type, defaultValue }) => {
      const isTensor = type?.kind === 'named' && type.name.text === 'tensor';
      const formula = defaultValue && formulaOf(defaultValue);
      return {
        name: parameter.text,
        takes: isTensor ? 'tensor' : 'value',
        isOptional: defaultValue !== undefined,
        ...(formula === undefined ? {} : { default: formula }),
        ...(defaultValue === undefined ? {} : usualOf(defaultValue, wordsOf(type))),
      };
    }),
    origin: name.span,
  };
}

function usualOf(expression: Expression, words: readonly string[]): Pick<BlockParameter, 'usual'> {
  switch (expression.kind) {
    case 'number':
    case 'boolean':
    case 'string':
      return { usual: expression.value };
    case 'name':
      return words.includes(expression.name) ? { usual: expression.name } : {};
    default:
      return {};
  }
}

/** An expression as a formula over parameters; undefined for other forms. */
function formulaOf(expression: Expression): Formula | undefined {
  switch (expression.kind) {
    case 'number':
      return { kind: 'number', value: expression.value };
    case 'name':
      return { kind: 'parameter', name: expression.name };
    case 'member': {
      const { object, member } = expression;
      const isChannels =
        object.kind === 'name' && object.name === 'in' && member.text === 'channels';
      return isChannels ? { kind: 'channels' } : undefined;
    }
    case 'binary': {
      const { operator } = expression;
      if (operator !== '+' && operator !== '-' && operator !== '*' && operator !== '/') {
        return undefined;
      }
      const left = formulaOf(expression.left);
      const right = formulaOf(expression.right);
      if (left === undefined || right === undefined) return undefined;
      return { kind: 'binary', operator, left, right };
    }
    case 'call': {
      const args = expression.args.flatMap(({ value }) => formulaOf(value) ?? []);
      const { text } = expression.callee;
      if (!isFormulaFunction(text) || args.length < expression.args.length) return undefined;
      return { kind: 'call', function: text, args };
    }
    case 'string':
    case 'boolean':
    case 'list':
    case 'unary':
    case 'conditional':
    case 'pipeline':
    case 'missing':
      return undefined;
  }
}
