import { counted, type Warning } from './warning.js';

/** What the guards need to know about a clip, independent of the model. */
export interface ClipFacts {
  readonly split: string;
  readonly name: string;
  /** Hash of its samples: the same for the same sound in another container. */
  readonly hash: string;
  /** Largest absolute sample: full scale is 1; for an ECG, in the file's unit (mV). */
  readonly peak: number;
}

/** Clips with a peak below this count as near-silent: -60 dB of full scale. */
const silencePeak = 1e-3;

/** Warns about clips in two splits: a probe that memorised them scores too well. Silent ones do not count. */
export function repeatedClips(task: string, clips: Iterable<ClipFacts>): Warning[] {
  const first = new Map<string, ClipFacts>();
  const pairs: [ClipFacts, ClipFacts][] = [];
  const repeated = new Set<string>();
  for (const clip of clips) {
    if (clip.peak === 0) continue;
    const known = first.get(clip.hash);
    if (known === undefined) first.set(clip.hash, clip);
    else if (known.split !== clip.split && !repeated.has(clip.hash)) {
      repeated.add(clip.hash);
      pairs.push([known, clip]);
    }
  }
  if (pairs.length === 0) return [];
  const [[left, right]] = pairs;
  return [
    {
      code: 'clip-in-two-splits',
      message: `task '${task}': ${counted(pairs.length, 'recording')} in more than one split, the first '${left.name}' of '${left.split}' and '${right.name}' of '${right.split}'; scores may be too good`,
    },
  ];
}

/** Warns about clips that are almost silent: they are probably not what they should be. */
export function quietClips(task: string, clips: Iterable<ClipFacts>): Warning[] {
  let total = 0;
  let quiet = 0;
  let first: ClipFacts | undefined;
  let loudest = 0;
  for (const clip of clips) {
    total += 1;
    loudest = Math.max(loudest, clip.peak);
    if (clip.peak >= silencePeak) continue;
    quiet += 1;
    first ??= clip;
  }
  if (first === undefined) return [];
  const all = quiet === total;
  const which = all ? `all ${counted(total, 'clip')}` : `${quiet} of ${counted(total, 'clip')}`;
  const example = all
    ? `the loudest peak is ${loudest.toPrecision(2)}`
    : `the first '${first.name}' of '${first.split}'`;
  return [
    {
      code: 'near-silent',
      message: `task '${task}': ${which} near-silent (peak under ${silencePeak}), ${example}; scores mean little`,
    },
  ];
}
