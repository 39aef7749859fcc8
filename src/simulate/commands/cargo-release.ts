import type { Call } from '../command-model.ts';
import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import { kindAt, textAt } from './paths.ts';
import type { Mismatch } from './toolchain-release.ts';

/** Cargo refuses an edition, a rust-version and a lock file that it does not know. rustup may take another toolchain by a file. */
export function cargoMismatch(call: Call, words: readonly string[], state: ImageState): Mismatch | undefined {
  const there = state.languages.get('rust');
  const at = call.cwd.known ? call.cwd.value : '/';
  const chosen = ['rust-toolchain', 'rust-toolchain.toml'].some(
    (name) => kindAt(state, joinPath(at, name)) !== 'absent',
  );
  const [, minor] = /^1\.(\d+)$/.exec(there?.known ? there.value : '') ?? [];
  if (!there?.known || minor === undefined || chosen || call.env.has('RUSTUP_TOOLCHAIN')) return undefined;
  if (!words.some((item) => /^(build|b|check|test|run|fetch|rustc|clippy)$/.test(item))) return undefined;
  if (words.some((item) => /^(\+|--manifest-path|--ignore-rust-version|-Z)/.test(item))) return undefined;
  const has = Number(minor);
  const file = joinPath(at, 'Cargo.toml');
  const text = textAt(state, file) ?? '';
  const base = { there: `Rust ${there.value}`, reasons: there.because };
  if (has < 85 && /^edition\s*=\s*"2024"/m.test(text))
    return { ...base, asked: 'edition 2024 (Rust 1.85)', file, says: 'edition2024' };
  const [, asked, wanted] = /^rust-version\s*=\s*"(1\.(\d+)(?:\.\d+)?)"/m.exec(text) ?? [];
  if (wanted !== undefined && Number(wanted) > has && /^\[package\]/m.test(text))
    return { ...base, asked: `Rust ${asked}`, file, says: `requires rustc ${asked}` };
  const lock = joinPath(at, 'Cargo.lock');
  if (has < 78 && /^version = 4$/m.test((textAt(state, lock) ?? '').slice(0, 400)))
    return {
      ...base,
      asked: 'a Cargo that reads lock files of version 4 (Rust 1.78)',
      file: lock,
      says: 'lock file version',
    };
  return undefined;
}
