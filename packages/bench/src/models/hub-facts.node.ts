/** What a model hub says about a file before the download. */
export interface HubFacts {
  /** HTTP status. */
  readonly status: number;
  /** SHA-256 of the file in hexadecimal, if given. */
  readonly sha256: string | undefined;
  /** The commit that the branch in the URL refers to. */
  readonly revision: string | undefined;
}

/** The part of a URL with Hugging Face's layout that names a branch or a commit. */
const revisionPart = /\/resolve\/([^/]+)\//;

export function isHubUrl(url: string): boolean {
  return revisionPart.test(new URL(url).pathname);
}

/** A URL without its query and fragment. */
export function withoutQuery(address: string): string {
  const { origin, pathname } = new URL(address);
  return origin + pathname;
}

/** The same file at a commit, where it cannot change. */
export function atRevision(url: string, revision: string | undefined): string {
  return revision === undefined ? url : url.replace(revisionPart, `/resolve/${revision}/`);
}

/**
 * Asks a hub with Hugging Face's layout about a file. Redirects are not followed: the hub itself answers.
 *
 * @returns undefined if it cannot be reached; the download then reports why
 * @throws the abort signal's reason
 */
export async function askHub(
  url: string,
  options: { readonly headers: Readonly<Record<string, string>>; readonly abortSignal?: AbortSignal },
): Promise<HubFacts | undefined> {
  const { headers, abortSignal } = options;
  abortSignal?.throwIfAborted();
  const signals = [AbortSignal.timeout(20_000), ...(abortSignal === undefined ? [] : [abortSignal])];
  try {
    const response = await fetch(url, {
      method: 'HEAD',
      headers,
      redirect: 'manual',
      signal: AbortSignal.any(signals),
    });
    return {
      status: response.status,
      // For files stored in Git itself this is the Git hash, which is shorter.
      sha256: /^"?([0-9a-f]{64})"?$/.exec(response.headers.get('x-linked-etag') ?? '')?.[1],
      revision: /^[0-9a-f]{40}$/.exec(response.headers.get('x-repo-commit') ?? '')?.[0],
    };
  } catch {
    abortSignal?.throwIfAborted();
    return undefined;
  }
}
