import { CheckpointError, type ModelSource, type RuntimeOptions } from '@hearken/core';
import type { ExternalData, OnnxExternalRange, OnnxHeader, Runtime } from '@hearken/onnx';

/** An opened ONNX model: the whole file, but not its external data. */
export interface OnnxFile {
  /** What was opened, as the user named it. */
  readonly name: string;
  /** The ONNX file itself. */
  readonly bytes: Uint8Array;
  /** Its description: inputs, outputs and operators. */
  readonly header: OnnxHeader;
  /** Where its external tensors are: an option of the session. */
  readonly external: ExternalData;
  /**
   * SHA-256 in hexadecimal: of the file; with external data, of the text that `sha256sum` prints for all of the files,
   * the ONNX file first.
   */
  sha256(): Promise<string>;
}

/** What differs between Node.js and browsers for this plugin. */
export interface OnnxFileRuntime extends Pick<Runtime, 'createSession'> {
  /**
   * Opens an ONNX file, and checks its header and the location of its external data.
   *
   * @throws CheckpointError for anything else, and for external data that is missing or outside its folder
   */
  readonly openOnnxFile: (source: ModelSource, options?: RuntimeOptions) => Promise<OnnxFile>;
}

/** More files than any model consists of. */
const mostFiles = 4096;

/**
 * The files named by a model's external tensors, in order; each must be a plain relative path inside the folder.
 *
 * @throws CheckpointError for any other path, or an invalid range
 */
export function externalLocations(name: string, ranges: readonly OnnxExternalRange[]): string[] {
  for (const { tensor, location, offset, length = 0 } of ranges) {
    const isInside =
      location !== '' &&
      location.length <= 1024 &&
      !/^[\\/]|^[a-z]:|\\|\0/i.test(location) &&
      location.split('/').every((part) => part !== '..' && part !== '');
    if (!isInside) {
      throw new CheckpointError({
        asked: name,
        found: `external data of '${tensor.slice(0, 80)}' in ${JSON.stringify(location).slice(0, 120)}`,
        fix: 'external data must be named by a path inside the folder of the ONNX file: save the model again',
      });
    }
    if (![offset, length].every((value) => Number.isSafeInteger(value) && value >= 0)) {
      throw new CheckpointError({
        asked: name,
        found: `external data of '${tensor.slice(0, 80)}' at ${offset}, ${length} bytes long`,
        fix: 'the file is damaged: save the model again',
      });
    }
  }
  const locations = [...new Set(ranges.map(({ location }) => location))].sort();
  if (locations.length <= mostFiles) return locations;
  throw new CheckpointError({
    asked: name,
    found: `external data in ${locations.length} files`,
    fix: 'save it as one file',
  });
}

/** Refuses ranges that extend beyond the end of their file. */
export function checkRanges(
  name: string,
  ranges: readonly OnnxExternalRange[],
  sizes: ReadonlyMap<string, number>,
): void {
  for (const { tensor, location, offset, length = 0 } of ranges) {
    const size = sizes.get(location) ?? 0;
    if (length <= size - offset) continue;
    throw new CheckpointError({
      asked: name,
      found: `external data of '${tensor}' up to byte ${offset + length} of '${location}', which has ${size}`,
      fix: 'download that file again',
    });
  }
}

/** The error for missing external data. */
export function missingData(name: string, location: string, cause?: unknown): CheckpointError {
  return new CheckpointError({
    asked: name,
    found: `its external data '${location}' missing`,
    fix: 'put that file next to the ONNX file (in a browser: choose both)',
    cause,
  });
}
