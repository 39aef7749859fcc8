import { expect, test } from 'vitest';
import { type Fact, known } from '../../facts/fact.ts';
import { memoryTree } from '../memory-tree.ts';
import { SourceReader } from '../source.ts';
import { browserHosts, bundlerOf } from './bundler.ts';

const show = <T>(fact: Fact<T> | undefined) =>
  fact === undefined ? 'none' : fact.known ? fact.value : `unknown: ${fact.why}`;

function bundler(packages: readonly string[], files: Record<string, string> = {}) {
  const dependencies = Object.fromEntries(packages.map((name) => [name, '1']));
  const found = bundlerOf(memoryTree({ 'package.json': JSON.stringify({ dependencies }), ...files }), '');
  return found && [found.name, show(found.output), show(found.base), show(found.kind)];
}

test('bundlers by their packages, with output and kind', () => {
  expect(bundler(['vite'])).toEqual(['vite', 'dist', '/', 'static']);
  expect(bundler(['react-scripts'])).toEqual(['create-react-app', 'build', '/', 'static']);
  expect(bundler(['next'])).toEqual(['next', '.next', '/', 'server']);
  expect(bundler(['next'], { 'next.config.mjs': "export default { output: 'export' }" })).toEqual([
    'next',
    'out',
    '/',
    'static',
  ]);
  expect(bundler(['nuxt'])).toEqual(['nuxt', '.output', '/', 'server']);
  expect(bundler(['@sveltejs/kit', '@sveltejs/adapter-node', 'vite'])).toEqual(['sveltekit', 'build', '/', 'server']);
  expect(bundler(['@sveltejs/kit', 'vite'])?.[1]).toMatch(/^unknown/);
  expect(bundler(['astro'], { 'astro.config.mjs': "export default { output: 'server', base: '/docs' }" })).toEqual([
    'astro',
    'dist',
    '/docs',
    'server',
  ]);
  expect(bundler(['express'])).toBeUndefined();
});

test('settings of a configuration file are literal, or not known', () => {
  const vite = (config: string) => bundler(['vite'], { 'vite.config.ts': config });
  expect(vite("export default { base: '/app/', build: { outDir: './build' } }")).toEqual([
    'vite',
    'build',
    '/app',
    'static',
  ]);
  expect(vite('export default { build: { outDir: process.env.OUT } }')?.[1]).toMatch(/^unknown/);
  expect(vite("export default ({ mode }) => mode === 'x' ? { base: '/a' } : { base: '/b' }")?.[2]).toMatch(/^unknown/);
  expect(vite("// base: '/no'\nexport default { /* outDir: 'no' */ }")).toEqual(['vite', 'dist', '/', 'static']);
});

test('names of variables that a bundle takes in', () => {
  const inlined = (name: string, files: Record<string, string> = {}, packages = ['vite']) =>
    bundlerOf(
      memoryTree({
        'package.json': JSON.stringify({ devDependencies: Object.fromEntries(packages.map((one) => [one, '1'])) }),
        ...files,
      }),
      '',
    )?.inlined.test(name);
  expect(inlined('VITE_API')).toBe(true);
  expect(inlined('API')).toBe(false);
  expect(inlined('APP_API', { 'vite.config.js': "export default { envPrefix: ['APP_', 'PUB_'] }" })).toBe(true);
  expect(inlined('VITE_API', { 'vite.config.js': "export default { envPrefix: 'APP_' }" })).toBe(false);
  expect(inlined('NEXT_PUBLIC_X', {}, ['next'])).toBe(true);
  expect(inlined('REACT_APP_X', {}, ['react-scripts'])).toBe(true);
});

test('Angular projects: the folder of the browser files', () => {
  const angular = (builder: string, projects = 1) =>
    bundler(['@angular/cli', '@angular/core'], {
      'angular.json': JSON.stringify({
        projects: Object.fromEntries(
          Array.from({ length: projects }, (_, i) => [`app${i}`, { architect: { build: { builder, options: {} } } }]),
        ),
      }),
    })?.[1];
  expect(angular('@angular-devkit/build-angular:browser')).toBe('dist/app0');
  expect(angular('@angular/build:application')).toBe('dist/app0/browser');
  expect(angular('@angular/build:application', 2)).toMatch(/^unknown/);
});

