import type { SoundEvent } from '@hearken/metrics';
import type { EventAnswers } from '@hearken/metrics/internal';

/** The events of each clip by its name, as event metrics take them. */
export function fileMap({ clips, reference, estimated }: EventAnswers): {
  readonly reference: Map<string, readonly SoundEvent[]>;
  readonly estimated: Map<string, readonly SoundEvent[]>;
} {
  const named = (events: readonly (readonly SoundEvent[])[]) =>
    new Map(clips.map((clip, index) => [clip, events[index]]));
  return { reference: named(reference), estimated: named(estimated) };
}
