import { StreamFault } from '../stream-fault.js';
import type { AacDecoder } from './aac.js';

/** An optional package with a BSD licence: Node.js has no decoder, and those in JavaScript have the GPL. */
export const aacPackage = 'node-web-audio-api';

/** The part of it that is used: Web Audio, as in browsers. */
interface WebAudio {
  readonly OfflineAudioContext: new (
    channels: number,
    length: number,
    sampleRate: number,
  ) => {
    decodeAudioData(bytes: ArrayBuffer): Promise<{
      readonly numberOfChannels: number;
      readonly sampleRate: number;
      getChannelData(channel: number): Float32Array;
    }>;
  };
}

/** Decodes AAC with an optional package. */
export const decodeAac: AacDecoder = async ({ bytes, sampleRate }) => {
  const { OfflineAudioContext } = await loadPackage();
  // Decoding resamples to the context's rate, so that is set to the stream's.
  const context = new OfflineAudioContext(1, 1, sampleRate);
  const audio = await context.decodeAudioData(bytes.slice().buffer).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StreamFault(`AAC that ${aacPackage} cannot decode (${reason})`, 'convert it to WAV or FLAC');
  });
  if (audio.sampleRate !== sampleRate)
    throw new StreamFault(`AAC at ${audio.sampleRate} Hz that declares ${sampleRate} Hz`);
  return Array.from({ length: audio.numberOfChannels }, (_, channel) => audio.getChannelData(channel));
};

async function loadPackage(): Promise<WebAudio> {
  try {
    // Imported by a name that no bundler or compiler resolves, because most users don't need it.
    const name: string = aacPackage;
    return (await import(name)) as WebAudio;
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND';
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StreamFault(
      missing ? 'AAC, for which a package is not installed' : `AAC, whose package cannot be loaded (${reason})`,
      `add it with 'npm install ${aacPackage}', or convert the file to WAV or FLAC`,
    );
  }
}
