import { expect, test } from 'vitest';
import { memoryTree } from '../memory-tree.ts';
import { readPackageJson } from '../node/package-json.ts';
import { readNodeLocks, workspaceManifests } from './node-lock.ts';
import { importNames, readPythonManifest } from './python-manifest.ts';

const python = (files: Record<string, string>, folder = '') => readPythonManifest(memoryTree(files), folder);
const listed = (files: Record<string, string>) =>
  python(files)?.requirements.map(
    ({ name, clause, group, extras, at }) =>
      `${name}${extras.length > 0 ? `[${extras}]` : ''} ${clause} ${group}`.trim().replace(/ +/g, ' ') +
      ` ${at.file}:${at.line}`,
  );

test('requirements files with includes, options, markers, hashes and continued lines', () => {
  const files = {
    'requirements.txt':
      '\uFEFF# top\n-r base/common.txt\n--index-url https://x\n-e .\nDjango>=4.2,<5  # web\nuvicorn[standard] == 0.30 ; python_version > "3.8"\nflask==3.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\nhttps://host/x.whl\n',
    'base/common.txt': 'redis\n-r ../requirements.txt\n',
    'requirements-dev.txt': 'pytest\n',
  };
  expect(listed(files)).toEqual([
    'pytest dev requirements-dev.txt:1',
    'redis base/common.txt:1',
    'django >=4.2,<5 requirements.txt:5',
    'uvicorn[standard] == 0.30 requirements.txt:6',
    'flask ==3.0 requirements.txt:7',
  ]);
  expect(python(files)?.requirements.find(({ name }) => name === 'flask')?.hashed).toBe(true);
  expect(python(files)?.tool).toBe('pip');
});

test('pyproject.toml of uv, Poetry and broken ones', () => {
  const uv = {
    'pyproject.toml':
      '[project]\nname = "shop"\nrequires-python = ">=3.12"\ndependencies = ["fastapi[standard]>=0.110", "Pydantic_Settings"]\n[project.optional-dependencies]\npg = ["psycopg"]\n[dependency-groups]\ndev = ["pytest", {include-group = "lint"}]\n[project.scripts]\nshop = "shop.cli:main"\n',
    'uv.lock': 'version = 1\n\n[[package]]\nname = "fastapi"\nversion = "0.115.0"\nsource = { registry = "x" }\n',
  };
  expect(listed(uv)).toEqual([
    'fastapi[standard] >=0.110 pyproject.toml:4',
    'pydantic-settings pyproject.toml:4',
    'psycopg pg pyproject.toml:6',
    'pytest dev pyproject.toml:8',
  ]);
  const manifest = python(uv);
  expect([manifest?.tool, manifest?.requiresPython, manifest?.isPackage, manifest?.lock?.kind]).toEqual([
    'uv',
    '>=3.12',
    false,
    'uv',
  ]);
  expect(manifest?.lock?.versions.get('fastapi')).toBe('0.115.0');
  expect(manifest?.scripts.get('shop')).toBe('shop.cli:main');

  const poetry = {
    'pyproject.toml':
      '[tool.poetry]\nname = "shop"\n[tool.poetry.dependencies]\npython = "^3.11"\nflask = "^3.0"\ncelery = { version = "5.3", extras = ["redis"], optional = true }\nmine = { path = "../mine" }\n[tool.poetry.group.test.dependencies]\npytest = "*"\n[build-system]\nrequires = ["poetry-core"]\n',
  };
  expect(listed(poetry)).toEqual([
    'flask ^3.0 pyproject.toml:5',
    'celery[redis] 5.3 optional pyproject.toml:6',
    'mine pyproject.toml:7',
    'pytest test pyproject.toml:9',
  ]);
  expect([python(poetry)?.tool, python(poetry)?.requiresPython, python(poetry)?.isPackage]).toEqual([
    'poetry',
    '^3.11',
    true,
  ]);

  const broken = python({ 'pyproject.toml': '[project\n' });
  expect(broken?.problems).toHaveLength(1);
  expect(broken?.requirements).toEqual([]);
  expect(python({ 'readme.md': '' })).toBeUndefined();
});

test('Pipenv, setuptools and the import names of what is declared', () => {
  const pipenv = python({
    Pipfile: '[packages]\nrequests = "*"\n[dev-packages]\npytest = "*"\n',
    'Pipfile.lock': '{"default": {"requests": {"hashes": ["x"], "version": "==2.32.0"}}}',
  });
  expect([pipenv?.tool, pipenv?.lock?.versions.get('requests')]).toEqual(['pipenv', '2.32.0']);
  expect(python({ 'setup.py': '' })?.isPackage).toBe(true);
  const names = importNames(
    python({ 'requirements.txt': 'python-dateutil\nDjango\npydantic-settings\n' }) ?? expect.fail(),
  );
  for (const name of ['dateutil', 'django', 'pydantic_settings']) expect(names.has(name)).toBe(true);
});

const locks = (files: Record<string, string>) => readNodeLocks(memoryTree(files), '');
const PACKAGE =
  '{"dependencies":{"express":"^4.18.0","left":"1.0.0"},"devDependencies":{"vitest":"^1"},"optionalDependencies":{"fsevents":"2"}}';

