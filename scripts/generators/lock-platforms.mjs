// package-lock.json with the packages of every platform. npm leaves out optional packages that the registry at hand does not
// have (binaries for other systems), and `npm ci` then refuses the lock file everywhere. Nothing is fetched for another
// platform, so such an entry needs no digest.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const SYSTEMS = new Set([
  'linux',
  'darwin',
  'win32',
  'android',
  'freebsd',
  'openharmony',
  'aix',
  'netbsd',
  'openbsd',
  'sunos',
]);
const PROCESSORS = new Set(['arm64', 'x64', 'arm', 'ia32', 'ppc64', 'riscv64', 's390x', 'loong64']);

/** What a binary's package is for, by the words of its name: `@scope/tool-linux-x64-musl`. */
function platform(name) {
  const words = name.split(/[/-]/);
  const os = words.find((word) => SYSTEMS.has(word));
  const cpu = words.find((word) => PROCESSORS.has(word));
  const libc = words.some((word) => word.startsWith('musl')) ? 'musl' : 'glibc';
  const named = libc === 'musl' || words.some((word) => word.startsWith('gnu'));
  return os === undefined || cpu === undefined
    ? undefined
    : { os, cpu, libc: os === 'linux' && named ? libc : undefined };
}

export function files(root) {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const packages = { ...lock.packages };
  for (const { optionalDependencies = {}, dev } of Object.values(lock.packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      const path = `node_modules/${name}`;
      const its = platform(name);
      if (packages[path] !== undefined || its === undefined || !/^\d+\.\d+\.\d+/.test(version)) continue;
      packages[path] = {
        version,
        cpu: [its.cpu],
        ...(dev ? { dev } : {}),
        ...(its.libc ? { libc: [its.libc] } : {}),
        optional: true,
        os: [its.os],
      };
    }
  }
  // npm keeps them sorted
  const sorted = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en')));
  return new Map([['package-lock.json', `${JSON.stringify({ ...lock, packages: sorted }, null, 2)}\n`]]);
}
