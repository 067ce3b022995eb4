/** The usual fix for a damaged file. */
export const copyAgain = 'the file is truncated or damaged: copy or download it again';
/** The fix for a valid but unsupported file. */
export const convert = 'convert it to WAV or FLAC';

/**
 * Something in compressed sound that makes its samples untrustworthy or unreadable. Decoders throw it; the caller knows
 * the file's name and turns it into an AudioError.
 */
export class StreamFault extends Error {
  override name = 'StreamFault';

  /**
   * @param found what is wrong, worded to follow 'FLAC audio of x: '
   * @param fix how to fix it
   */
  constructor(
    readonly found: string,
    readonly fix: string = copyAgain,
  ) {
    super(found);
  }
}
