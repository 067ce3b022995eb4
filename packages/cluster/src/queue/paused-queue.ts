import { prefix } from './names.js';

/** What makes a paused queue go on, whoever paused it. */
export function resumeText(name: string): string {
  return `to go on, press Resume on the page of 'hearken board --allow-changes', or run: redis-cli HDEL ${prefix}:${name}:meta paused`;
}
