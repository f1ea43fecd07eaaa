import type { Message } from './messages/message.js';

/**
 * The sentence of a message with its parameters' names in place of values:
 * `There is no folder "<folder>"; expected <expected>.` Lists of messages
 * show it, so the table stays the only place where a sentence is written. The
 * result of arithmetic on a parameter is shown as `<number>`.
 */
export function sentenceShape(message: Message<never>): string {
  const parameters = new Proxy({}, { get: (_target, name) => placeholder(String(name)) });
  return message.text(parameters as never).replace(/\bNaN\b/g, '<number>');
}

/**
 * Stands for a value of any type: it prints as `<name>`, has any property and
 * method, and is a list of two. Sentences that join, count or compare their
 * parameters come out readable.
 */
function placeholder(name: string): unknown {
  const shown = `<${name}>`;
  const self: unknown = new Proxy(() => self, {
    apply: () => self,
    get: (_target, property) => {
      switch (property) {
        case Symbol.toPrimitive:
        case 'toString':
        case 'join':
          return () => shown;
        case Symbol.iterator:
          return () => [self][Symbol.iterator]();
        case 'length':
          return 2;
        default:
          return self;
      }
    },
  });
  return self;
}
