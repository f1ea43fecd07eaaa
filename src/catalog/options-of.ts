import type { Family } from './component.js';
import type { catalog, NameOf } from './index.js';

/** The options of a component once they are checked: `OptionsOf<'layer', 'conv'>`. */
export type OptionsOf<F extends Family, N extends NameOf<F>> = ValuesOf<(typeof catalog)[F][N]>;

/** The checked options of a declaration, without those that are tensors. */
export type ValuesOf<D> = D extends { readonly options: infer Options }
  ? {
      readonly [
        Name in keyof Options as Options[Name] extends { readonly schema: 'tensor' } ? never : Name
      ]: OptionValue<Options[Name]>;
    }
  : never;

type OptionValue<Option> = Option extends { readonly schema: infer Schema }
  ? SchemaValue<Schema> | (Option extends { readonly optional: true } ? undefined : never)
  : never;

/** The values that a schema allows, as far as types can say it. */
type SchemaValue<Schema> = Schema extends { readonly anyOf: readonly (infer Choice)[] }
  ? SchemaValue<Choice>
  : Schema extends { readonly enum: readonly (infer Word)[] }
    ? Word
    : Schema extends { readonly type: 'array'; readonly items: infer Item }
      ? ListValue<SchemaValue<Item>, Schema>
      : Schema extends { readonly type: infer Type }
        ? PlainValue<Type>
        : never;

/** A list of a fixed length is a tuple. */
type ListValue<Item, Schema> = Schema extends {
  readonly minItems: infer Least extends number;
  readonly maxItems: infer Most extends number;
}
  ? [Least, Most] extends [Most, Least]
    ? Repeat<Item, Least>
    : readonly Item[]
  : readonly Item[];

type Repeat<
  Item,
  Count extends number,
  Items extends readonly Item[] = readonly [],
> = Items['length'] extends Count ? Items : Repeat<Item, Count, readonly [...Items, Item]>;

type PlainValue<Type> = Type extends 'integer' | 'number'
  ? number
  : Type extends 'boolean'
    ? boolean
    : Type extends 'string'
      ? string
      : never;
