import { know } from '../../../facts/know.ts';
import { type DotnetProject, dotnetProjects } from '../../../model/dotnet-projects.ts';
import type { BuildTarget } from '../../../model/types.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'dotnet is told to run a program that no project builds, or on a runtime that is too old for it',
  why: 'A project builds NAME.dll after its file or AssemblyName, and the name is taken as it is written. A framework-dependent program starts only on the .NET it was built for or a later patch of it, and a web project only where ASP.NET is.',
  remedy: 'Name the assembly of the project, and take the aspnet image of its target framework.',
  proof: 'none',
  *check(service) {
    const { target } = service;
    if (target === undefined || !publishes(target)) return;
    const projects = dotnetProjects(target.repo);
    if (projects === undefined || projects.length === 0) return;
    const { argv, at } = yield* know(service.process);
    const program = /^(?:.*\/)?([^/]+)\.dll$/.exec(argv[1] ?? '')?.[1];
    if (!/^(?:.*\/)?dotnet$/.test(argv[0] ?? '') || program === undefined) return;
    const runtime = (yield* know(service.image)).languages.get('dotnet');
    const title = faultOf(program, projects, runtime?.known === true ? runtime.value : undefined, target);
    if (title === undefined) return;
    yield claim({ breaks: service.nodes.starts, at, title, subject: program, because: runtime?.because ?? [] });
  },
});

function publishes({ trace }: BuildTarget): boolean {
  return trace.stages.some((s) => s.steps.some(({ argv }) => /^dotnet (publish|build)\b/.test(argv?.join(' ') ?? '')));
}

function faultOf(
  program: string,
  projects: readonly DotnetProject[],
  runtime: string | undefined,
  { trace, context }: BuildTarget,
): string | undefined {
  const named = projects.filter(({ assembly }) => assembly === program);
  // Of several with one name, which one is published is not read.
  const sent = named.filter(({ file }) => context.dir === '' || file.startsWith(`${context.dir}/`));
  const [project, second] = sent;
  if (named.length === 0) {
    const names = projects.map(({ assembly }) => assembly).slice(0, 4);
    return `no project builds ${program}.dll: there ${names.length === 1 ? 'is' : 'are'} ${names.join(', ')}`;
  }
  const there = runtime?.split('.')[0];
  if (project === undefined || second !== undefined || project.free || there === undefined) return undefined;
  if (project.framework !== undefined && String(project.framework) !== there)
    return `${program}.dll is built for .NET ${project.framework}, and the image has ${there}`;
  return project.web && /\/dotnet\/runtime:/.test(trace.target.baseName)
    ? `${program}.dll needs ASP.NET, which the runtime image does not have`
    : undefined;
}
