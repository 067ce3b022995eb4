/**
 * File access on Node.js: regular files, read within bounds, replaced atomically, and locked between processes.
 *
 * @packageDocumentation
 */
export { cacheFolders, userCacheFolder } from './files/cache-folders.node.js';
export { bytesSha256, fileSha256 } from './files/file-hash.node.js';
export { type LockOptions, removeDeadLock, withFileLock } from './files/file-lock.node.js';
export { withFolderLock } from './files/folder-lock.node.js';
export { holderText } from './files/lock-holder.node.js';
export { checkOutput, copyPlainFile, createOutput, openOutput } from './files/output-file.node.js';
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
export { isGone, processName } from './files/process-name.node.js';
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
