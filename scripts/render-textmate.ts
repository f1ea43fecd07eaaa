import { format } from 'prettier';
import * as t from '../src/parser/tokens.js';
import { comments, operators, string, words } from './textmate/lexical-rules.js';
import { captures, includes, name, scoped, source } from './textmate/rule.js';
import {
  declaration,
  importLine,
  loop,
  parameter,
  sections,
  trainSection,
  type,
  withParameters,
} from './textmate/section-rules.js';
import { brackets, expression, named, operands, trainFamilies } from './textmate/value-rules.js';

/**
 * The colours of the language as a TextMate grammar, from the tokens of the parser and
 * the words of the catalogue. It knows shapes, as the parser does; which name is a
 * tensor and which a parameter is for the server's semantic tokens to say.
 */
export async function renderTextMate(): Promise<string> {
  const grammar = {
    $schema: 'https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json',
    information_for_contributors: [
      'Made by `npm run generate` from the parser and the catalogue; edits are lost.',
    ],
    name: 'unet',
    scopeName: 'source.unet',
    fileTypes: ['unet'],
    patterns: includes('import', 'train', 'declaration', 'section', 'loop', 'members'),
    repository: scoped({
      import: importLine(),
      train: trainSection(),
      declaration: { patterns: withParameters.map(declaration) },
      section: { patterns: sections() },
      loop: loop(),
      members: { patterns: [...includes('field', 'assignment', 'braces', 'expression')] },
      field: named('variable.other.property'),
      assignment: {
        match: `\\b(${name})\\s*(=)(?!=)`,
        captures: captures('entity.name.variable.tensor', 'keyword.operator.assignment'),
      },
      argument: named('variable.parameter.argument'),
      parameter: parameter(),
      type: type(),
      braces: {
        patterns: [
          { match: '\\{', name: 'punctuation.section.block.begin' },
          { match: '\\}', name: 'punctuation.section.block.end' },
        ],
      },
      expression: expression('layer', ['layer']),
      'training-expression': expression('training', trainFamilies),
      ...brackets('layer', 'expression'),
      ...brackets('training', 'training-expression'),
      operand: { patterns: operands() },
      comment: { patterns: comments() },
      string: string(),
      number: { match: source(t.NumberToken), name: 'constant.numeric' },
      word: { patterns: words() },
      operator: { patterns: operators() },
      illegal: { match: '[^\\s\\x{FEFF}]', name: 'invalid.illegal.unexpected' },
    }),
  };
  return format(JSON.stringify(grammar), { parser: 'json', printWidth: 100 });
}
