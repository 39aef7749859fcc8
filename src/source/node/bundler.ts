import { type Fact, known, unknown } from '../../facts/fact.ts';
import { LineIndex } from '../../text/line-index.ts';
import type { Place } from '../../text/place.ts';
import { joinPath, type SourceTree } from '../source-tree.ts';
import { nextConfig } from './next.ts';
import { isRecord, type PackageJson, readPackageJson } from './package-json.ts';
import { parseLooseJson } from './tsconfig.ts';

/** How a browser or server bundle is made and where it lands. */
export interface Bundler {
  readonly name:
    | 'vite'
    | 'create-react-app'
    | 'next'
    | 'angular'
    | 'astro'
    | 'nuxt'
    | 'sveltekit'
    | 'vue-cli'
    | 'gatsby'
    | 'remix';
  /** Folder of the output, relative to the package. */
  readonly output: Fact<string>;
  /** Matches names of variables whose values are put into the bundle while it is built. */
  readonly inlined: RegExp;
  /** Path the bundle expects to be served under; `/` unless set. */
  readonly base: Fact<string>;
  /** Output is static files (a web server can serve it) or needs Node. */
  readonly kind: Fact<'static' | 'server'>;
  readonly config?: string;
}

const CONFIGS = ['js', 'mjs', 'ts', 'mts', 'cjs', 'cts'];

/** The bundler of a package, told by its dependencies and configuration. Undefined: none that is known. */
export function bundlerOf(tree: SourceTree, folder: string): Bundler | undefined {
  const manifest = readPackageJson(tree, folder);
  if (!manifest) return undefined;
  const has = (name: string) => manifest.dependencies.has(name) || manifest.devDependencies.has(name);
  const config = (stem: string) =>
    CONFIGS.map((ext) => `${stem}.${ext}`).find((name) => tree.look(joinPath(folder, name)) === 'file');
  const text = (name: string | undefined) => (name === undefined ? undefined : tree.text(joinPath(folder, name)));
  const simple = (
    name: Bundler['name'],
    output: string,
    inlined: RegExp,
    kind: 'static' | 'server',
    file?: string,
  ): Bundler => ({
    name,
    output: known(output),
    inlined,
    base: known('/'),
    kind: known(kind),
    ...(file === undefined ? {} : { config: file }),
  });
  if (has('next')) {
    const next = nextConfig(tree, folder);
    const kind: Bundler['kind'] = next.output.known
      ? known(next.output.value === 'export' ? 'static' : 'server')
      : next.output;
    return {
      name: 'next',
      output: !next.output.known ? next.output : known(next.output.value === 'export' ? 'out' : '.next'),
      inlined: /^NEXT_PUBLIC_/,
      base: next.basePath.known ? known(next.basePath.value || '/') : next.basePath,
      kind,
      ...(next.file === undefined ? {} : { config: next.file }),
    };
  }
  if (has('@sveltejs/kit')) {
    const adapter = has('@sveltejs/adapter-node') ? 'server' : has('@sveltejs/adapter-static') ? 'static' : undefined;
    return {
      name: 'sveltekit',
      output: adapter ? known('build') : unknown('the adapter decides'),
      inlined: /^PUBLIC_|^VITE_/,
      base: known('/'),
      kind: adapter ? known(adapter) : unknown('the adapter decides'),
    };
  }
  if (has('nuxt')) return simple('nuxt', '.output', /^VITE_/, 'server', config('nuxt.config'));
  if (has('astro')) {
    const file = config('astro.config');
    const server = /output\s*:\s*['"]server/.test(text(file) ?? '');
    return {
      ...simple('astro', 'dist', /^PUBLIC_/, server ? 'server' : 'static', file),
      base: literal(text(file), 'base', '/'),
    };
  }
  if (has('@angular/cli') || tree.look(joinPath(folder, 'angular.json')) === 'file')
    return angular(tree, folder, manifest);
  if (has('react-scripts')) return simple('create-react-app', 'build', /^REACT_APP_/, 'static');
  if (has('@vue/cli-service'))
    return {
      ...simple('vue-cli', 'dist', /^VUE_APP_/, 'static', config('vue.config')),
      output: literal(text(config('vue.config')), 'outputDir', 'dist'),
    };
  if (has('gatsby')) return simple('gatsby', 'public', /^GATSBY_/, 'static');
  if (has('@remix-run/dev') || has('@react-router/dev')) return simple('remix', 'build', /^VITE_/, 'server');
  if (has('vite') || config('vite.config')) {
    const file = config('vite.config');
    const body = text(file);
    const prefix = /envPrefix\s*:\s*(\[[^\]]*\]|['"][^'"]*['"])/.exec(body ?? '')?.[1];
    const prefixes =
      prefix === undefined ? ['VITE_'] : [...prefix.matchAll(/['"]([^'"]+)['"]/g)].map((match) => match[1] ?? '');
    return {
      name: 'vite',
      output: literal(body, 'outDir', 'dist'),
      inlined: new RegExp(`^(${prefixes.join('|')})`),
      base: literal(body, 'base', '/'),
      kind: known('static'),
      ...(file === undefined ? {} : { config: tree.origin(joinPath(folder, file)) }),
    };
  }
  return undefined;
}

