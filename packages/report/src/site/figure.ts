import type { Picture } from '../pictures/picture.js';
import type { RenderedPicture } from '../pictures/render-picture.node.js';
import { csvText } from '@hearken/results/internal';
import { html, Html, jsonScript } from './html.js';

/** In pixels: wider pictures take a whole row. */
const widest = 740;

/** A picture on a page, with links to its files, which work without scripts, too. */
export function figure(
  { id, title, description, width, numbers }: Picture,
  { inline }: RenderedPicture,
  root: string,
): Html {
  return html`<figure id="${id}" ${width > widest ? html` class="wide"` : null}>
    <figcaption>
      <h3>${title}</h3>
      <p>${description}</p>
    </figcaption>
    <div class="scroll" tabindex="0" role="region" aria-label="${title}">${new Html(inline)}</div>
    <p class="downloads">
      <a href="${root}pictures/${id}.svg" download="${id}.svg" data-download="svg">SVG</a>
      <a href="${root}pictures/${id}.csv" download="${id}.csv" data-download="csv">Numbers as CSV</a>
    </p>
    ${jsonScript(`${id}-numbers`, csvText(numbers))}
  </figure> `;
}
