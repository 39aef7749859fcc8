import { extract } from 'tar-stream';
import { expect, test } from 'vitest';
import { tarOf } from './data.ts';

test('the mark’s archive is a tar that others read', async () => {
  const archive = extract();
  archive.end(Buffer.from(tarOf('plimsoll-mark', 'abc123'), 'latin1'));
  const seen: [string, string, number][] = [];
  for await (const entry of archive) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    seen.push([entry.header.name, Buffer.concat(chunks).toString(), entry.header.mode ?? 0]);
  }
  expect(seen).toEqual([['plimsoll-mark', 'abc123', 0o644]]);
});
