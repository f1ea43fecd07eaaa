import { Ajv, type SchemaObject } from 'ajv';
import * as standalone from 'ajv/dist/standalone/index.js';
import { format } from 'prettier';
import { catalog } from '../src/catalog/index.js';
import type { ComponentDeclaration } from '../src/catalog/component.js';
import { schemaKey } from '../src/catalog/validate.js';

/**
 * Compiles every distinct option schema of the catalogue to a plain function
 * with ajv, so that a check neither loads ajv nor compiles schemas when it starts.
 */
export async function renderValidators(): Promise<string> {
  const ajv = new Ajv({ messages: false, strictTypes: false, code: { source: true, esm: true } });
  const identifiers = new Map<string, string>();
  const components = Object.values(catalog).flatMap(
    (table) => Object.values(table) as readonly ComponentDeclaration[],
  );
  for (const { schema } of components.flatMap((component) => Object.values(component.options))) {
    if (schema === 'tensor' || identifiers.has(schemaKey(schema))) continue;
    const identifier = `option${identifiers.size + 1}`;
    identifiers.set(schemaKey(schema), identifier);
    ajv.addSchema({ ...(schema as SchemaObject), $id: identifier });
  }
  const names = Object.fromEntries([...identifiers.values()].map((name) => [name, name]));
  const toCode = findFunction(standalone);
  const code = toCode(ajv, names)
    .replace(/^"use strict";/, '')
    .replaceAll('export const', 'const');
  const table = [...identifiers]
    .map(([key, name]) => `${JSON.stringify(key)}: ${name}`)
    .join(',\n');
  const text = [
    '// Made by `npm run generate` from the declarations beside it; edits are lost.',
    '// @ts-nocheck',
    '/* eslint-disable */',
    code,
    '/** The compiled check of each option schema, by `schemaKey`. */',
    `export const validators: Readonly<Record<string, (value: unknown) => boolean>> = {${table}};`,
  ].join('\n');
  return format(text, { parser: 'typescript', singleQuote: true, printWidth: 100 });
}

type ToCode = (ajv: Ajv, names: Readonly<Record<string, string>>) => string;

/** ajv ships this module as CommonJS, whose default export loaders nest differently. */
function findFunction(module: unknown): ToCode {
  let found = module;
  while (typeof found !== 'function') found = (found as { readonly default: unknown }).default;
  return found as ToCode;
}
