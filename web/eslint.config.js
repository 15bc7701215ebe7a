import { readdirSync } from 'node:fs';

import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const own = { group: ['../*'], message: 'Import from another folder by its "@/" path.' };
const app = { group: ['@/app/*'], message: 'Only the application itself imports from app.' };

const restrict = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });

const alone = (feature) => ({
  files: [`src/features/${feature}/**`],
  rules: restrict(own, app, {
    regex: `^@/features/(?!${feature}/)`,
    message: 'A feature does not import another: what both need belongs in components or lib.',
  }),
});

export default defineConfig(
  globalIgnores(['src/api/schema.d.ts', 'test-results', 'playwright-report']),
  js.configs.recommended,
  reactHooks.configs.flat['recommended-latest'],
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: { '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }] },
  },
  {
    files: ['src/{components,lib}/**'],
    rules: restrict(own, app, {
      group: ['@/features/*'],
      message: 'What features share does not know any of them.',
    }),
  },
  ...readdirSync(new URL('src/features', import.meta.url)).map(alone),
  {
    files: ['scripts/*.mjs'],
    languageOptions: { globals: { process: 'readonly', URL: 'readonly' } },
  },
  {
    files: ['public/*.js'],
    languageOptions: {
      globals: { document: 'readonly', localStorage: 'readonly', matchMedia: 'readonly' },
    },
  },
  { files: ['eslint.config.js'], languageOptions: { globals: { URL: 'readonly' } } },
);
