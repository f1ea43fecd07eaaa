import type { Span } from '../diagnostics/source.js';

/**
 * The syntax tree. The grammar knows shapes, not words: a section is a word,
 * perhaps a name, perhaps a value, perhaps a body, and it is the catalogue that
 * knows which words exist. So a misspelt section is a name to suggest, never a
 * broken parse.
 */

export interface Identifier {
  readonly text: string;
  readonly span: Span;
}

export type Expression =
  | NumberLiteral
  | StringLiteral
  | BooleanLiteral
  | NameExpression
  | ListExpression
  | CallExpression
  | MemberExpression
  | UnaryExpression
  | BinaryExpression
  | ConditionalExpression
  | PipelineExpression
  | MissingExpression;

export interface NumberLiteral {
  readonly kind: 'number';
  readonly value: number;
  /** As written (`1e-5`). */
  readonly text: string;
  readonly span: Span;
}

export interface StringLiteral {
  readonly kind: 'string';
  readonly value: string;
  readonly span: Span;
}

export interface BooleanLiteral {
  readonly kind: 'boolean';
  readonly value: boolean;
  readonly span: Span;
}

export interface NameExpression {
  readonly kind: 'name';
  readonly name: string;
  readonly span: Span;
  /** Names that could be meant where it was written and that an unfolded scheme no longer has: `level`. */
  readonly nearby?: readonly string[];
}

/** `[a, b]`: a list of values, or several tensors that flow into a merge. */
export interface ListExpression {
  readonly kind: 'list';
  readonly items: readonly Expression[];
  readonly span: Span;
}

export interface Argument {
  readonly name: Identifier | undefined;
  readonly value: Expression;
  readonly span: Span;
}

/** `conv(64, 3, padding: valid)` */
export interface CallExpression {
  readonly kind: 'call';
  readonly callee: Identifier;
  readonly args: readonly Argument[];
  readonly span: Span;
}

/** `in.channels` */
export interface MemberExpression {
  readonly kind: 'member';
  readonly object: Expression;
  readonly member: Identifier;
  readonly span: Span;
}

export interface UnaryExpression {
  readonly kind: 'unary';
  readonly operator: '-' | 'not';
  readonly operand: Expression;
  readonly span: Span;
}

export type BinaryOperator =
  '+' | '-' | '*' | '/' | '%' | '==' | '!=' | '<' | '<=' | '>' | '>=' | 'and' | 'or';

export interface BinaryExpression {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly operatorSpan: Span;
  readonly left: Expression;
  readonly right: Expression;
  readonly span: Span;
}

/** `value if condition else otherwise`; without `else`, a pipeline passes its input on unchanged. */
export interface ConditionalExpression {
  readonly kind: 'conditional';
  readonly value: Expression;
  readonly condition: Expression;
  readonly otherwise: Expression | undefined;
  readonly span: Span;
}

/** `a -> b -> c` */
export interface PipelineExpression {
  readonly kind: 'pipeline';
  readonly steps: readonly Expression[];
  readonly span: Span;
}

/** Stands where the parser recovered from a missing expression; nothing is reported about it again. */
export interface MissingExpression {
  readonly kind: 'missing';
  readonly span: Span;
}

/** `int`, `float above 0 to 1`, `[int]`, `crop | pad | none`, `18 | 34 | 50` */
export type TypeExpression =
  | {
      readonly kind: 'named';
      readonly name: Identifier;
      readonly bounds: readonly Bound[];
      readonly span: Span;
    }
  | { readonly kind: 'list-of'; readonly item: TypeExpression; readonly span: Span }
  | { readonly kind: 'choice'; readonly options: readonly ChoiceOption[]; readonly span: Span };

/** A limit of numbers; `above` and `below` leave the number itself out. */
export interface Bound {
  readonly word: 'from' | 'above' | 'to' | 'below';
  readonly value: number;
  /** The number as written. */
  readonly text: string;
  readonly span: Span;
}

/** A word, or a number as written with its value. */
export interface ChoiceOption extends Identifier {
  readonly value: number | undefined;
}

export interface ParameterNode {
  readonly name: Identifier;
  readonly type: TypeExpression | undefined;
  readonly defaultValue: Expression | undefined;
  readonly span: Span;
}

/** `{ … }`; `close` is missing when the parser had to add the brace. */
export interface Body {
  readonly members: readonly Member[];
  readonly open: Span;
  readonly close: Span | undefined;
  readonly span: Span;
}

export type Member = Field | Assignment | Section | Loop;

/** `stage: double_conv(width)` */
export interface Field {
  readonly kind: 'field';
  readonly name: Identifier;
  readonly value: Expression;
  readonly doc: string | undefined;
  readonly span: Span;
}

/** `p4 = s16 -> nearest(2)` */
export interface Assignment {
  readonly kind: 'assignment';
  readonly name: Identifier;
  readonly value: Expression;
  readonly doc: string | undefined;
  readonly span: Span;
}

/**
 * A word with what follows it: `model UNet(base: int = 64) { … }`,
 * `block act() = relu`, `input image: [H, W, 3]`, `level 4, 5 { … }`, `decoder { … }`.
 */
export interface Section {
  readonly kind: 'section';
  readonly keyword: Identifier;
  readonly name: Identifier | undefined;
  /** The numbers of `level 4, 5`. */
  readonly selectors: readonly NumberLiteral[];
  readonly parameters: readonly ParameterNode[] | undefined;
  readonly value: Expression | undefined;
  /** Whether the value was written after `:` or `=`. */
  readonly separator: ':' | '=' | undefined;
  readonly body: Body | undefined;
  readonly doc: string | undefined;
  readonly span: Span;
}

/**
 * `for [t, c] in [[1, 16], [6, 24]] { … }`, `for i in range(4) { … }`: the body once
 * for each item of a list, top to bottom. Lists are finite, so loops end.
 */
export interface Loop {
  readonly kind: 'loop';
  /** What the items are called; several take a list apart. */
  readonly names: readonly Identifier[];
  /** Whether the names stand in brackets. */
  readonly destructures: boolean;
  readonly items: Expression;
  readonly body: Body;
  readonly doc: string | undefined;
  readonly span: Span;
}

/** `import resnet, bottleneck from "std/resnet"` */
export interface Import {
  readonly kind: 'import';
  readonly names: readonly Identifier[];
  /** Where from; empty where it is missing. */
  readonly path: StringLiteral;
  readonly doc: string | undefined;
  readonly span: Span;
}

export interface SpecFile {
  readonly imports: readonly Import[];
  readonly sections: readonly Section[];
  readonly span: Span;
}

/** A comment with its slashes; `doc` for `///`. */
export interface Comment {
  readonly kind: 'line' | 'doc';
  readonly text: string;
  readonly span: Span;
}
