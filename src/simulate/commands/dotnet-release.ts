import type { Call } from '../command-model.ts';
import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import { projectOf } from './dotnet.ts';
import { textAt } from './paths.ts';
import type { Mismatch } from './toolchain-release.ts';

/** An SDK cannot target a later .NET than its own (NETSDK1045), and global.json may ask for another SDK. */
export function dotnetMismatch(call: Call, words: readonly string[], state: ImageState): Mismatch | undefined {
  const there = state.languages.get('dotnet-sdk');
  const [, major] = /^(\d+)\.\d+$/.exec(there?.known ? there.value : '') ?? [];
  const at = call.cwd.known ? call.cwd.value : '/';
  if (!there?.known || major === undefined || !/^(restore|build|publish|test|run|pack)$/.test(words[0] ?? ''))
    return undefined;
  const base = { there: `.NET SDK ${there.value}`, reasons: there.because };
  const global = joinPath(at, 'global.json');
  const pinned = textAt(state, global) ?? '';
  const sdk = /"version"\s*:\s*"(\d+)\.\d+\.\d+/.exec(pinned)?.[1];
  if (
    sdk !== undefined &&
    sdk !== major &&
    !/"rollForward"\s*:\s*"(latestM|m)ajor"/.test(pinned) &&
    /"sdk"/.test(pinned)
  )
    return { ...base, asked: `.NET SDK ${sdk}`, file: global, says: 'compatible .NET SDK was not found' };
  const project = projectOf(call, words, state);
  const text = project === undefined ? '' : (textAt(state, project) ?? '').replace(/<!--[\s\S]*?-->/g, '');
  const framework = /<TargetFramework>\s*net(\d+)\.\d+(?:-[\w.]+)?\s*<\/TargetFramework>/.exec(text)?.[1];
  if (project === undefined || framework === undefined || Number(framework) <= Number(major)) return undefined;
  return { ...base, asked: `.NET ${framework}`, file: project, says: 'NETSDK1045' };
}
