import tseslint from 'typescript-eslint';

const fileModules = ['fs', 'fs/promises', 'node:fs', 'node:fs/promises'].map((name) => ({
  name,
  message: 'Files are opened and written by src/files alone.',
}));

export default tseslint.config(
  {
    ignores: [
      '**/dist/',
      'node_modules/',
      'coverage/',
      'test/golden/',
      '.tmp/',
      '.python-env/',
      '**/*.generated.ts',
      // AssemblyScript, which its own compiler checks.
      'wasm/',
    ],
  },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      '@typescript-eslint/no-non-null-assertion': 'off',
      eqeqeq: ['error', 'always'],
      'prefer-const': 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/cli/**'],
    rules: { 'no-console': 'error' },
  },
  {
    // One room opens and writes files.
    files: ['src/**/*.ts'],
    ignores: ['src/files/**'],
    rules: { 'no-restricted-imports': ['error', { paths: fileModules }] },
  },
  {
    // Private members are `#name`, which no other code can reach. Layers are copied into
    // emitted modules, whose readers know `private` better.
    files: ['src/**/*.ts'],
    ignores: ['src/runtime/layers/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector:
            ':matches(PropertyDefinition, MethodDefinition[kind!="constructor"], TSParameterProperty)[accessibility="private"]',
          message: 'Write `#name` in place of `private name`.',
        },
      ],
    },
  },
  {
    // These rooms run unchanged in a browser page: no Node modules, no TensorFlow.js.
    files: ['src/{parser,frontend,ir,codegen,diagnostics,catalog}/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: ['node:*', '@tensorflow/*', '**/runtime/**', '**/cli/**', '**/files/**'] },
          ],
        },
      ],
    },
  },
);
