/** The rooms of `src/`, and which others each may import; docs/architecture.md says why. */
const rooms = {
  diagnostics: [],
  std: [],
  catalog: ['diagnostics'],
  parser: ['diagnostics'],
  ir: ['diagnostics'],
  frontend: ['diagnostics', 'catalog', 'parser', 'ir'],
  codegen: ['diagnostics', 'ir', 'compile'],
  files: ['host', 'diagnostics'],
  project: ['files', 'host', 'frontend'],
  runtime: [
    'diagnostics',
    'catalog',
    'parser',
    'frontend',
    'ir',
    'codegen',
    'files',
    'compile',
    'host',
  ],
  lsp: [
    ...['diagnostics', 'catalog', 'parser', 'frontend', 'ir', 'codegen', 'std', 'files'],
    ...['project', 'compile', 'host'],
  ],
};

/** Single files of `src/` that stand between the rooms. */
const files = {
  compile: ['compile', 'try-fixes', 'expand-text', 'modernize', 'library', 'version'],
  host: ['host', 'host-node', 'paths'],
};

const pathOf = (name) =>
  name in files ? `^src/(${files[name].join('|')})\\.ts$` : `^src/${name}/`;

const roomRules = Object.entries(rooms).map(([room, imports]) => ({
  name: `room-${room}`,
  comment: `src/${room} imports ${imports.length === 0 ? 'no other room' : imports.join(', ')}.`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: '^src/', pathNot: [`^src/${room}/`, ...imports.map(pathOf)] },
}));

export default {
  forbidden: [
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    ...roomRules,
    {
      name: 'values-first',
      comment: 'Values of the language know nothing of what is made of them.',
      severity: 'error',
      from: { path: '^src/frontend/values/' },
      to: { path: '^src/frontend/', pathNot: '^src/frontend/values/' },
    },
    {
      name: 'one-tensorflow',
      comment: 'TensorFlow.js is what src/runtime/tensorflow.ts takes of it; engines load more.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/runtime/(tensorflow\\.ts$|engines/)' },
      to: { path: '@tensorflow/' },
    },
    {
      name: 'program-without-target',
      comment: 'The program that targets print knows none of them.',
      severity: 'error',
      from: { path: '^src/codegen/program/' },
      to: { path: '^src/codegen/', pathNot: '^src/codegen/program/' },
    },
    {
      name: 'operations-first',
      comment: 'Operations know nothing of sizes, forms and reports of graphs.',
      severity: 'error',
      from: { path: '^src/ir/operations/' },
      to: { path: '^src/ir/(sizes|forms|reports)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Imports of types count: who knows a type knows the room.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
