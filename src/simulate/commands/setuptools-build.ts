import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import { isRecord } from './node-project.ts';
import { kindAt, textAt } from './paths.ts';
import { type Lacking, projectAt } from './python-build.ts';

/** Folders that setuptools does not take for packages in a flat layout (setuptools.discovery, read 2026-11-21). */
const NO_PACKAGE =
  /^([._].*|.*[^\w].*|\d.*|ci|bin|debian|docs?|documentation|manpages|news|newsfragments|changelog|tests?|unit_tests?|examples?|scripts|tools|utils?|python|build|benchmarks?|exercises?|htmlcov|tasks|fabfile|site_scons)$/;

/** What setuptools stops for: several packages side by side, listed packages that are not there, files that setup.py opens. */
export function lackingForSetuptools(state: ImageState, folder: string): Lacking | undefined {
  const setup = kindAt(state, joinPath(folder, 'setup.py'));
  if (setup === 'file') return openedBySetup(state, folder);
  if (setup !== 'absent' || kindAt(state, joinPath(folder, 'setup.cfg')) !== 'absent') return undefined;
  const data = projectAt(state, folder);
  if (data === undefined || !isRecord(data['project'])) return undefined;
  const system = isRecord(data['build-system']) ? data['build-system'] : {};
  if (!/^setuptools\./.test(String(system['build-backend'] ?? 'setuptools.'))) return undefined;
  const tool = isRecord(data['tool']) ? data['tool'] : {};
  const own = isRecord(tool['setuptools']) ? tool['setuptools'] : {};
  const { packages } = own;
  if (own['package-dir'] !== undefined) return undefined;
  if (Array.isArray(packages)) {
    const missing = packages.find(
      (name) => typeof name === 'string' && kindAt(state, joinPath(folder, name.replaceAll('.', '/'))) === 'absent',
    );
    if (typeof missing !== 'string') return undefined;
    return lack(joinPath(folder, missing.replaceAll('.', '/')), 'the listed package', 'does not exist');
  }
  if (packages !== undefined || own['py-modules'] !== undefined || own['ext-modules'] !== undefined) return undefined;
  if (kindAt(state, joinPath(folder, 'src')) !== 'absent') return undefined;
  const listed = state.tree.list(folder);
  if (!listed.known || !listed.value.complete) return undefined;
  const found = listed.value.names.filter(
    (name) => !NO_PACKAGE.test(name) && kindAt(state, joinPath(folder, name)) === 'directory',
  );
  if (found.length < 2) return undefined;
  return {
    path: folder,
    text: `setuptools does not choose among the packages ${found.slice(0, 4).sort().join(', ')} (tool.setuptools.packages says which)`,
    says: 'Multiple top-level packages discovered in a flat-layout',
    strict: true,
  };
}

function openedBySetup(state: ImageState, folder: string): Lacking | undefined {
  const text = textAt(state, joinPath(folder, 'setup.py'))?.replace(/^\s*#.*$/gm, '');
  if (text === undefined || /\btry:|exists\(|isfile\(|chdir\(/.test(text)) return undefined;
  for (const match of text.matchAll(
    /\bopen\(\s*(?:(?:os\.)?path\.join\(\s*(?:\w+|os\.path\.dirname\(__file__\))\s*,\s*)?["']([\w-][\w./-]*)["']\s*\)?\s*(?:,\s*(?:["']r["']|encoding\s*=\s*["'][\w-]+["'])\s*)*\)/g,
  )) {
    const path = joinPath(folder, match[1] ?? '');
    // Only what runs when the file is read: a function may never be called.
    const line = text.slice(text.lastIndexOf('\n', match.index) + 1, match.index);
    if (/^\s/.test(line) && !/^\s+[\w]+\s*=\s*$/.test(line)) continue;
    if (/\bdef\s/.test(text.slice(0, match.index))) continue;
    if (kindAt(state, path) === 'absent') return lack(path, 'what setup.py opens', 'No such file or directory');
  }
  return undefined;
}

function lack(path: string, what: string, says: string): Lacking {
  return { path, text: `${what}, ${path}, is not there`, says, strict: true };
}
