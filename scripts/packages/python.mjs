// Generates src/packages/data/python.json: console scripts of Python distributions and the shared libraries that their
// wheels need but do not carry, read from wheels that pip downloads.
// usage: node scripts/packages/python.mjs [WORKFOLDER]
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const work = process.argv[2] ?? '/tmp/plimsoll-wheels';
mkdirSync(work, { recursive: true });
const listed = readFileSync(join(here, 'python-list.txt'), 'utf8')
  .split('\n')
  .filter((line) => !line.startsWith('#'))
  .flatMap((line) => line.split(/\s+/))
  .filter(Boolean);

/** Libraries of every glibc system, which nobody installs. */
const SYSTEM =
  /^(ld-linux|libc|libm|libdl|librt|libpthread|libutil|libresolv|libgcc_s|libstdc\+\+|libz|libcrypt|libpython3)[.\-_\w]*\.so/;

const read = `
import sys, zipfile, json, configparser, subprocess, tempfile, os
wheel = zipfile.ZipFile(sys.argv[1])
names = wheel.namelist()
out = {"scripts": [], "needs": [], "requires": []}
for name in names:
    if name.endswith(".dist-info/entry_points.txt"):
        parser = configparser.ConfigParser(delimiters=("=",), strict=False, interpolation=None)
        parser.optionxform = str
        parser.read_string(wheel.read(name).decode())
        for section in ("console_scripts", "gui_scripts"):
            if parser.has_section(section):
                out["scripts"] += [key for key, _ in parser.items(section)]
    parts = name.split("/")
    if len(parts) == 3 and parts[0].endswith(".data") and parts[1] == "scripts" and parts[2]:
        out["scripts"].append(parts[2])
    if name.endswith(".dist-info/METADATA"):
        for line in wheel.read(name).decode(errors="replace").splitlines():
            if line.startswith("Version: "): out["version"] = line[9:]
            if not line: break
binaries = [name for name in names if ".so" in name.rsplit("/", 1)[-1]]
carried = {name.rsplit("/", 1)[-1] for name in binaries}
needs = set()
for name in binaries:
    with tempfile.NamedTemporaryFile() as file:
        file.write(wheel.read(name)); file.flush()
        text = subprocess.run(["readelf", "-d", file.name], capture_output=True, text=True).stdout
        for line in text.splitlines():
            if "(NEEDED)" in line: needs.add(line.split("[")[1].split("]")[0])
out["needs"] = sorted(needs - carried)
out["scripts"] = sorted(set(out["scripts"]))
print(json.dumps(out))
`;

const packages = {};
const missing = [];
for (const name of listed) {
  const folder = join(work, name);
  if (!existsSync(folder) || readdirSync(folder).length === 0) {
    mkdirSync(folder, { recursive: true });
    spawnSync(
      'pip',
      [
        'download',
        '-q',
        '--no-deps',
        '--only-binary=:all:',
        '--python-version',
        '3.12',
        '--platform',
        'manylinux_2_28_x86_64',
        '--platform',
        'manylinux2014_x86_64',
        '--platform',
        'manylinux_2_17_x86_64',
        '-d',
        folder,
        name,
      ],
      { encoding: 'utf8', timeout: 300_000 },
    );
    const wheel = readdirSync(folder).find((file) => file.endsWith('.whl'));
    if (wheel) {
      const text = execFileSync('python3', ['-c', read, join(folder, wheel)], { encoding: 'utf8' });
      writeFileSync(join(folder, 'read.json'), text);
      rmSync(join(folder, wheel));
    }
  }
  const file = join(folder, 'read.json');
  if (!existsSync(file)) {
    missing.push(name);
    continue;
  }
  const { scripts, needs, version } = JSON.parse(readFileSync(file, 'utf8'));
  const outside = needs.filter((library) => !SYSTEM.test(library));
  packages[name] = {
    v: version,
    ...(scripts.length ? { s: scripts.join(',') } : {}),
    ...(outside.length ? { n: outside.join(',') } : {}),
  };
}
const table = {
  source:
    'Wheels for CPython 3.12 on x86_64 Linux: entry points, scripts, and needed libraries (readelf) that the wheel does not carry',
  date: new Date().toISOString().slice(0, 10),
  licence: 'Facts about packages (names of scripts and libraries); no file of a package is contained',
  fields: 'packages: v version read, s console scripts, n shared libraries needed from the system',
  listed: listed.length,
  withoutWheel: missing,
  packages,
};
writeFileSync(join(here, '../../src/packages/data/python.json'), `${JSON.stringify(table)}\n`);
console.log(`${listed.length} listed, ${Object.keys(packages).length} read, without a wheel: ${missing.join(' ')}`);
