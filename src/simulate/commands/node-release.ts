import type { Call } from '../command-model.ts';
import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import { isRecord, jsonAt } from './node-project.ts';
import { kindAt } from './paths.ts';
import type { Mismatch } from './toolchain-release.ts';

/** A release of a tool from which on it stops on older majors of Node. */
interface Floor {
  readonly since: number;
  /** The lowest major with which it starts. */
  readonly node: number;
  readonly says: string;
}

interface Tool {
  readonly name: string;
  readonly verbs: RegExp;
  /** Newest first. */
  readonly floors: readonly Floor[];
  /** Odd majors get a warning only. */
  readonly evenOnly?: true;
}

/** Run on 2026-11-21: next 14 with Node 16 and next 16 with Node 18 say so and end with 1; vite 5 with Node 16 and vite 8 with Node 18 end with an
 * exception, vite 7 builds with Node 18; the Angular CLI sets exit code 3 (bin/ng.js of 17 and 20); `prisma` has a preinstall script. */
const TOOLS: Readonly<Record<string, Tool>> = {
  next: {
    name: 'next',
    verbs: /^build$/,
    floors: [
      { since: 16, node: 20, says: 'For Next.js, Node.js version' },
      { since: 14, node: 18, says: 'For Next.js, Node.js version' },
    ],
  },
  vite: {
    name: 'vite',
    verbs: /^build$/,
    floors: [
      { since: 8, node: 20, says: 'Node.js v' },
      { since: 5, node: 18, says: 'is not a function' },
    ],
  },
  ng: {
    name: '@angular/cli',
    verbs: /^(build|b|run|serve)$/,
    evenOnly: true,
    floors: [
      { since: 20, node: 20, says: 'The Angular CLI requires a minimum Node.js version' },
      { since: 17, node: 18, says: 'The Angular CLI requires a minimum Node.js version' },
    ],
  },
};

/** webpack 4 asks OpenSSL for MD4, which Node has not had since 17: ERR_OSSL_EVP_UNSUPPORTED. */
const OLD_WEBPACK: Readonly<Record<string, { readonly name: string; readonly from: number; readonly below: number }>> =
  {
    // Before these, webpack 3 and 1 ask for MD5.
    'react-scripts': { name: 'react-scripts', from: 2, below: 5 },
    'vue-cli-service': { name: '@vue/cli-service', from: 3, below: 5 },
  };

/** What stops a tool of Node projects because of the image's Node: too old for the tool, or too new for its webpack. */
export function nodeMismatch(call: Call, words: readonly string[], state: ImageState): Mismatch | undefined {
  const there = state.languages.get('node');
  const major = there?.known ? Number(/^\d+/.exec(there.value)?.[0]) : Number.NaN;
  if (!there?.known || !(major > 0) || !call.cwd.known) return undefined;
  const file = joinPath(call.cwd.value, 'package.json');
  const manifest = kindAt(state, file) === 'file' ? jsonAt(state, file) : undefined;
  if (manifest === undefined) return undefined;
  const base = { there: `Node ${major}`, file, reasons: there.because };
  if (call.name === 'npm') return prismaInstall(manifest, words, major, base);
  if (call.name === 'yarn') return yarnEngines(call, state, manifest, words, major, base);
  const verb = words.find((word) => !word.startsWith('-')) ?? '';
  const old = OLD_WEBPACK[call.name];
  if (old !== undefined) {
    const range = rangeOf(manifest, old.name);
    const legacy = [...words, ...optionsOf(call)].some((word) => word.includes('openssl-legacy-provider'));
    const pinned = /^[\^~]?(\d+)(\.|$)/.exec(range ?? '')?.[1];
    if (verb !== 'build' || legacy || major < 17 || pinned === undefined) return undefined;
    if (Number(pinned) < old.from || Number(pinned) >= old.below) return undefined;
    return {
      ...base,
      asked: `${old.name} ${range}, whose webpack needs Node 16 or older`,
      says: 'ERR_OSSL_EVP_UNSUPPORTED',
    };
  }
  const tool = TOOLS[call.name];
  if (tool === undefined || !tool.verbs.test(verb) || (tool.evenOnly && major % 2 === 1)) return undefined;
  return floor(manifest, tool.name, tool.floors, major, base);
}

