import { expect, test } from 'vitest';
import { applyPlan } from '../plan/apply.ts';
import { unifiedDiff } from '../plan/unified-diff.ts';
import { openDirectory } from '../repo/directory.ts';
import type { Repo } from '../repo/repo.ts';
import { eventsInput } from './golden/events.ts';
import { refit } from './refit.ts';

const found = openDirectory('examples/events');
const all = (repo: Repo): Repo => applyPlan(repo, refit(eventsInput(repo))).repo;
const safe = (repo: Repo): Repo => applyPlan(repo, refit(eventsInput(repo)), { tiers: ['safe'] }).repo;

test('the patch of the example reads as a person would have written it', async () => {
  await expect(unifiedDiff(applyPlan(found, refit(eventsInput(found))).files)).toMatchFileSnapshot(
    'golden/events.patch',
  );
});

test('the safe patch of the example touches only lines at fault', async () => {
  const { files } = applyPlan(found, refit(eventsInput(found)), { tiers: ['safe'] });
  await expect(unifiedDiff(files)).toMatchFileSnapshot('golden/events.safe.patch');
});

test('refitting the example twice changes nothing, in either tier', () => {
  expect(refit(eventsInput(all(found))).parts).toEqual([]);
  expect(refit(eventsInput(safe(found))).parts.filter((part) => part.tier === 'safe')).toEqual([]);
});

test('safe first and the rest later ends where both at once end', () => {
  const later = all(safe(found));
  const atOnce = all(found);
  expect(refit(eventsInput(later)).parts).toEqual([]);
  for (const file of ['api/Dockerfile', 'web/Dockerfile', 'docker-compose.prod.yml', 'web/.dockerignore'])
    expect(later.text(file)).toBe(atOnce.text(file));
  expect(later.text('web/nginx.conf')?.match(/X-Frame-Options|add_header|security-headers/g)).toEqual(
    atOnce.text('web/nginx.conf')?.match(/X-Frame-Options|add_header|security-headers/g),
  );
});

test('every comment of the example is still there', () => {
  const after = all(found);
  for (const file of [
    'docker-compose.yml',
    'docker-compose.prod.yml',
    'web/nginx.conf',
    'api/Dockerfile',
    'web/vite.config.js',
  ]) {
    const comments = found.text(file)?.match(/^\s*(#|\/\/) .*$/gm) ?? [];
    expect(comments.length).toBeGreaterThan(0);
    for (const comment of comments) expect(after.text(file)).toContain(comment.trim());
  }
});