/** A literal setting of a configuration file; the standard when it is not there; unknown when it is computed or stands twice. */
function literal(text: string | undefined, key: string, standard: string): Fact<string> {
  if (text === undefined) return known(standard);
  const bare = text.replace(/(^|[^:'"])\/\/[^\n]*|\/\*[\s\S]*?\*\//g, '$1');
  const found = [...bare.matchAll(new RegExp(`(?<![\\w.])${key}\\s*:\\s*([^,\\n}]+)`, 'g'))];
  if (found.length === 0) return known(standard);
  const value = found.length === 1 ? /^(['"`])([^$]*)\1$/.exec((found[0]?.[1] ?? '').trim())?.[2] : undefined;
  return value === undefined
    ? unknown(`${key} is computed or set several times`)
    : known(value.replace(/^\.\//, '').replace(/(.)\/$/, '$1'));
}

function angular(tree: SourceTree, folder: string, manifest: PackageJson): Bundler {
  const text = tree.text(joinPath(folder, 'angular.json'));
  const data = text === undefined ? undefined : parseLooseJson(text);
  const projects = isRecord(data) && isRecord(data['projects']) ? Object.entries(data['projects']) : [];
  const [only, ...more] = projects;
  const unclear: Bundler = {
    name: 'angular',
    output: unknown('angular.json has several projects or none'),
    inlined: /^NG_APP_/,
    base: known('/'),
    kind: known('static'),
  };
  if (!only || more.length > 0 || !isRecord(only[1])) return unclear;
  const targets = only[1]['architect'] ?? only[1]['targets'];
  const build = isRecord(targets) && isRecord(targets['build']) ? targets['build'] : {};
  const options = isRecord(build['options']) ? build['options'] : {};
  const path = isRecord(options['outputPath']) ? options['outputPath']['base'] : options['outputPath'];
  const base = typeof path === 'string' ? path : `dist/${only[0]}`;
  // The application builder (17 and later) puts browser files one folder deeper.
  const browser =
    typeof build['builder'] === 'string' &&
    /:application$/.test(build['builder']) &&
    !(isRecord(options['outputPath']) && options['outputPath']['browser'] === '');
  const version = manifest.dependencies.get('@angular/core') ?? '';
  return {
    ...unclear,
    output:
      version === '' && typeof path !== 'string'
        ? unknown('angular.json names no output')
        : known(browser ? `${base}/browser` : base),
    config: tree.origin(joinPath(folder, 'angular.json')),
  };
}

/** A URL with a host in code that runs in a browser. */
export interface BrowserHost {
  readonly url: string;
  readonly host: string;
  readonly port?: number;
  /** Value used only when a build-time variable is missing. */
  readonly fallbackOf?: string;
  /** `request`: handed to fetch, axios, a socket or a base URL at once. `value`: some other text, which may never be asked for. */
  readonly used: 'request' | 'value';
  readonly at: Place;
}

/** The text with spaces for comments of several lines; offsets stay. */
function withoutComments(text: string): string {
  return text.replace(
    /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|\/\*[\s\S]*?\*\/|<!--[\s\S]*?-->/g,
    (match) => (/^["'`]/.test(match) ? match : match.replace(/[^\n]/g, ' ')),
  );
}

/** URLs with internal or local host names in browser code: `http://localhost:8000`, `http://backend:8000`. Public names are left out. */
export function browserHosts(tree: SourceTree, files: readonly string[]): BrowserHost[] {
  const out: BrowserHost[] = [];
  for (const path of files) {
    if (
      !/\.(tsx?|jsx?|mjs|vue|svelte|astro)$/.test(path) ||
      /(^|\/)(__tests__|tests?|mocks?|e2e|cypress|stories)\//.test(path) ||
      /\.(test|spec|stories|config|setup|d)\.[a-z]+$/.test(path)
    )
      continue;
    const whole = tree.text(path);
    if (whole === undefined || !/\b(https?|wss?):\/\//.test(whole)) continue;
    const text = withoutComments(whole);
    const lines = new LineIndex(text);
    for (const match of text.matchAll(
      /(['"`])((?:https?|wss?):\/\/([A-Za-z0-9_-]+|127\.0\.0\.1|0\.0\.0\.0)(?::(\d+))?)(?=[/'"`?#])/g,
    )) {
      const line = text.slice(text.lastIndexOf('\n', match.index) + 1, match.index);
      // Comments and XML namespaces are no addresses.
      if (/^\s*(\/\/|\*|\/\*|<!--|#)|\/\/[^'"`]*$/.test(line) || /^(www|example|schemas?)$/.test(match[3] ?? ''))
        continue;
      if (
        /\b(placeholder|title|label|alt|description|hint|help\w*|example|tooltip|content)['"]?\s*[=:]\s*[{(]?\s*$/i.test(
          line,
        )
      )
        continue;
      const request =
        /\b(fetch|axios(\.\w+)?|get|post|put|delete|patch|request|create|WebSocket|EventSource|io|ky(\.\w+)?|\$fetch)\(\s*$|\b(baseURL|baseUrl|base_url|uri|apiUrl|API_URL|API_BASE(_URL)?|BASE_URL|BACKEND_URL)['"]?\s*[:=]\s*$|(\|\||\?\?)\s*$/.test(
          line,
        );
      const variable = /(?:import\.meta\.env|process\.env)\.(\w+)\s*(?:\|\||\?\?)\s*$/.exec(line)?.[1];
      out.push({
        url: match[2] ?? '',
        host: match[3] ?? '',
        ...(match[4] === undefined ? {} : { port: Number(match[4]) }),
        ...(variable === undefined ? {} : { fallbackOf: variable }),
        used: request ? 'request' : 'value',
        at: lines.place(tree.origin(path), { start: match.index + 1, end: match.index + match[0].length }),
      });
    }
  }
  return out;
}
