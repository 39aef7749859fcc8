// Generates src/packages/data/python-needs.json: which distributions the listed ones require, and what those require in turn, from the
// metadata that one dry run of pip for each round reports. Nothing is installed.
// usage: node scripts/packages/python-needs.mjs
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'plimsoll-needs-'));
const listed = readFileSync(join(here, 'python-needs-list.txt'), 'utf8')
  .split('\n')
  .filter((line) => !line.startsWith('#'))
  .flatMap((line) => line.split(/\s+/))
  .filter(Boolean);
const normal = (name) => name.toLowerCase().replace(/[-_.]+/g, '-');

/** Metadata of the newest releases for Python 3.12 on Linux. */
function metadata(names, again = 6) {
  const file = join(work, 'report.json');
  const fixed = '--dry-run --no-deps --ignore-installed --python-version 3.12 --only-binary=:all: -q --target'.split(
    ' ',
  );
  const run = spawnSync('pip', ['install', ...fixed, work, '--report', file, ...names], { encoding: 'utf8' });
  const without = /No matching distribution found for ([\w.-]+)/.exec(run.stderr)?.[1];
  // Packages for other Pythons have nothing for this one.
  if (run.status !== 0 && without !== undefined && again > 0)
    return metadata(
      names.filter((name) => name !== without),
      again - 1,
    );
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(readFileSync(file, 'utf8')).install.map((item) => item.metadata);
}

/** `name[extra,extra]`, with the extra it belongs to; undefined for other systems and older Pythons. */
function requirement(text) {
  const [, name, extras = '', rest] = /^([\w.-]+)\s*(?:\[([^\]]*)\])?(.*)$/s.exec(text);
  const marker = rest.split(';')[1] ?? '';
  const extra = /extra\s*==\s*["']([^"']+)["']/.exec(marker)?.[1];
  return { text: `${normal(name)}${extras ? `[${extras.replace(/\s/g, '').toLowerCase()}]` : ''}`, extra };
}

const packages = {};
let round = listed;
for (let i = 0; i < 2 && round.length > 0; i++) {
  const next = new Set();
  for (const { name, version, requires_dist: requires = [] } of metadata(round)) {
    const all = requires.map(requirement);
    const always = [...new Set(all.filter((item) => item.extra === undefined).map((item) => item.text))];
    const extras = {};
    for (const { extra, text } of all) {
      if (extra === undefined) continue;
      const key = normal(extra);
      extras[key] = [...(extras[key] ?? []), text];
    }
    packages[normal(name)] = {
      v: version,
      ...(always.length ? { r: always } : {}),
      ...(Object.keys(extras).length ? { e: extras } : {}),
    };
    // Extras are followed for the few that services ask for.
    const followed = [...always, ...(extras['standard'] ?? []), ...(extras['binary'] ?? [])];
    for (const text of followed) next.add(text.replace(/\[.*/, ''));
  }
  round = [...next].filter(
    (name) =>
      packages[name] === undefined && !/-binary$|^(pywin32|colorama|tzdata|win32-setctime)$|^backports-/.test(name),
  );
}
const table = {
  source:
    'Metadata of the newest releases on PyPI for Python 3.12 (pip install --dry-run --report); markers are dropped, so that nothing that may be required is left out',
  date: new Date().toISOString().slice(0, 10),
  licence: 'Facts about packages (names of what they require)',
  fields: 'packages: v version read, r always required, e required by extra',
  packages,
};
writeFileSync(join(here, '../../src/packages/data/python-needs.json'), `${JSON.stringify(table)}\n`);
console.log(`${listed.length} listed, ${Object.keys(packages).length} read`);
