import type { CstNode, IToken } from 'chevrotain';
import type { SourceFile } from '../diagnostics/source.js';
import type { Expression } from './ast.js';
import { ExpressionReader } from './expression-reader.js';
import { PatientParser } from './patient-parser.js';

/** The parts of chevrotain that its types leave out: where it reads, and the tree that it builds. */
interface Internals {
  exportLexerState(): number;
  importLexerState(index: number): void;
  cstPostTerminal(name: string, token: IToken): void;
}

const readName = 'read';

/** A parser whose expressions without mistakes are read by `ExpressionReader`. */
export class ReadingParser extends PatientParser {
  #reader: ExpressionReader | undefined;

  /** Makes tokens of a text ready to be parsed. */
  start(tokens: readonly IToken[], source: SourceFile): void {
    this.input = tokens as IToken[];
    this.#reader = new ExpressionReader(tokens, source);
  }

  /** Reads the expression that comes next into the node of the rule at hand; false where it has a mistake. */
  protected readExpression(): boolean {
    const parser = this as unknown as Internals;
    const index = parser.exportLexerState();
    const read = this.#reader?.read(index + 1);
    if (read === undefined) return false;
    const [first, last] = [this.LA(1), this.input[read.end - 1]!];
    parser.importLexerState(read.end - 1);
    parser.cstPostTerminal(readName, { ...first, endOffset: last.endOffset!, payload: read.value });
    return true;
  }
}

/** The expression that was read into a node. */
export function expressionIn(node: CstNode): Expression | undefined {
  const token = (node.children[readName] as readonly IToken[] | undefined)?.[0];
  return token?.payload as Expression | undefined;
}
