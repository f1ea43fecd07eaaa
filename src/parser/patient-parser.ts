import {
  CstParser,
  EOF,
  type IParserConfig,
  type TokenType,
  type TokenVocabulary,
} from 'chevrotain';

/** How Chevrotain looks for a place to go on at after an error; its types leave it out. */
interface Recovery {
  shouldInRepetitionRecoveryBeTried(...about: unknown[]): boolean;
  getFollowsForInRuleRecovery(...about: unknown[]): readonly TokenType[];
  findReSyncTokenType(): TokenType;
}

const recovery = CstParser.prototype as unknown as Recovery;

/** A parser that goes on after errors, as long as its patience lasts. */
export class PatientParser extends CstParser {
  constructor(tokens: TokenVocabulary, options: Omit<IParserConfig, 'recoveryEnabled'>) {
    super(tokens, { ...options, recoveryEnabled: true });
  }

  /**
   * How often it still looks for a place to go on at; then the rest of the file stays
   * unread. Each look costs up to a walk over the file, and one in a repetition calls the
   * repetition anew within the call that failed: thousands of errors would take minutes
   * and fill the stack.
   */
  patience = 0;

  #spendPatience(): boolean {
    if (this.patience === 0) return false;
    this.patience -= 1;
    return true;
  }

  // Chevrotain calls these three in place of its own.

  shouldInRepetitionRecoveryBeTried(...about: unknown[]): boolean {
    return recovery.shouldInRepetitionRecoveryBeTried.apply(this, about) && this.#spendPatience();
  }

  getFollowsForInRuleRecovery(...about: unknown[]): readonly TokenType[] {
    return this.#spendPatience() ? recovery.getFollowsForInRuleRecovery.apply(this, about) : [];
  }

  findReSyncTokenType(): TokenType {
    return this.#spendPatience() ? recovery.findReSyncTokenType.apply(this) : EOF;
  }
}
