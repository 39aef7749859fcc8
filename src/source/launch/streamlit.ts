import { known, unknown } from '../../facts/fact.ts';
import { joinPath } from '../source-tree.ts';
import { optionOf } from '../words.ts';
import { ANYWHERE, type Draft, http, type LaunchContext, portText } from './context.ts';
import type { EntryPoint, EntryStatus } from './launch.ts';
import { missingScript } from './python-programs.ts';

/** `streamlit run app.py`: all addresses, 8501, unless an option, a variable or .streamlit/config.toml says otherwise. */
export function streamlit(argv: readonly string[], context: LaunchContext): Draft {
  const file = argv.slice(1).filter((word) => !word.startsWith('-'))[1];
  const port =
    optionOf(argv, '--server.port') ??
    (context.env.has('STREAMLIT_SERVER_PORT') ? '${STREAMLIT_SERVER_PORT}' : undefined);
  const host =
    optionOf(argv, '--server.address') ??
    (context.env.has('STREAMLIT_SERVER_ADDRESS') ? '${STREAMLIT_SERVER_ADDRESS}' : undefined);
  const config = context.tree.look(joinPath(context.cwd, '.streamlit/config.toml')) !== 'absent';
  const path = file === undefined ? undefined : joinPath(context.cwd, file);
  const look = path === undefined ? 'unknown' : context.tree.look(path);
  const entry: EntryPoint | undefined =
    file === undefined || path === undefined || file.includes('$')
      ? undefined
      : {
          written: file,
          kind: 'file',
          ...(look === 'file' ? { file: path } : {}),
          status:
            look === 'file'
              ? known<EntryStatus>({
                  found: true,
                  at: { file: context.tree.origin(path), line: 1, column: 1, endLine: 1, endColumn: 1 },
                })
              : look === 'unknown'
                ? unknown(`whether ${path} exists is not known`)
                : (missingScript(path, { written: file, kind: 'file' }, context).entry?.status ?? unknown('')),
        };
  return {
    program: 'streamlit',
    language: 'python',
    ...(entry ? { entry } : {}),
    listen:
      config && (port === undefined || host === undefined)
        ? unknown('.streamlit/config.toml may set address and port')
        : known([
            http(
              host === undefined ? known(ANYWHERE) : known(host),
              port === undefined ? known(8501) : portText(port, context),
            ),
          ]),
    mode: known('production'),
    role: 'web',
    notes: [],
  };
}
