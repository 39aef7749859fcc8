// Turns one described image family into plain values: text that qualifies a value ("1.22.22 (below 26 only)") becomes a
// condition, or the value becomes unknown (null) – never a guess.

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const SUITES = /\b(bullseye|bookworm|trixie|jammy|noble|resolute|focal)\b/;

const first = (text) => text.split(' ')[0];

function env(entry) {
  const out = {};
  for (const [name, text] of Object.entries(entry.env ?? {})) {
    if (name === 'PATH') out.PATH = path(text);
    else if (name.endsWith('_VERSION') && !/^\d/.test(text)) out[name] = { version: true };
    else if (name === 'YARN_VERSION') out[name] = { value: '1.22.22', below: '26' };
    else if (name === 'LANG' && text.includes('3.12 and below')) out[name] = { value: 'C.UTF-8', below: '3.13' };
    else if (name === 'GPG_KEY') out[name] = { below: '3.14' };
    else if (name === 'GOTOOLCHAIN') out[name] = { value: 'local', atLeast: '1.21.1' };
    else if (name === 'PGDATA') out[name] = { value: '/var/lib/postgresql/data', below: '18' };
    else if (/ \(8\.x\)$/.test(text)) out[name] = { value: text.replace(/ \(8\.x\)$/, ''), atLeast: '8', below: '9' };
    else if (/[ (){}|]|\.\.\.|x\.y|\.x$/.test(text) || /^(set|list|N)$/.test(text)) out[name] = {};
    else out[name] = { value: text };
  }
  return out;
}

function path(text) {
  if (text === '/usr/local/bin first') return { value: `/usr/local/bin:${DEFAULT_PATH}` };
  if (text.endsWith(':...')) return { value: `${text.slice(0, -4)}:${DEFAULT_PATH}` };
  if (text.startsWith('...:')) return { value: `${DEFAULT_PATH}:${text.slice(4)}` };
  return /^[\w/:.-]+$/.test(text) ? { value: text } : {};
}

function volumes(entry) {
  if (Array.isArray(entry.volumes) || !entry.volumes) return (entry.volumes ?? []).map((item) => ({ path: item }));
  const bounds = {
    '18+': { atLeast: '18' },
    '17-': { below: '18' },
    '7.x and 8.0': { below: '8.1' },
    '8.6.4 (read)': {},
  };
  return Object.entries(entry.volumes).flatMap(([when, paths]) =>
    paths.map((item) => ({ path: item, ...bounds[when] })),
  );
}

function ports(entry) {
  return (entry.expose ?? []).flatMap((text) => {
    const match = /^(\d+)(?:\/(tcp|udp))?$/.exec(text);
    return match ? [`${match[1]}/${match[2] ?? 'tcp'}`] : [];
  });
}

const suite = (value) => (typeof value === 'string' ? (SUITES.exec(value)?.[1] ?? null) : (value ?? null));

export function compactBase(key, entry) {
  const size = entry.size?.unpackedMB === undefined ? entry.size : { '': entry.size };
  return {
    key,
    repo: entry.match.repo,
    ...(entry.match.tag ? { tag: entry.match.tag } : {}),
    distro: /^(debian|ubuntu|alpine|distroless)$/.test(entry.distro)
      ? entry.distro
      : /^none/.test(entry.distro)
        ? 'none'
        : entry.distro.startsWith('oraclelinux')
          ? 'oraclelinux'
          : entry.distro.startsWith('distroless')
            ? 'distroless'
            : null,
    libc: /^(glibc|musl|none)$/.test(entry.libc) ? entry.libc : /^none/.test(entry.libc) ? 'none' : null,
    manager: entry.packageManager,
    sh:
      entry.shells['/bin/sh'] === undefined
        ? 'none'
        : entry.shells['/bin/sh'].startsWith('busybox')
          ? 'busybox'
          : entry.shells['/bin/sh'],
    base: entry.base ?? null,
    suite: suite(
      entry.defaultSuite ?? (SUITES.test(entry.base ?? '') && !/[|{(]/.test(entry.base) ? entry.base : undefined),
    ),
    present: entry.bin.present.join(' '),
    absent: entry.bin.absent.join(' '),
    conditional: (entry.bin.conditional ?? [])
      .filter((item) => /^[\w.+-]+$/.test(item.bin) && !/^setuptools/.test(item.bin))
      .map(({ note, ...item }) => item),
    unsure: (entry.bin.unsure ?? []).join(' '),
    user: key.startsWith('gcr.io/distroless') ? 'root' : first(entry.user),
    users: (entry.users ?? []).map(({ name, uid, gid, home, shell }) => [name, uid, gid, home ?? null, shell ?? null]),
    ...(entry.groups ? { groups: entry.groups } : {}),
    workdir: first(entry.workdir),
    entrypoint: entry.entrypoint,
    cmd: entry.cmd,
    ports: ports(entry),
    volumes: volumes(entry),
    env: env(entry),
    stopSignal: entry.stopSignal ?? null,
    healthcheck: entry.healthcheck ?? null,
    writable: entry.writable ?? {},
    runtimeWrites: entry.runtimeWrites ?? [],
    secretsEnv: entry.secretsEnv ?? [],
    capabilities: entry.capabilities ?? null,
    caCertificates: entry.caCertificates ?? null,
    size: size ?? null,
    architectures: entry.arch ?? null,
    confidence: first(entry.confidence),
    doubts: entry.unsure ?? [],
  };
}
