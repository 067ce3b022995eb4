/** What Hearken's packages share of this one. Not for others: names here change without notice. */
export { html } from './site/html.js';
