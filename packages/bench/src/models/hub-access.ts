import { FileError, type HearkenError, type ModelMetadata, OptionError } from '@hearken/core';

/** The one place that a token is for. */
export const huggingFace = 'https://huggingface.co';
const tokenPage = 'https://huggingface.co/settings/tokens';

/** A token, and the place that it is of. */
export interface TokenAccess {
  /** Of the environment. */
  readonly token: string | undefined;
  /** As `https://huggingface.co`. */
  readonly origin: string;
}

/**
 * The headers that let a gated file be downloaded: the user's token, for the place that it is of and for nothing else.
 *
 * @throws OptionError when the place wants a token, and there is none that can be one
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
    found: plain === '' ? 'no token in the environment (HF_TOKEN)' : 'something that is no token in HF_TOKEN',
    fix: `accept the terms at ${terms.url} with your Hugging Face account, make a token that may read it at ${tokenPage}, and pass it as HF_TOKEN=... hearken pull ${name}; it goes to ${new URL(origin).host} alone, and is never written`,
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
      found: `a place that refuses (HTTP ${status})`,
      fix: `${page === undefined ? '' : `look at ${page} for what it asks; `}download the files yourself and pass them with --checkpoint, or name another place with --mirror`,
      cause,
    });
  }
  return new FileError({
    asked,
    found:
      status === 401
        ? 'the token in HF_TOKEN is not valid (HTTP 401)'
        : "the token's account may not have it (HTTP 403)",
    fix:
      status === 401
        ? `make a new one at ${tokenPage}`
        : `accept the terms at ${terms?.url ?? huggingFace} with that account; a fine-grained token also needs the right to read gated repositories`,
    cause,
  });
}
