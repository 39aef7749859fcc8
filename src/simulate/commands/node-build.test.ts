import { expect, it } from 'vitest';
import { build } from './testing.ts';

/** Where a path stands after `command` ran in /src/web of a tool that is there. */
function after(command: string, files: Record<string, string>, paths: readonly string[]): readonly string[] {
  const tool = command.replace(/^\w+=\S+ /, '').split(' ')[0] ?? '';
  const built = build(
    `FROM node:22-slim\nWORKDIR /src/web\nCOPY . .\nRUN mkdir -p /src/api /other && touch /usr/local/bin/${tool} && chmod +x /usr/local/bin/${tool}\nRUN ${command}`,
    { 'package.json': '{"name":"web"}', ...files },
  );
  return paths.map((path) => built.at(path));
}

const angular = (options: object, configurations: object) =>
  JSON.stringify({ projects: { web: { architect: { build: { options, configurations } } } } });

it('finds the output of Angular in the options and in every configuration, outside the workspace too', () => {
  const files = {
    'angular.json': angular({ outputPath: 'out' }, { production: { outputPath: { base: '../api/static' } } }),
  };
  expect(after('ng build', files, ['/src/web/out/x.js', '/src/api/static', '/src/api/none', '/src/web/dist'])).toEqual([
    'unknown',
    'present',
    'absent',
    'absent',
  ]);
  expect(after('ng build', { 'angular.json': angular({}, {}) }, ['/src/web/dist/web'])).toEqual(['present']);
});

it('takes an output path that it cannot read to be anywhere beside the project', () => {
  const outside = ['/src/web/dist/x', '/src/api/static', '/other/x'];
  const somewhere = ['unknown', 'unknown', 'absent'];
  expect(after('ng build', { 'angular.json': '{"projects": 1}' }, outside)).toEqual(somewhere);
  const computed = {
    'vite.config.ts': "export default { build: { outDir: path.resolve(__dirname, '../api/static') } }",
  };
  expect(after('vite build', computed, outside)).toEqual(somewhere);
  expect(after('webpack', { 'webpack.config.js': "output: { path: '../api' }" }, outside)).toEqual(somewhere);
  const next = { 'next.config.js': 'module.exports = { distDir: process.env.OUT }' };
  expect(after('next build', next, outside)).toEqual(somewhere);
  expect(after('BUILD_PATH=$X react-scripts build', {}, ['/src/web/build'])).toEqual(['unknown']);
});

it('follows a literal output path out of the project', () => {
  const paths = ['/src/api/static', '/src/api/other', '/src/web/dist'];
  const expected = ['present', 'absent', 'absent'];
  const vite = { 'vite.config.ts': "export default { build: { outDir: '../api/static' } }" };
  expect(after('vite build', vite, paths)).toEqual(expected);
  expect(after('tsc', { 'tsconfig.json': '{"compilerOptions": {"outDir": "../api/static"}}' }, paths)).toEqual(
    expected,
  );
  const nested = { 'cfg/tsconfig.json': '{"compilerOptions": {"outDir": "../../api/static"}}' };
  expect(after('tsc -p cfg', nested, paths)).toEqual(expected);
  expect(after('next build', { 'next.config.js': "module.exports = { distDir: '../api/static' }" }, paths)).toEqual(
    expected,
  );
  expect(after('BUILD_PATH=../api/static react-scripts build', {}, paths)).toEqual(expected);
  expect(after('react-scripts build', { '.env': "BUILD_PATH='../api/static'\n" }, paths)).toEqual(expected);
});

it('still says where nothing lands', () => {
  expect(after('vite build', { 'vite.config.ts': 'export default {}' }, ['/src/web/dist', '/src/web/build'])).toEqual([
    'present',
    'absent',
  ]);
  expect(after('react-scripts build', {}, ['/src/web/build', '/src/web/dist'])).toEqual(['present', 'absent']);
});

it('builds the projects that tsc --build is told of, and none where nothing is written', () => {
  const files = {
    'tsconfig.json': '{"files": [], "references": [{"path": "./tsconfig.app.json"}, {"path": "../web/server"}]}',
    'tsconfig.app.json': '{"compilerOptions": {"noEmit": true} /* bundled */, "include": ["src"]}',
    'server/tsconfig.json': '{"extends": "../base/tsconfig", "compilerOptions": {"rootDir": "src"}}',
    'base/tsconfig.json': '{"compilerOptions": {"outDir": "../out", "composite": true,},}',
  };
  const paths = ['/src/web/out', '/src/web/dist', '/src/web/server/out'];
  expect(after('tsc -b', files, paths)).toEqual(['present', 'absent', 'absent']);
  expect(after('tsc --build tsconfig.app.json', files, paths)).toEqual(['absent', 'absent', 'absent']);
  expect(after('tsc -b server', files, paths)).toEqual(['present', 'absent', 'absent']);
  const gone = { ...files, 'server/tsconfig.json': '{"extends": "@acme/tsconfig"}' };
  expect(after('tsc -b', gone, ['/src/web/anything'])).toEqual(['unknown']);
});
