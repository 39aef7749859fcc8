import { expect, test } from 'vitest';
import { fakeEngine } from '../engine/fake.ts';
import { cacheMounts, removeRun } from './cleanup.ts';

/** As `docker buildx du --verbose` of 0.29 prints it. */
const record = (id: string, mount: string, type = 'exec.cachemount'): string => `ID:           ${id}
Created at:   2026-11-21 15:52:17.693205755 +0000 UTC
Mutable:      true
Reclaimable:  true
Description:  cached mount /root/.npm from exec /bin/sh -c npm ci with id "${mount}"
Usage count:  2
Type:         ${type}
`;
const listed = [
  record('a', '/plimsoll-c1-0123456789-/root/.npm'),
  record('b', '/plimsoll-c2-9876543210-/root/.npm'),
  record('c', '/plimsoll-quick-/root/.npm'),
  record('d', '/root/.npm'),
  record('e', '/plimsoll-theirs'),
  record('f', '/plimsoll-c1-0123456789-/x', 'regular'),
].join('\n');

test('cache mounts are told by their whole id: the user’s and other runs’ are not ours', () => {
  expect(cacheMounts(listed, '0123456789')).toEqual({ own: ['a'], shared: ['c'] });
});

test('mounts that a stopped build still holds are tried again, and nothing is pruned without an id', async () => {
  let asked = 0;
  const engine = fakeEngine({ commands: { 'buildx du': () => (asked++ < 2 ? listed : record('d', '/root/.npm')) } });
  await removeRun(engine, '0123456789');
  const prunes = engine.asked.filter((argv) => argv.includes('prune')).map((argv) => argv.slice(-2));
  expect(prunes).toEqual(['a', 'c', 'a', 'c'].map((id) => ['--filter', `id=${id}`]));
  expect(asked).toBe(3);
});
