/** Starts an export: small inputs in the request itself, large ones through an upload that tells how far it is. */
import type { ApiClient } from '../../../api/client';
import { Unreachable } from '../../../api/problem';
import type { components } from '../../../api/schema';
import type { Input } from './input';

export type Export = components['schemas']['ExportPayload'];
type OnMatch = components['schemas']['OnMatch'];

export interface Order {
  input: Input;
  object: components['schemas']['ObjectType'];
  matches: OnMatch | null;
  dryRun: boolean;
  /** The same order sent again is the same export. */
  key: string;
}

const DIRECT_BYTES = 4 * 1024 * 1024;

/** `onProgress` gets the share of the upload that is done, where there is one. */
export function start(
  client: ApiClient,
  order: Order,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<Export> {
  return order.input.content.size <= DIRECT_BYTES
    ? startDirectly(client, order, signal)
    : startUploaded(client, order, onProgress, signal);
}

async function startDirectly(client: ApiClient, order: Order, signal: AbortSignal): Promise<Export> {
  const { input } = order;
  const { data } = await client.POST('/exports', {
    params: {
      query: {
        object: order.object,
        dryRun: order.dryRun ? 'true' : 'false',
        ...(order.matches && { matches: order.matches }),
      },
      header: { 'Idempotency-Key': order.key },
    },
    headers: { 'Content-Type': input.mediaType },
    body: await input.content.text(),
    bodySerializer: (text) => text as unknown as string,
    signal,
  });
  return known(data);
}

async function startUploaded(
  client: ApiClient,
  order: Order,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<Export> {
  const upload = known((await client.POST('/exports/uploads', { signal })).data);
  await put(upload.url, order.input.content, onProgress, signal);
  const { data } = await client.POST('/exports', {
    params: { header: { 'Idempotency-Key': order.key } },
    body: {
      object: order.object,
      records: null,
      upload: upload.upload,
      mediaType: order.input.mediaType,
      dryRun: order.dryRun,
      matches: order.matches,
    },
    signal,
  });
  return known(data);
}

function known<T>(data: T | undefined): T {
  if (data === undefined) {
    throw new Error('The API accepted an export without saying which.');
  }
  return data;
}

/** XMLHttpRequest: `fetch` does not tell how much was sent. */
function put(url: string, content: Blob, onProgress: (share: number) => void, signal: AbortSignal) {
  return new Promise<void>((resolve, reject) => {
    const request = new XMLHttpRequest();
    const fail = () => reject(signal.aborted ? signal.reason : new Unreachable());
    request.open('PUT', url);
    request.setRequestHeader('x-ms-blob-type', 'BlockBlob');
    request.upload.onprogress = (event) => onProgress(event.loaded / event.total);
    request.onload = () => (request.status === 201 ? resolve() : fail());
    request.onerror = fail;
    request.onabort = fail;
    signal.addEventListener('abort', () => request.abort(), { once: true });
    onProgress(0);
    request.send(content);
  });
}
