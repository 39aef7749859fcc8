// Generates src/packages/data/debian-SUITE.json from the distribution's own indices: what the packages that Dockerfiles
// install most bring (commands, libraries, users, bytes, dependencies), and a filter that knows every package name.
// usage: node scripts/packages/debian.mjs [WORKFOLDER] [SUITE…]
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openSuite } from './apt-index.mjs';
import { bloom } from './bloom.mjs';
import { alternativesOf, usersOf } from './maintainer-script.mjs';
import { withRows } from './rows.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, '../../src/packages/data');
const work = process.argv[2] ?? '/tmp/plimsoll-packages';
const suites = process.argv.length > 3 ? process.argv.slice(3) : ['bookworm', 'trixie'];
const listed = readFileSync(join(here, 'debian-list.txt'), 'utf8')
  .split('\n')
  .filter((line) => !line.startsWith('#'))
  .flatMap((line) => line.split(/\s+/))
  .filter(Boolean);

/** Version order does not matter: later files (updates, security) win, as they do for apt in practice. */
function readPackages(files) {
  const found = new Map();
  const names = new Set();
  for (const file of files) {
    const main = file.name.includes('_main_');
    for (const stanza of file.text().split('\n\n')) {
      const field = (name) => new RegExp(`^${name}: (.*)$`, 'm').exec(stanza)?.[1] ?? '';
      const name = field('Package');
      if (!name) continue;
      names.add(name);
      const provides = field('Provides')
        .split(/,\s*/)
        .map((item) => item.split(' ')[0])
        .filter(Boolean);
      for (const item of provides) names.add(item);
      if (!main) continue;
      found.set(name, {
        name,
        essential: field('Essential') === 'yes',
        priority: field('Priority'),
        size: Number(field('Size')),
        installed: Number(field('Installed-Size')),
        depends: groups(`${field('Pre-Depends')}, ${field('Depends')}`),
        recommends: groups(field('Recommends')),
        provides,
      });
    }
  }
  return { found, names };
}

const groups = (text) =>
  text
    .split(/,\s*/)
    .map((group) =>
      group
        .split('|')
        .map((item) => item.trim().split(/[\s:(]/)[0])
        .filter(Boolean),
    )
    .filter((group) => group.length > 0);

function closure(start, found, providers, recommends, base) {
  const seen = new Set();
  const queue = [...start];
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    const item = found.get(name);
    if (!item || seen.has(name) || base.has(name)) continue;
    seen.add(name);
    for (const group of recommends ? [...item.depends, ...item.recommends] : item.depends) {
      for (const option of group) {
        const real = found.has(option);
        const list = real ? [option] : (providers.get(option) ?? []);
        // A provider that is there already serves; apt asks for no other.
        if (!list.some((name) => seen.has(name) || start.includes(name))) queue.push(...list.slice(0, 4));
        if (real) break;
      }
    }
  }
  return seen;
}

const COMMAND = /^(?:usr\/)?(?:s?bin|games)\/([^/\s]+)$|^usr\/games\/([^/\s]+)$/;
const LIBRARY = /^(?:usr\/)?lib\/(?:x86_64-linux-gnu\/)?(lib[^/\s]+\.so\.[0-9.]+)$/;

function readContents(files, wanted) {
  const commands = new Map();
  const libraries = new Map();
  const sysusers = new Set();
  const add = (map, name, path) => map.get(name)?.add(path) ?? map.set(name, new Set([path]));
  for (const file of files) {
    const bytes = file.bytes();
    let at = 0;
    while (at < bytes.length) {
      const end = bytes.indexOf(10, at);
      const line = bytes.subarray(at, end === -1 ? bytes.length : end).toString('latin1');
      at = end === -1 ? bytes.length : end + 1;
      const gap = line.lastIndexOf(' ');
      const tab = line.lastIndexOf('\t');
      const cut = Math.max(gap, tab);
      if (cut < 0) continue;
      const path = line.slice(0, cut).trimEnd();
      const command = COMMAND.test(path);
      const library = !command && LIBRARY.exec(path);
      const users = !command && !library && path.startsWith('usr/lib/sysusers.d/');
      if (!command && !library && !users) continue;
      for (const owner of line.slice(cut + 1).split(',')) {
        const name = owner.slice(owner.lastIndexOf('/') + 1);
        if (!wanted.has(name)) continue;
        if (command) add(commands, name, `/${path.startsWith('usr/') ? path : `usr/${path}`}`);
        else if (library) add(libraries, name, library[1]);
        else sysusers.add(name);
      }
    }
  }
  return { commands, libraries, sysusers };
}

