import { chainFact, type Fact, known, unknown } from '../../../facts/fact.ts';
import { know } from '../../../facts/know.ts';
import type { Service } from '../../../model/types.ts';
import type { StageTrace, Step } from '../../../simulate/trace.ts';
import { finalStages, isShipped } from '../../final-stages.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'warning',
  summary: 'compilers and headers stay in the final image',
  why: 'build-essential alone is a quarter of a gigabyte, none of which runs: the packages that needed it are built by then. Whoever breaks in finds a compiler, and each of these packages is one more to patch.',
  remedy:
    'Build in a stage of its own and copy the virtual environment or node_modules; install only the libraries that are loaded at run time (libpq5, not libpq-dev).',
  proof: 'none',
  *check(service) {
    const { target } = service;
    if (target === undefined || !isShipped(target) || service.stack.development) return;
    const found = finalStages(target).flatMap(toolInstalls)[0];
    if (found === undefined) return;
    const same = service.stack.services.filter((other) => other.target === target);
    const needs = (other: Service): Fact<boolean> => needsCompiler(other, found.names);
    for (const other of same) if (yield* know(needs(other))) return;
    const compiler = found.names.some((name) => !HEADERS.test(name));
    const more = found.names.length > 4 ? ` and ${found.names.length - 4} more` : '';
    yield claim({
      at: found.step.at,
      severity: compiler ? 'warning' : 'note',
      title: `the final image holds ${compiler ? 'build tools' : 'headers'}: ${found.names.slice(0, 4).join(', ')}${more}`,
      subject: found.names.join(' '),
      because: [
        { kind: 'line', at: found.step.at, text: `${found.step.argv?.slice(0, 2).join(' ')} ${sizeOf(found.step)}` },
      ],
      fix: {
        safety: 'unsafe',
        title: 'build in a stage of its own',
        edits: [],
        mustMeasure: ['image.builds', 'service.healthy'],
      },
    });
  },
});

const HEADERS = /(^lib[\w.+-]+|[\w.+-])-(dev|devel|headers)$/;
const TOOLS =
  /^(build-essential|build-base|alpine-sdk|gcc(-\d+)?|g\+\+(-\d+)?|cpp(-\d+)?|gcc-c\+\+|gfortran|clang(-\d+)?|llvm(-\d+)?|make|cmake|ninja-build|meson|autoconf|automake|libtool|binutils|dpkg-dev|bison|flex|pkg-config|pkgconf|cargo|rustc?|golang(-go)?|go|node-gyp|cython3?)$/;

interface Found {
  readonly step: Step;
  readonly names: readonly string[];
}

/** Installs of build tools that the RUN they stand in leaves there. A base that brings a compiler itself is chosen for it. */
function toolInstalls(stage: StageTrace): readonly Found[] {
  const gcc = stage.base.command('gcc');
  if (gcc.known && gcc.value === 'present') return [];
  return stage.steps.flatMap((step): readonly Found[] => {
    const [program = '', ...words] = step.argv ?? [];
    const manager = /^(apt(-get)?|apk|(micro)?dnf|yum)$/.exec(program)?.[1];
    if (manager === undefined || !words.some((word) => word === 'install' || word === 'add')) return [];
    const names = words
      .map((word) => word.replace(/[=<>~].*$/, ''))
      .filter(
        (word) =>
          !word.startsWith('-') && (TOOLS.test(word) || HEADERS.test(word)) && !/^(lib)?proto(buf|c)-dev$/.test(word),
      );
    const run = stage.steps.filter((other) => other.instruction === step.instruction);
    const removed = run.some((other) =>
      /^(apt(-get)? (.* )?(auto)?-?(purge|remove)|apk (.* )?del|(micro)?dnf (.* )?remove|yum (.* )?(remove|erase))/.test(
        other.argv?.join(' ') ?? '',
      ),
    );
    return names.length === 0 || removed ? [] : [{ step, names }];
  });
}

/** Unknown where what runs, or a library that compiles when it runs, may want one. */
function needsCompiler({ process, application, image }: Service, names: readonly string[]): Fact<boolean> {
  return chainFact(process, ({ argv }) =>
    chainFact(application, ({ launch }) =>
      chainFact(image, ({ packages }): Fact<boolean> => {
        if (argv.some((word) => names.includes(word.split('/').pop() ?? ''))) return known(true);
        if (
          !RUNS_WITHOUT.test(launch.program) ||
          (/^(node|python)$/.test(launch.program) && launch.entry === undefined)
        )
          return unknown(`what ${launch.program} does is not known: it may compile`);
        const compiles = packages.find(({ name }) => COMPILES.test(name));
        return compiles === undefined ? known(false) : unknown(`${compiles.name} may compile when it runs`);
      }),
    ),
  );
}

/** Programs that load code and compile none. */
const RUNS_WITHOUT =
  /^(uvicorn|gunicorn|hypercorn|daphne|granian|waitress-serve|flask|fastapi|django|celery|streamlit|python|alembic|rq|arq|dramatiq|taskiq|node|next|nest|nuxt|tsx|ts-node|prisma|nginx|serve|http-server)$/;

/** Python packages that call a compiler at run time. */
const COMPILES =
  /^(torch|triton|xformers|vllm|deepspeed|flash-attn|theano|pytensor|aesara|pymc3?|pystan|cmdstanpy|cython|pyximport|cppyy|taichi|brian2|numexpr|pythran|jupyter(lab)?|notebook|ansible|conan)$/i;

function sizeOf({ bytes }: Step): string {
  return bytes === undefined ? 'leaves them in this layer' : `adds ${Math.round(bytes / 1e6)} MB to this layer`;
}
