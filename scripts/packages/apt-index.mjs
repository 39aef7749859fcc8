// A private view of one Debian suite through this machine's configured apt sources: its own lists and caches, nothing of
// the machine's is changed. The mirror's address is read from the machine and never written anywhere but into that view.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** @returns {{ main: string, security: string }} addresses that this machine's apt is configured with */
function mirrors() {
  const text = readFileSync('/etc/apt/sources.list.d/debian.sources', 'utf8');
  const addresses = [...text.matchAll(/^URIs:\s*(\S+)/gm)].map((match) => match[1]);
  return { main: addresses[0], security: addresses.find((address) => address.includes('security')) ?? addresses[0] };
}

/** Fetches Packages and Contents of a suite (main first, then contrib and non-free for names only). */
export function openSuite(suite, folder) {
  for (const part of ['lists/partial', 'cache/archives/partial', 'etc', 'dpkg', 'debs']) {
    mkdirSync(join(folder, part), { recursive: true });
  }
  writeFileSync(join(folder, 'dpkg/status'), '');
  const { main, security } = mirrors();
  const options = '[arch=amd64 signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]';
  writeFileSync(
    join(folder, 'etc/sources.list'),
    [
      `deb ${options} ${main} ${suite} main contrib non-free non-free-firmware`,
      `deb ${options} ${main} ${suite}-updates main`,
      `deb ${options} ${security} ${suite}-security main`,
      '',
    ].join('\n'),
  );
  const config = join(folder, 'apt.conf');
  writeFileSync(
    config,
    `Dir::State "${folder}"; Dir::State::lists "${folder}/lists"; Dir::State::status "${folder}/dpkg/status";
Dir::Cache "${folder}/cache"; Dir::Etc::SourceList "${folder}/etc/sources.list"; Dir::Etc::SourceParts "-";
Dir::Etc::Preferences "-"; Dir::Etc::PreferencesParts "-"; APT::Architecture "amd64"; APT::Architectures "amd64";
Acquire::Languages "none"; APT::Sandbox::User "root";
Acquire::IndexTargets::deb::Contents-deb { MetaKey "$(COMPONENT)/Contents-$(ARCHITECTURE)"; ShortDescription "Contents";
  Description "Contents"; KeepCompressed "true"; };\n`,
  );
  const env = { ...process.env, APT_CONFIG: config };
  const update = spawnSync('apt-get', ['update'], { env, encoding: 'utf8' });
  if (!/Reading package lists/.test(update.stdout)) throw new Error(`apt-get update failed for ${suite}`);
  const lists = readdirSync(join(folder, 'lists')).filter((name) => /_(Packages|Contents-\w+)(\.lz4)?$/.test(name));
  const read = (name) =>
    name.endsWith('.lz4')
      ? execFileSync('lz4cat', [join(folder, 'lists', name)], { maxBuffer: 4e9 })
      : readFileSync(join(folder, 'lists', name));
  return {
    packages: lists
      .filter((name) => name.includes('_Packages'))
      .map((name) => ({ name, text: () => read(name).toString() })),
    contents: lists
      .filter((name) => name.includes('_Contents-') && name.includes('_main_'))
      .map((name) => ({ bytes: () => read(name) })),
    /** Downloads a package and returns its control files by name. */
    control(packageName) {
      const out = join(folder, 'debs', packageName);
      mkdirSync(out, { recursive: true });
      if (!readdirSync(out).length) {
        const got = spawnSync('apt-get', ['download', '-q', packageName], {
          env,
          cwd: join(folder, 'debs'),
          encoding: 'utf8',
        });
        const deb = readdirSync(join(folder, 'debs')).find(
          (name) => name.startsWith(`${packageName}_`) && name.endsWith('.deb'),
        );
        if (got.status !== 0 || !deb) return {};
        execFileSync('dpkg-deb', ['-e', join(folder, 'debs', deb), out]);
        const listing = execFileSync('sh', [
          '-c',
          `dpkg-deb --fsys-tarfile "$0" | tar -x -O --wildcards './usr/lib/sysusers.d/*' 2>/dev/null || true`,
          join(folder, 'debs', deb),
        ]);
        writeFileSync(join(out, 'sysusers'), listing);
        execFileSync('rm', ['-f', join(folder, 'debs', deb)]);
      }
      return Object.fromEntries(readdirSync(out).map((name) => [name, readFileSync(join(out, name), 'latin1')]));
    },
  };
}
