// Generates src/images/data/*.json from scripts/images/facts (see its README for sources and dates).
// usage: node scripts/images/generate.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compactBase } from './compact-base.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, '../../src/images/data');
const facts = (name) => readFileSync(join(here, 'facts', name), 'utf8');
const write = (name, content) => {
  const text = `${JSON.stringify(content)}\n`;
  writeFileSync(join(out, `${name}.json`), text);
  console.log(`${name}: ${text.length} bytes`);
};
const licence = 'Facts collected by this project; wording and structure are its own';

const { _meta, ...bases } = JSON.parse(facts('base-images.json'));
write('bases', {
  source: _meta.sources,
  date: _meta.made,
  licence,
  fields: _meta.fields,
  tracked: _meta.trackedCommands,
  bases: Object.entries(bases).map(([key, entry]) => compactBase(key, entry)),
});

const official = JSON.parse(facts('official-images.json'));
write('official-images', {
  source: official.source,
  licence: 'Tags as published; a list of names',
  // name → [tags, shared tags, directory, architectures]
  images: Object.fromEntries(
    Object.entries(official.images).map(([name, entries]) => [
      name,
      entries.map((entry) => [
        entry.tags.join(' '),
        entry.shared.join(' '),
        entry.directory,
        entry.architectures.join(' '),
      ]),
    ]),
  ),
});

const ends = JSON.parse(facts('end-of-life.json'));
write('end-of-life', {
  source: ends.source,
  licence: 'endoflife.date data is published under the MIT licence',
  // product → [cycle, end of life (date, true or false), latest version, released]
  products: Object.fromEntries(
    Object.entries(ends.products).map(([name, product]) => [
      name,
      {
        title: product.title,
        cycles: product.cycles.map((c) => [c.releaseCycle, c.eol ?? null, c.latest ?? null, c.releaseDate ?? null]),
      },
    ]),
  ),
});

const rows = (name) =>
  facts(name)
    .split('\n')
    .filter((line) => line && !line.startsWith('# ') && line !== '#')
    .map((line) => line.split('\t'));
const debian = { bullseye: [], bookworm: [], trixie: [] };
for (const [path, , suites] of rows('debian-minbase-binaries.txt')) {
  const short = path.replace('/usr/bin/', '');
  for (const [letter, suite] of [
    ['B', 'bullseye'],
    ['K', 'bookworm'],
    ['T', 'trixie'],
  ]) {
    if (suites.includes(letter)) debian[suite].push(short);
  }
}
write('root-commands', {
  source:
    'debian-minbase-binaries.txt (2026-11-21) and alpine-busybox-applets.txt (alpine-minirootfs 3.20.3, asked 2026-11-21)',
  licence,
  debian: Object.fromEntries(Object.entries(debian).map(([suite, list]) => [suite, list.join(' ')])),
  alpine: rows('alpine-busybox-applets.txt')
    .filter(([, path]) => path && path !== '-')
    .map(([, path]) => path)
    .join(' '),
});