function hosts(text: string, path = 'src/api.ts'): string[] {
  return browserHosts(memoryTree({ [path]: text }), [path]).map(
    ({ url, used, fallbackOf, at }) =>
      `${at.line} ${url} ${used}${fallbackOf === undefined ? '' : ` for ${fallbackOf}`}`,
  );
}

test('addresses in browser code: what is asked for, and what stands in for a variable', () => {
  expect(hosts("fetch('http://localhost:8000/items');")).toEqual(['1 http://localhost:8000 request']);
  expect(hosts('x();\naxios.get(`http://backend:8000/items/${id}`);')).toEqual(['2 http://backend:8000 request']);
  expect(hosts("const api = import.meta.env.VITE_API || 'http://localhost:3000';")).toEqual([
    '1 http://localhost:3000 request for VITE_API',
  ]);
  expect(hosts("const list = ['http://api'];")).toEqual(['1 http://api value']);
  expect(hosts("new WebSocket('ws://127.0.0.1:9000/ws')")).toEqual(['1 ws://127.0.0.1:9000 request']);
});

test('public names, comments, placeholders, namespaces and tests are no internal addresses', () => {
  expect(hosts("fetch('https://api.example.com/x')")).toEqual([]);
  expect(hosts("// fetch('http://localhost:8000')")).toEqual([]);
  expect(hosts("run(); // see 'http://localhost:8000'")).toEqual([]);
  expect(hosts('/*\n fetch("http://localhost:8000/a")\n*/')).toEqual([]);
  expect(hosts('<!--\n<a href="http://localhost:8000/a">\n-->', 'src/App.vue')).toEqual([]);
  expect(hosts('<input placeholder="http://localhost:3000" />', 'src/a.tsx')).toEqual([]);
  expect(hosts('<svg xmlns="http://www/2000/svg">', 'src/a.tsx')).toEqual([]);
  for (const path of ['src/api.test.ts', 'src/__tests__/a.ts', 'vite.config.ts', 'src/a.d.ts', 'src/a.css'])
    expect(hosts("fetch('http://localhost:8000/')", path)).toEqual([]);
});

test('a Vite server listens where its configuration says, and hands on what its proxies name', () => {
  const start = (config: string, command = 'vite', env: Record<string, string> = {}) =>
    new SourceReader(memoryTree({ 'package.json': '{}', 'vite.config.ts': config })).process(command.split(' '), '', {
      env: new Map(Object.entries(env).map(([name, value]) => [name, known(value)])),
    });
  const socket = (config: string, command?: string, env?: Record<string, string>) => {
    const { listen } = start(config, command, env).launch;
    const [first] = listen.known ? listen.value : [];
    return first && `${first.host.known ? first.host.value : '?'}:${first.port.known ? first.port.value : '?'}`;
  };
  const config = (server: string) =>
    `import { defineConfig } from 'vite'; import react from '@vitejs/plugin-react'; export default defineConfig({ plugins: [react()], ${server} });`;
  expect(socket(config(''))).toBe('localhost:5173');
  expect(socket(config('server: { port: 3000 }'))).toBe('localhost:3000');
  expect(socket(config('server: { host: true, port: Number(process.env.PORT) || 80 }'), 'vite', { PORT: '81' })).toBe(
    '0.0.0.0:81',
  );
  expect(socket(config("server: { host: '0.0.0.0' }"), 'vite preview')).toBe('0.0.0.0:4173');
  expect(socket(config('server: { port: 3000 }'), 'vite --host')).toBe('0.0.0.0:3000');
  expect(socket(config('...shared'))).toBe('?:?');
  expect(socket('export default ({ mode }) => ({ server: { host: mode } })')).toBe('?:5173');
  const proxies = (server: string) =>
    start(config(server)).proxies.map(({ target }) => (target.known ? target.value : target.why));
  expect(
    proxies("server: { proxy: { '/api': 'http://localhost:4000', '/ws': { target: 'ws://api:1', ws: true } } }"),
  ).toEqual(['http://localhost:4000', 'ws://api:1']);
});
