import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { catalog } from '../../src/catalog/index.js';
import type { ComponentDeclaration } from '../../src/catalog/component.js';
import { schemaKey } from '../../src/catalog/validate.js';
import { validators } from '../../src/catalog/validators.generated.js';
import { renderValidators } from '../../scripts/render-validators.js';

const components = Object.entries(catalog).flatMap(([family, table]) =>
  Object.entries(table as Readonly<Record<string, ComponentDeclaration>>).map(
    ([name, component]) => ({ family, name, component }),
  ),
);

test('the compiled checks are those of the declarations (npm run generate)', async () => {
  const path = 'src/catalog/validators.generated.ts';
  expect(readFileSync(path, 'utf8')).toBe(await renderValidators());
});

describe.each(components)('$family $name', ({ component }) => {
  test('is documented in sentences', () => {
    const docs = [component.doc, ...Object.values(component.options).map(({ doc }) => doc)];
    for (const doc of docs) expect(doc).toMatch(/^[^ ].*\.$/s);
  });

  test('takes its own defaults', () => {
    const refused = Object.entries(component.options).filter(
      ([, { schema, default: value }]) =>
        value !== undefined && schema !== 'tensor' && !validators[schemaKey(schema)]!(value),
    );
    expect(refused).toEqual([]);
  });

  test('gives names to its unnamed arguments', () => {
    const { options, positional } = component;
    expect(positional.filter((name) => !Object.hasOwn(options, name))).toEqual([]);
  });
});
