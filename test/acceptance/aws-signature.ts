import { createHash, createHmac } from 'node:crypto';

/** A request as it arrived, and the secret it should have been signed with. */
export interface SignedRequest {
  readonly method: string;
  /** As it came, percent-encoding and all. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * The `authorization` that Amazon would expect of a request: signature version 4, of what arrived and in words of
 * our own.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function expectedAuthorization(request: SignedRequest, secret: string): string {
  const [, credential = '', signed = ''] =
    /Credential=([^,]+), SignedHeaders=([^,]+)/.exec(request.headers['authorization'] ?? '') ?? [];
  const [, day = '', region = '', service = ''] = credential.split('/');
  const canonical = [
    request.method,
    // Encoded once more than on the wire, for every service but S3.
    request.path.split('/').map(encodeURIComponent).join('/'),
    '',
    ...signed.split(';').map((name) => `${name}:${request.headers[name]?.trim() ?? ''}`),
    '',
    signed,
    sha256(request.body),
  ].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  const key = [day, region, service, 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secret}`);
  const signature = hmac(key, toSign).toString('hex');
  return `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signed}, Signature=${signature}`;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
