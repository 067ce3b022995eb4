import type { Clip } from '../session/clip.js';
import { showError } from './messages.js';

let playing: { readonly clip: Clip; readonly audio: HTMLAudioElement; readonly url: string } | undefined;

/** Plays an audio clip from its file, from the start, and stops the previous one. */
export function playClip(clip: Clip, onEnd: () => void = () => undefined): void {
  stopPlaying();
  if (clip.source.kind !== 'audio') return;
  const url = URL.createObjectURL(clip.source.files[0]);
  const audio = new Audio(url);
  playing = { clip, audio, url };
  const end = () => {
    if (playing?.audio === audio) stopPlaying();
    onEnd();
  };
  audio.addEventListener('ended', end);
  audio.addEventListener('pause', end);
  audio.play().catch((error: unknown) => {
    end();
    if (!(error instanceof DOMException && error.name === 'AbortError')) {
      showError(new Error(`this browser cannot play ${clip.name}`));
    }
  });
}

export function stopPlaying(): void {
  if (playing === undefined) return;
  const { audio, url } = playing;
  playing = undefined;
  audio.pause();
  URL.revokeObjectURL(url);
}

export function isPlaying(clip: Clip | undefined): boolean {
  return playing !== undefined && playing.clip === clip;
}
