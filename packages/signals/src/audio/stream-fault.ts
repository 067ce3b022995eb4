/** What is usually to be done about a damaged file. */
export const copyAgain = 'the file is truncated or damaged: copy or download it again';
/** What is to be done about a file that is sound but not read. */
export const convert = 'convert it to WAV or FLAC';

/**
 * Something in compressed sound that makes its samples untrustworthy or unreadable. Decoders throw it; what calls them
 * knows the file's name and makes an AudioError of it.
 */
export class StreamFault extends Error {
  override name = 'StreamFault';

  /**
   * @param found what is wrong, in words that go on from 'FLAC audio of x: '
   * @param fix what to do about it
   */
  constructor(
    readonly found: string,
    readonly fix: string = copyAgain,
  ) {
    super(found);
  }
}
