import { expect, test } from 'vitest';
import type { Layer, LayerEntry } from '../engine/engine.ts';
import { readImageConfig } from './image-config.ts';
import { compareBuilds, imageContent, searchFile } from './image-content.ts';
import { stackLayers } from './layer-tree.ts';

function layer(id: string, files: Record<string, Partial<LayerEntry> & { said?: string }>): Layer {
  const entries = Object.entries(files).map(
    ([path, entry]): LayerEntry => ({ path, type: 'file', mode: 0o644, uid: 0, gid: 0, size: 0, ...entry }),
  );
  return {
    diffId: `sha256:${id}`,
    bytes: entries.reduce((sum, entry) => sum + entry.size, 0),
    entries,
    said: Object.values(files).flatMap((file) => file.said ?? []),
  };
}

const config = (more: object = {}): NonNullable<ReturnType<typeof readImageConfig>> => {
  const read = readImageConfig(JSON.stringify([{ Id: 'sha256:1', Config: { Env: [], ...more } }]));
  if (read === undefined) throw new Error('no image');
  return read;
};

const value = (rows: ReturnType<typeof imageContent>, measure: string): unknown =>
  rows.find((row) => row.measure === measure)?.value;

test('a file that a later layer deletes is wasted and no longer there', () => {
  const layers = [layer('a', { 'tmp/junk': { size: 100 }, 'app/x': { size: 1 } }), layer('b', { 'tmp/.wh.junk': {} })];
  expect([...stackLayers(layers).files.keys()]).toEqual(['app/x']);
  expect(value(imageContent(config(), layers, 0), 'image.wasted')).toBe(100);
});

test('a whole folder that is deleted, emptied or replaced by a file wastes all that was below it', () => {
  const base = layer('a', { 'd/a/one': { size: 10 }, 'd/two': { size: 5 }, 'd/a': { type: 'directory' } });
  for (const [last, left] of [
    [layer('b', { '.wh.d': {} }), []],
    [layer('b', { 'd/.wh..wh..opq': {}, 'd/new': { size: 1 } }), ['d/new']],
    [layer('b', { d: { size: 1 } }), ['d']],
  ] as const) {
    const tree = stackLayers([base, last]);
    expect([...tree.files.keys()]).toEqual(left);
    expect(tree.wasted.reduce((sum, file) => sum + file.bytes, 0)).toBe(15);
  }
});

test('chown -R in a layer of its own writes every file again: the first copy is wasted', () => {
  const layers = [layer('a', { 'app/x': { size: 7 } }), layer('b', { 'app/x': { size: 7, uid: 10 } })];
  expect(value(imageContent(config(), layers, 0), 'image.wasted')).toBe(7);
});

test('sizes over the base count only the layers of the build', () => {
  const rows = imageContent(config(), [layer('base', { a: { size: 100 } }), layer('own', { b: { size: 5 } })], 1);
  expect(value(rows, 'image.size.unpacked')).toBe(105);
  expect(value(rows, 'image.size.overBase')).toBe(5);
});

test('where the base is not known, nothing is said about the size over it', () => {
  expect(value(imageContent(config(), [layer('x', {})], undefined), 'image.size.overBase')).toBeUndefined();
});

test('setuid files and tools are counted in what is left, not in what was deleted', () => {
  const layers = [
    layer('base', { 'usr/bin/passwd': { mode: 0o4755 }, 'usr/bin/apt-get': {}, 'usr/bin/gcc': {} }),
    layer('own', { 'usr/bin/.wh.passwd': {}, 'usr/bin/.wh.gcc': {}, 'usr/local/bin/uv': {}, 'app/gcc': {} }),
  ];
  const rows = imageContent(config(), layers, 1);
  expect(value(rows, 'image.setuid')).toBe(0);
  expect(rows.find((row) => row.measure === 'image.tools')).toMatchObject({
    value: 1,
    text: 'uv; the base has apt-get',
  });
});

test('tools and setuid files of the base are held against nobody; without a known base nobody can tell', () => {
  const layers = [
    layer('base', { 'usr/bin/su': { mode: 0o4755 }, 'usr/bin/apt': {} }),
    layer('own', { 'usr/bin/mine': { mode: 0o2755 } }),
  ];
  const row = (own: number | undefined): unknown =>
    imageContent(config(), layers, own).find((one) => one.measure === 'image.setuid');
  expect(row(1)).toMatchObject({ value: 1, text: '/usr/bin/mine; the base has /usr/bin/su' });
  expect(row(2)).toMatchObject({ value: 0, text: 'none; the base has /usr/bin/mine, /usr/bin/su' });
  expect(row(undefined)).toMatchObject({ kind: 'not-measured' });
});

test('what layers of the base hide of each other is told apart from what the build wastes', () => {
  const layers = [
    layer('base1', { 'var/db': { size: 40 }, 'etc/x': { size: 3 } }),
    layer('base2', { 'var/db': { size: 50 } }),
    layer('own', { 'etc/x': { size: 3, uid: 5 } }),
  ];
  expect(imageContent(config(), layers, 2).find((one) => one.measure === 'image.wasted')).toMatchObject({
    value: 3,
    text: "most: /etc/x (3 bytes); 3 bytes of it are files of the base; the base's own layers waste another 40",
  });
});

test('secrets are found in layers of the build, in the environment and in the history; public keys are none', () => {
  const image = {
    ...config({
      Env: ['API_TOKEN=abcdef1234', 'GPG_KEY=A035C8C19219BA821ECEA86B64E628F8D684696D', 'PATH=/bin', 'VITE_KEY=x12345'],
    }),
    history: ['RUN |1 NPM_TOKEN=q1w2e3r4t5 /bin/sh -c npm ci', 'ENV PASSWORD=changeme'],
  };
  const layers = [
    layer('base', { k: { said: 'private key in /k' } }),
    layer('own', { e: { said: 'DB_PASSWORD in /app/.env' } }),
  ];
  expect(imageContent(image, layers, 1).find((row) => row.measure === 'image.secrets')).toMatchObject({
    value: 3,
    text: 'DB_PASSWORD in /app/.env, API_TOKEN in the environment, NPM_TOKEN in the history',
  });
});

test('an .env with placeholders only holds no secret', () => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  expect(searchFile('app/.env', bytes('DB_PASSWORD=changeme\nAPI_TOKEN=\nSECRET_KEY=${X}\nPORT=80\n'))).toEqual([]);
  expect(searchFile('app/.env', bytes('DB_PASSWORD=kV82mQz\n'))).toEqual(['DB_PASSWORD in /app/.env']);
  expect(searchFile('app/.env.example', bytes('DB_PASSWORD=kV82mQz\n'))).toEqual([]);
});

test('two builds that differ only in time stamps differ in no file', () => {
  const files = { 'app/x': { size: 3, digest: 'd' } };
  expect(compareBuilds([layer('a', files)], [layer('b', files)])).toEqual({ equal: false, differing: [] });
  expect(compareBuilds([layer('a', files)], [layer('a', files)])).toEqual({ equal: true, differing: [] });
  expect(compareBuilds([layer('a', files)], [layer('b', { 'app/x': { size: 3, digest: 'e' } })]).differing).toEqual([
    'app/x',
  ]);
});
