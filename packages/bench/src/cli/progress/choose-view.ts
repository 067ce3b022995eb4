import type { Streams } from '../streams.js';
import { barView } from './bar-view.js';
import { lineView } from './line-view.js';
import type { ProgressView } from './progress-view.js';

/** Bars on a terminal, lines elsewhere; both on standard error. */
export function chooseView({ stderr }: Streams): ProgressView {
  return stderr.isTTY === true ? barView(stderr) : lineView((text) => stderr.write(text));
}
