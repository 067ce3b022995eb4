/** Where the windows of a scene begin: every `hop` samples, with the last one moved back to end with the scene. */
export function sceneStarts(samples: number, window: number, hop: number): number[] {
  if (samples <= window) return [0];
  const count = Math.ceil((samples - window) / hop) + 1;
  return Array.from({ length: count }, (_, index) => Math.min(index * hop, samples - window));
}
