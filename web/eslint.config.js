import { readdirSync } from 'node:fs';

import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import jsxA11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import simpleImportSort from 'eslint-plugin-simple-import-sort';
import tseslint from 'typescript-eslint';

const parentPath = { group: ['../*'], message: 'Import from other folders with the "@/" path.' };
const app = { group: ['@/app/*'], message: 'Only src/app and src/main.tsx import from app.' };

const restrict = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });

const isolate = (feature) => ({
  files: [`src/features/${feature}/**`],
  rules: restrict(parentPath, app, {
    regex: `^@/features/(?!${feature}/)`,
    message: 'Features do not import each other; put shared code in components or lib.',
  }),
});

export default defineConfig(
  globalIgnores(['src/api/schema.d.ts', 'test-results', 'playwright-report']),
  js.configs.recommended,
  reactHooks.configs.flat['recommended-latest'],
  jsxA11y.flatConfigs.strict,
  {
    rules: {
      // Regions that scroll must be focusable, so that they can be scrolled with the keyboard.
      'jsx-a11y/no-noninteractive-tabindex': ['error', { tags: [], roles: ['region'] }],
    },
  },
  {
    plugins: { 'simple-import-sort': simpleImportSort },
    rules: { 'simple-import-sort/imports': 'error', 'simple-import-sort/exports': 'error' },
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: { '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }] },
  },
  {
    files: ['src/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'CallExpression[callee.name=/^current(Messages|Texts|Language)$/]:not(:function *)',
          message: 'Call this in a function, because the language can change.',
        },
      ],
    },
  },
  {
    // The types of requests and responses are those of the description of the API.
    files: ['src/features/*/api/**', 'src/lib/{answer,api}-*.ts'],
    rules: {
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
    },
  },
  {
    files: ['src/{components,lib}/**'],
    rules: restrict(parentPath, app, {
      group: ['@/features/*'],
      message: 'Shared code does not import features.',
    }),
  },
  ...readdirSync(new URL('src/features', import.meta.url)).map(isolate),
  {
    files: ['scripts/*.mjs'],
    languageOptions: { globals: { process: 'readonly', URL: 'readonly' } },
  },
  {
    files: ['public/*.js'],
    languageOptions: {
      globals: {
        document: 'readonly',
        localStorage: 'readonly',
        location: 'readonly',
        matchMedia: 'readonly',
        navigator: 'readonly',
        URL: 'readonly',
      },
    },
  },
  { files: ['eslint.config.js'], languageOptions: { globals: { URL: 'readonly' } } },
);
