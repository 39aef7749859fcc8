import type { Call } from '../command-model.ts';
import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import { isRecord, jsonAt } from './node-project.ts';
import type { Mismatch } from './toolchain-release.ts';

/** Composer asks the PHP it runs on for what composer.json requires. Only a lower bound that all alternatives share is taken. */
export function composerMismatch(call: Call, words: readonly string[], state: ImageState): Mismatch | undefined {
  const there = state.languages.get('php');
  const at = call.cwd.known ? call.cwd.value : '/';
  const has = /^(\d+)\.(\d+)$/.exec(there?.known ? there.value : '');
  if (!there?.known || has === null || !/^(install|i|update|u|require)$/.test(words[0] ?? '')) return undefined;
  if (words.some((item) => /^(--ignore-platform-req|-d|--working-dir)/.test(item))) return undefined;
  const file = joinPath(at, 'composer.json');
  const manifest = jsonAt(state, file);
  const [require, config] = [manifest?.['require'], manifest?.['config']];
  const clause = isRecord(require) ? require['php'] : undefined;
  if (typeof clause !== 'string' || (isRecord(config) && config['platform'] !== undefined)) return undefined;
  const bounds = clause.split(/\|\|?/).map((part) => /^\s*(?:\^|~|>=?|=)?\s*(\d+)\.(\d+)/.exec(part));
  const own = Number(has[1]) * 100 + Number(has[2]);
  if (bounds.some((b) => b === null || Number(b[1]) * 100 + Number(b[2]) <= own)) return undefined;
  return {
    asked: `PHP ${clause}`,
    there: `PHP ${there.value}`,
    file,
    says: 'your php version',
    reasons: there.because,
  };
}
