import { Readable } from 'node:stream';
import { FileError } from '@hearken/core';
import type { S3Middleware } from './s3-sdk.node.js';

/** A page of 1,000 objects whose names have 1,024 bytes, each written as `%XX`, has less. */
const largestAnswer = 5 * 2 ** 20;
/** Such a page has about 40 for each object. */
const mostTags = 100_000;

/**
 * The client reads a whole answer into memory and parses its XML. What it is given here is bounded, in bytes and tags,
 * and has no DOCTYPE, which its parser takes quadratic time for and no store sends. The content of objects is passed on
 * as a stream. Of failures, pages in HTML that a proxy sent count by their status alone.
 */
export const boundedAnswers: S3Middleware = (next, context) => async (args) => {
  const passing = await next(args);
  const { response } = passing;
  const isError = response.statusCode >= 300;
  if (!isError && context.commandName === 'GetObjectCommand') return passing;
  const text = await readBounded(response.body, isError);
  response.body = Readable.from([text]);
  return passing;
};

async function readBounded(body: AsyncIterable<Uint8Array> | undefined, isError: boolean): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const piece of body ?? []) {
      bytes += piece.length;
      if (bytes > largestAnswer) throw refused(`an answer of more than ${largestAnswer} bytes`);
      pieces.push(piece);
    }
    const whole = Buffer.concat(pieces);
    const text = whole.toString('latin1');
    if (isError) return /^\s*(?:<\?xml[^>]*>\s*)?<Error[\s>]/.test(text) && isPlain(text) ? whole : Buffer.alloc(0);
    if (!isPlain(text)) throw refused('an answer that is not the XML of a store');
    return whole;
  } catch (cause) {
    if (isError) return Buffer.alloc(0);
    throw cause;
  }
}

function isPlain(text: string): boolean {
  if (/<!doctype/i.test(text)) return false;
  let tags = 0;
  for (let at = text.indexOf('<'); at >= 0 && tags <= mostTags; at = text.indexOf('<', at + 1)) tags += 1;
  return tags <= mostTags;
}

function refused(found: string): FileError {
  return new FileError({
    asked: 'an answer of the S3 store',
    found,
    fix: 'check that the endpoint is an S3-compatible store',
  });
}
