import { describe, expect, it } from 'vitest';
import { knownValue } from '../facts/fact.ts';
import { apkPackage } from './alpine.ts';
import { aptHas, aptInstall, aptPackageName } from './apt.ts';
import { pipBuildCommands, pipLibraries, pipPrograms, pipProvidersOf, pipScripts } from './python.ts';

const bookworm = (names: string[], recommends = false) =>
  knownValue(aptInstall(names, { suite: 'bookworm', recommends }));

describe('Debian packages', () => {
  it('come with exactly what apt installs', () => {
    // As `apt-get install -s --no-install-recommends` said on bookworm, 2026-11-21.
    expect(bookworm(['libpq5'])?.packages.toSorted()).toEqual([
      'libgssapi-krb5-2',
      'libk5crypto3',
      'libkeyutils1',
      'libkrb5-3',
      'libkrb5support0',
      'libldap-2.5-0',
      'libpq5',
      'libsasl2-2',
      'libsasl2-modules-db',
      'libssl3',
    ]);
    expect(bookworm(['netcat-openbsd'])?.commands).toContain('/usr/bin/nc');
    expect(bookworm(['gcc'])?.commands).toContain('/usr/bin/cc');
    expect(bookworm(['openjdk-17-jre-headless'])?.commands).toContain('/usr/bin/java');
  });

  it('bring more with what they recommend', () => {
    expect(bookworm(['curl'])?.packages).not.toContain('ca-certificates');
    expect(bookworm(['curl'], true)?.packages).toContain('ca-certificates');
  });

  it('tell users and libraries', () => {
    expect(bookworm(['redis-server'])?.users.map((user) => user.name)).toContain('redis');
    expect(bookworm(['libgl1'])?.libraries).toContain('libGL.so.1');
  });

  it('are renamed between suites, which is said only where it is certain', () => {
    expect(knownValue(aptHas('libssl3', 'bookworm'))).toBe(true);
    expect(knownValue(aptHas('libgl1-mesa-glx', 'bookworm'))).toBe(true);
    expect(knownValue(aptHas('libgl1-mesa-glx', 'trixie'))).toBe(false);
    expect(knownValue(aptHas('python3-distutils', 'trixie'))).toBe(false);
    expect(aptHas('curl', 'noble').known).toBe(false);
    expect(aptInstall(['curl'], { suite: 'noble', recommends: false }).known).toBe(false);
    expect(aptInstall(['never-heard-of-it'], { suite: 'trixie', recommends: false }).known).toBe(false);
  });

  it('of an unknown release bring what all releases have in common', () => {
    const both = knownValue(aptInstall(['curl', 'gnupg'], { recommends: false }));
    expect(both?.commands).toContain('/usr/bin/curl');
    expect(both?.more).toBe(true);
  });

  it('are named with versions, suites and architectures', () => {
    expect(['curl=7.88*', 'curl/bookworm', 'libc6:amd64', 'g++', 'curl+'].map(aptPackageName)).toEqual([
      'curl',
      'curl',
      'libc6',
      'g++',
      'curl',
    ]);
  });
});

describe('Python distributions', () => {
  it('have scripts, libraries and programs', () => {
    expect(knownValue(pipScripts('Uvicorn'))).toContain('uvicorn');
    expect(knownValue(pipScripts('Django'))).toContain('django-admin');
    expect(knownValue(pipScripts('requests'))).toEqual([]);
    expect(pipScripts('made-up-by-us').known).toBe(false);
    expect(knownValue(pipLibraries('python_magic'))).toContain('libmagic.so.1');
    expect(knownValue(pipLibraries('opencv-python'))).toContain('libGL.so.1');
    expect(pipPrograms('pdf2image')).toContain('pdftoppm');
    expect(pipBuildCommands('psycopg2')).toContain('pg_config');
    expect(pipProvidersOf('celery')).toEqual(['celery']);
  });
});

describe('Alpine packages', () => {
  it('are told only where it is certain', () => {
    expect(knownValue(apkPackage('curl~=8'))?.commands).toContain('/usr/bin/curl');
    expect(apkPackage('some-lib').known).toBe(false);
  });
});
