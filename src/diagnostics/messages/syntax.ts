import { error, type NoParameters } from './message.js';

/** Text, tokens and grammar. */
export const syntaxMessages = {
  'unexpected-character': error(
    'UNET1001',
    (p: { character: string }) => `Unexpected character ${p.character}.`,
  ),
  'unclosed-string': error(
    'UNET1002',
    (_: NoParameters) => `The string is not closed; expected '"' before the end of the line.`,
  ),
  'unclosed-bracket': error(
    'UNET1003',
    (p: { closer: string; opener: string; owner: string }) =>
      `Expected "${p.closer}" to close the "${p.opener}" of ${p.owner}.`,
  ),
  'unopened-bracket': error('UNET1004', (p: { closer: string }) => `"${p.closer}" closes nothing.`),
  'expected-separator': error(
    'UNET1005',
    (p: { closer: string; what: string; after: string; found: string }) =>
      `Expected "," or "${p.closer}" after ${p.after} in ${p.what}, found ${p.found}.`,
  ),
  'expected-value': error(
    'UNET1006',
    (p: { after: string; found: string }) => `Expected a value after ${p.after}, found ${p.found}.`,
  ),
  'expected-section': error(
    'UNET1007',
    (p: { where: string; found: string }) =>
      `Expected a section or a field in ${p.where}, found ${p.found}.`,
  ),
  'unexpected-token': error(
    'UNET1008',
    (p: { found: string; expected: string; after: string }) =>
      `Expected ${p.expected} after ${p.after}, found ${p.found}.`,
  ),
  'reserved-word': error(
    'UNET1009',
    (p: { word: string }) => `"${p.word}" is a word of the language and cannot be a name.`,
  ),
  'name-of-objects': error(
    'UNET1015',
    (p: { name: string }) =>
      `"${p.name}" cannot be a name: every object of JavaScript has it, and TensorFlow.js looks tensors up by name.`,
  ),
  'nesting-too-deep': error(
    'UNET1010',
    (p: { limit: number }) => `Brackets are nested more than ${p.limit} deep.`,
  ),
  'too-many-tokens': error(
    'UNET1011',
    (p: { limit: number; what: string }) => `The file has more than ${p.limit} ${p.what}.`,
  ),
  'chain-too-long': error(
    'UNET1012',
    (p: { limit: number; what: string }) => `One value has more than ${p.limit} ${p.what}.`,
  ),
  'not-text': error(
    'UNET1013',
    (_: NoParameters) => 'The file is not text: it holds zero bytes. Expected a spec.',
  ),
  'number-joined-to-name': error(
    'UNET1014',
    (p: { text: string }) =>
      `"${p.text}" is neither a number nor a name; a name starts with a letter.`,
  ),
} as const;
