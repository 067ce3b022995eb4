/** What a plugin can say about one of its models without loading it. */
export interface ModelMetadata {
  /** A one-line description. */
  readonly description: string;
  /** Sample rate of its input, in Hz. */
  readonly sampleRate: number;
  /** 1 for audio, 12 for ECG. */
  readonly channels: number;
  /** Size of the scene embedding with default options. */
  readonly embeddingSize: number;
  /** How many weights it has. */
  readonly parameters?: number;
  /** Multiply-adds for ten seconds of signal, if known. */
  readonly multiplyAdds?: number;
  /** Licence of the weights, as an SPDX identifier if there is one. */
  readonly license?: string;
  /** URL of the paper. */
  readonly paper?: string;
  /** Where the authors publish the checkpoint; absent if it needs none. */
  readonly checkpointUrl?: string;
  /** SHA-256 of the published checkpoint in hexadecimal. */
  readonly checkpointSha256?: string;
  /** What to download, the weights last; default: `checkpointUrl` alone, if that is the URL of a file. */
  readonly files?: readonly ModelFile[];
  /** Terms of use that the publishers require accepting, besides the licence. */
  readonly terms?: ModelTerms;
}

/** A file of a published checkpoint. */
export interface ModelFile {
  /** Its file name: letters, digits, `.`, `_` and `-`. */
  readonly name: string;
  /** The URL to download it from. */
  readonly url: string;
  /** SHA-256 in hexadecimal, if known. */
  readonly sha256?: string;
}

/** Terms of use. */
export interface ModelTerms {
  /** The page for reading and accepting them. */
  readonly url: string;
  /** Whether the files are only given to accounts that accepted them. */
  readonly gated: boolean;
}
