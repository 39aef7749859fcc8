import { createHash } from 'node:crypto';
import { PassThrough, type Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import type { Layer, LayerEntry, LayersRequest } from './engine.ts';

/** Larger files are not searched: a secret sits in a small text file. */
const readLimit = 256 * 1024;

type Result = { readonly layers: readonly Layer[] } | { readonly fault: string };

/** Reads the output of `docker save` as it comes, without a file on disk: the classic form (`ID/layer.tar`) and the OCI layout
 * (`blobs/sha256/…`, plain or gzip). Which blob is a layer is only known at the end, from `manifest.json`. */
export class LayerReader {
  readonly input = new PassThrough();
  readonly #request: LayersRequest;
  readonly #known: Map<string, Layer>;
  readonly #blobs = new Map<string, Layer>();
  readonly #texts = new Map<string, string>();
  readonly #links = new Map<string, string>();
  readonly #done: Promise<string | undefined>;

  constructor(request: LayersRequest, known: Map<string, Layer>) {
    this.#request = request;
    this.#known = known;
    const outer = extract();
    outer.on('entry', (header, stream, next) => {
      this.#entry(header, nodeStream(stream)).then(() => next(), next);
    });
    this.#done = pipeline(this.input, outer).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
  }

  async result(): Promise<Result> {
    const wrong = await this.#done;
    if (wrong !== undefined) return { fault: `the saved image could not be read: ${wrong}` };
    const text = this.#texts.get('manifest.json');
    if (text === undefined) return { fault: 'the saved image has no manifest.json' };
    const [manifest] = JSON.parse(text) as { Config: string; Layers: string[] }[];
    const layers = (manifest?.Layers ?? []).map((name) => this.#blobs.get(this.#links.get(name) ?? name));
    if (layers.some((layer) => layer === undefined)) return { fault: 'the saved image lacks a layer that it names' };
    const found = layers.filter((layer) => layer !== undefined);
    return { layers: found };
  }

  async #entry(header: Header, stream: Readable): Promise<void> {
    if (header.type === 'symlink' && header.linkname) {
      // The classic form stores a layer that occurs twice as a link to the first.
      this.#links.set(header.name, header.linkname.replace(/^(\.\.\/)+/, ''));
    }
    if (header.type !== 'file') return drained(stream);
    const content = /(?:^|\/)blobs\/sha256\/([0-9a-f]{64})$/.exec(header.name)?.[1];
    const key = content === undefined ? undefined : `${content} ${this.#request.compress === true}`;
    const before = key === undefined ? undefined : this.#known.get(key);
    if (before !== undefined) {
      this.#blobs.set(header.name, before);
      return drained(stream);
    }
    const first = await firstChunk(stream);
    if (isText(header.name, first)) {
      this.#texts.set(header.name, Buffer.concat(await collected(stream)).toString('utf8'));
      return;
    }
    const layer = await readLayer(stream, first, this.#request);
    this.#blobs.set(header.name, layer);
    if (key !== undefined) this.#known.set(key, layer);
  }
}

function isText(name: string, first: Uint8Array): boolean {
  return (
    name.endsWith('.json') ||
    name === 'oci-layout' ||
    name === 'repositories' ||
    name.endsWith('VERSION') ||
    first[0] === 0x7b
  );
}

async function readLayer(stream: Readable, first: Uint8Array, request: LayersRequest): Promise<Layer> {
  const zipped = first[0] === 0x1f && first[1] === 0x8b;
  const hash = createHash('sha256');
  const entries: LayerEntry[] = [];
  const said: string[] = [];
  let bytes = 0;
  let stored = 0;
  let compressed = 0;
  const inner = extract();
  inner.on('entry', (header, content, next) => {
    layerEntry(header, nodeStream(content), request).then((entry) => {
      bytes += entry.entry.type === 'file' ? entry.entry.size : 0;
      entries.push(entry.entry);
      said.push(...entry.said);
      next();
    }, next);
  });
  const plain = new PassThrough();
  // Several consumers read it, each with a handful of listeners of its own.
  plain.setMaxListeners(40);
  plain.on('data', (chunk: Buffer) => hash.update(chunk));
  const jobs: Promise<unknown>[] = [];
  if (zipped) {
    stream.on('data', (chunk: Buffer) => {
      stored += chunk.length;
    });
    jobs.push(pipeline(stream, createGunzip(), plain));
  } else jobs.push(pipeline(stream, plain));
  jobs.push(pipeline(plain, inner));
  if (request.compress === true && !zipped) {
    const counted = new Writable({
      write(chunk: Buffer, _encoding, done) {
        compressed += chunk.length;
        done();
      },
    });
    jobs.push(pipeline(plain, createGzip({ level: 6 }), counted));
  }
  await Promise.all(jobs);
  return {
    diffId: `sha256:${hash.digest('hex')}`,
    bytes,
    ...(request.compress === true ? { compressed: zipped ? stored : compressed } : {}),
    entries,
    said,
  };
}

async function layerEntry(
  header: Header,
  content: Readable,
  request: LayersRequest,
): Promise<{ entry: LayerEntry; said: readonly string[] }> {
  const path = header.name.replace(/^(\.?\/)+/, '').replace(/\/$/, '');
  const size = header.size ?? 0;
  const base = {
    path,
    type: kind(header.type),
    mode: (header.mode ?? 0) & 0o7777,
    uid: header.uid ?? 0,
    gid: header.gid ?? 0,
    size,
    ...(header.linkname ? { link: header.linkname } : {}),
  };
  if (base.type !== 'file') {
    await drained(content);
    return { entry: base, said: [] };
  }
  const hash = createHash('sha256');
  const kept: Buffer[] = [];
  const keep = request.read !== undefined && size <= readLimit;
  for await (const chunk of content as AsyncIterable<Buffer>) {
    hash.update(chunk);
    if (keep) kept.push(chunk);
  }
  const said = keep && request.read !== undefined ? request.read(path, Buffer.concat(kept)) : [];
  return { entry: { ...base, digest: hash.digest('hex') }, said };
}

function kind(type: Header['type']): LayerEntry['type'] {
  switch (type) {
    case 'file':
    case 'contiguous-file':
      return 'file';
    case 'directory':
    case 'symlink':
      return type;
    case 'link':
      return 'hardlink';
    default:
      return 'other';
  }
}

async function firstChunk(stream: Readable): Promise<Uint8Array> {
  for (;;) {
    const chunk: Buffer | null = stream.read();
    if (chunk !== null) {
      stream.unshift(chunk);
      return chunk;
    }
    if (stream.readableEnded) return new Uint8Array();
    await new Promise<void>((resolve) => {
      const go = (): void => {
        stream.off('readable', go);
        stream.off('end', go);
        resolve();
      };
      stream.on('readable', go);
      stream.on('end', go);
    });
  }
}

async function collected(stream: Readable): Promise<Buffer[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return chunks;
}

/** tar-stream's entries come from streamx, which keeps the contract of Node's streams but not their type. */
function nodeStream(stream: unknown): Readable {
  return stream as Readable;
}

async function drained(stream: Readable): Promise<void> {
  for await (const _ of stream);
}
