import boundaries from 'eslint-plugin-boundaries'
import tseslint from 'typescript-eslint'

/** What every folder above them may import. */
const base = ['errors', 'values']

/** Folders of src/ from the bottom up, each with the folders it may import besides itself. */
const layers = {
  errors: [],
  python: [],
  values: ['errors'],
  shell: base,
  transport: [...base, 'shell'],
  template: [...base, 'python'],
  load: [...base, 'python'],
  vars: base,
  probe: [...base, 'shell'],
  facts: [...base, 'shell', 'probe'],
  plonestack: base,
  cycle: [...base, 'shell'],
  modules: [...base, 'shell', 'transport', 'template', 'load', 'probe', 'facts', 'cycle', 'plonestack'],
  engine: [...base, 'shell', 'transport', 'template', 'load', 'vars', 'probe', 'facts', 'cycle', 'modules', 'python'],
  report: [...base, 'cycle', 'engine'],
  cli: [...base, 'template', 'load', 'vars', 'cycle', 'plonestack', 'modules', 'engine', 'report'],
}

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'coverage/', '.plonerun/'] },
  {
    files: ['src/**/*.ts', 'test/**/*.ts', 'bench/**/*.ts', 'vitest.config.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ['vitest.config.ts'] }, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/unified-signatures': 'off',
      'no-control-regex': 'off',
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/cli/**'],
    rules: {
      'no-restricted-properties': ['error', { object: 'process', property: 'exit', message: 'Only src/cli ends the process.' }],
    },
  },
  {
    files: ['src/**/*.ts'],
    plugins: { boundaries },
    settings: {
      'import/resolver': { node: { extensions: ['.ts'] } },
      'boundaries/elements': Object.keys(layers).map((type) => ({ type, pattern: `src/${type}/**`, partialMatch: false })),
    },
    rules: {
      'boundaries/dependencies': [
        'error',
        {
          default: 'disallow',
          policies: Object.entries(layers).map(([type, allow]) => ({
            from: { element: { type } },
            allow: { to: { element: { type: [type, ...allow] } } },
          })),
        },
      ],
    },
  },
)
