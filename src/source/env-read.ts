import type { Fact, Reason } from '../facts/fact.ts';
import type { Place } from '../text/place.ts';

/** One place where application code reads an environment variable. */
export interface EnvRead {
  readonly name: string;
  /** Windows-like and pydantic-settings reads do not look at case. */
  readonly ignoreCase: boolean;
  /** The process fails (exception, `process.exit`, failed validation) when the variable is missing. */
  readonly required: Fact<boolean>;
  /** The value used when it is missing; null: none. */
  readonly fallback: Fact<string | null>;
  /** `import`: read while the entry module is loaded. `call`: only when some function runs. `build`: replaced by a bundler. */
  readonly when: 'import' | 'call' | 'build';
  /** True: the module is reached by imports from the entry. False: it lies in the tree, nothing known imports it. Undefined: no entry given. */
  readonly reached?: boolean;
  /** `os.environ`, `pydantic-settings`, `django-environ`, `decouple`, `process.env`, `import.meta.env`, `zod` … */
  readonly through: string;
  /** The name says that its value should not be shown. */
  readonly secretish: boolean;
  /** Only for pydantic and like readers: what type the value is parsed as (`int`, `bool`, `url`, `list`). */
  readonly type?: string;
  readonly at: Place;
}

/** All reads of a program and what else may bring values. */
export interface EnvReads {
  readonly reads: readonly EnvRead[];
  /** Files that the program itself loads variables from (`load_dotenv`, `env_file`, `dotenv/config`), relative to its folder. */
  readonly files: readonly { readonly path: Fact<string>; readonly at: Place }[];
  /** Folders in which one file a variable is read (pydantic `secrets_dir`). */
  readonly secretFolders: readonly { readonly path: string; readonly at: Place }[];
  /** Names read with a computed name or whole-environment access: any variable may be read. Empty: `reads` is complete. */
  readonly open: readonly Reason[];
}

const SECRET =
  /(^|_)(PASS(WORD|WD|PHRASE)?|PWD|SECRETS?|TOKEN|APIKEY|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY|SECRET_?KEY|CREDENTIALS?|SALT|DSN|JWT_?KEY|ENCRYPTION_?KEY|SIGNING_?KEY|MASTER_?KEY)($|_)/i;
const HARMLESS =
  /(EXPIR|TTL|MINUTES|SECONDS|HOURS|DAYS|LENGTH|_URL$|_URI$|_FILE$|_PATH$|_ALGORITHM|_ENABLED$|_HEADER$|_NAME$|_ID$|_LIMIT|PROVIDER|MAX_TOKENS|TOKENS?_PER|PUBLIC)/i;

/** Whether a variable's name says that its value is a secret. `SECRET_KEY` yes, `TOKEN_EXPIRE_MINUTES` and `SECRET_FILE` no. */
export function secretName(name: string): boolean {
  return SECRET.test(name) && !HARMLESS.test(name);
}
