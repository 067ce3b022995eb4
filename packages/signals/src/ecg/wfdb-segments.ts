import { decodeText } from '@hearken/core/internal';
import { checkSize, millivolts } from './ecg-record.js';
import { plainLeadName } from './lead-names.js';
import { parseWfdbHeader, type WfdbHeader, type WfdbSegment, type WfdbSignal } from './wfdb-header.js';
import { type ReadSignals, readSignals } from './wfdb-signals.js';
import { checkFileName, failed, maximumHeaderBytes, nothing, type WfdbSource } from './wfdb-source.js';
import type { EcgWarning } from './ecg-warnings.js';

/** Maximum number of warnings about segments: a record may have thousands of them. */
const mostWarnings = 20;

type Files = Pick<WfdbSource, 'headerPath' | 'open'>;

/**
 * The signals of a record with several segments: those of its layout, which describes all possible signals, or else
 * those of the first segment, which all segments must then have (the format's specification: wfdb.io, "header(5)").
 *
 * @throws AudioError naming the segment
 */
export async function layoutOf(files: Files, header: WfdbHeader): Promise<readonly WfdbSignal[]> {
  const first = header.segments.find(({ name }) => name !== nothing);
  if (first === undefined) throw failed(files.headerPath, 'segments that are all gaps', 'pass a record with samples');
  return (await segmentHeader(files, header, first)).signals;
}

/** Whether a record begins with a layout, so that its segments may have different signals. */
function hasLayout({ segments }: WfdbHeader): boolean {
  return segments[0].frames === 0 && segments[0].name !== nothing;
}

/**
 * Reads some signals of a record with several segments. Missing signals and gaps are NaN.
 *
 * @param wanted some of the signals from {@link layoutOf}
 * @throws AudioError naming the segment
 */
export async function readSegments(
  files: Files,
  header: WfdbHeader,
  wanted: readonly WfdbSignal[],
  warnings: EcgWarning[],
): Promise<ReadSignals> {
  const { headerPath } = files;
  const frames = header.segments.reduce((sum, segment) => sum + segment.frames, 0);
  if (frames === 0) throw failed(headerPath, 'segments without samples', 'pass a record with samples');
  checkSize(headerPath, wanted.length, frames * Math.max(1, ...wanted.map((one) => one.samplesPerFrame)));
  const values = new Map(
    wanted.map((signal) => [signal, new Float32Array(frames * signal.samplesPerFrame).fill(NaN)] as const),
  );
  const said = new Map<string, EcgWarning>();
  let start = 0;
  for (const segment of header.segments) {
    if (segment.frames > 0 && segment.name !== nothing) {
      await readSegment(files, header, segment, start, values, said);
    }
    start += segment.frames;
  }
  warnings.push(...[...said.values()].slice(0, mostWarnings));
  if (said.size > mostWarnings)
    warnings.push({ reason: 'more', text: `There are ${said.size - mostWarnings} more warnings about its segments.` });
  return { frames, values };
}

/** Copies one segment's samples to their place. */
async function readSegment(
  files: Files,
  header: WfdbHeader,
  segment: WfdbSegment,
  start: number,
  values: ReadonlyMap<WfdbSignal, Float32Array>,
  said: Map<string, EcgWarning>,
): Promise<void> {
  const { headerPath } = files;
  const fail = (found: string) => failed(headerPath, `segment '${segment.name}' ${found}`, 'download the whole record');
  const own = await segmentHeader(files, header, segment);
  const pairs: [target: WfdbSignal, source: WfdbSignal][] = [];
  for (const signal of values.keys()) {
    const name = plainLeadName(signal.description);
    const [found, twin] = own.signals.filter(({ description }) => plainLeadName(description) === name);
    if (twin !== undefined) throw fail(`with two signals ${signal.description}`);
    if (found === undefined && !hasLayout(header))
      throw fail(`without ${signal.description}, which the first segment has`);
    if (found === undefined || found.fileName === nothing) continue;
    if (found.samplesPerFrame !== signal.samplesPerFrame) {
      throw fail(`with ${signal.description} at a different rate than before`);
    }
    if (millivolts(found.units) === undefined) throw fail(`with ${signal.description} in ${found.units}`);
    pairs.push([signal, found]);
  }
  if (pairs.length === 0) return;
  const remarks: EcgWarning[] = [];
  const sources = pairs.map(([, source]) => source);
  // If the segment does not give its length, the record does.
  const whole = { ...own, samples: own.samples ?? segment.frames };
  const read = await readSignals({ headerPath: `${segment.name}.hea`, open: files.open }, whole, sources, remarks);
  for (const [target, source] of pairs) {
    values.get(target)?.set(read.values.get(source) ?? [], start * target.samplesPerFrame);
  }
  for (const remark of remarks) said.set(remark.text, remark);
}

async function segmentHeader(files: Files, header: WfdbHeader, segment: WfdbSegment): Promise<WfdbHeader> {
  const { headerPath, open } = files;
  const fileName = `${segment.name}.hea`;
  checkFileName(headerPath, fileName);
  const bytes = await open(fileName, maximumHeaderBytes);
  const repair = 'download the whole record';
  if (bytes === undefined) {
    throw failed(headerPath, `no header '${fileName}' next to it, for segment '${segment.name}'`, repair);
  }
  const own = parseWfdbHeader(decodeText(bytes), fileName);
  const fail = (found: string) => failed(headerPath, `segment '${segment.name}' ${found}`, repair);
  if (own.segments.length > 0) throw fail('that has segments itself');
  if (own.sampleRate !== header.sampleRate) throw fail(`at ${own.sampleRate} Hz, not ${header.sampleRate} Hz`);
  if (segment.frames > 0 && own.samples !== undefined && own.samples !== segment.frames) {
    throw fail(`of ${own.samples} samples, not ${segment.frames}`);
  }
  return own;
}
