import { boundedAnswers } from './bounded-answers.node.js';
import { BoundedRetries, type RetryDelay } from './retries.js';
import { s3Error } from './s3-errors.js';
import type { S3Location } from './s3-location.js';
import { loadS3Sdk, type S3Answer, type S3Client, type S3Sdk } from './s3-sdk.node.js';

/** Milliseconds without a byte, in either direction, after which an attempt counts as failed. */
const idleMilliseconds = 60_000;
/** Milliseconds until an answer begins, for a request of no content. */
const answerMilliseconds = 120_000;
/** The slowest upload that is waited for, in bytes per millisecond. */
const slowestUpload = 50;

/** The requests that a store is asked, repeated where that may help. */
export class S3Requests {
  private constructor(
    readonly location: S3Location,
    readonly retries: BoundedRetries,
    readonly sdk: S3Sdk,
    readonly client: S3Client,
  ) {}

  /** @throws OptionError if the client's package is not installed */
  static async open(location: S3Location, retryDelay?: RetryDelay): Promise<S3Requests> {
    const sdk = await loadS3Sdk();
    const retries = new BoundedRetries(retryDelay);
    const { endpoint, region, forcePathStyle } = location;
    const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
    // A store of one's own rarely has regions. AWS's are also in its configuration files, which the client reads.
    const usual = endpoint === undefined ? undefined : 'us-east-1';
    const regions = [region, AWS_REGION, AWS_DEFAULT_REGION, usual];
    const client = new sdk.S3Client({
      endpoint,
      region: regions.find((name) => name !== undefined && name !== ''),
      forcePathStyle:
        forcePathStyle ?? (endpoint !== undefined && !/\.amazonaws\.com(\.cn)?$/.test(new URL(endpoint).host)),
      retryStrategy: retries,
      maxAttempts: retries.attempts,
      // Requests are signed with the SHA-256 of their content already, and not every store takes further checksums.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      requestHandler: { connectionTimeout: 10_000, socketTimeout: idleMilliseconds, throwOnRequestTimeout: true },
    });
    client.middlewareStack.add(boundedAnswers, { step: 'deserialize', priority: 'low', name: 'boundedAnswers' });
    return new S3Requests(location, retries, sdk, client);
  }

  put(name: string, content: Uint8Array, input: object): Promise<S3Answer> {
    const timeout = answerMilliseconds + content.length / slowestUpload;
    return this.#send(this.sdk.PutObjectCommand, { ...input, Key: name, Body: content }, timeout);
  }

  get(name: string, input: object = {}): Promise<S3Answer> {
    return this.#send(this.sdk.GetObjectCommand, { ...input, Key: name });
  }

  head(name: string): Promise<S3Answer> {
    return this.#send(this.sdk.HeadObjectCommand, { Key: name });
  }

  delete(name: string): Promise<S3Answer> {
    return this.#send(this.sdk.DeleteObjectCommand, { Key: name });
  }

  list(prefix: string, token: string | undefined): Promise<S3Answer> {
    // Some characters that names may have cannot stand in XML.
    const input = { Prefix: prefix, EncodingType: 'url', ContinuationToken: token };
    return this.#send(this.sdk.ListObjectsV2Command, input);
  }

  /** An error with the name of the object that was asked for. */
  error(verb: 'read' | 'write' | 'list' | 'remove', name: string, error: unknown): Error {
    return s3Error(`to ${verb} 's3://${this.location.bucket}/${name}'`, error);
  }

  async #send(Command: new (input: object) => unknown, input: object, timeout = answerMilliseconds): Promise<S3Answer> {
    const command = new Command({ Bucket: this.location.bucket, ...input });
    return this.client.send(command, { requestTimeout: timeout });
  }
}
