import { CheckpointError } from '@hearken/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blobSource, bufferSource } from '../../src/checkpoint/byte-source.js';
import { openCheckpoint } from '../../src/checkpoint/open-checkpoint.js';
import { floats, piece, torchFile } from './made-pickles.js';
import { safetensorsFile } from './made-safetensors.js';
import { joined, latin1Bytes } from './made-zips.js';

const torch = torchFile(piece.dict({ w: piece.tensor(piece.storage('FloatStorage', '0', 1), 0, [1], [1]) }), {
  0: floats(1),
});
const safetensors = safetensorsFile({ w: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } }, 4);

describe('openCheckpoint', () => {
  it('tells the formats apart by their content', async () => {
    expect((await openCheckpoint(bufferSource(torch, 'misnamed.safetensors'))).format).toBe('torch');
    expect((await openCheckpoint(bufferSource(safetensors, 'misnamed.pt'))).format).toBe('safetensors');
    expect((await openCheckpoint(blobSource(new Blob([torch as BlobPart]), 'w.pt'))).tensors.size).toBe(1);
  });

  it.each<[string, Uint8Array | string, RegExp]>([
    ['an empty file', '', /is empty/],
    ['a web page', '\n<!DOCTYPE html><html><body>404</body></html>', /web page/],
    ['an XML error', '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', /web page/],
    [
      'a Git LFS pointer',
      'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n',
      /Git LFS pointer.*git lfs pull/,
    ],
    ['a configuration', '{"hidden_size": 768}', /JSON text/],
    [
      'the old PyTorch format',
      '\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.',
      /before 1\.6.*torch\.save in PyTorch 1\.6 or later/,
    ],
    ['a bare pickle', '\x80\x04}.', /bare pickle/],
    ['a tar archive', joined([new Uint8Array(257), latin1Bytes('ustar\x0000'), new Uint8Array(300)]), /tar archive/],
    ['a gzip archive', '\x1f\x8b\x08\x00', /compressed archive/],
    ['an HDF5 file', '\x89HDF\r\n\x1a\n', /HDF5/],
    ['an ONNX model', '\x08\x08\x12\x07pytorch', /ONNX model/],
    ['anything else', 'RIFF\x00\x00\x00\x00WAVE', /begins with the bytes 52 49 46 46 00 00 00 00/],
    ['one byte', 'P', /begins with the bytes 50/],
    ['a cut PyTorch file', torch.subarray(0, 200), /directory cannot be read/],
    ['a cut safetensors file', safetensors.subarray(0, 30), /the header has \d+ bytes, but the file has only 30/],
    ['an empty zip archive', 'PK\x05\x06' + '\x00'.repeat(18), /zip archive is empty/],
  ])('says what %s is', async (_, content, message) => {
    const source = bufferSource(typeof content === 'string' ? latin1Bytes(content) : content, 'odd.pt');
    await expect(openCheckpoint(source)).rejects.toThrow(CheckpointError);
    await expect(openCheckpoint(source)).rejects.toThrow(/^odd\.pt: /);
    await expect(openCheckpoint(source)).rejects.toThrow(message);
  });

  it('answers any bytes with a CheckpointError', async () => {
    const start = fc.constantFrom('', 'PK\x03\x04', '\x20\x00\x00\x00\x00\x00\x00\x00{"', '\x80\x02', '<');
    await fc.assert(
      fc.asyncProperty(start, fc.uint8Array({ maxLength: 200 }), async (head, rest) => {
        const source = bufferSource(joined([latin1Bytes(head), rest]), 'random.pt');
        await expect(openCheckpoint(source)).rejects.toThrow(CheckpointError);
      }),
      { numRuns: 1000 },
    );
  });
});
