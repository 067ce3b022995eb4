import { AudioError } from '@hearken/core';
import workletUrl from './recorder.worklet.ts?worker&url';

export interface Microphone {
  /** Hz of the chunks. */
  readonly sampleRate: number;
  close(): void;
}

/**
 * Opens the microphone without echo cancelling, noise suppression and automatic gain, which would distort the sound.
 *
 * @param sampleRate the wanted rate in Hz; browsers that can't change a microphone's rate use another one
 * @param onChunk receives the samples, in [-1, 1]
 * @throws AudioError if it is not allowed, missing or in use
 */
export async function openMicrophone(
  sampleRate: number | undefined,
  onChunk: (samples: Float32Array<ArrayBuffer>) => void,
): Promise<Microphone> {
  const stream = await askForMicrophone();
  const stop = () => {
    for (const track of stream.getTracks()) track.stop();
  };
  try {
    const { context, source } = await contextFor(stream, sampleRate);
    await context.audioWorklet.addModule(workletUrl);
    const recorder = new AudioWorkletNode(context, 'recorder', { numberOfOutputs: 0 });
    recorder.port.onmessage = ({ data }: MessageEvent<Float32Array<ArrayBuffer>>) => {
      onChunk(data);
    };
    source.connect(recorder);
    await context.resume();
    return {
      sampleRate: context.sampleRate,
      close() {
        recorder.port.onmessage = null;
        stop();
        void context.close();
      },
    };
  } catch (error) {
    stop();
    throw error;
  }
}

async function askForMicrophone(): Promise<MediaStream> {
  const asked = 'the microphone';
  if (navigator.mediaDevices === undefined) {
    const fix = 'open the page over https or on localhost';
    throw new AudioError({ asked, found: 'a page that is not allowed to use it', fix });
  }
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    });
  } catch (cause) {
    const name = cause instanceof DOMException ? cause.name : '';
    if (name === 'NotAllowedError') {
      const fix = "allow it in the browser's settings for this page, and press the button again";
      throw new AudioError({ asked, found: 'it was not allowed', fix, cause });
    }
    const found = name === 'NotFoundError' ? 'no microphone is connected' : 'it failed, or another program is using it';
    throw new AudioError({ asked, found, fix: 'connect one, or close other programs, and try again', cause });
  }
}

/** A context at the wanted rate, or at the browser's default if it can't connect other rates. */
async function contextFor(
  stream: MediaStream,
  sampleRate: number | undefined,
): Promise<{ context: AudioContext; source: MediaStreamAudioSourceNode }> {
  const context = new AudioContext({ sampleRate });
  try {
    return { context, source: context.createMediaStreamSource(stream) };
  } catch (error) {
    await context.close();
    if (sampleRate === undefined) throw error;
    return contextFor(stream, undefined);
  }
}
