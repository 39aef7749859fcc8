import { readDotenv } from '../compose/dotenv.ts';
import { folderOf, joinRepoPath } from '../compose/repo-path.ts';
import type { Reason } from '../facts/fact.ts';
import type { Repo } from '../repo/repo.ts';
import { linePlace } from '../text/place.ts';
import { type ComposeFile, defaultFiles, distinguishingWord, extendsBase, referencedFiles } from './compose-files.ts';
import { isDevelopment, isProduction } from './purpose.ts';
import type { ComposeCombination, ComposeUse } from './types.ts';

type Draft = Omit<ComposeCombination, 'id' | 'purpose' | 'because'> & { readonly because: Reason[] };

const RANKS = ['used', 'documented', 'guessed'] as const;

/** The combinations of compose files that are really used: by Compose itself, by commands and settings, by documents, by name. */
export function composeCombinations(
  repo: Repo,
  files: readonly ComposeFile[],
  uses: readonly ComposeUse[],
): readonly ComposeCombination[] {
  const drafts = new Map<string, Draft>();
  const add = (use: Omit<ComposeUse, 'at' | 'text'>, because: Reason) => {
    const projectDirectory = use.projectDirectory ?? folderOf(use.files[0] ?? '');
    const key = `${use.files.join('|')}@${projectDirectory}?${[...use.profiles].sort().join(',')}`;
    const before = drafts.get(key);
    if (before === undefined) {
      const { rank, profiles, envFiles } = use;
      drafts.set(key, { files: use.files, projectDirectory, profiles, envFiles, rank, because: [because] });
      return;
    }
    before.because.push(because);
    const rank = RANKS.indexOf(use.rank) < RANKS.indexOf(before.rank) ? use.rank : before.rank;
    drafts.set(key, { ...before, rank, envFiles: before.envFiles.length > 0 ? before.envFiles : use.envFiles });
  };
  const none = { profiles: [], envFiles: [] };
  for (const folder of new Set(files.map((file) => file.folder))) {
    const set = fromDotenv(repo, folder);
    if (set !== undefined) add({ ...none, files: set.files, rank: 'used' }, set.because);
    const own = defaultFiles(repo, folder);
    const [first] = own;
    const found = files.find((file) => file.file === first);
    // A file of that name that lacks what a base above has is an overlay for it.
    const overlay = own.length === 1 && found !== undefined && guessed(repo, found, files).files.length > 1;
    if (first !== undefined && set === undefined && found !== undefined && !overlay) {
      add(
        { ...none, files: own, rank: 'used' },
        { kind: 'default', at: linePlace(first, 1), text: 'Compose takes this by itself' },
      );
    }
  }
  for (const use of uses) add(use, { kind: 'source', at: use.at, text: use.text });
  const taken = new Set([...drafts.values()].flatMap((draft) => draft.files));
  const referenced = referencedFiles(files, joinRepoPath);
  for (const file of files) {
    if (taken.has(file.file) || referenced.has(file.file)) continue;
    const guess = guessed(repo, file, files);
    add({ ...none, files: guess.files, rank: 'guessed' }, guess.because);
  }
  return named([...drafts.values()]);
}

/** `COMPOSE_FILE` in the folder's `.env`. */
function fromDotenv(repo: Repo, folder: string): { files: readonly string[]; because: Reason } | undefined {
  const path = folder === '' ? '.env' : `${folder}/.env`;
  const text = repo.text(path);
  if (text === undefined || !text.includes('COMPOSE_FILE')) return undefined;
  const entries = readDotenv(path, text, () => undefined).entries;
  const entry = entries.get('COMPOSE_FILE');
  if (entry?.value === undefined || entry.value === '') return undefined;
  const separator = entries.get('COMPOSE_PATH_SEPARATOR')?.value ?? (entry.value.includes(';') ? ';' : ':');
  const files = entry.value.split(separator).flatMap((file) => joinRepoPath(folder, file.trim()) ?? []);
  if (files.some((file) => repo.entry(file) === undefined)) return undefined;
  return { files, because: { kind: 'compose', at: entry.at, text: 'COMPOSE_FILE names these files' } };
}

/** A file that no one names: on top of the folder's base when it needs one, else alone. */
function guessed(
  repo: Repo,
  file: ComposeFile,
  files: readonly ComposeFile[],
): { files: readonly string[]; because: Reason } {
  const folders = [file.folder];
  for (let folder = file.folder; folder !== ''; ) {
    folder = folderOf(folder);
    folders.push(folder);
  }
  for (const folder of folders) {
    const [path] = defaultFiles(repo, folder);
    const base =
      files.find((other) => other.file === path) ??
      files.find((other) => other.folder === folder && /base|common/.test(other.file));
    if (base === undefined || base.file === file.file) continue;
    const why = extendsBase(file.root, base.root);
    if (why !== undefined)
      return { files: [base.file, file.file], because: { kind: 'derived', at: linePlace(file.file, 1), text: why } };
  }
  return {
    files: [file.file],
    because: {
      kind: 'derived',
      at: linePlace(file.file, 1),
      text: 'no command names this file; it is complete by itself',
    },
  };
}

function named(drafts: readonly Draft[]): readonly ComposeCombination[] {
  const base = (draft: Draft): string => {
    const folder = folderOf(draft.files[0] ?? '');
    const words = draft.files.map((file) => {
      const word = distinguishingWord(file);
      return word === '' ? 'base' : word;
    });
    const profiles = draft.profiles.length === 0 ? '' : `[${draft.profiles.join(',')}]`;
    return `${folder === '' ? '' : `${folder}/`}${words.join('+')}${profiles}`;
  };
  const counts = new Map<string, number>();
  for (const draft of drafts) counts.set(base(draft), (counts.get(base(draft)) ?? 0) + 1);
  return drafts
    .map((draft): ComposeCombination => {
      const id =
        (counts.get(base(draft)) ?? 0) > 1
          ? draft.files.join('+') + (draft.profiles.length === 0 ? '' : `[${draft.profiles.join(',')}]`)
          : base(draft);
      return { ...draft, id, purpose: purposeOf(draft) };
    })
    .sort((a, b) => RANKS.indexOf(a.rank) - RANKS.indexOf(b.rank) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

function purposeOf(draft: Draft): ComposeCombination['purpose'] {
  const words = draft.files.map((file) => `${folderOf(file)}/${distinguishingWord(file)}.`);
  if (words.some((word) => isDevelopment(word))) return 'development';
  return words.some((word) => isProduction(word)) ? 'production' : 'unclear';
}
