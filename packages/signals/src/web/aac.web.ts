import { convert, StreamFault } from '../audio/stream-fault.js';
import { parseAdtsHead } from '../audio/containers/adts.js';
import { type AacDecoder, aacFrameSamples } from '../audio/codecs/aac.js';

/** Decodes AAC with the browser's decoder: WebCodecs if available (also in workers), else Web Audio. */
export const decodeAac: AacDecoder = async (stream) => {
  const config = { codec: 'mp4a.40.2', sampleRate: stream.sampleRate, numberOfChannels: stream.channels };
  const supported =
    typeof AudioDecoder !== 'undefined' && (await AudioDecoder.isConfigSupported(config)).supported === true;
  if (supported) return decodeWithCodecs(stream, config);
  if (typeof OfflineAudioContext === 'undefined') {
    throw new StreamFault('AAC, which this browser cannot decode', convert);
  }
  const context = new OfflineAudioContext(1, 1, stream.sampleRate);
  const audio = await context.decodeAudioData(stream.bytes.slice().buffer).catch(() => {
    throw new StreamFault('AAC that this browser cannot decode', convert);
  });
  return Array.from({ length: audio.numberOfChannels }, (_, channel) => audio.getChannelData(channel));
};

async function decodeWithCodecs(
  { bytes, frames, sampleRate, channels }: Parameters<AacDecoder>[0],
  config: AudioDecoderConfig,
): Promise<Float32Array[]> {
  const output = Array.from({ length: channels }, () => new Float32Array(frames * aacFrameSamples));
  let at = 0;
  let fault: StreamFault | undefined;
  const decoder = new AudioDecoder({
    output: (data) => {
      const { numberOfFrames, numberOfChannels } = data;
      if (
        data.sampleRate !== sampleRate ||
        numberOfChannels !== channels ||
        at + numberOfFrames > frames * aacFrameSamples
      ) {
        fault ??= new StreamFault(
          `AAC with another rate or length than declared (${numberOfChannels} channels at ${data.sampleRate} Hz)`,
          convert,
        );
      } else {
        output.forEach((channel, index) => {
          data.copyTo(channel.subarray(at, at + numberOfFrames), { planeIndex: index, format: 'f32-planar' });
        });
      }
      at += numberOfFrames;
      data.close();
    },
    error: (cause) => {
      fault ??= new StreamFault(`AAC that this browser cannot decode (${cause.message})`, convert);
    },
  });
  try {
    decoder.configure(config);
    let index = 0;
    for (let start = 0; fault === undefined; index += 1) {
      const length = parseAdtsHead(bytes, start)?.bytes;
      if (length === undefined) break;
      const timestamp = Math.round((index * aacFrameSamples * 1e6) / sampleRate);
      decoder.decode(new EncodedAudioChunk({ type: 'key', timestamp, data: bytes.subarray(start, start + length) }));
      start += length;
    }
    await decoder.flush();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    fault ??= new StreamFault(`AAC that this browser cannot decode (${reason})`, convert);
  } finally {
    if (decoder.state !== 'closed') decoder.close();
  }
  if (fault !== undefined) throw fault;
  return output.map((channel) => channel.subarray(0, at));
}
