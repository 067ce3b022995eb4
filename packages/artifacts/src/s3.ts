/**
 * Artifacts in an S3-compatible store. Needs the optional package `@aws-sdk/client-s3`.
 *
 * @packageDocumentation
 */
export { S3Artifacts, type S3Options } from './s3/s3-artifacts.node.js';
export { parseS3Url, type S3Location } from './s3/s3-location.js';
