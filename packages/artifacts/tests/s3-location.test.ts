import { OptionError } from '@hearken/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyOf, objectName, parseS3Url, type S3Location } from '../src/s3/s3-location.js';
import { checkKey } from '../src/store/artifacts.js';

describe('parseS3Url', () => {
  it('reads all parts', () => {
    expect(
      parseS3Url('s3://my.bucket-1/a/b/?endpoint=http://127.0.0.1:9000/&region=eu-central-1&forcePathStyle=false'),
    ).toEqual({
      bucket: 'my.bucket-1',
      prefix: 'a/b',
      endpoint: 'http://127.0.0.1:9000',
      region: 'eu-central-1',
      forcePathStyle: false,
    });
    expect(parseS3Url('s3://bucket')).toEqual({ bucket: 'bucket', prefix: '' });
    expect(parseS3Url('s3://bucket/?endpoint=https://host/storage/v1/s3').endpoint).toBe('https://host/storage/v1/s3');
  });

  it.each([
    ['gs://bucket', /not an s3:\/\/ URL; write it as s3:\/\/bucket\/prefix\?endpoint=/],
    ['s3:bucket', /not an s3:\/\/ URL/],
    ['s3://bucket/a#b', /not an s3:\/\/ URL/],
    ['s3://', /a bucket ''; name a bucket/],
    ['s3://Bucket', /a bucket 'Bucket'/],
    ['s3://ab', /a bucket 'ab'/],
    ['s3://bucket:9000/a', /a bucket 'bucket:9000'/],
    ['s3://bucket/../a', /a prefix '\.\.\/a' that is not a path of plain names/],
    ['s3://bucket//a', /a prefix '\/a'/],
    ['s3://bucket/a%2Fb', /a prefix 'a%2Fb'/],
    [
      's3://bucket/?regoin=eu',
      /an unknown parameter 'regoin'; did you mean 'region'\? known ones are endpoint, region/,
    ],
    ['s3://bucket/?region=eu&region=us', /the parameter 'region' more than once/],
    ['s3://bucket/?region=EU%20', /a region 'EU '/],
    ['s3://bucket/?forcePathStyle=1', /forcePathStyle '1'; write true or false/],
    ['s3://bucket/?endpoint=127.0.0.1:9000', /an endpoint that is not an address/],
    ['s3://bucket/?endpoint=ftp://host', /an endpoint that is not an address/],
    ['s3://bucket/?endpoint=http://host/?a=1', /an endpoint with a query/],
  ])('refuses %s', (url, message) => {
    expect(() => parseS3Url(url)).toThrow(OptionError);
    expect(() => parseS3Url(url)).toThrow(message);
  });

  it.each([
    's3://AKIA:topsecret@bucket/a',
    's3://bucket/?endpoint=http://user:topsecret@host',
    's3://bucket/?secretAccessKey=topsecret',
    'http://user:topsecret@host',
  ])('takes no credentials, and does not repeat them: %s', (url) => {
    expect(() => parseS3Url(url)).toThrow(OptionError);
    expect(() => parseS3Url(url)).not.toThrow(/topsecret/);
  });

  it('is never anything but a location or an OptionError', () => {
    const parts = fc.array(
      fc.constantFrom('s3://', 'bucket', '/', '?', '&', '=', '#', '@', ':', '%', 'endpoint', 'http://', '..', 'é', ' '),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          parts.map((list) => list.join('')),
          parts.map((list) => `s3://bucket${list.join('')}`),
        ),
        (url) => {
          let location: S3Location;
          try {
            location = parseS3Url(url);
          } catch (error) {
            expect(error).toBeInstanceOf(OptionError);
            return;
          }
          expect(location.bucket).toMatch(/^[a-z0-9.-]+$/);
          if (location.prefix !== '') expect(checkKey(location.prefix)).toBe(location.prefix);
        },
      ),
    );
  });

  it('reads what an URL was made of', () => {
    fc.assert(
      fc.property(
        bucket,
        fc.option(key, { nil: '' }),
        fc.option(
          fc.stringMatching(/^https?:\/\/[a-z]{1,9}(\.[a-z]{2,3})?(:[1-9]\d{1,3})?(\/[a-z0-9]{1,5}){0,2}\/?$/),
          { nil: undefined },
        ),
        fc.option(fc.stringMatching(/^[a-z]{2}-[a-z]{4,9}-[1-9]$/), { nil: undefined }),
        (name, prefix, endpoint, region) => {
          const query = new URLSearchParams();
          if (endpoint !== undefined) query.set('endpoint', endpoint);
          if (region !== undefined) query.set('region', region);
          const location = parseS3Url(`s3://${name}/${prefix}?${query.toString()}`);
          expect([location.bucket, location.prefix, location.region]).toEqual([name, prefix, region]);
          expect(location.endpoint).toBe(
            endpoint === undefined ? undefined : new URL(endpoint).href.replace(/\/$/, ''),
          );
        },
      ),
    );
  });
});

const bucket = fc.stringMatching(/^[a-z0-9][a-z0-9-]{1,30}[a-z0-9]$/);
const name = fc.stringMatching(/^[a-zäÄ0-9_+-][a-zA-Z0-9._+-]{0,12}$/).filter((text) => {
  try {
    return checkKey(text) === text;
  } catch {
    return false;
  }
});
const key = fc.array(name, { minLength: 1, maxLength: 5 }).map((names) => names.join('/'));

describe('objectName', () => {
  it('is turned back into the key', () => {
    fc.assert(
      fc.property(fc.option(key, { nil: '' }), key, (prefix, artifact) => {
        const location = { bucket: 'bucket', prefix };
        expect(keyOf(location, objectName(location, artifact))).toBe(artifact);
      }),
    );
  });

  it('maps no two keys to one name, whatever the key', () => {
    fc.assert(
      fc.property(fc.option(key, { nil: '' }), fc.string(), (prefix, text) => {
        const location = { bucket: 'bucket', prefix };
        let object: string;
        try {
          object = objectName(location, text);
        } catch (error) {
          expect(error).toBeInstanceOf(OptionError);
          expect(keyOf(location, prefix === '' ? text : `${prefix}/${text}`)).toBeUndefined();
          return;
        }
        expect(keyOf(location, object)).toBe(text);
      }),
    );
  });

  it('refuses what is longer than a store takes', () => {
    const location = { bucket: 'bucket', prefix: 'ä'.repeat(150) };
    expect(objectName(location, 'ä'.repeat(200))).toHaveLength(351);
    const long = Array.from({ length: 3 }, () => '𝐀'.repeat(100)).join('/');
    expect(() => objectName(location, long)).toThrow(/an object name of 1503 bytes; choose a shorter prefix/);
  });
});

describe('keyOf', () => {
  it.each(['other/a', 'pre/a/../b', 'pre/.hidden', 'pre/', 'pre', 'prefix/a', 'pre//a', 'pre/con'])(
    "takes '%s' for no artifact",
    (object) => {
      expect(keyOf({ bucket: 'bucket', prefix: 'pre' }, object)).toBeUndefined();
    },
  );
});
