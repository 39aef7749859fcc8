// Generates src/packages/data/python-wheels.json: for some often pinned distributions, which Python each release asks for and for
// which CPython it brings wheels (Linux, x86_64), as pip's own log of one look at each package's index says. Nothing is installed.
// usage: node scripts/packages/python-wheels.mjs [FOLDER]   (keeps pip's logs in FOLDER and reads those that are there)
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const logs = process.argv[2] ?? mkdtempSync(join(tmpdir(), 'plimsoll-wheels-'));
// Without wheels these cannot be built where there is no compiler; django has wheels for every Python and is here for what it asks for.
const names =
  'numpy pandas scipy scikit-learn pillow psycopg2-binary pydantic-core torch tensorflow django grpcio lxml cryptography greenlet asyncpg orjson matplotlib'.split(
    ' ',
  );

function log(name) {
  const file = join(logs, `${name}.log`);
  if (!existsSync(file)) {
    const run = spawnSync('pip', ['download', '-vvv', '--no-deps', `${name}==0`], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      cwd: logs,
    });
    writeFileSync(file, run.stdout + run.stderr);
  }
  return readFileSync(file, 'utf8');
}

/** Minors of CPython 3 that the tags of a wheel stand for: `8`, `7+` for the stable ABI, `*` for any. */
function minors(python, abi) {
  if (/^py3$|\bpy3\b/.test(python)) return ['*'];
  return python.split('.').flatMap((tag) => {
    const minor = /^cp3(\d+)$/.exec(tag)?.[1];
    if (minor === undefined || /t$/.test(abi)) return [];
    return [abi === 'abi3' ? `${minor}+` : minor];
  });
}

const packages = {};
for (const name of names) {
  const releases = new Map();
  const at = (version) => {
    const old = releases.get(version) ?? { asks: new Set(), glibc: new Set(), musl: new Set(), source: false };
    releases.set(version, old);
    return old;
  };
  const seen = new Set();
  for (const line of log(name).split('\n')) {
    const file = /\/([^/\s#]+\.(?:whl|tar\.gz|zip))\b/.exec(line)?.[1];
    if (file === undefined || seen.has(file)) continue;
    seen.add(file);
    const asks = /\(requires-python:([^)]*)\)/.exec(line)?.[1];
    const wheel = /^([^-]+)-([^-]+)(?:-\d[^-]*)?-([^-]+)-([^-]+)-([^-]+)\.whl$/.exec(decodeURIComponent(file));
    if (wheel === null) {
      const version = new RegExp(`^${name.replace(/-/g, '[-_.]')}-(.+)\\.(?:tar\\.gz|zip)$`, 'i').exec(file)?.[1];
      if (version === undefined) continue;
      at(version).source = true;
      if (asks !== undefined) at(version).asks.add(asks);
      continue;
    }
    const [, , version, python, abi, platform] = wheel;
    const release = at(version);
    if (asks !== undefined) release.asks.add(asks);
    const found = minors(python, abi);
    if (platform === 'any' || /manylinux\w*_x86_64|linux_x86_64/.test(platform))
      for (const m of found) release.glibc.add(m);
    if (platform === 'any' || /musllinux\w*_x86_64/.test(platform)) for (const m of found) release.musl.add(m);
  }
  const groups = new Map();
  const text = (set) => [...set].sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10)).join(',');
  for (const [version, { asks, glibc, musl, source }] of releases) {
    // Releases that say different things, and pre-releases, are left out.
    if (asks.size > 1 || !/^\d+(\.\d+)*$/.test(version)) continue;
    const key = JSON.stringify([[...asks][0] ?? '', text(glibc), text(musl), source ? 1 : 0]);
    groups.set(key, [...(groups.get(key) ?? []), version]);
  }
  packages[name] = [...groups].map(([key, versions]) => [versions.join(' '), ...JSON.parse(key)]);
}
const table = {
  source: "Indices of the packages on PyPI as pip's log tells of them (pip download -vvv)",
  date: new Date().toISOString().slice(0, 10),
  licence: 'Facts about releases (versions, Python versions)',
  fields:
    'packages: groups of [releases, Requires-Python, minors of CPython 3 with a wheel for glibc, for musl (x86_64; 7+ is the stable ABI, * any), 1 with a source distribution]',
  packages,
};
writeFileSync(join(here, '../../src/packages/data/python-wheels.json'), `${JSON.stringify(table)}\n`);
