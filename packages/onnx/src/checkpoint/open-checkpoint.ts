import { CheckpointError } from '@hearken/core';
import type { ByteSource } from './byte-source.js';
import type { Checkpoint } from './checkpoint.js';
import { readSafetensors } from './safetensors.js';
import { readTorchCheckpoint } from './torch-checkpoint.js';

/** Enough bytes to distinguish all formats; the signature of a tar archive is at byte 257. */
const HEAD_BYTES = 512;

/**
 * Reads the header of a checkpoint in any supported format, recognised by its content; the file's name does not matter.
 *
 * @throws CheckpointError for a damaged or malicious PyTorch or safetensors file, and for a file that is neither,
 * saying what it looks like: a web page saved instead of the file, a Git LFS pointer, an older PyTorch format.
 */
export async function openCheckpoint(source: ByteSource): Promise<Checkpoint> {
  if (source.size === 0) throw refused(source, 'the file is empty', 'download it again');
  const head = await source.read(0, Math.min(HEAD_BYTES, source.size));
  if (beginsWith(head, 'PK')) return readTorchCheckpoint(source);
  if (looksLikeSafetensors(head)) return readSafetensors(source);
  const strange = strangers.find(({ looks }) => looks(head));
  if (strange !== undefined) throw refused(source, strange.found, strange.fix);
  const shown = [...head.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  throw refused(
    source,
    `is neither a PyTorch checkpoint nor a safetensors file (it begins with the bytes ${shown})`,
    'pass a .pt or .pth file written by torch.save, or a .safetensors file',
  );
}

/** What is often passed instead of a checkpoint. */
interface Stranger {
  readonly looks: (head: Uint8Array) => boolean;
  readonly found: string;
  readonly fix: string;
}

const DOWNLOAD_AGAIN = 'download the file itself: open the URL in a browser to see what it returns';
const SAVE_AGAIN = 'load it with PyTorch and save it again with torch.save in PyTorch 1.6 or later';
const PASS_ORIGINAL = "pass the model's published checkpoint (.safetensors, .pt or .pth)";

/** Tags of the fields that may follow `ir_version` in ONNX's ModelProto: 2 to 8, with their wire types. */
const onnxSecondFields = new Set([0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42]);

const strangers: readonly Stranger[] = [
  {
    looks: (head) => beginsWith(head, 'version https://git-lfs'),
    found: 'is a Git LFS pointer, not the file it points to',
    fix: "fetch the file with 'git lfs pull', or download it from the repository's web page",
  },
  {
    looks: (head) => /^\s*<(!doctype|html|head|body|\?xml|!--|error)/i.test(text(head)),
    found: 'is a web page, probably an error message saved instead of the file',
    fix: DOWNLOAD_AGAIN,
  },
  {
    looks: (head) => /^\s*[{[]/.test(text(head)),
    found: 'is JSON text: a configuration or an error message',
    fix: PASS_ORIGINAL,
  },
  {
    // The magic number of torch.save before 1.6, 0x1950a86a20f9469cfc6c, pickled with protocol 2.
    looks: (head) => beginsWith(head, '\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19'),
    found: 'is in the format of PyTorch before 1.6, which is not supported',
    fix: SAVE_AGAIN,
  },
  {
    looks: (head) => text(head.subarray(257, 262)) === 'ustar',
    found: "is a tar archive: PyTorch's oldest format, or a packed folder",
    fix: `unpack it and pass the checkpoint inside; if it is a PyTorch file itself, ${SAVE_AGAIN}`,
  },
  {
    looks: (head) => head[0] === 0x80 && head[1] >= 2 && head[1] <= 5,
    found: 'is a bare pickle, which is not supported',
    fix: SAVE_AGAIN,
  },
  {
    looks: (head) => beginsWith(head, '\x1f\x8b') || beginsWith(head, '7z\xbc\xaf') || beginsWith(head, 'BZh'),
    found: 'is a compressed archive',
    fix: 'unpack it and pass the checkpoint inside',
  },
  {
    looks: (head) => beginsWith(head, '\x89HDF'),
    found: 'is an HDF5 file (Keras weights)',
    fix: PASS_ORIGINAL,
  },
  {
    looks: (head) => beginsWith(head, 'GGUF'),
    found: 'is a GGUF file',
    fix: PASS_ORIGINAL,
  },
  {
    // Protobuf: field 1 (ir_version) is a small number, followed by another field of ModelProto.
    looks: (head) => head[0] === 0x08 && head[1] > 0 && head[1] < 0x40 && onnxSecondFields.has(head[2]),
    found: 'looks like an ONNX model, not a checkpoint',
    fix: PASS_ORIGINAL,
  },
];

/** A plausible length (its upper bytes are zero), then a JSON object of that length. */
function looksLikeSafetensors(head: Uint8Array): boolean {
  return head.length > 8 && head[8] === 0x7b && head.subarray(4, 8).every((byte) => byte === 0);
}

function beginsWith(head: Uint8Array, start: string): boolean {
  return text(head.subarray(0, start.length)) === start;
}

function text(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

function refused(source: ByteSource, found: string, fix: string): CheckpointError {
  return new CheckpointError({ asked: source.name, found, fix });
}
