/** What a plugin can say of one of its models without loading it. */
export interface ModelMetadata {
  /** What the model is, in a line. */
  readonly description: string;
  /** Hz of the signals that it takes. */
  readonly sampleRate: number;
  /** 1 for audio, 12 for ECG. */
  readonly channels: number;
  /** Size of the scene embedding with default options. */
  readonly embeddingSize: number;
  /** How many weights it has. */
  readonly parameters?: number;
  /** Multiply-adds for ten seconds of signal, where they are known. */
  readonly multiplyAdds?: number;
  /** Licence of the weights, as an SPDX identifier where there is one. */
  readonly license?: string;
  /** Address of the paper. */
  readonly paper?: string;
  /** Where its authors publish the checkpoint; absent when it needs none. */
  readonly checkpointUrl?: string;
  /** SHA-256 of the published checkpoint in hexadecimal. */
  readonly checkpointSha256?: string;
  /** What to download, the weights last; default: `checkpointUrl` alone, where that is a file's. */
  readonly files?: readonly ModelFile[];
  /** What its publishers ask of those who download it, besides the licence. */
  readonly terms?: ModelTerms;
}

/** A file of a published checkpoint. */
export interface ModelFile {
  /** Its name among the model's files: letters, digits, `.`, `_` and `-`. */
  readonly name: string;
  /** Where it is downloaded from. */
  readonly url: string;
  /** SHA-256 in hexadecimal, where it is known. */
  readonly sha256?: string;
}

/** Terms of use. */
export interface ModelTerms {
  /** Where they are read, and accepted. */
  readonly url: string;
  /** Whether only accounts that accepted them there are given the files. */
  readonly gated: boolean;
}
