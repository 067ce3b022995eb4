/** Where sources, issues and releases are. */
export const repository = 'https://github.com/hearken-eval/hearken';

/** Where the site is published; pages give their copy below `latest` as the canonical one for search engines. */
export const siteAddress = process.env.HEARKEN_DOCS_URL ?? 'https://hearken-eval.github.io/hearken/';