/** Scripts build the names of their alternatives in loops or from variables: told here, from the packages' own scripts. */
const ALTERNATIVES = {
  'openjdk-.*-jre-headless': ['java', 'jpackage', 'keytool', 'rmiregistry', 'jexec'],
  'openjdk-.*-jdk-headless': [
    'javac',
    'jar',
    'javadoc',
    'jarsigner',
    'javap',
    'jcmd',
    'jdb',
    'jdeps',
    'jinfo',
    'jlink',
    'jmap',
    'jmod',
    'jps',
    'jshell',
    'jstack',
    'jstat',
  ],
};

/** Users that maintainer scripts create in ways the reader of scripts does not see (helper scripts, loops). */
const USERS = {
  'postgresql-common': [{ name: 'postgres', home: '/var/lib/postgresql', group: true }],
  'mariadb-server': [{ name: 'mysql', home: '/nonexistent', group: true }],
};

for (const suite of suites) {
  const index = openSuite(suite, join(work, suite));
  const { found, names } = readPackages(index.packages);
  const providers = new Map();
  for (const item of found.values())
    for (const name of item.provides) providers.set(name, [...(providers.get(name) ?? []), item.name]);
  const required = [...found.values()]
    .filter((item) => item.essential || item.priority === 'required')
    .map((item) => item.name);
  const base = closure([...required, 'apt', 'debian-archive-keyring'], found, providers, false, new Set());
  // What the base provides under other names serves too.
  const served = new Set([...base, ...[...base].flatMap((name) => found.get(name)?.provides ?? [])]);
  const wanted = closure(listed, found, providers, true, base);
  const near = closure(listed, found, providers, false, base);
  const contents = readContents(index.contents, wanted);
  const packages = {};
  let downloaded = 0;
  for (const name of [...wanted].sort()) {
    const item = found.get(name);
    const commands = new Set(contents.commands.get(name));
    const users = [];
    const mayAdd =
      item.depends
        .flat()
        .some((other) => /^(adduser|init-system-helpers|systemd.*sysusers|opensysusers|passwd)$/.test(other)) ||
      contents.sysusers.has(name);
    const bySize =
      item.size < 4e6 &&
      near.has(name) &&
      !/-(dev|doc|data|common)$|^lib(?!nginx)|^fonts-|^python3-|^ruby-|^golang-/.test(name);
    if (mayAdd || bySize) {
      const control = index.control(name);
      downloaded += Object.keys(control).length > 0 ? 1 : 0;
      for (const path of alternativesOf(control.postinst ?? '')) commands.add(path);
      users.push(...usersOf(control).filter((user) => !(user.uid !== undefined && user.uid < 100)));
    }
    users.push(...(USERS[name] ?? []));
    for (const [pattern, more] of Object.entries(ALTERNATIVES)) {
      if (new RegExp(`^${pattern}$`).test(name)) for (const command of more) commands.add(`/usr/bin/${command}`);
    }
    const trim = (list) =>
      list.filter((group) => !group.some((option) => served.has(option))).map((group) => group.join('|'));
    const depends = trim(item.depends);
    const recommends = trim(item.recommends);
    const inBin = [...commands].sort().map((path) => path.replace('/usr/bin/', ''));
    const libraries = [...(contents.libraries.get(name) ?? [])].sort();
    packages[name] = {
      k: item.installed,
      ...(depends.length ? { d: depends.join(',') } : {}),
      ...(recommends.length ? { r: recommends.join(',') } : {}),
      ...(inBin.length ? { c: inBin.join(',') } : {}),
      ...(libraries.length ? { l: libraries.join(',') } : {}),
      ...(users.length ? { u: users } : {}),
    };
  }
  const used = new Set(Object.values(packages).flatMap((item) => `${item.d ?? ''},${item.r ?? ''}`.split(/[,|]/)));
  const virtual = {};
  for (const name of [...used, ...listed].sort()) {
    const list = (providers.get(name) ?? []).filter((provider) => packages[provider]);
    if (!packages[name] && list.length) virtual[name] = list.sort().join(',');
  }
  const table = {
    source: `Debian ${suite}: Packages and Contents (main, amd64), maintainer scripts and sysusers of ${downloaded} packages`,
    date: new Date().toISOString().slice(0, 10),
    licence: 'Facts about packages (names, paths, sizes, relations); no file of a package is contained',
    fields:
      'packages: k installed KiB, d depends, r recommends (comma: and, bar: or; what the base system has is left out), c commands (without /: in /usr/bin), l libraries, u users',
    listed: listed.length,
    listedHere: listed.filter((name) => packages[name] || virtual[name] || base.has(name)).length,
    base: [...base].sort().join(','),
    virtual,
    names: bloom(names),
  };
  const text = withRows(table, 'packages', packages);
  writeFileSync(join(out, `debian-${suite}.json`), text);
  console.log(
    `${suite}: ${listed.length} listed, ${table.listedHere} of them here, ${Object.keys(packages).length} in the table, ${base.size} in the base, ${names.size} names, ${downloaded} read, ${text.length} bytes`,
  );
}
