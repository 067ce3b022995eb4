import { OptionError } from '@hearken/core';

/** Optional: AWS's own client, which is kept up to date with every way to get credentials. */
const sdkPackage = '@aws-sdk/client-s3';

/** An answer of the client: the fields that are used. */
export interface S3Answer {
  readonly ETag?: string;
  readonly ContentLength?: number;
  readonly ContentRange?: string;
  readonly Metadata?: Readonly<Record<string, string>>;
  readonly ServerSideEncryption?: string;
  readonly Body?: AsyncIterable<Uint8Array> & { destroy(): void };
  readonly Contents?: readonly { readonly Key?: string }[];
  readonly EncodingType?: string;
  readonly IsTruncated?: boolean;
  readonly NextContinuationToken?: string;
}

/** An error of the client. */
export interface S3Failure extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
}

/** A request on its way through the client, or its answer. */
interface Passing {
  readonly response: {
    readonly statusCode: number;
    body: AsyncIterable<Uint8Array>;
  };
}
type Next = (args: unknown) => Promise<Passing>;
/** A step of the client that every request passes. */
export type S3Middleware = (next: Next, context: { readonly commandName?: string }) => Next;

/** A client. */
export interface S3Client {
  send(command: unknown, options?: { readonly requestTimeout?: number }): Promise<S3Answer>;
  destroy(): void;
  readonly middlewareStack: {
    add(
      middleware: S3Middleware,
      options: { readonly step: string; readonly priority: string; readonly name: string },
    ): void;
  };
}

type Command = new (input: object) => unknown;

/** The part of the package that is used. */
export interface S3Sdk {
  readonly S3Client: new (options: object) => S3Client;
  readonly PutObjectCommand: Command;
  readonly GetObjectCommand: Command;
  readonly HeadObjectCommand: Command;
  readonly DeleteObjectCommand: Command;
  readonly ListObjectsV2Command: Command;
}

/**
 * Loads the client.
 *
 * @param name for tests
 * @throws OptionError if it is not installed
 */
export async function loadS3Sdk(name: string = sdkPackage): Promise<S3Sdk> {
  try {
    // Imported by a name that no bundler or compiler resolves, because most users don't need it.
    return (await import(name)) as S3Sdk;
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND';
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new OptionError({
      asked: 'a store with an s3:// URL',
      found: missing ? `${name} is not installed` : `${name} cannot be loaded (${reason})`,
      fix: `add it with 'npm install ${name}'`,
      cause,
    });
  }
}