type Base = Pick<Mismatch, 'there' | 'file' | 'reasons'>;

function floor(
  manifest: Record<string, unknown>,
  name: string,
  floors: readonly Floor[],
  major: number,
  base: Base,
): Mismatch | undefined {
  const range = rangeOf(manifest, name);
  const lowest = Number(/^(?:\^|~|>=)?\s*(\d+)(\.|$)/.exec(range ?? '')?.[1] ?? Number.NaN);
  const found = floors.find(({ since }) => lowest >= since);
  if (found === undefined || major >= found.node) return undefined;
  return { ...base, asked: `${name} ${range}, which needs Node ${found.node} or newer`, says: found.says };
}

/** The package `prisma` refuses to be installed. */
function prismaInstall(
  manifest: Record<string, unknown>,
  words: readonly string[],
  major: number,
  base: Base,
): Mismatch | undefined {
  const [verb = '', ...more] = words.filter((word) => !word.startsWith('-'));
  if (!/^(ci|install|i|clean-install)$/.test(verb) || more.length > 0) return undefined;
  if (
    words.some((word) =>
      /^(--ignore-scripts|-g|--global|--prefix|-C|--omit|--only|--production|-w|--workspace)/.test(word),
    )
  )
    return undefined;
  const says = 'Prisma only supports Node.js';
  return floor(
    manifest,
    'prisma',
    [
      { since: 7, node: 20, says },
      { since: 6, node: 18, says },
    ],
    major,
    base,
  );
}

/** Yarn 1 stops where `engines` of the project excludes the image's Node. Measured with 1.22; npm and pnpm 9 only warn. */
function yarnEngines(
  call: Call,
  state: ImageState,
  manifest: Record<string, unknown>,
  words: readonly string[],
  major: number,
  base: Base,
): Mismatch | undefined {
  const [verb = 'install'] = words.filter((word) => !word.startsWith('-'));
  const engines = isRecord(manifest['engines']) ? manifest['engines']['node'] : undefined;
  if (verb !== 'install' || typeof engines !== 'string' || words.includes('--ignore-engines')) return undefined;
  const berry = manifest['packageManager'] !== undefined && !/^yarn@1\./.test(String(manifest['packageManager']));
  const at = call.cwd.known ? call.cwd.value : '/';
  const settings = ['.yarnrc', '.yarnrc.yml', '.npmrc'].some((name) => kindAt(state, joinPath(at, name)) !== 'absent');
  if (berry || settings || !engines.split('||').every((one) => excludes(one.trim(), major))) return undefined;
  return { ...base, asked: `Node ${engines} in \`engines\``, says: 'The engine "node" is incompatible' };
}

/** Whether no release of a major version lies in a range; false where that is not sure. */
function excludes(range: string, major: number): boolean {
  return range.split(/\s+/).some((part) => {
    const [, op = '', first] = /^(>=|>|<=|<|\^|~|=)?v?(\d+)(?:\.[\dx*]+)*$/.exec(part) ?? [];
    if (first === undefined) return false;
    const bound = Number(first);
    if (/^[\^~=]?$/.test(op)) return bound !== major;
    if (/^>/.test(op)) return bound > major;
    return op === '<' && /^<v?\d+(\.0)*$/.test(part) ? bound <= major : bound < major;
  });
}

function rangeOf(manifest: Record<string, unknown>, name: string): string | undefined {
  for (const key of ['dependencies', 'devDependencies']) {
    const group = manifest[key];
    const range = isRecord(group) ? group[name] : undefined;
    if (typeof range === 'string') return range;
  }
  return undefined;
}

function optionsOf(call: Call): readonly string[] {
  const given = call.env.get('NODE_OPTIONS');
  return given === undefined ? [] : [given.known ? given.value : 'openssl-legacy-provider'];
}
