import { describe, expect, it } from 'vitest';
import { isEcgContent } from '../../src/ecg/ecg-kind.js';

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

describe('isEcgContent', () => {
  it.each([
    ['SCP-ECG', `${'\0'.repeat(16)}SCPECG`],
    ['GDF', 'GDF 2.20'],
    ['MFER', '@ MFR '],
    ['ISHNE', 'ISHNE1.0'],
    ['DICOM', `${'\0'.repeat(128)}DICM`],
    ['an annotated ECG', '<?xml version="1.0"?>\n<AnnotatedECG xmlns="urn:hl7-org:v3">'],
  ])('takes %s for an ECG, though it is not read', (_what, text) => {
    expect(isEcgContent(bytes(text))).toBe(true);
  });

  it.each([
    ['a web page', '<!DOCTYPE html><title>404</title>'],
    ['any XML', '<?xml version="1.0"?><Error>AccessDenied</Error>'],
    ['a MATLAB file', 'MATLAB 5.0 MAT-file, Platform: GLNXA64'],
    ['a MATLAB file of version 7.3', 'MATLAB 7.3 MAT-file'],
    ['HDF5', '\x89HDF\r\n\x1a\n'],
    ['a table', 'I,II\n0.1,0.2\n'],
  ])('does not take %s for one', (_what, text) => {
    expect(isEcgContent(bytes(text))).toBe(false);
  });
});
