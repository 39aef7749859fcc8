import type { RunInstruction } from '../../dockerfile/types.ts';

/** The commands of a RUN that is a plain chain of words joined by `&&`, each split at blanks; undefined for anything that needs
 * a shell to be understood (pipes, substitution, conditions, `;`, heredocs). */
export function plainChain(run: RunInstruction): readonly (readonly string[])[] | undefined {
  if (run.form === 'exec') return run.argv === undefined ? undefined : [run.argv.map((word) => word.text)];
  if (run.script === undefined || run.script.kind !== 'line') return undefined;
  return plainCommands(run.script.text);
}

/** The same for a shell text. Quoted words lose their quotes. */
export function plainCommands(text: string): readonly (readonly string[])[] | undefined {
  const commands: string[][] = [[]];
  let word: string | undefined;
  const endWord = (): void => {
    if (word !== undefined) commands.at(-1)?.push(word);
    word = undefined;
  };
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === '\\' && text.charAt(i + 1) === '\n') i++;
    else if (/\s/.test(char)) endWord();
    else if (char === '&' && text.charAt(i + 1) === '&') {
      endWord();
      commands.push([]);
      i++;
    } else if (char === '"' || char === "'") {
      const end = text.indexOf(char, i + 1);
      const inner = text.slice(i + 1, end);
      if (end === -1 || (char === '"' && /[$`\\]/.test(inner))) return undefined;
      word = (word ?? '') + inner;
      i = end;
    } else if (/[;|&<>()$`*?~#!\\{}[\]]/.test(char)) {
      if (char !== '[' && char !== ']') return undefined;
      word = (word ?? '') + char;
    } else word = (word ?? '') + char;
  }
  endWord();
  return commands.some((command) => command.length === 0) ? undefined : commands;
}

/** JSON form of a command, as Dockerfiles write it. */
export function jsonForm(argv: readonly string[]): string {
  return `[${argv.map((word) => JSON.stringify(word)).join(', ')}]`;
}

/** What a step of an ordinary Dockerfile is for, as far as its words tell. */
export type Purpose =
  | {
      readonly is: 'install';
      readonly tool: 'uv' | 'pip' | 'poetry' | 'npm' | 'pnpm' | 'yarn';
      readonly argv: readonly string[];
    }
  | { readonly is: 'tool'; readonly name: string; readonly argv: readonly string[] }
  | { readonly is: 'build'; readonly argv: readonly string[] }
  | { readonly is: 'user' }
  | { readonly is: 'folder'; readonly paths: readonly string[] }
  | { readonly is: 'other' };

/** Bundlers and compilers that a project brings itself. */
const BUILDERS =
  /^((vite|ng|vue-cli-service|react-scripts|astro|nuxt|parcel|rspack|rollup|webpack) (build|--.*|)$|tsc( |$))/;

/** Commands that prepare the system or the files: every reader knows what they do. */
const SYSTEM = /^(apt-get|apt|apk|chmod|rm|mkdir|ln|touch|update-ca-certificates|locale-gen|ldconfig)$/;

/** True for a step of nothing but system packages and files (`apt-get update && apt-get install … && rm -rf …`). */
export function preparesSystem(run: RunInstruction): boolean {
  const text = run.script?.kind === 'line' ? run.script.text : undefined;
  if (text === undefined || /[|<>`]|\$\(|(?<!&)&(?!&)/.test(text)) return false;
  return text
    .replaceAll('\\\n', ' ')
    .split(/&&|;/)
    .map((command) => command.trim().split(/\s+/)[0] ?? '')
    .every((word) => SYSTEM.test(word));
}

const TOOLS = new Set(['uv', 'poetry', 'pip', 'pnpm', 'yarn', 'setuptools', 'wheel']);

export function purposeOf(argv: readonly string[]): Purpose {
  const words = argv[0] === 'python' || argv[0] === 'python3' ? (argv[1] === '-m' ? argv.slice(2) : argv) : argv;
  const [command = '', action = ''] = words;
  const rest = words.slice(2);
  const plain = rest.filter((word) => !word.startsWith('-'));
  if (/^pip3?$/.test(command) && action === 'install') {
    const named = plain.map((word) => word.replace(/[<>=!~[].*$/, ''));
    const file = rest.includes('-r') || rest.includes('--requirement') || rest.some((word) => word.startsWith('-r'));
    if (!file && named.length > 0 && named.every((name) => TOOLS.has(name))) {
      return { is: 'tool', name: named.find((name) => name === 'uv' || name === 'poetry') ?? 'pip', argv: words };
    }
    return { is: 'install', tool: 'pip', argv: words };
  }
  if (command === 'uv' && action === 'sync') return { is: 'install', tool: 'uv', argv: words };
  if (command === 'poetry' && action === 'install') return { is: 'install', tool: 'poetry', argv: words };
  if (command === 'poetry' && action === 'config') return { is: 'tool', name: 'poetry-config', argv: words };
  if (command === 'npm' && /^(ci|install|i|clean-install)$/.test(action)) {
    if (rest.includes('-g') || rest.includes('--global'))
      return { is: 'tool', name: plain[0]?.replace(/@.*$/, '') ?? '', argv: words };
    return plain.length === 0 ? { is: 'install', tool: 'npm', argv: words } : { is: 'other' };
  }
  if (command === 'corepack') return { is: 'tool', name: 'corepack', argv: words };
  if (command === 'pnpm' && /^(install|i)$/.test(action) && plain.length === 0)
    return { is: 'install', tool: 'pnpm', argv: words };
  if (command === 'yarn' && (action === '' || action === 'install' || action.startsWith('--')) && plain.length === 0) {
    return { is: 'install', tool: 'yarn', argv: words };
  }
  if (/^(npm|pnpm|yarn)$/.test(command) && (action === 'run' ? rest[0] === 'build' : action === 'build'))
    return { is: 'build', argv: words };
  if (command === 'npx' && BUILDERS.test(`${action} ${rest[0] ?? ''}`)) return { is: 'build', argv: words };
  if (BUILDERS.test(`${command} ${action}`)) return { is: 'build', argv: words };
  if (/^(groupadd|useradd|addgroup|adduser|chown|usermod)$/.test(command)) return { is: 'user' };
  if (command === 'mkdir') {
    const paths = words.slice(1).filter((word) => !word.startsWith('-'));
    return paths.every((word) => word.startsWith('/')) ? { is: 'folder', paths } : { is: 'other' };
  }
  return { is: 'other' };
}
