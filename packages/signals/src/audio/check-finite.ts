import { AudioError, firstNonFinite } from '@hearken/core';

/**
 * Refuses sound that contains NaN or infinity.
 *
 * @param channels `[samples]` each
 * @param first where in the file their first sample is
 * @param name the file's name in errors
 */
export function checkFinite(channels: readonly Float32Array[], first: number, name: string): void {
  channels.forEach((channel, index) => {
    const offending = firstNonFinite(channel);
    if (offending < 0) return;
    throw new AudioError({
      asked: `finite samples of '${name}'`,
      found: `${channel[offending]} at sample ${first + offending} of channel ${index}`,
      fix: 'fix or leave out that file',
    });
  });
}
