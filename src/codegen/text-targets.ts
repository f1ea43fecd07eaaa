/**
 * The targets that are one text for all models of a spec, by their names on the command line: what
 * people call them, how names of their files end, what begins a comment in them, and how
 * they start. What starts otherwise was not made by us.
 */
export const textTargets = {
  ts: {
    title: 'TypeScript',
    ending: '.ts',
    comment: '//',
    firstWords: '// Made by unetc from ',
  },
  pytorch: {
    title: 'PyTorch',
    ending: '.py',
    comment: '#',
    firstWords: '# Made by unetc from ',
  },
  keras: {
    title: 'Keras',
    ending: '.py',
    comment: '#',
    // The files of both targets have one name: neither is written over the other.
    firstWords: '# Made by unetc for Keras from ',
  },
} as const;

export type TextTargetName = keyof typeof textTargets;

/** The names of all of them, the usual one first. */
export const textTargetNames = Object.keys(textTargets) as readonly TextTargetName[];

/** Whether a name, which may come from outside, is that of such a target. */
export const isTextTarget = (name: unknown): name is TextTargetName =>
  typeof name === 'string' && Object.hasOwn(textTargets, name);
