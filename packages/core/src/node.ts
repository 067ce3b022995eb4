/**
 * File access on Node.js: regular files, read within bounds and replaced atomically.
 *
 * @packageDocumentation
 */
export { cacheFolders, userCacheFolder } from './files/cache-folders.node.js';
export { bytesSha256, fileSha256 } from './files/file-hash.node.js';
export { checkOutput, copyPlainFile, createOutput, openOutput } from './files/output-file.node.js';
export { isInsideFolder } from './files/inside-folder.node.js';
export {
  type PlainFile,
  type PlainFileOptions,
  type ReadPlainFileOptions,
  type UnreadableFile,
  openPlainFile,
  openPlainFileSync,
  readPlainFile,
  readPlainText,
} from './files/plain-file.node.js';
export { isGone, processName, uniqueName } from './files/process-name.node.js';
export { readIfThere } from './files/read-if-there.node.js';
export {
  checkWritable,
  makeFolder,
  removeLeftovers,
  temporaryPath,
  writeFileAtomic,
  writeFileInPlace,
  type WriteFileOptions,
  writeNewFile,
  writing,
} from './files/write-file.node.js';
