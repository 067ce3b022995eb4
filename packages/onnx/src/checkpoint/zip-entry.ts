/** The location of one uncompressed file inside a zip archive. */
export interface ZipEntry {
  /** The path inside the archive, with forward slashes. */
  readonly name: string;
  /** The absolute byte offset of the first byte of data. */
  readonly dataOffset: number;
  /** The number of bytes of data. */
  readonly size: number;
}

/** What the archive's directory says about an entry, before its local header is read. */
export interface DirectoryEntry {
  readonly name: string;
  readonly rawName: Uint8Array;
  readonly headerOffset: number;
  readonly size: number;
  /** Whether sizes follow the data, and may be zero in the local header. */
  readonly hasDataDescriptor: boolean;
}
