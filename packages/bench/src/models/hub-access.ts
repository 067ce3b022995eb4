import { FileError, type HearkenError, type ModelMetadata, OptionError } from '@hearken/core';

/** The only host that receives the token. */
export const huggingFace = 'https://huggingface.co';
const tokenPage = 'https://huggingface.co/settings/tokens';

/** A token, and the origin that it belongs to. */
export interface TokenAccess {
  /** From the environment. */
  readonly token: string | undefined;
  /** Such as `https://huggingface.co`. */
  readonly origin: string;
}

/**
 * The headers for downloading a gated file: the user's token, sent to its own origin and nowhere else.
 *
 * @throws OptionError if the origin requires a token, and there is no valid one
 */
export function accessHeaders(
  name: string,
  { terms }: ModelMetadata,
  url: string,
  { token, origin }: TokenAccess,
): Readonly<Record<string, string>> {
  if (terms?.gated !== true || new URL(url).origin !== origin) return {};
  const plain = token?.trim() ?? '';
  if (/^[\x21-\x7e]{1,1024}$/.test(plain)) return { authorization: `Bearer ${plain}` };
  throw new OptionError({
    asked: `to pull ${name}, a gated model`,
    found: plain === '' ? 'no token in the environment (HF_TOKEN)' : 'HF_TOKEN, which is not a token',
    fix: `accept the terms at ${terms.url} with your Hugging Face account, create a token that may read it at ${tokenPage}, and pass it as HF_TOKEN=... hearken pull ${name}; it is sent only to ${new URL(origin).host} and never stored`,
  });
}

/** What to do about a refusal. */
export function accessError(
  name: string,
  { terms, checkpointUrl }: ModelMetadata,
  { url, status, withToken }: { readonly url: string; readonly status: number; readonly withToken: boolean },
  cause?: unknown,
): HearkenError {
  const asked = `'${url}' of ${name}`;
  if (!withToken) {
    const page = terms?.url ?? checkpointUrl;
    return new FileError({
      asked,
      found: `access denied (HTTP ${status})`,
      fix: `${page === undefined ? '' : `see ${page} for its conditions; `}download the files yourself and pass them with --checkpoint, or choose another source with --mirror`,
      cause,
    });
  }
  return new FileError({
    asked,
    found:
      status === 401 ? 'the token in HF_TOKEN is not valid (HTTP 401)' : "the token's account has no access (HTTP 403)",
    fix:
      status === 401
        ? `create a new one at ${tokenPage}`
        : `accept the terms at ${terms?.url ?? huggingFace} with that account; a fine-grained token also needs permission to read gated repositories`,
    cause,
  });
}