test('a lock file of npm that does not agree with package.json', () => {
  const lock = (root: string, extra = '') =>
    `{"lockfileVersion":3,"packages":{"":${root},"node_modules/express":{"version":"4.19.0"},"node_modules/a/node_modules/b":{"version":"1"},"node_modules/@x/cli":{"version":"2.0.0","bin":"c.js","dev":true}${extra}}}`;
  const agreed = lock(PACKAGE);
  const [same] = locks({ 'package.json': PACKAGE, 'package-lock.json': agreed });
  expect([same?.manager, same?.version, same?.mismatches]).toEqual(['npm', '3', []]);
  expect([...(same?.packages.keys() ?? [])]).toEqual(['express', '@x/cli']);
  expect(same?.packages.get('@x/cli')).toMatchObject({ bins: ['cli'], dev: true });
  const [other] = locks({
    'package.json': PACKAGE,
    'package-lock.json': lock('{"dependencies":{"express":"^4.17.0"},"devDependencies":{"vitest":"^1"}}'),
  });
  expect(other?.mismatches).toEqual([
    { name: 'express', manifest: '^4.18.0', lock: '^4.17.0' },
    { name: 'left', manifest: '1.0.0', lock: undefined },
    { name: 'fsevents', manifest: '2', lock: undefined },
  ]);
  expect(locks({ 'package.json': PACKAGE, 'package-lock.json': '<<<<<<< HEAD' })[0]?.problem).toBeDefined();
  expect(locks({ 'package.json': PACKAGE })).toEqual([]);
});

test('a lock file of pnpm: importers, quoted names, catalogs', () => {
  const lock = (express: string) =>
    `lockfileVersion: '9.0'\n\nsettings:\n  autoInstallPeers: true\n\nimporters:\n\n  .:\n    dependencies:\n      express:\n        specifier: ${express}\n        version: 4.19.2\n      left:\n        specifier: 1.0.0\n        version: 1.0.0\n    devDependencies:\n      '@types/node':\n        specifier: ^20\n        version: 20.1.0\n\n  packages/a:\n    dependencies:\n      zod:\n        specifier: ^3\n        version: 3.0.0\n\npackages:\n\n  express@4.19.2: {}\n`;
  const manifest = '{"dependencies":{"express":"^4.18.0","left":"1.0.0"},"devDependencies":{"@types/node":"^20"}}';
  const [same] = locks({ 'package.json': manifest, 'pnpm-lock.yaml': lock('^4.18.0') });
  expect([same?.version, same?.mismatches]).toEqual(['9.0', []]);
  expect([...(same?.packages ?? [])].map(([name, { version, dev }]) => `${name} ${version} ${dev}`)).toEqual([
    'express 4.19.2 false',
    'left 1.0.0 false',
    '@types/node 20.1.0 true',
  ]);
  expect(locks({ 'package.json': manifest, 'pnpm-lock.yaml': lock('^4.0.0') })[0]?.mismatches).toEqual([
    { name: 'express', manifest: '^4.18.0', lock: '^4.0.0' },
  ]);
  expect(locks({ 'package.json': manifest, 'pnpm-lock.yaml': `${lock('^4.0.0')}catalog:\n` })[0]?.mismatches).toEqual(
    [],
  );
});

test('lock files of yarn in both shapes, and several at once', () => {
  const classic =
    '# yarn lockfile v1\n\n\n"@x/y@^1.0.0", "@x/y@^1.1.0":\n  version "1.2.0"\n\nleft@1.0.0:\n  version "1.0.0"\n';
  const berry = '__metadata:\n  version: 8\n\n"left@npm:^1.0.0":\n  version: 1.0.1\n  resolution: "left@npm:1.0.1"\n';
  const versions = (text: string) =>
    locks({ 'package.json': PACKAGE, 'yarn.lock': text }).map((lock) => [
      lock.manager,
      ...[...lock.packages].map(([name, { version }]) => `${name} ${version}`),
    ]);
  expect(versions(classic)).toEqual([['yarn', '@x/y 1.2.0', 'left 1.0.0']]);
  expect(versions(berry)).toEqual([['yarn-berry', 'left 1.0.1']]);
  expect(
    locks({ 'package.json': PACKAGE, 'yarn.lock': classic, 'bun.lockb': 'x' }).map((lock) => lock.manager),
  ).toEqual(['yarn', 'bun']);
});

test('package.json with wrong types, workspaces of npm and pnpm', () => {
  const tree = memoryTree({
    'package.json': '{"name":"root","scripts":{"a":1,"b":"x"},"dependencies":[],"workspaces":{"packages":["apps/*"]}}',
    'pnpm-workspace.yaml':
      'packages:\n  # all of them\n  - \'packages/*\'\n  - "!**/test"\nonlyBuiltDependencies:\n  - esbuild\n',
    'apps/web/package.json': '{"name":"web"}',
    'packages/ui/package.json': '{"name":"ui","bin":"x.js"}',
    'packages/notes/readme.md': '',
    'bad/package.json': '{"name":',
  });
  const root = readPackageJson(tree, '');
  expect([...(root?.scripts ?? [])]).toEqual([['b', 'x']]);
  expect(root?.dependencies.size).toBe(0);
  expect(root?.place('scripts', 'b').line).toBe(1);
  expect(workspaceManifests(tree, '').map(({ name }) => name)).toEqual(['root', 'web', 'ui']);
  expect([...(readPackageJson(tree, 'packages/ui')?.bin ?? [])]).toEqual([['ui', 'x.js']]);
  expect(readPackageJson(tree, 'bad')).toBeUndefined();
});
