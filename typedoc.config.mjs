import { OptionDefaults } from 'typedoc';

/** @type {Partial<import('typedoc').TypeDocOptions>} */
export default {
  name: 'Hearken',
  entryPoints: [
    'packages/*/src/index.ts',
    'packages/onnx/src/node.ts',
    'packages/onnx/src/web.ts',
    'packages/bench/src/web.ts',
  ],
  tsconfig: 'tsconfig.check.json',
  out: 'docs/api',
  readme: 'README.md',
  excludeExternals: true,
  excludePrivate: true,
  treatWarningsAsErrors: true,
  disableSources: true,
  // The protobuf generator marks what it makes.
  blockTags: [...OptionDefaults.blockTags, '@generated'],
  validation: { invalidPath: false, notExported: false, invalidLink: true, notDocumented: false },
};
