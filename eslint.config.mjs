import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import boundaries from './eslint.boundaries.mjs';

export default defineConfig(
  { ignores: ['**/dist/', '**/generated/', 'docs/api/', 'results/', '.nx/'] },
  js.configs.recommended,
  {
    files: ['packages/**/*.ts', 'tests/**/*.ts', 'fuzz/**/*.ts', 'docs/playground/**/*.ts', 'vitest.config.ts'],
    extends: [tseslint.configs.recommendedTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.check.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/prefer-for-of': 'off',
      eqeqeq: 'error',
    },
  },
  boundaries,
  {
    files: ['**/*.mjs', '**/bin/*.js'],
    languageOptions: {
      globals: {
        process: 'readonly',
        Buffer: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        performance: 'readonly',
        setTimeout: 'readonly',
        AbortController: 'readonly',
      },
    },
  },
  {
    files: ['benchmarks/web-page/*.js', 'examples/browser/*.js'],
    languageOptions: {
      globals: {
        self: 'readonly',
        Worker: 'readonly',
        URL: 'readonly',
        fetch: 'readonly',
        performance: 'readonly',
        document: 'readonly',
      },
    },
  },
);
