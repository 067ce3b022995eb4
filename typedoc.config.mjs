import { OptionDefaults } from 'typedoc';
import { designFiles, fenceLanguages, groups, guideFiles } from './docs/site/guides.mjs';
import { documentedVersion, packages, publicEntries } from './docs/site/public-entries.mjs';
import { repository } from './docs/site/repository.mjs';

const documents = [...guideFiles, ...designFiles, 'CONTRIBUTING.md'];
const readmes = packages.map(({ folder }) => `${folder}/README.md`);

/** @type {Partial<import('typedoc').TypeDocOptions>} */
export default {
  name: 'Hearken',
  plugin: ['./docs/site/plugin.mjs'],
  entryPoints: publicEntries.map(({ source }) => source),
  tsconfig: 'docs/site/tsconfig.json',
  // Types are checked by `npm run typecheck`.
  skipErrorChecking: true,
  out: `docs/api/${documentedVersion}`,
  readme: 'docs/site/index.md',
  projectDocuments: documents,
  router: 'hearken',
  customCss: 'docs/site/site.css',
  customJs: 'docs/site/site.js',
  favicon: 'docs/site/favicon.svg',
  navigationLinks: { GitHub: repository },
  navigation: { includeGroups: true, includeCategories: true, excludeReferences: true },
  groupOrder: [...groups, 'Modules', '*'],
  headings: { readme: false, document: false },
  sortEntryPoints: false,
  categorizeByGroup: false,
  searchInDocuments: true,
  searchInComments: true,
  sort: ['kind', 'source-order'],
  kindSortOrder: [
    'Document',
    'Project',
    'Module',
    'Namespace',
    'Function',
    'Class',
    'Interface',
    'TypeAlias',
    'Enum',
    'EnumMember',
    'Variable',
    'Constructor',
    'Property',
    'Accessor',
    'Method',
    'Parameter',
    'TypeParameter',
    'TypeLiteral',
    'CallSignature',
    'ConstructorSignature',
    'IndexSignature',
    'GetSignature',
    'SetSignature',
    'Reference',
  ],
  highlightLanguages: fenceLanguages(['docs/site/index.md', ...documents, ...readmes]),
  excludeExternals: true,
  excludePrivate: true,
  disableSources: true,
  // The protobuf generator marks what it makes.
  blockTags: [...OptionDefaults.blockTags, '@generated'],
  treatWarningsAsErrors: true,
  validation: { invalidPath: true, notExported: true, invalidLink: true, notDocumented: true },
  // Without the names, TypeDoc asks for the comments of a package called `hearken`, which has no symbols.
  packagesRequiringDocumentation: packages.map(({ name }) => name),
};
