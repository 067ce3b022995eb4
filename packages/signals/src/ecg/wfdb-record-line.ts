import type { AudioError } from '@hearken/core';

/** Makes the error for a problem in a header. */
export type Fail = (found: string, fix?: string) => AudioError;

const number = String.raw`[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,3})?`;
const recordLine = new RegExp(
  String.raw`^(?<name>[^\s/]+)(?:/(?<segments>\d{1,9}))?\s+(?<signals>\d{1,9})` +
    String.raw`(?:\s+(?<rate>${number})(?:/${number}(?:\(${number}\))?)?(?:\s+(?<samples>\d{1,15})(?:\s.*)?)?)?$`,
);
const defaultRate = 250;
const maximumRate = 1e6;

/** The first line of a WFDB header. */
export interface RecordLine {
  readonly recordName: string;
  /** Undefined for a record without segments. */
  readonly segmentCount: number | undefined;
  readonly signalCount: number;
  /** Frames per second. */
  readonly sampleRate: number;
  /** Number of frames; undefined if it is left to the files. */
  readonly samples: number | undefined;
}

/** `name[/segments] signals [rate[/counter[(base)]] [samples [time [date]]]]` */
export function parseRecordLine(line: string, fail: Fail): RecordLine {
  const parts = recordLine.exec(line)?.groups;
  if (parts === undefined) throw fail(`no record line (it begins with ${JSON.stringify(line.slice(0, 40))})`);
  const sampleRate = parts.rate === undefined ? defaultRate : Number(parts.rate);
  if (!(sampleRate > 0 && sampleRate <= maximumRate)) throw fail(`a sample rate of ${parts.rate} Hz`);
  const samples = Number(parts.samples ?? 0);
  return {
    recordName: parts.name,
    segmentCount: parts.segments === undefined ? undefined : Number(parts.segments),
    signalCount: Number(parts.signals),
    sampleRate,
    samples: samples === 0 ? undefined : samples,
  };
}
