import { make } from './elements.js';
import { percentText } from './formats.js';

/** A label with a bar for its probability. */
export interface Bar {
  set(probability: number): void;
}

/** Fills a list with a bar for each label. */
export function showBars(list: HTMLElement, labels: readonly string[]): Bar[] {
  const bars = labels.map((label) => {
    const meter = make('meter', { min: '0', max: '1', value: '0', 'aria-label': `Probability of ${label}` });
    const value = make('span', { class: 'value' });
    const set = (probability: number) => {
      meter.value = probability;
      value.textContent = percentText(probability);
    };
    return { set, item: make('li', {}, make('span', {}, label), meter, value) };
  });
  list.replaceChildren(...bars.map(({ item }) => item));
  return bars;
}
