import type { Command } from './command.js';

/** A command before it is loaded. */
export interface CommandEntry {
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** Every command by name, in the order in which `--help` lists them. */
export const commandTable: Readonly<Record<string, CommandEntry>> = {
  check: {
    summary: 'report what is wrong with specs',
    load: async () => (await import('./commands/check.js')).checkCommand,
  },
  fmt: {
    summary: 'bring specs into the canonical layout',
    load: async () => (await import('./commands/fmt.js')).fmtCommand,
  },
  explain: {
    summary: 'say what a message means and how to repair its cause',
    load: async () => (await import('./commands/explain.js')).explainCommand,
  },
};
