import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { expect, test } from 'vitest';
import type { Layer, LayersRequest } from './engine.ts';
import { LayerReader } from './image-tar.ts';

async function tar(files: Record<string, string | Buffer>): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of Object.entries(files)) archive.entry({ name, mode: 0o755, uid: 7 }, content);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive as unknown as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function read(
  image: Buffer,
  request: Partial<LayersRequest> = {},
  known = new Map<string, Layer>(),
): Promise<unknown> {
  const reader = new LayerReader({ image: 'x', ...request }, known);
  reader.input.end(image);
  return reader.result();
}

const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('hex');

test('layers of the OCI layout are read, plain and gzip alike, in the order of the manifest', async () => {
  const base = await tar({ 'bin/sh': 'shell', './etc/os-release': 'ID=debian' });
  const top = await tar({ 'app/main.py': 'print(1)' });
  const zipped = gzipSync(top);
  const names = [base, zipped].map((blob) => `blobs/sha256/${sha256(blob)}`);
  const image = await tar({
    [names[1] ?? '']: zipped,
    [names[0] ?? '']: base,
    'manifest.json': JSON.stringify([{ Config: 'c', Layers: names }]),
  });
  expect(await read(image, { compress: true })).toMatchObject({
    layers: [
      {
        diffId: `sha256:${sha256(base)}`,
        bytes: 14,
        entries: [{ path: 'bin/sh', mode: 0o755, uid: 7 }, { path: 'etc/os-release' }],
      },
      { diffId: `sha256:${sha256(top)}`, bytes: 8, compressed: zipped.length },
    ],
  });
});

test('layers of the classic form are read', async () => {
  const layer = await tar({ 'a.txt': 'abc' });
  const image = await tar({
    'x/layer.tar': layer,
    'x/json': '{}',
    'manifest.json': JSON.stringify([{ Layers: ['x/layer.tar'] }]),
  });
  expect(await read(image)).toMatchObject({ layers: [{ bytes: 3 }] });
});

test('the content of small files is shown to the reader, and what it says stays with the layer', async () => {
  const layer = await tar({ '.env': 'TOKEN=x', 'big.bin': Buffer.alloc(300_000) });
  const image = await tar({ 'x/layer.tar': layer, 'manifest.json': JSON.stringify([{ Layers: ['x/layer.tar'] }]) });
  const result = await read(image, { read: (path, content) => [`${path} ${content.length}`] });
  expect(result).toMatchObject({ layers: [{ said: ['.env 7'] }] });
});

test('a cut-off archive is a fault, not an exception', async () => {
  const layer = await tar({ 'a.txt': 'abc' });
  const image = await tar({ 'x/layer.tar': layer, 'manifest.json': '[]' });
  expect(await read(image.subarray(0, 700))).toHaveProperty('fault');
});

test('a layer that the manifest names and the archive lacks is a fault', async () => {
  const image = await tar({ 'manifest.json': JSON.stringify([{ Layers: ['gone/layer.tar'] }]) });
  expect(await read(image)).toEqual({ fault: 'the saved image lacks a layer that it names' });
});
