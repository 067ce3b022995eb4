import { labelColours } from '../drawing/colour-scales.js';
import type { EmbeddedClip } from '../session/clip.js';
import { type Session, tableOf } from '../session/session.js';
import type { JobClient } from '../work/job-client.js';
import { byId, make } from './elements.js';
import { showError } from './messages.js';
import { playClip } from './player.js';
import { makeSvg, shapePath } from './svg.js';

const [width, height, margin] = [480, 320, 18];
/** Points drawn per task. */
const pointsOfTask = 200;

/** All clips on a plane, to see which are similar and to hear them. */
export class MapPanel {
  #places: { readonly clips: readonly EmbeddedClip[]; readonly points: Float32Array } | undefined;
  #isBusy = false;
  #isStale = false;
  #drawing = 0;

  constructor(
    private readonly session: Session,
    private readonly jobs: () => Promise<JobClient>,
  ) {
    session.on(['embeddings'], () => {
      this.#update().catch(showError);
    });
    session.on(['clips', 'selection'], () => {
      void this.#draw();
    });
    void this.#draw();
  }

  /** Requests the projection; if a request is already running, another one follows. */
  async #update(): Promise<void> {
    this.#isStale = true;
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      while (this.#isStale) {
        this.#isStale = false;
        const clips = this.session.embedded;
        const points = clips.length < 3 ? undefined : await (await this.jobs()).do('project', tableOf(clips));
        this.#places = points === undefined ? undefined : { clips, points };
        await this.#draw();
      }
    } finally {
      this.#isBusy = false;
    }
  }

  async #draw(): Promise<void> {
    const drawing = (this.#drawing += 1);
    const picture = byId('map-picture');
    const places = this.#places;
    if (places === undefined) {
      picture.replaceChildren(make('p', { class: 'help' }, 'The map needs at least three embedded clips.'));
      byId('map-legend').replaceChildren();
      return;
    }
    const { labels } = this.session;
    const toPage = scaleOf(places.points);
    const svg = makeSvg('svg', { viewBox: `0 0 ${width} ${height}` });
    const focused = document.activeElement?.getAttribute('data-clip');
    for (let index = 0; index < places.clips.length; index += 1) {
      if (index > 0 && index % pointsOfTask === 0) {
        await new Promise((resolve) => setTimeout(resolve));
        if (drawing !== this.#drawing) return;
      }
      const [x, y] = toPage(places.points[2 * index], places.points[2 * index + 1]);
      svg.append(this.#point(places.clips[index], { x, y, labels }));
    }
    this.#rove(svg);
    picture.replaceChildren(svg);
    if (typeof focused === 'string') svg.querySelector<SVGElement>(`[data-clip='${focused}']`)?.focus();
    this.#showLegend(labels);
  }

  #point(clip: EmbeddedClip, { x, y, labels }: { x: number; y: number; labels: readonly string[] }): SVGElement {
    const { session } = this;
    const kind = labels.indexOf(clip.label);
    const text = clip.label === '' ? `${clip.name}, no label` : `${clip.name}, ${clip.label}`;
    const chosen = session.selected === clip;
    const point = makeSvg('path', {
      class: `point${kind < 0 ? ' unlabelled' : ''}${chosen ? ' chosen' : ''}`,
      d: shapePath(kind, x, y),
      ...(kind < 0 ? {} : { fill: labelColours[kind % labelColours.length] }),
      role: 'button',
      tabindex: chosen ? '0' : '-1',
      'aria-label': text,
      'data-clip': String(clip.id),
    });
    const hover = () => {
      byId('map-hover').textContent = text;
    };
    point.addEventListener('pointerenter', hover);
    point.addEventListener('focus', hover);
    const choose = () => {
      session.select(clip);
      playClip(clip);
    };
    point.addEventListener('click', choose);
    point.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      choose();
    });
    return point;
  }

  /** All points are one tab stop; arrow keys move between them. */
  #rove(svg: SVGElement): void {
    const points = [...svg.querySelectorAll<SVGElement>('.point')];
    if (!points.some((point) => point.getAttribute('tabindex') === '0')) points[0]?.setAttribute('tabindex', '0');
    svg.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      const at = points.indexOf(event.target as SVGElement);
      if (step === undefined || at < 0) return;
      event.preventDefault();
      points[(at + step + points.length) % points.length].focus();
    });
  }

  #showLegend(labels: readonly string[]): void {
    byId('map-legend').replaceChildren(
      ...labels.map((label, kind) => {
        const shape = makeSvg('svg', { viewBox: '0 0 14 14', 'aria-hidden': 'true' });
        shape.append(makeSvg('path', { d: shapePath(kind, 7, 7), fill: labelColours[kind % labelColours.length] }));
        return make('li', {}, shape, label);
      }),
    );
  }
}

/** Maps the plane to the picture, with the same scale on both axes. */
function scaleOf(points: Float32Array): (x: number, y: number) => readonly [number, number] {
  const range = (axis: number) => {
    let [low, high] = [Infinity, -Infinity];
    for (let index = axis; index < points.length; index += 2) {
      low = Math.min(low, points[index]);
      high = Math.max(high, points[index]);
    }
    return { middle: (low + high) / 2, size: Math.max(high - low, 1e-9) };
  };
  const [horizontal, vertical] = [range(0), range(1)];
  const scale = Math.min((width - 2 * margin) / horizontal.size, (height - 2 * margin) / vertical.size);
  return (x, y) => [width / 2 + (x - horizontal.middle) * scale, height / 2 - (y - vertical.middle) * scale];
}
