import type { Property } from './property.js';

/** What leaks from code into sentences. Quoted words are the reader's own. */
const leaks = /\bundefined\b|\bNaN\b|\[object|\bInfinity\b|  |\(\)\s*=>/;

/** Sentences say something, and nothing that only a programmer would say. */
export const messages: Property = {
  name: 'messages',
  check({ compilation }) {
    for (const { code, message, labels, notes, help, fixes } of compilation.diagnostics) {
      const texts = [message, ...labels.map(({ text }) => text), ...notes, ...help];
      for (const text of [...texts, ...fixes.map(({ title }) => title)]) {
        const own = text.replace(/"[^"]*"/g, '""');
        if (text.trim() === '') return `${code} has an empty sentence`;
        if (leaks.test(own)) return `${code} has a sentence that leaks\n${text}`;
      }
    }
    return undefined;
  },
};
