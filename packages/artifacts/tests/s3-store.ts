import { join } from 'node:path';
import { S3Artifacts, type S3Options } from '../src/s3.js';
import { accessKey, type S3Server } from './s3-server.js';

process.env.AWS_ACCESS_KEY_ID = accessKey;
process.env.AWS_SECRET_ACCESS_KEY = 'secret';
process.env.AWS_CONFIG_FILE = join(import.meta.dirname, 'none');
process.env.AWS_SHARED_CREDENTIALS_FILE = join(import.meta.dirname, 'none');
process.env.AWS_EC2_METADATA_DISABLED = 'true';

/** The URL of a store on a server of the tests. */
export function storeUrl({ endpoint }: S3Server, prefix: string): string {
  return `s3://bucket/${prefix}?endpoint=${encodeURIComponent(endpoint)}`;
}

/** Opens a store on a server of the tests, whose retries wait for nothing. */
export function openStore(
  server: S3Server,
  mirror: string,
  options: Partial<S3Options> = {},
  prefix = 'pre/fix',
): Promise<S3Artifacts> {
  return S3Artifacts.open(storeUrl(server, prefix), { mirror, retryDelay: () => 0, ...options });
}
