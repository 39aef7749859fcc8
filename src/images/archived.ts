/** Releases whose packages were moved away from where their images look for them: `apt-get update` gets a 404 and stops. */
const DEBIAN = {
  since: '2025-07-13',
  // Read at deb.debian.org and security.debian.org on 2026-11-21; buster went last.
  source: 'github.com/debuerreotype/docker-debian-artifacts/issues/245',
  moved: 'archive.debian.org',
};
const UBUNTU = {
  since: 'its end of life',
  // Read at archive.ubuntu.com on 2026-11-21.
  source: 'help.ubuntu.com/community/EOLUpgrades',
  moved: 'old-releases.ubuntu.com',
};

export interface Archived {
  readonly distro: string;
  /** ISO date, or words. */
  readonly since: string;
  readonly source: string;
  readonly moved: string;
}

/** Where the packages of a release are now, or undefined when they are where its images look. */
export function archivedRelease(distro: string, release: string | undefined): Archived | undefined {
  if (distro === 'debian' && /^(wheezy|jessie|stretch|buster|buster or older)$/.test(release ?? ''))
    return { distro: 'Debian', ...DEBIAN };
  if (distro === 'ubuntu' && /^(eoan|groovy|hirsute|impish|kinetic|lunar|mantic|oracular)$/.test(release ?? ''))
    return { distro: 'Ubuntu', ...UBUNTU };
  return undefined;
}
